package import Billing

/// On which days to look for readings, to know whom a source feeds that failed: those before each failure, counted back from
/// the last day that it delivered. A failure may have lasted for months, and of many the days before them overlap; each day
/// is looked at once.
///
///     delivered   #####   ####  ##########
///     missing          ---    --          ------
///     looked at   <----<===<----    <-----
package struct FeedLookout: Sendable {
    /// In their order.
    package private(set) var days: [CivilDate] = []
    /// One for each of the days: the place of what a reading on it speaks for.
    package private(set) var marks: [Int32] = []
    /// By mark, the missing days of which a reading says that they concern its subscription; in their order.
    private var spoken: [[CivilDate]] = []

    /// - Parameters:
    ///   - missingDays: in their order.
    ///   - lastDelivered: for each of them the last one before it that was delivered.
    ///   - reach: so many days count up to the last delivered one.
    package init(_ missingDays: [CivilDate], lastDelivered: [CivilDate], reach: Int) {
        var missing: [CivilDate: [CivilDate]] = [:]
        for (day, last) in zip(missingDays, lastDelivered) { missing[last, default: []].append(day) }
        var failures: [CivilDate: [CivilDate]] = [:]
        for last in missing.keys.sorted() {
            for back in 0..<reach {
                if let day = last.adding(days: -back) { failures[day, default: []].append(last) }
            }
        }
        var places: [[CivilDate]: Int32] = [:]
        for (day, lasts) in failures.sorted(by: { $0.key < $1.key }) {
            let mark = places[lasts] ?? Int32(clamping: spoken.count)
            if places.updateValue(mark, forKey: lasts) == nil {
                spoken.append(lasts.flatMap { missing[$0] ?? [] })
            }
            days.append(day)
            marks.append(mark)
        }
    }

    /// The missing days that concern a subscription.
    ///
    /// - Parameter marks: of the days on which the source fed it.
    package func missing(seen marks: [Int32]) -> [CivilDate] {
        let known = marks.map(Int.init).filter(spoken.indices.contains)
        return known.count == 1 ? spoken[known[0]] : Set(known.flatMap { spoken[$0] }).sorted()
    }
}
