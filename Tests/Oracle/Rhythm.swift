package import Billing

/// Where periods begin that follow from an anchor date: found by counting on from it, one after the other.
package struct Rhythm: Hashable, Sendable {
    package let anchor: Day
    package let every: Cadence
    /// How far the boundary with number 0 lies behind the anchor date, in months or days as the cadence has them.
    private var offset = 0

    package init(anchor: Day, every: Cadence) {
        self.anchor = anchor
        self.every = every
    }

    /// Counted from the last boundary on or before a day, of months or days from the anchor date.
    package init(anchor: Day, every: Cadence, from day: Day) {
        self.init(anchor: anchor, every: every)
        let step: Cadence = if case .days = every { .days(1) } else { .months(1) }
        offset = Rhythm(anchor: anchor, every: step).number(of: day)
    }

    package func boundary(_ number: Int) -> Day {
        switch every {
        case .days(let days): anchor + (offset + number * days)
        case .months(let months): anchor.later(months: offset + number * months)
        }
    }

    /// The number of the period that a day lies in.
    package func number(of day: Day) -> Int {
        var number = 0
        while boundary(number) > day { number -= 1 }
        while boundary(number + 1) <= day { number += 1 }
        return number
    }

    package func period(_ number: Int) -> Span { Span(boundary(number), boundary(number + 1)) }

    /// The period that a day lies in.
    package func period(of day: Day) -> Span { period(number(of: day)) }
}

/// Days from a first one until before another; the same two where there are none.
package struct Span: Hashable, Sendable, CustomStringConvertible {
    package let start: Day
    package let end: Day

    package init(_ start: Day, _ end: Day) {
        self.start = start
        self.end = end
    }

    package var count: Int { end - start }
    package var isEmpty: Bool { end <= start }

    package func contains(_ day: Day) -> Bool { start <= day && day < end }

    package var description: String { "\(start)/\(end)" }
}
