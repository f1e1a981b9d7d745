package import Billing
package import Postgres
import SQL

/// The billing details of customers: versions that are added and never changed, and their erasure.
package struct BillingDetailStore {
    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// What the newest version of a customer's details says of tax, and by what an invoice names that version.
    package struct Current: Hashable, Sendable {
        package let version: Int32
        /// SHA-256 of the version's salt and content, 32 bytes: it stays when the content is erased.
        package let digest: [UInt8]
        /// Nil where no country is known.
        package let buyer: TaxBuyer?
    }

    /// The newest details of each of some customers, in one statement; who has none is not among them.
    package func current(_ customerIDs: [Int64]) throws -> [Int64: Current] {
        guard !customerIDs.isEmpty else { return [:] }
        var details: [Int64: Current] = [:]
        let rows = try connection.query(
            Query(.readCurrentDetails, customerIDs),
            as: Int64.self, Int32.self, [UInt8].self, String?.self, String?.self, String?.self, String?.self)
        for (customer, version, digest, country, region, vatCountry, exempt) in rows {
            var detail = BillingDetail(taxExempt: exempt)
            detail.country = try country.map(Self.country)
            detail.region = region.map { Region(stored: $0) }
            detail.vatCountry = try vatCountry.map(Self.country)
            details[customer] = Current(version: version, digest: digest, buyer: detail.taxBuyer)
        }
        return details
    }

    /// One version whole, for the document of an invoice that names it; nil where there is none.
    package func version(_ version: Int32, of customerID: Int64) throws -> BillingDetailVersion? {
        try versions(of: customerID, only: version).first
    }

    /// All versions of a customer's details, the oldest first.
    package func versions(of customerID: Int64) throws -> [BillingDetailVersion] {
        try versions(of: customerID, only: nil)
    }

    private func versions(of customerID: Int64, only: Int32?) throws -> [BillingDetailVersion] {
        let rows = try connection.query(
            Query(.listBillingDetails, customerID, only),
            as: String?.self, String?.self, String?.self, String?.self, String?.self, String?.self, String?.self,
            String?.self, String?.self, String?.self, String?.self, String?.self, Int32.self, CivilDate.self,
            Int64.self, [UInt8].self, CivilDate?.self)
        return try rows.map { row in
            BillingDetailVersion(
                number: row.12,
                detail: try BillingDetail(
                    columns: [
                        row.0, row.1, row.2, row.3, row.4, row.5, row.6, row.7, row.8, row.9, row.10, row.11,
                    ]), recordedOn: row.13, runID: row.14, digest: row.15, erasedOn: row.16)
        }
    }

    // MARK: Changes

    /// Adds a version where the change makes a difference, and sets where the customer's mail goes.
    ///
    /// - Parameter known: the newest version; nil for none.
    package func record(
        _ change: BillingDetailChange, of customer: StoredCustomer, known: BillingDetailVersion?,
        _ terms: ImportStore.Terms
    ) throws {
        if change.said.contains(.email) {
            let statement: Query =
                change.detail.email.map { Query(.setCustomerEmail, customer.id, $0.text) }
                ?? Query(.forgetCustomerEmail, customer.id)
            _ = try connection.execute(statement)
        }
        var before = known?.successor ?? BillingDetail()
        // Also a first version keeps where notices were sent at its time.
        if known == nil { before.email = customer.email }
        let after = change.applied(to: before)
        // A mail address alone begins no details.
        guard after != known?.detail ?? before, known != nil || change.said != .email else { return }
        try insert(after, version: (known?.number ?? 0) + 1, of: customer.id, terms)
    }

    private func insert(
        _ detail: BillingDetail, version: Int32, of customerID: Int64, _ terms: ImportStore.Terms
    ) throws {
        let texts = detail.columns.all
        _ = try connection.execute(
            Query(
                .insertBillingDetail, customerID, version, texts[0], texts[1], texts[2], texts[3], texts[4], texts[5],
                texts[6], texts[7], texts[8], texts[9], texts[10], texts[11], terms.asOf, terms.runID))
    }

    /// Takes what is personal out of all versions, the mail address and the name. What tax goes by stays, and so do the
    /// digests and every amount. Whoever has no details yet gets a version that is empty: sources go by it.
    ///
    /// - Parameter newest: the newest version; nil for none.
    package func erase(_ customer: StoredCustomer, newest: BillingDetailVersion?, _ terms: ImportStore.Terms) throws {
        if newest == nil { try insert(BillingDetail(), version: 1, of: customer.id, terms) }
        _ = try connection.execute(Query(.eraseBillingDetails, customer.id, terms.asOf))
        _ = try connection.execute(Query(.forgetCustomerEmail, customer.id))
        _ = try connection.execute(Query(.eraseCustomerName, customer.id))
    }

    /// A customer as it is stored.
    package struct StoredCustomer: Sendable {
        package let id: Int64
        package let key: String
        package let name: String
        /// Where notices are mailed to.
        package let email: EmailAddress?
    }

    /// - Throws: `StoreError.unknownCustomer`.
    package func customer(_ key: String) throws -> StoredCustomer {
        let found = try connection.first(
            Query(.findCustomer, key), as: Int64.self, String.self, String.self, String?.self)
        guard let (id, key, name, email) = found else { throw StoreError.unknownCustomer(key) }
        return StoredCustomer(id: id, key: key, name: name, email: email.flatMap { EmailAddress($0) })
    }

    // MARK: What sources say

    /// Lands the versions that landed rows of customers bring about: what is known with what they say.
    ///
    /// - Parameters:
    ///   - first: the place of the first row.
    ///   - after: the place behind the last row.
    func landChanges(from first: Int64, to after: Int64) throws {
        _ = try connection.execute(Query(.clearLandedDetail))
        var versions = CopyBuffer()
        let changed = Query(.listChangedDetails, literals: ["first": .number(first), "after": .number(after)])
        try connection.copyOut(changed) { row in
            let change = BillingDetailChange(
                said: BillingDetailChange.Fields(rawValue: try row.int32(2)), detail: try Self.detail(row, from: 3))
            let known = try Self.detail(row, from: 16)
            let merged = change.applied(to: known)
            guard merged != known else { return }
            versions.row(fields: 15)
            versions.int64(try row.int64(0))
            versions.text(try row.text(1))
            versions.int32(try row.int32(15) + 1)
            for text in merged.columns.all { versions.append(text) }
        }
        guard !versions.isEmpty else { return }
        _ = try connection.copyIn(Query(.copyLandedDetail), versions)
    }

    /// Twelve columns in the order of `Columns.all`.
    private static func detail(_ row: borrowing CopyRow, from start: Int) throws -> BillingDetail {
        var columns: [String?] = []
        for field in start..<start + 12 { columns.append(row.isNull(field) ? nil : try row.text(field)) }
        return try BillingDetail(columns: columns)
    }

    fileprivate static func country(_ code: String) throws -> Country {
        guard let country = Country(code: code) else { throw StoreError.inconsistent("'\(code)' is no country") }
        return country
    }
}

