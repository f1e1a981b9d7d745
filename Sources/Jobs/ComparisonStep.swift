package import Billing
import Documents
import Postgres
import Store

/// How what a run invoices is compared with what was invoiced before.
package struct ComparisonTerms: Sendable {
    package var rule: OutlierRule
    /// Outliers that are kept of each currency.
    package var limit: Int
    /// The file that all of them are written to; nil for none.
    package var file: String?

    package init(rule: OutlierRule, limit: Int, file: String?) {
        self.rule = rule
        self.limit = limit
        self.file = file
    }
}

/// Compares what a run has invoiced with what the same subscriptions were invoiced before, within the run: a dry run has its
/// invoices only as long as it lasts.
struct ComparisonStep {
    let connection: Connection
    let terms: ComparisonTerms

    /// - Throws: `JobError.unwritableFile`.
    func run(of runID: Int64) throws -> RunComparison {
        let file = try terms.file.map { path in try RowFile(path) }
        try file?.write(OutlierCSV.header)
        var comparison = RunComparison(rule: terms.rule, limit: terms.limit)
        try RunInvoiceReader(connection).read(ofRun: runID, history: terms.rule.history) { invoice in
            if let outlier = comparison.add(invoice) { try file?.write(OutlierCSV.row(outlier)) }
        }
        try file?.finish()
        return comparison
    }
}
