/// Meters that look at single days: each reading counts on its own day alone.
extension Meter {
    /// Everything counted on the window's days.
    func sum(of input: WindowInput) throws(BillingError) -> WindowQuantity {
        var total = WindowQuantity.none
        for (source, readings) in bySource(input.counted) {
            var quantity: Int64 = 0
            for reading in readings { quantity = try adding(quantity, reading.quantity) }
            total.quantity = try adding(total.quantity, quantity)
            let last = readings.filter { $0.quantity > 0 }.map(\.day).max()
            if quantity > 0 { total.parts.append(WindowQuantity.Part(source: source, quantity: quantity, day: last)) }
        }
        return total
    }

    /// The most that was counted on one day, over all channels together; of several such days the first.
    func largestDay(of input: WindowInput) throws(BillingError) -> WindowQuantity {
        var groups: [WindowQuantity] = []
        for readings in pooled(input.counted, by: \.source) {
            var best: (day: CivilDate, quantity: Int64)?
            for (day, onDay) in Dictionary(grouping: readings, by: \.day).sorted(by: { $0.key < $1.key }) {
                var quantity: Int64 = 0
                for reading in onDay { quantity = try adding(quantity, reading.quantity) }
                if quantity > best?.quantity ?? 0 { best = (day, quantity) }
            }
            guard let best else { continue }
            let parts = readings.filter { $0.day == best.day && $0.quantity > 0 }
                .map { WindowQuantity.Part(source: $0.source, quantity: $0.quantity, day: best.day) }
            groups.append(WindowQuantity(quantity: best.quantity, parts: parts))
        }
        return try adding(groups)
    }

    /// How many channels counted anything. Together, a channel that two accounts have is one.
    func unique(of input: WindowInput) -> WindowQuantity {
        var seen: Set<Int32> = []
        var parts: [WindowQuantity.Part] = []
        for (source, readings) in bySource(input.counted) {
            guard let last = readings.filter({ $0.quantity > 0 }).map(\.day).max() else { continue }
            if pool == .together, !seen.insert(source.channel).inserted { continue }
            parts.append(WindowQuantity.Part(source: source, quantity: 1, day: last))
        }
        return WindowQuantity(quantity: Int64(parts.count), parts: parts)
    }

    private func bySource(_ readings: [DayReading]) -> [(MeteredChannel, [DayReading])] {
        Dictionary(grouping: readings, by: \.source).sorted { $0.key < $1.key }
    }
}

extension WindowInput {
    /// The readings of the window's days on which their account belongs to the subscription.
    var counted: [DayReading] {
        readings.filter { reading in
            window.contains(reading.day)
                && members.contains { $0.account == reading.source.account && $0.contains(reading.day) }
        }
    }
}
