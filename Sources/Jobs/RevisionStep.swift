import Billing
import Postgres
import Store

/// Gives a finalized invoice a revised copy with the customer's billing details of now.
struct RevisionStep {
    let connection: Connection
    let runID: Int64
    let catalogs: CatalogStore
    let asOf: CivilDate

    /// - Throws: `RevisionRefusal`, `StoreError.unknownInvoice`.
    func revise(_ reference: InvoiceReference, reason: String, author: String) throws -> InvoiceDocument {
        try connection.transaction {
            let named = try FinalizeStore(connection).find(reference)
            let name = reference.description
            guard !named.isVoided else { throw RevisionRefusal.voided(name) }
            let store = RevisionStore(connection)
            guard let standing = try store.standing(named) else { throw RevisionRefusal.draft(name) }
            let details = BillingDetailStore(connection)
            guard let now = try details.versions(of: named.customerID).last else {
                throw RevisionRefusal.unchanged(name)
            }
            guard now.erasedOn == nil else { throw RevisionRefusal.erased(name) }
            try requireSameTax(named, standing, store, buyer: now.detail.taxBuyer)
            let before = try standing.detailsVersion.flatMap { try details.version($0, of: named.customerID)?.detail }
            guard (before ?? BillingDetail()).printed != now.detail.printed else {
                throw RevisionRefusal.unchanged(name)
            }
            let (number, overflow) = standing.revision.addingReportingOverflow(1)
            guard !overflow else { throw StoreError.inconsistent("an invoice has no room for another revision") }
            try store.add(
                InvoiceRevision(number: number, date: asOf, reason: reason, author: author),
                details: InvoiceSeal.Issue.Details(version: now.number, digest: now.digest), to: named, standing,
                runID: runID, digest: InvoiceDigest.sha256)
            return try Look(connection).invoice(reference)
        }
    }

    /// What was charged stays: other details may not make it another tax.
    private func requireSameTax(
        _ named: FinalizeStore.Named, _ standing: RevisionStore.Standing, _ store: RevisionStore, buyer: TaxBuyer?
    ) throws {
        guard let catalog = try catalogs.all().first(where: { $0.id == standing.catalog })?.catalog else {
            throw StoreError.inconsistent("catalog \(standing.catalog) is gone")
        }
        let lines = try store.taxLines(named)
        let tax: TaxAssessment
        do throws(BillingError) {
            tax = try catalog.assessTax(on: lines, buyer: buyer, on: standing.issuedOn)
        } catch {
            throw RevisionRefusal.otherTax(standing.label, reason: error.description)
        }
        let taxes = tax.subtotals.filter { $0.treatment != .none }.enumerated().map {
            InvoiceSeal.Issue.taxLine($1, place: $0 + 1)
        }
        guard taxes == standing.taxes, tax.notes.map(\.text) == standing.notes,
            tax.sellerNumber == standing.sellerNumber
        else { throw RevisionRefusal.otherTax(standing.label, reason: nil) }
    }
}

extension BillingDetail {
    /// What an invoice prints of them: a mail address or a language makes no other copy, and what only tax goes by has been
    /// looked at.
    fileprivate var printed: BillingDetail {
        var printed = self
        (printed.email, printed.language, printed.vatCountry, printed.taxExempt) = (nil, nil, nil, nil)
        return printed
    }
}

/// Why an invoice gets no revised copy.
package enum RevisionRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    case draft(String)
    case voided(String)
    /// Nothing that it prints is another than it was.
    case unchanged(String)
    case erased(String)
    /// - Parameter reason: why no tax can be told; nil where it is another.
    case otherTax(String, reason: String?)
    case noRevision(String, Int32, revisions: Int32)

    /// The stable code.
    package var code: String {
        switch self {
        case .draft: "invoice_draft"
        case .voided: "invoice_voided"
        case .unchanged: "details_unchanged"
        case .erased: "details_erased"
        case .otherTax: "tax_changed"
        case .noRevision: "unknown_revision"
        }
    }

    package var description: String { "\(sentence) (\(code))" }

    private var sentence: String {
        switch self {
        case .draft(let name):
            "invoice '\(name)' is a draft: it takes the billing details of the day on which it is finalized"
        case .voided(let name): "invoice '\(name)' was voided, so nobody needs another copy of it"
        case .unchanged(let name):
            """
            invoice '\(name)' shows the customer's billing details of now already; change them first with \
            'meterbook customer details'
            """
        case .erased(let name):
            "the billing details of the customer of invoice '\(name)' were erased; set them with 'meterbook customer details'"
        case .otherTax(let label, let reason):
            """
            with the billing details of now invoice \(label) would be taxed otherwise\(reason.map { ": \($0)" } ?? ""); a \
            revised copy keeps the tax, so void the invoice and issue it again: meterbook invoice reissue
            """
        case .noRevision(let name, let number, let revisions):
            revisions == 0
                ? "invoice '\(name)' has no revision \(number): it was never revised"
                : "invoice '\(name)' has no revision \(number), only 0 to \(revisions)"
        }
    }
}
