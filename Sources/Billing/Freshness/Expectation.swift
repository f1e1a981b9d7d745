/// What a source of readings should deliver, and what it means when it does not.
package struct Expectation: Hashable, Sendable {
    /// The days that should have readings.
    package enum Rhythm: String, Hashable, Sendable, CaseIterable {
        /// Those of the weekdays on which it delivered until then.
        case usual
        /// Every day.
        case day
    }

    /// What becomes of a period that has a missing day.
    package enum OnGap: String, Hashable, Sendable, CaseIterable {
        /// It is not billed before the day has come or a person lets it go.
        case hold
        /// It is billed, and the run says so: what comes later is corrected as any late usage.
        case flag
        /// Nobody looks.
        case ignore
    }

    package var every: Rhythm
    /// The first day that should be there; nil for the first one that ever came.
    package var from: CivilDate?
    /// By how many days a day may be late: with 0 it has to be there on the next one.
    package var lateDays: Int
    /// A channel without readings for so many days, or a source that was not read for longer, is stale.
    package var staleDays: Int
    /// A day with less than so many percent of what is usual has shrunk.
    package var leastPercent: Int
    package var onGap: OnGap

    /// What holds where nobody says anything.
    package init(
        every: Rhythm = .usual, from: CivilDate? = nil, lateDays: Int = 0, staleDays: Int = 3, leastPercent: Int = 50,
        onGap: OnGap = .flag
    ) {
        self.every = every
        self.from = from
        self.lateDays = lateDays
        self.staleDays = staleDays
        self.leastPercent = leastPercent
        self.onGap = onGap
    }

    /// The most days that `late` and `stale` may say.
    package static let longest = 366
}

extension Expectation: CustomStringConvertible {
    /// `every day from 2026-01-01, up to 1 day late`
    package var description: String {
        var text = every == .day ? "every day" : "the usual days"
        if let from { text += " from \(from)" }
        if lateDays > 0 { text += ", up to \(lateDays) day\(lateDays == 1 ? "" : "s") late" }
        return text
    }
}
