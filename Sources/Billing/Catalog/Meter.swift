/// What is counted, and how its readings are totalled.
///
/// A meter that plainly adds up all that is delivered under its own key is kept as a running total by the pulls, slice by
/// slice. Every other one has one final number for each billing period, computed from the readings or intervals of its
/// window.
package struct Meter: Hashable, Sendable {
    /// How the readings of a window become one quantity.
    package enum Aggregate: String, Hashable, Sendable, CaseIterable {
        /// Everything counted.
        case sum
        /// The most that was counted on one day.
        case max
        /// What stands at the end: the last reading of each channel, also one from before the window.
        case latest
        /// How many channels counted anything at all.
        case unique
        /// The mean over the days, each channel's reading holding until its next one.
        case mean
        /// The most channels that were on at one instant. Counts intervals, not readings.
        case peak
    }

    /// How several accounts of one subscription count.
    package enum Pool: String, Hashable, Sendable, CaseIterable {
        /// As if they were one account.
        case together
        /// Each for itself, and their quantities are added; means before they are rounded.
        case perAccount = "per_account"
    }

    package var key: String
    package var name: String
    package var aggregate: Aggregate
    package var unit: UnitName
    /// The decimal places of a reading, 0 to 6: quantities are whole numbers of this smallest part.
    package var places: Int
    /// The key under which sources deliver what is counted. Several meters may read one series.
    package var series: String
    /// Only these channels; all when empty.
    package var channels: [String]
    /// Only channels of these categories; all when empty.
    package var categories: [String]
    package var pool: Pool
    package var window: MeterWindow

    package init(
        key: String, name: String, aggregate: Aggregate, unit: UnitName, places: Int = 0, series: String? = nil,
        channels: [String] = [], categories: [String] = [], pool: Pool = .together, window: MeterWindow = .period
    ) {
        self.key = key
        self.name = name
        self.aggregate = aggregate
        self.unit = unit
        self.places = places
        self.series = series ?? key
        self.channels = channels
        self.categories = categories
        self.pool = pool
        self.window = window
    }

    package static let mostPlaces = 6

    /// Whether the pulls keep it as a running total: then any part of a period can be told from the totals.
    package var isRunning: Bool {
        aggregate == .sum && series == key && channels.isEmpty && categories.isEmpty && window == .period
    }

    /// The decimal places of its quantity: a number of channels has none, whatever their readings have.
    package var quantityPlaces: Int {
        switch aggregate {
        case .sum, .max, .latest, .mean: places
        case .unique, .peak: 0
        }
    }

    /// The unit as its quantities are written.
    package var writtenUnit: UnitName {
        UnitName(one: unit.one, other: unit.other, places: quantityPlaces)
    }

    /// Whether a reading from before the window has a say in it.
    package var carriesLevels: Bool { aggregate == .latest || aggregate == .mean }

    /// Whether it counts a channel of this key and category; an empty category is none.
    package func counts(channel: String, category: String) -> Bool {
        (channels.isEmpty || channels.contains(channel)) && (categories.isEmpty || categories.contains(category))
    }

    /// Whether a quantity of both means the same: everything but the words for people is equal.
    package func countsAs(_ other: Meter) -> Bool {
        var renamed = other
        renamed.name = name
        renamed.unit = unit
        return self == renamed
    }
}

/// The days whose readings a meter counts for a billing period.
package enum MeterWindow: Hashable, Sendable {
    /// The billing period itself.
    case period
    /// The complete calendar month before the month of the invoice's date, which is the period's end (ChannelDock: "all
    /// quantities come from the previous month"): an invoice of January 1 and one of January 28 both bill December.
    case previousMonth
    /// So many days before the period's end.
    case days(Int)

    /// A year of days, and one for the leap day.
    package static let mostDays = 366

    /// Nil where the window would leave the years 1 to 9999.
    package func range(for period: DateRange) -> DateRange? {
        switch self {
        case .period: return period
        case .previousMonth:
            let end = period.end.startOfMonth
            return end.adding(months: -1).flatMap { DateRange(start: $0, end: end) }
        case .days(let days):
            return period.end.adding(days: -days).flatMap { DateRange(start: $0, end: period.end) }
        }
    }

    /// The same, where those are other days than the period's own.
    package func otherDays(for period: DateRange) -> DateRange? {
        let days = range(for: period)
        return days == period ? nil : days
    }

    /// Reads `period`, `previous_month` or `30 days`; nil for anything else.
    package init?(_ text: some StringProtocol) {
        switch text {
        case "period": self = .period
        case "previous_month": self = .previousMonth
        default:
            let parts = text.split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 2, parts[1] == "days", parts[0].utf8.allSatisfy({ (48...57).contains($0) }),
                parts[0].first != "0", let days = Int(parts[0]), (1...Self.mostDays).contains(days)
            else { return nil }
            self = .days(days)
        }
    }
}

extension MeterWindow: CustomStringConvertible {
    /// The same words that are read.
    package var description: String {
        switch self {
        case .period: "period"
        case .previousMonth: "previous_month"
        case .days(let days): "\(days) days"
        }
    }
}

/// What one of a meter's units is called: `1 order`, `2 orders`.
package struct UnitName: Hashable, Sendable {
    package var one: String
    package var other: String
    /// How many of a quantity's digits stand behind the decimal point.
    package var places: Int

    package init(one: String, other: String, places: Int = 0) {
        self.one = one
        self.other = other
        self.places = places
    }

    /// The word that goes with a quantity.
    package func word(for quantity: Int64) -> String {
        var whole: Int64 = 1
        for _ in 0..<min(places, Meter.mostPlaces) { whole *= 10 }
        return quantity == whole || quantity == -whole ? one : other
    }
}
