import Billing

/// The readings of one session, kept in memory until all have come.
struct GatheredReadings: Sendable {
    /// A reading, and where it stood in the source.
    typealias Element = (row: ReadingStore.Row, place: LandedPlaces.Place)

    private(set) var elements: [Element] = []
    /// The first and last customer; nil for no reading.
    private(set) var customers: ClosedRange<Int64>?
    private(set) var tally = DayTally()

    mutating func append(_ row: ReadingStore.Row, _ place: LandedPlaces.Place) {
        note(row)
        elements.append((row, place))
    }

    /// Notes a reading that is kept elsewhere.
    mutating func note(_ row: ReadingStore.Row) {
        tally.add(row)
        let range = customers ?? row.customerID...row.customerID
        customers = min(range.lowerBound, row.customerID)...max(range.upperBound, row.customerID)
    }

    mutating func removeElements() { elements = [] }

    /// The same in the order of their keys; nil where a key stands twice.
    var inOrder: GatheredReadings? {
        // Most sources tell in some order, and it is often this one.
        if isAscending { return self }
        var sorted = self
        sorted.elements.sort { ReadingKey($0.row) < ReadingKey($1.row) }
        return sorted.isAscending ? sorted : nil
    }

    private var isAscending: Bool {
        guard var last = elements.first.map({ ReadingKey($0.row) }) else { return true }
        for element in elements.dropFirst() {
            let key = ReadingKey(element.row)
            guard last < key else { return false }
            last = key
        }
        return true
    }
}

/// What a reading is known by, in the order of the table's key.
struct ReadingKey: Comparable {
    let day: Int32
    let customerID: Int64
    let accountID: Int64
    let channelID: Int32
    let meterID: Int32

    init(_ row: ReadingStore.Row) {
        day = row.day.daysSince1970
        customerID = row.customerID
        accountID = row.accountID
        channelID = row.channelID
        meterID = row.meterID
    }

    init(day: CivilDate, customerID: Int64, accountID: Int64, channelID: Int32, meterID: Int32) {
        self.day = day.daysSince1970
        self.customerID = customerID
        self.accountID = accountID
        self.channelID = channelID
        self.meterID = meterID
    }

    static func < (left: ReadingKey, right: ReadingKey) -> Bool {
        if left.day != right.day { return left.day < right.day }
        if left.customerID != right.customerID { return left.customerID < right.customerID }
        if left.accountID != right.accountID { return left.accountID < right.accountID }
        if left.channelID != right.channelID { return left.channelID < right.channelID }
        return left.meterID < right.meterID
    }
}
