/// What makes an invoice look so wrong that a person has to see it before the customer does.
package struct Breaker: Hashable, Sendable {
    /// How many times the median of the periods before a quantity may be; nil where it may be any.
    package var jump: ExactDecimal?
    /// A quantity up to this is no jump, in whole units.
    package var least: Int64
    /// Whether nothing may be counted where every period before counted something.
    package var silence: Bool
    /// The last days of a period of which some reading has to have come; nil where none has to.
    package var staleDays: Int?
    /// Whether every source has to have been read since the period ended.
    package var missingPull: Bool
    /// The largest total, in minor units; nil for any.
    package var most: Int64?

    package init(
        jump: ExactDecimal? = nil, least: Int64 = 0, silence: Bool = false, staleDays: Int? = nil,
        missingPull: Bool = false, most: Int64? = nil
    ) {
        self.jump = jump
        self.least = least
        self.silence = silence
        self.staleDays = staleDays
        self.missingPull = missingPull
        self.most = most
    }

    /// Fewer periods before are too few to tell what is usual.
    package static let fewestPeriods = 3
    /// A source that has not been read for so many days before the period's end is taken for given up.
    package static let givenUpAfter = 62

    /// Why an invoice is held, in the order in which the reasons are looked for.
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        case missingPull = "missing_pull"
        case staleUsage = "stale_usage"
        case noUsage = "no_usage"
        case usageJump = "usage_jump"
        case aboveCap = "above_cap"
    }

    /// One thing that is wrong with an invoice.
    package struct Trip: Hashable, Sendable {
        package var reason: Reason
        /// The meter or the source; empty for the invoice as a whole.
        package var subject: String
        /// What was found: the smallest parts of the meter's unit, days, or minor units.
        package var figure: Int64
        /// What it was compared with, in the same; a median may lie between two quantities.
        package var bound: ExactAmount
        /// The same in words.
        package var detail: String

        package init(reason: Reason, subject: String, figure: Int64, bound: ExactAmount, detail: String) {
            self.reason = reason
            self.subject = subject
            self.figure = figure
            self.bound = bound
            self.detail = detail
        }
    }

    /// What one meter counted.
    package struct Use: Hashable, Sendable {
        package var meter: Meter
        /// In the invoice's period, in the smallest parts of the meter's unit.
        package var counted: Int64
        /// In the periods before it.
        package var before: [Int64]

        package init(meter: Meter, counted: Int64, before: [Int64]) {
            self.meter = meter
            self.counted = counted
            self.before = before
        }
    }

    /// A source and the day on which it was last read.
    package struct LastPull: Hashable, Sendable {
        package var source: String
        package var day: CivilDate

        package init(source: String, day: CivilDate) {
            self.source = source
            self.day = day
        }
    }

    /// What is known of an invoice that has just been written.
    package struct Evidence: Hashable, Sendable {
        /// Empty for an invoice that counts nothing: the opening, or a change of plan.
        package var period: DateRange
        /// Minor units.
        package var total: Int64
        package var currency: Currency
        package var uses: [Use]
        package var pulls: [LastPull]
        /// The last day of the period with a reading, where it lies before the days that count; nil where it does not.
        package var staleSince: CivilDate?

        package init(
            period: DateRange, total: Int64, currency: Currency, uses: [Use] = [], pulls: [LastPull] = [],
            staleSince: CivilDate? = nil
        ) {
            self.period = period
            self.total = total
            self.currency = currency
            self.uses = uses
            self.pulls = pulls
            self.staleSince = staleSince
        }
    }

    /// Everything that is wrong with an invoice, in the order of the reasons.
    package func trips(on evidence: Evidence) -> [Trip] {
        var trips: [Trip] = []
        if !evidence.period.isEmpty {
            if missingPull { trips += evidence.pulls.compactMap { missing($0, evidence.period) } }
            if let staleDays, let day = evidence.staleSince { trips.append(stale(day, staleDays, evidence.period)) }
            if silence { trips += evidence.uses.compactMap(silent) }
            if let jump { trips += evidence.uses.compactMap { jumped($0, jump) } }
        }
        if let most, evidence.total > most {
            trips.append(
                Trip(
                    reason: .aboveCap, subject: "", figure: evidence.total, bound: Self.whole(most),
                    detail: "the total is \(evidence.currency.format(evidence.total)) \(evidence.currency.code), "
                        + "above \(evidence.currency.format(most))"))
        }
        return trips
    }

    /// What was read in the night of a period's end has its last day.
    private func missing(_ pull: LastPull, _ period: DateRange) -> Trip? {
        let late = pull.day.days(until: period.end)
        guard late > 0, late <= Self.givenUpAfter else { return nil }
        return Trip(
            reason: .missingPull, subject: pull.source, figure: Int64(late), bound: Self.whole(0),
            detail: "the source \(pull.source) was last read on \(pull.day), before the period ended on \(period.end)")
    }

    private func stale(_ day: CivilDate, _ days: Int, _ period: DateRange) -> Trip {
        Trip(
            reason: .staleUsage, subject: "", figure: Int64(day.days(until: period.end)) - 1,
            bound: Self.whole(Int64(days)),
            detail: "nothing came for the days after \(day), and the period ended on \(period.end)")
    }

    private func silent(_ use: Use) -> Trip? {
        guard use.counted == 0, use.before.count >= Self.fewestPeriods, let least = use.before.min(), least > 0
        else { return nil }
        return Trip(
            reason: .noUsage, subject: use.meter.key, figure: 0, bound: Self.whole(least),
            detail: "no \(use.meter.unit.other), and at least \(words(least, use.meter)) in each of the "
                + "\(use.before.count) periods before")
    }

    private func jumped(_ use: Use, _ jump: ExactDecimal) -> Trip? {
        guard use.before.count >= Self.fewestPeriods else { return nil }
        let sorted = use.before.sorted()
        let middle = sorted.count / 2
        // Twice the median is whole, also between two quantities.
        let twice =
            sorted.count.isMultiple(of: 2)
            ? Int128(sorted[middle - 1]) + Int128(sorted[middle]) : 2 * Int128(sorted[middle])
        let floor = Tariff.parts(least, places: use.meter.quantityPlaces)
        // jump × median < counted, without a division; a catalog's jump is at most `largestJump`.
        guard twice > 0, use.counted > floor, jump.units * twice < 2 * ExactDecimal.one * Int128(use.counted) else {
            return nil
        }
        return Trip(
            reason: .usageJump, subject: use.meter.key, figure: use.counted,
            bound: ExactAmount(units: 5 * twice, places: 1),
            detail: "\(words(use.counted, use.meter)), more than \(jump) times the median of the \(use.before.count) "
                + "periods before, \(ExactAmount(units: 5 * twice, places: use.meter.quantityPlaces + 1).plain)")
    }

    package static let largestJump: Int64 = 1_000

    private static func whole(_ number: Int64) -> ExactAmount { ExactAmount(units: Int128(number), places: 0) }

    private func words(_ quantity: Int64, _ meter: Meter) -> String {
        "\(ExactAmount(units: Int128(quantity), places: meter.quantityPlaces).plain) \(meter.writtenUnit.word(for: quantity))"
    }
}

extension Breaker: CustomStringConvertible {
    /// `more than 5 times the median, no use, a missing pull`
    package var description: String {
        var parts: [String] = []
        if let jump { parts.append("more than \(jump) times the median" + (least > 0 ? " and \(least)" : "")) }
        if silence { parts.append("no use") }
        if let staleDays { parts.append("nothing in the last \(staleDays) days") }
        if missingPull { parts.append("a missing pull") }
        if let most { parts.append("more than \(most) in minor units") }
        return parts.isEmpty ? "nothing" : parts.joined(separator: ", ")
    }
}
