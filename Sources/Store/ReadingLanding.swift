import Billing
import Postgres
import SQL

/// Readings, or counts of instants, on their way into their landing table, in the form in which they are sent.
struct ReadingLanding {
    private let statement: Statement
    private var buffer = CopyBuffer()
    /// How many have landed: the place of the last one.
    private(set) var count: Int64 = 0
    private var origins: [String] = []

    /// So many bytes are sent at a time.
    private static let bytes = 4 << 20

    /// - Parameter statement: the COPY into the table.
    init(_ statement: Statement) {
        self.statement = statement
    }

    /// - Parameter at: the instant, in microseconds since 1970-01-01 UTC; nil for a reading of a day.
    mutating func land(
        _ row: ReadingStore.Row, at: Int64? = nil, origin: String, over connection: Connection
    ) throws {
        if origins.last != origin { origins.append(origin) }
        count += 1
        buffer.row(fields: at == nil ? 11 : 12)
        buffer.int64(count)
        buffer.int32(Int32(truncatingIfNeeded: origins.count - 1))
        buffer.int64(Int64(row.line))
        if let at { buffer.timestamp(microsecondsSince1970: at) }
        buffer.date(row.day.daysSince1970)
        buffer.int64(row.customerID)
        buffer.int64(row.subscriptionID)
        buffer.int64(row.accountID)
        buffer.int32(row.channelID)
        buffer.int32(row.meterID)
        if let start = row.sliceStart { buffer.date(start.daysSince1970) } else { buffer.null() }
        buffer.int64(row.quantity)
        if buffer.byteCount >= Self.bytes { try flush(over: connection) }
    }

    /// Sends what has not been sent.
    mutating func flush(over connection: Connection) throws {
        guard !buffer.isEmpty else { return }
        _ = try connection.copyIn(Query(statement), buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    /// The file of a row, by the number that the landing table has for it.
    func origin(_ file: Int32) -> String { origins[Int(file)] }
}
