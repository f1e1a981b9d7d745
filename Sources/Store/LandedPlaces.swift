import Billing
import Postgres
import SQL

/// Where landed rows stand in what a source has delivered, as the landing tables keep it.
struct LandedPlaces {
    /// How many have landed: the place of the last one.
    private(set) var count: Int64 = 0
    private var origins: [String] = []

    struct Place {
        /// In the order of the source, from 1.
        var number: Int64
        var file: Int32
    }

    mutating func next(in origin: String) -> Place {
        if origins.last != origin { origins.append(origin) }
        count += 1
        return Place(number: count, file: Int32(truncatingIfNeeded: origins.count - 1))
    }

    /// The file of a row, by the number that the landing table has for it.
    func origin(_ file: Int32) -> String { origins[Int(file)] }
}

extension CopyBuffer {
    /// So many bytes of landed rows are sent at a time.
    static let landedBytes = 1 << 20

    /// A row of `landed_reading`, or of `landed_count`.
    ///
    /// - Parameter at: the instant, in microseconds since 1970-01-01 UTC; nil for a reading of a day.
    mutating func reading(_ row: ReadingStore.Row, at place: LandedPlaces.Place, counted at: Int64? = nil) {
        self.row(fields: at == nil ? 11 : 12)
        int64(place.number)
        int32(place.file)
        int64(Int64(row.line))
        if let at { timestamp(microsecondsSince1970: at) }
        date(row.day.daysSince1970)
        int64(row.customerID)
        int64(row.subscriptionID)
        int64(row.accountID)
        int32(row.channelID)
        int32(row.meterID)
        if let start = row.sliceStart { date(start.daysSince1970) } else { null() }
        int64(row.quantity)
    }
}
