/// A meter's quantity for one window, and what it is made of.
package struct WindowQuantity: Hashable, Sendable {
    package var quantity: Int64
    /// What each channel contributes, by account and channel; only those that contribute.
    package var parts: [Part]

    package struct Part: Hashable, Sendable {
        package var source: MeteredChannel
        /// sum, max, latest: what it counted. unique, peak: 1. mean: its level added up over the days.
        package var quantity: Int64
        /// The day of the reading that is meant: max the day of the most, latest and mean the last reading, sum and
        /// unique the last day that counted anything. Nil for a peak.
        package var day: CivilDate?
        /// peak: the instant at which the most channels were on.
        package var instant: Int64?

        package init(source: MeteredChannel, quantity: Int64, day: CivilDate?, instant: Int64? = nil) {
            self.source = source
            self.quantity = quantity
            self.day = day
            self.instant = instant
        }
    }

    package init(quantity: Int64, parts: [Part]) {
        self.quantity = quantity
        self.parts = parts
    }

    package static let none = WindowQuantity(quantity: 0, parts: [])
}

extension Meter {
    /// What the meter comes to in a window. An account counts only on the days on which it belongs to the subscription:
    /// intervals and carried levels are cut at the ends of its membership.
    package func quantity(of input: WindowInput) throws(BillingError) -> WindowQuantity {
        switch aggregate {
        case .sum: try sum(of: input)
        case .max: try largestDay(of: input)
        case .latest: try latest(of: input)
        case .unique: unique(of: input)
        case .mean: try mean(of: input)
        case .peak: try peak(of: input)
        }
    }

    func adding(_ left: Int64, _ right: Int64) throws(BillingError) -> Int64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        guard !overflow else { throw BillingError.quantityOverflow(meter: key) }
        return sum
    }

    /// Adds what several groups came to, when each account counts for itself.
    func adding(_ groups: [WindowQuantity]) throws(BillingError) -> WindowQuantity {
        var all = WindowQuantity.none
        for group in groups {
            all.quantity = try adding(all.quantity, group.quantity)
            all.parts += group.parts
        }
        all.parts.sort { $0.source < $1.source }
        return all
    }

    /// The elements that count together: all of them, or account by account in the order of their numbers.
    func pooled<Element>(_ elements: [Element], by source: (Element) -> MeteredChannel) -> [[Element]] {
        switch pool {
        case .together: [elements]
        case .perAccount:
            Dictionary(grouping: elements) { source($0).account }.sorted { $0.key < $1.key }.map(\.value)
        }
    }
}
