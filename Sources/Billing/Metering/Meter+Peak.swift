/// The most channels on at one instant (the billing page of Extensiv: "the maximum number of carts in use at any one
/// time").
///
///     window            ├───────────────────────┤
///     cart a      ──────────────┤                       on before the window: it counts from its start
///     cart b                    ├──────                 on at the instant at which a goes off: the licence is re-used
///     cart c                       ├┤                   on for a minute: counts like the others
///     on                1 1 1 1 1 1 2 1 1 1             peak 2
extension Meter {
    func peak(of input: WindowInput) throws(BillingError) -> WindowQuantity {
        var groups: [WindowQuantity] = []
        for stretches in pooled(stretches(of: input), by: \.source) {
            guard let (count, instant) = Self.peak(of: stretches) else { continue }
            let parts = stretches.filter { $0.on <= instant && instant < $0.off }
                .map { WindowQuantity.Part(source: $0.source, quantity: 1, day: nil, instant: instant) }
            groups.append(WindowQuantity(quantity: count, parts: parts))
        }
        return try adding(groups)
    }

    private struct Stretch {
        var source: MeteredChannel
        var on: Int64
        var off: Int64
    }

    /// When each channel is on within the window and its account's membership. Intervals of one channel that overlap or
    /// touch are one: a channel needs one licence, however often it is said to be on.
    private func stretches(of input: WindowInput) -> [Stretch] {
        var cut: [Stretch] = []
        for interval in input.intervals {
            for span in input.members where span.account == interval.source.account {
                let on = max(interval.on, input.startsAt, span.startsAt)
                let off = min(interval.off ?? input.endsAt, input.endsAt, span.endsAt ?? input.endsAt)
                if on < off { cut.append(Stretch(source: interval.source, on: on, off: off)) }
            }
        }
        cut.sort { ($0.source, $0.on) < ($1.source, $1.on) }
        var joined: [Stretch] = []
        for stretch in cut {
            if let last = joined.last, last.source == stretch.source, stretch.on <= last.off {
                joined[joined.count - 1].off = max(last.off, stretch.off)
            } else {
                joined.append(stretch)
            }
        }
        return joined
    }

    /// The most that are on together, and the first instant at which they are; nil when none is on.
    private static func peak(of stretches: [Stretch]) -> (count: Int64, instant: Int64)? {
        // At one instant those that go off come first: their licences are free for those that go on.
        var changes: [(at: Int64, step: Int64)] = stretches.map { ($0.on, 1) }
        changes += stretches.map { ($0.off, -1) }
        changes.sort { ($0.at, $0.step) < ($1.at, $1.step) }
        var best: (count: Int64, instant: Int64)?
        var count: Int64 = 0
        for change in changes {
            count += change.step
            if count > best?.count ?? 0 { best = (count, change.at) }
        }
        return best
    }
}
