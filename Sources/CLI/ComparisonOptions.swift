import ArgumentParser
import Billing
import Jobs

/// How a job that invoices compares what it writes with what was invoiced before.
struct ComparisonOptions: ParsableArguments {
    @Flag(
        inversion: .prefixedNo,
        help: "Also say what it comes to by plan, and list outliers. (default: that of a dry run alone)")
    var summary: Bool?
    @Option(help: "An outlier is over so many times the median, or under one part in so many.")
    var outlierFactor = OutlierRule().factor
    @Option(help: "An outlier differs by at least so much, in whole units of its currency.")
    var outlierAmount = OutlierRule().least
    @Option(help: "The median is that of at most so many invoices before.")
    var outlierHistory = OutlierRule().history
    @Option(help: "List at most so many, of each currency.")
    var limit: Int64 = 20
    @Option(help: "Write every outlier to this file, as CSV.")
    var csv: String?

    private func isWanted(_ job: JobOptions) -> Bool { summary ?? job.dryRun }

    func check(_ job: JobOptions) throws {
        try Limit.check(limit)
        func check(_ name: String, _ value: Int64, _ range: ClosedRange<Int64>) throws {
            guard range.contains(value) else {
                throw ValidationError("--\(name) takes a number from \(range.lowerBound) to \(range.upperBound).")
            }
        }
        try check("outlier-factor", outlierFactor, OutlierRule.factors)
        try check("outlier-amount", outlierAmount, OutlierRule.amounts)
        try check("outlier-history", outlierHistory, OutlierRule.histories)
        if csv != nil, !isWanted(job) {
            throw ValidationError("--csv goes with --dry-run or --summary.")
        }
    }

    func context(_ file: InvoiceFileOption, _ job: JobOptions, _ settings: Settings) throws -> JobContext {
        var context = try file.context(job, settings)
        guard isWanted(job) else { return context }
        context.comparison = ComparisonTerms(
            rule: OutlierRule(factor: outlierFactor, least: outlierAmount, history: outlierHistory), limit: Int(limit),
            file: csv)
        return context
    }
}
