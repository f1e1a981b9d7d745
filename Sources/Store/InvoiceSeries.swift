import Billing
import Postgres
import SQL

/// A series of numbers while they are given: whoever holds it, holds its row until the transaction ends.
///
/// Take it under `lockNumbers`, so that one session at a time gives numbers.
struct InvoiceSeries {
    let id: Int32
    private let numbering: InvoiceNumbering
    private let year: Int
    /// The number given last, and its digest; empty before the first.
    private(set) var number: Int64
    private(set) var digest: [UInt8]

    /// - Parameter day: the date of what is numbered: a pattern with a year begins anew with it.
    init(_ connection: Connection, issuer: String, _ numbering: InvoiceNumbering, on day: CivilDate) throws {
        let year = day.components.year
        guard
            let (id, number, _, digest) = try connection.first(
                Query(
                    .lockSeries, issuer, numbering.pattern, Int16(clamping: numbering.digits),
                    numbering.restartsYearly ? Int16(clamping: year) : nil),
                as: Int32.self, Int64.self, CivilDate?.self, [UInt8]?.self)
        else { throw StoreError.inconsistent("a series of invoice numbers cannot be made") }
        (self.id, self.number, self.digest) = (id, number, digest ?? [])
        (self.numbering, self.year) = (numbering, year)
    }

    /// The number that comes next, and as it is printed.
    func next() throws(StoreError) -> (number: Int64, label: String) {
        let (next, overflow) = number.addingReportingOverflow(1)
        guard !overflow else { throw .inconsistent("a series of invoice numbers is used up") }
        return (next, numbering.label(next, year: year))
    }

    mutating func give(_ number: Int64, digest: [UInt8]) {
        (self.number, self.digest) = (number, digest)
    }

    /// Keeps what was given.
    func advance(_ connection: Connection, on day: CivilDate) throws {
        _ = try connection.execute(Query(.advanceSeries, id, number, PGDate(day), digest))
    }

    /// No number has an earlier date than the one before it.
    static func date(
        _ day: CivilDate, issuer: String, _ numbering: InvoiceNumbering, on connection: Connection
    ) throws -> CivilDate {
        let last = try connection.first(Query(.readLastIssue, issuer, numbering.pattern), as: CivilDate?.self) ?? nil
        return max(day, last ?? day)
    }
}
