/// Meters look at the readings of days. What sources deliver by the instant becomes the reading of its local day first.
extension Meter {
    /// How what was counted at the instants of a day becomes the day's reading.
    package enum DayRule: Hashable, Sendable {
        /// It adds up.
        case total
        /// What came last stands: it is a level, and a channel's level on a day is its last one.
        case last
    }

    /// The rule for the readings that the meter looks at; nil for one that looks at intervals.
    ///
    /// `max` is the most that was counted on one day, and `unique` asks whether anything was: both look at days of a count,
    /// mostly of the same one that a `sum` bills. `mean` takes a channel's level day by day, as `latest` does.
    package var dayRule: DayRule? {
        switch aggregate {
        case .sum, .max, .unique: .total
        case .latest, .mean: .last
        case .peak: nil
        }
    }
}