extension BillingDetail {
    /// The texts of the columns from `legal_name` to `tax_exempt`, in the order in which the digest takes them.
    struct Columns {
        let all: [String?]

        /// The same without the mail address, which a landed row says apart.
        var withoutEmail: [String?] { Array(all[..<9] + all[10...]) }
    }

    var columns: Columns {
        Columns(all: [
            legalName, address.isEmpty ? nil : address.joined(separator: "\n"), postalCode, city, region?.code,
            country?.code, taxNumber, vatCountry?.code, poNumber, email?.text, language?.text, taxExempt,
        ])
    }

    /// - Parameter columns: as `Columns.all`.
    /// - Throws: `StoreError.inconsistent`.
    init(columns: [String?]) throws {
        self.init(
            legalName: columns[0], address: columns[1].map { $0.split(separator: "\n").map(String.init) } ?? [],
            postalCode: columns[2], city: columns[3], region: columns[4].map { Region(stored: $0) },
            country: try columns[5].map(BillingDetailStore.country), taxNumber: columns[6],
            vatCountry: try columns[7].map(BillingDetailStore.country), poNumber: columns[8],
            email: columns[9].flatMap { EmailAddress($0) }, language: columns[10].flatMap { LanguageTag($0) },
            taxExempt: columns[11])
    }
}

extension CopyBuffer {
    mutating func append(_ text: String?) {
        if let text { self.text(text) } else { null() }
    }
}
