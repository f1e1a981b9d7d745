import Billing
import Store

/// Takes a finalized invoice back, and issues it again: the same lines under another number, with the date, the tax rules and
/// the billing details of now.
struct ReissueStep {
    let judgement: JudgementStep
    let finalize: FinalizeStep

    /// What is void already only gets another number. Call it in a transaction: a number is taken back and another takes its
    /// place, or neither.
    ///
    /// - Throws: `ReissueRefusal`, `JobError.creditedInvoice`, `StoreError.unknownInvoice`; `BillingError` where its tax
    ///   cannot be told.
    func reissue(_ reference: InvoiceReference, reason: String) throws -> ReissuedInvoice {
        let store = judgement.store
        let named = try store.find(reference)
        guard let label = named.label else {
            throw ReissueRefusal.draft(reference.description, isVoided: named.isVoided)
        }
        if !named.isVoided { try judgement.void(reference, reason: reason) }
        try store.prepare(day: named.date)
        let number = try finalize.reissue(
            named, replacing: label, asOf: judgement.asOf, reason: reason, author: judgement.author)
        return ReissuedInvoice(invoice: reference.description, voided: label, number: number)
    }
}

/// Why an invoice is not issued again, or not shown as it was issued before.
package enum ReissueRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    case draft(String, isVoided: Bool)
    case noIssue(String, Int16, issues: Int16)

    package var description: String {
        switch self {
        case .draft(let name, let isVoided):
            isVoided
                ? "invoice '\(name)' was voided as a draft: it never had a number that another could take the place of"
                : "invoice '\(name)' is a draft, which has no number yet: meterbook invoice finalize \(name)"
        case .noIssue(let name, let number, let issues):
            switch issues {
            case 0: "invoice '\(name)' has no issue \(number): it was never finalized"
            case 1: "invoice '\(name)' has no issue \(number): it was issued once"
            default: "invoice '\(name)' has no issue \(number), only 1 to \(issues)"
            }
        }
    }
}
