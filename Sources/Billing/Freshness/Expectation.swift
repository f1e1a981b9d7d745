/// What a source of readings should deliver, and what it means when it does not.
package struct Expectation: Hashable, Sendable {
    /// The days that should have readings.
    package enum Rhythm: String, Hashable, Sendable, CaseIterable {
        /// Those of the weekdays on which it delivered until then.
        case usual
        /// Every day.
        case day
    }

    /// What becomes of a period that a gap lies in.
    package enum OnGap: String, Hashable, Sendable, CaseIterable {
        /// It is not billed before the gap is closed or a person lets it go.
        case hold
        /// It is billed, and its invoice and the run say so: what comes later is corrected as any late usage.
        case flag
        /// It is billed as any other, and `meterbook gaps` shows the gap.
        case show
        /// Nobody looks.
        case ignore
    }

    /// What each kind of gap does.
    package struct Reactions: Hashable, Sendable {
        package var missingDay: OnGap
        package var shrunkDay: OnGap
        package var unreadSource: OnGap
        package var missingChannel: OnGap

        /// - Parameter missingDay: what a missing day does, which is certain to be one. All else may as well be a holiday or a
        ///   shop that has closed, so it is only shown where nobody says more; and where nobody looks for missing days, nobody
        ///   looks for that either.
        package init(_ missingDay: OnGap = .flag) {
            self.missingDay = missingDay
            let other: OnGap = missingDay == .ignore ? .ignore : .show
            (shrunkDay, unreadSource, missingChannel) = (other, other, other)
        }

        package subscript(kind: PeriodGap.Kind) -> OnGap {
            get {
                switch kind {
                case .missingDay: missingDay
                case .shrunkDay: shrunkDay
                case .unreadSource: unreadSource
                case .missingChannel: missingChannel
                }
            }
            set {
                switch kind {
                case .missingDay: missingDay = newValue
                case .shrunkDay: shrunkDay = newValue
                case .unreadSource: unreadSource = newValue
                case .missingChannel: missingChannel = newValue
                }
            }
        }
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
    package var onGap: Reactions

    /// What holds where nobody says anything.
    package init(
        every: Rhythm = .usual, from: CivilDate? = nil, lateDays: Int = 0, staleDays: Int = 3, leastPercent: Int = 50,
        onGap: Reactions = Reactions()
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
