import Billing
import Crypto
import Postgres
import Store

/// Gives drafts their numbers, in the order of their dates and then of their customers: the same ones that as many nights
/// would have given.
struct FinalizeStep {
    let context: JobContext
    let connection: Connection
    let runID: Int64
    let catalog: RatingCatalog

    private var terms: InvoiceTerms { catalog.catalog.invoices }

    private func batch(_ asOf: CivilDate) -> FinalizeBatch {
        FinalizeBatch(
            connection,
            terms: FinalizeBatch.Terms(
                catalog: catalog.catalog, catalogID: catalog.id, asOf: asOf, runID: runID, size: context.batchSize,
                digest: InvoiceDigest.sha256))
    }

    /// What the catalog says is ripe. An invoice is dated as if the run had taken place on the day on which it became that.
    func run(asOf: CivilDate) throws -> RunSummary.Finalizing {
        guard let days = terms.finalize.days, let ripe = asOf.adding(days: 1 - days) else {
            return RunSummary.Finalizing()
        }
        return try finalize(before: ripe, asOf: asOf) { $0.adding(days: days) ?? $0 }
    }

    /// An invoice that is void, under another number and with the date of now.
    ///
    /// - Returns: the number as it is printed.
    func reissue(
        _ named: FinalizeStore.Named, replacing label: String, asOf: CivilDate, reason: String, author: String
    ) throws -> String {
        try batch(asOf).reissue(named, replacing: label, issuedOn: asOf, reason: reason, author: author)
    }

    /// All drafts dated before a day, at a person's word: they are issued today.
    func run(allBefore end: CivilDate, asOf: CivilDate) throws -> RunSummary.Finalizing {
        try finalize(before: end, asOf: asOf) { _ in asOf }
    }

    private func finalize(
        before end: CivilDate, asOf: CivilDate, issuedOn: (CivilDate) -> CivilDate
    ) throws -> RunSummary.Finalizing {
        let store = FinalizeStore(connection)
        let days = try store.draftDays(before: end)
        var finalizing = RunSummary.Finalizing()
        guard !days.isEmpty else { return finalizing }
        try store.prepare(days)
        let reporter = context.reporter
        reporter.begin("finalizing", total: days.reduce(0) { $0 + $1.drafts })
        defer { reporter.end() }
        let batch = batch(asOf)
        for day in days {
            var place = CloseBatch.Place(before: .min)
            while let done = try connection.surviving({
                try batch.finalize(dated: day.day, issuedOn: issuedOn(day.day), after: place)
            }) {
                place = done.place
                finalizing.invoices += done.tally.invoices
                finalizing.held += done.tally.held
                reporter.advance(to: finalizing.invoices + finalizing.held)
                try context.stop.check()
            }
        }
        return finalizing
    }

    /// The drafts that a person names: all or none of them.
    ///
    /// - Throws: `StoreError.unknownInvoice`, `JobError.notADraft`.
    func run(_ references: [InvoiceReference], asOf: CivilDate) throws -> RunSummary.Finalizing {
        try connection.transaction { try finalize(references, asOf: asOf) }
    }

    private func finalize(_ references: [InvoiceReference], asOf: CivilDate) throws -> RunSummary.Finalizing {
        let store = FinalizeStore(connection)
        var finalizing = RunSummary.Finalizing()
        for reference in references {
            let named = try store.find(reference)
            guard named.label == nil, !named.isVoided else {
                throw JobError.notADraft(reference.description, number: named.label)
            }
            let reasons = try store.reasons(named)
            guard reasons.isEmpty else { throw JobError.heldInvoice(reference.description, reasons: reasons) }
            try store.prepare(day: named.date)
            let isDone = try batch(asOf).finalize(
                customerID: named.customerID, subscriptionID: named.subscriptionID, dated: named.date,
                kind: named.kind, issuedOn: asOf)
            finalizing.invoices += isDone ? 1 : 0
        }
        return finalizing
    }
}

/// The digest by which finalized invoices are chained.
enum InvoiceDigest {
    @Sendable static func sha256(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
}
