package import Billing
import Postgres
import Store

/// Billing details that somebody sets or erases at the command line.
struct DetailStep {
    let connection: Connection
    let runID: Int64
    let asOf: CivilDate

    private var store: BillingDetailStore { BillingDetailStore(connection) }
    private var terms: ImportStore.Terms { ImportStore.Terms(runID: runID, asOf: asOf) }

    /// - Throws: `DetailRefusal`.
    func set(_ key: String, _ words: DetailWords) throws -> CustomerStatement {
        try connection.transaction {
            let customer = try store.customer(key)
            let known = try store.versions(of: customer.id).last
            try store.record(try words.change(of: known?.detail), of: customer, known: known, terms)
            return try CustomerStatement(key, store)
        }
    }

    func erase(_ key: String) throws -> CustomerStatement {
        try connection.transaction {
            let customer = try store.customer(key)
            try store.erase(customer, newest: store.versions(of: customer.id).last, terms)
            return try CustomerStatement(key, store)
        }
    }
}

extension CustomerStatement {
    /// - Throws: `StoreError.unknownCustomer`.
    init(_ key: String, _ store: BillingDetailStore) throws {
        let customer = try store.customer(key)
        self.init(
            customer: customer.key, name: customer.name, email: customer.email,
            versions: try store.versions(of: customer.id))
    }
}

/// Billing details as somebody has typed them; an empty text takes the field away.
package struct DetailWords: Sendable {
    package var texts: [BillingDetailChange.Name: String]
    package var email: String?

    package init(_ texts: [BillingDetailChange.Name: String], email: String?) {
        self.texts = texts
        self.email = email
    }

    /// - Parameter known: what is known so far; nil for nothing.
    /// - Throws: `DetailRefusal`: what is wrong first, by the precedence of the reasons.
    func change(of known: BillingDetail?) throws(DetailRefusal) -> BillingDetailChange {
        var refusals: [DetailRefusal] = []
        func refuse(_ reason: RejectReason, _ option: String, _ found: String?) {
            refusals.append(DetailRefusal(option: option, found: found, reason: reason))
        }
        var change = BillingDetailChange(known: known?.country) {
            texts[$0]
        } refuse: { reason, name in
            refuse(reason, name.option, texts[name])
        }
        if let email {
            change.said.insert(.email)
            change.detail.email = EmailAddress(email)
            if !email.isEmpty, change.detail.email == nil { refuse(.invalidEmail, "email", email) }
        }
        if let first = refusals.min(by: { $0.reason < $1.reason }) { throw first }
        return change
    }
}

/// Why billing details are not taken as they were typed.
package struct DetailRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The option without its hyphens.
    package let option: String
    package let found: String?
    package let reason: RejectReason

    package var description: String {
        let what = found.map { "found '\($0)'" } ?? "nothing found"
        return "--\(option): \(what), expected \(reason.expected) (\(reason.rawValue))"
    }
}

extension BillingDetailChange.Name {
    fileprivate var option: String {
        switch self {
        case .legalName: "legal-name"
        case .address1, .address2, .address3: "address"
        case .postalCode: "postal-code"
        case .city: "city"
        case .region: "region"
        case .country: "country"
        case .taxNumber: "tax-number"
        case .poNumber: "po-number"
        case .language: "language"
        case .taxExempt: "tax-exempt"
        }
    }
}
