package import Billing
import Store

/// Issues credit notes at a person's word.
struct CreditStep {
    let invoices: InvoiceStore
    let finalized: FinalizeStore
    let credits: CreditStore
    let catalog: RatingCatalog
    /// Every catalog that was ever applied.
    let catalogs: [RatingCatalog]
    let asOf: CivilDate
    let runID: Int64

    /// - Throws: `JobError.creditRefused`.
    func issue(
        off reference: InvoiceReference, _ words: CreditWords
    ) throws -> CreditNoteDocument {
        let named = try finalized.find(reference)
        let invoice = try invoices.invoice(reference).document
        func refuse(_ refusal: CreditRefusal) -> JobError {
            .creditRefused(invoice.reference, refusal, invoice.currency)
        }
        guard !named.isVoided else { throw refuse(.voided(invoice.reference)) }
        guard let standing = try credits.standing(named) else { throw refuse(.draft(invoice.reference)) }
        let rules = catalogs.first { $0.id == standing.catalogID }?.catalog.tax
        let creditable = try credits.creditable(named, prices: rules?.prices ?? .exclusive)
        let assessed: CreditAssessment
        do throws(CreditRefusal) {
            assessed = try creditable.credit(words.request(in: invoice.currency))
        } catch {
            throw refuse(error)
        }
        let number = try credits.issue(
            assessed, off: named, standing,
            CreditStore.Issue(
                issuer: catalog.catalog.name, numbering: catalog.catalog.invoices.creditNumbering, asOf: asOf,
                isRefunded: words.isRefunded, reason: words.reason, author: words.author, runID: runID,
                digest: InvoiceDigest.sha256))
        return try credits.document(number: number, invoices)
    }
}

extension CreditStore {
    /// - Throws: `JobError.unknownCreditNote`.
    func document(number: String, _ invoices: InvoiceStore) throws -> CreditNoteDocument {
        guard let listed = try list(Filter(number: number), limit: 1).first else {
            throw JobError.unknownCreditNote(number)
        }
        let (subscription, day, kind) = listed.reference
        return try document(
            listed, of: invoices.invoice(subscription: subscription, periodEnd: day, kind: kind).document)
    }
}

/// A credit note as somebody asks for it.
package struct CreditWords: Sendable {
    /// What is taken off a line.
    package struct Part: Hashable, Sendable {
        package var line: Int16
        /// Without a sign, which is that of the line; nil for all that is left.
        package var amount: ExactDecimal?

        package init(line: Int16, amount: ExactDecimal?) {
            self.line = line
            self.amount = amount
        }
    }

    /// Empty for the whole invoice.
    package var parts: [Part]
    /// Whether what was paid already is paid back, and not kept for later invoices.
    package var isRefunded: Bool
    package var reason: String
    package var author: String

    package init(parts: [Part], isRefunded: Bool, reason: String, author: String) {
        self.parts = parts
        self.isRefunded = isRefunded
        self.reason = reason
        self.author = author
    }

    /// - Throws: `CreditRefusal.notInCoins` for an amount that the currency has no coins for.
    func request(in currency: Currency) throws(CreditRefusal) -> CreditRequest {
        guard !parts.isEmpty else { return .whole }
        var asked: [CreditRequest.Part] = []
        for part in parts {
            var amount: Int64?
            if let words = part.amount {
                guard let minor = words.minorUnits(in: currency) else { throw .notInCoins("\(words)") }
                amount = minor
            }
            asked.append(CreditRequest.Part(line: part.line, amount: amount))
        }
        return .lines(asked)
    }
}
