import Billing
import Store

/// What a person says of an invoice that has been written: that it is right or wrong, paid or not owed.
struct JudgementStep {
    let store: FinalizeStore
    let credits: CreditStore
    let asOf: CivilDate
    let runID: Int64
    let author: String

    /// Lets a held invoice go, or voids it. A period that waits for missing days has no invoice yet, and can be let go too.
    ///
    /// - Parameter note: why; nil for no words, which only a release may have.
    /// - Throws: `JobError.notHeld`.
    func settle(_ reference: InvoiceReference, as settlement: FinalizeStore.Settlement, note: String?) throws {
        if settlement == .released,
            try store.releaseGap(
                subscription: reference.subscription, periodEnd: reference.periodEnd, asOf: asOf, author: author,
                note: note, runID: runID)
        {
            return
        }
        let named = try store.find(reference)
        let reasons = try store.settle(named, as: settlement, asOf: asOf, author: author, note: note, runID: runID)
        guard reasons > 0 else { throw JobError.notHeld(reference.description) }
        guard settlement == .rejected, let note else { return }
        _ = try store.void(named, asOf: asOf, reason: note, author: author, runID: runID)
    }

    /// - Parameter since: the day of it; nil for the as-of date.
    /// - Returns: whether that was news.
    /// - Throws: `JobError.notFinalized`.
    func record(
        _ payment: InvoiceDocument.Payment.Status, of reference: InvoiceReference, since: CivilDate?, note: String?
    ) throws -> Bool {
        let named = try store.find(reference)
        guard named.label != nil else { throw JobError.notFinalized(reference.description) }
        return try store.record(payment, of: named, since: since ?? asOf, author: author, note: note, runID: runID)
    }

    /// - Throws: `JobError.voidedAlready`, `.creditedInvoice`.
    func void(_ reference: InvoiceReference, reason: String) throws {
        let named = try store.find(reference)
        let isNews = try store.void(named, asOf: asOf, reason: reason, author: author, runID: runID)
        guard isNews else { throw JobError.voidedAlready(reference.description) }
        guard let standing = try credits.standing(named) else { return }
        guard standing.notes == 0 else { throw JobError.creditedInvoice(reference.description, notes: standing.notes) }
        try credits.takeBack(named, standing, asOf: asOf, runID: runID)
    }
}

extension FinalizeStore {
    /// - Throws: `StoreError.unknownInvoice`.
    func find(_ reference: InvoiceReference) throws -> Named {
        try find(subscription: reference.subscription, dated: reference.periodEnd, kind: reference.kind)
    }
}
