package import Billing

/// A subscription as far as money needs to know it.
package struct Holding: Hashable, Sendable {
    package struct Coupon: Hashable, Sendable {
        package var code: String
        package var from: Day
    }

    /// Another plan, or another rhythm of paying, from a day on.
    package struct Change: Hashable, Sendable {
        package var day: Day
        package var plan: String
        /// Nil where that stays.
        package var paysEvery: Cadence?
        /// Whether what is paid in advance is settled on an invoice of its own.
        package var isAtOnce: Bool
        /// Whether it has not been made yet.
        package var isPending = false
    }

    package var key: String
    package var customer: String
    /// The plan at first.
    package var plan: String
    package var anchor: Day
    package var signedUp: Day
    package var starts: Day
    package var ends: Day?
    /// How often it paid at first.
    package var paysEvery: Cadence
    /// Since when it pays in its rhythm; nil for ever.
    package var paidFrom: Day?
    package var currency: String
    package var zone: Zone
    package var contract: String?
    package var coupon: Coupon?
    package var changes: [Change] = []

    package var payments: Rhythm {
        guard let paidFrom else { return Rhythm(anchor: anchor, every: paysEvery) }
        return Rhythm(anchor: anchor, every: paysEvery, from: paidFrom)
    }

    /// Whether no period begins on the day any more.
    package func isOver(on day: Day) -> Bool { ends.map { $0 <= day } ?? false }

    /// What is held on a day, after the changes until then.
    package func held(on day: Day) -> Holding { after { $0.day <= day } }

    /// What is held by who renews on a day: what is changed at once on that day comes after it.
    package func renewed(on day: Day) -> Holding { after { $0.day < day || ($0.day == day && !$0.isAtOnce) } }

    private func after(_ hasCome: (Change) -> Bool) -> Holding {
        var held = self
        for change in changes {
            guard hasCome(change) else { break }
            held.plan = change.plan
            guard let every = change.paysEvery else { continue }
            held.paysEvery = every
            // A rhythm that somebody begins with counts from the anchor date, as everybody's does.
            if change.day > starts { held.paidFrom = change.day }
        }
        return held
    }

    /// Whether two hold the same plan and pay for it on the same days.
    func pays(as other: Holding) -> Bool {
        plan == other.plan && paysEvery == other.paysEvery && paidFrom == other.paidFrom
    }

    /// The runs of days of a span on each of which one plan is held.
    func stints(of span: Span) -> [(days: Span, held: Holding)] {
        var stints: [(days: Span, held: Holding)] = []
        var day = span.start
        while day < span.end {
            var end = day + 1
            while end < span.end, !changes.contains(where: { $0.day == end }) { end = end + 1 }
            stints.append((Span(day, end), held(on: day)))
            day = end
        }
        return stints
    }
}
