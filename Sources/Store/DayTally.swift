import Billing

/// How many readings have landed of each day, and what they come to.
struct DayTally {
    private var places: [CivilDate: Int] = [:]
    private var counted: [LandedReadings.Day] = []
    private var last: (day: CivilDate, place: Int)?

    /// In their order.
    var days: [LandedReadings.Day] { counted.sorted { $0.day < $1.day } }

    mutating func add(_ row: ReadingStore.Row) {
        let place = place(of: row.day)
        counted[place].readings += 1
        counted[place].quantity += Int128(row.quantity)
    }

    private mutating func place(of day: CivilDate) -> Int {
        // The rows of a day mostly stand in a row.
        if let last, last.day == day { return last.place }
        let place = places[day] ?? counted.count
        if place == counted.count {
            places[day] = place
            counted.append(LandedReadings.Day(day: day, readings: 0, quantity: 0))
        }
        last = (day, place)
        return place
    }
}
