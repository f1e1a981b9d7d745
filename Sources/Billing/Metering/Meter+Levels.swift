/// Meters whose readings hold until the next one: a channel's level on a day is its last reading on or before it, however
/// long ago that was, also from before its account was linked.
///
///     readings      5 ───────────────── 8 ────────────▶
///     window             ├────────────────────┤
///     member                 ├──────────────────────
///     counts                 5 5 5 5 5 8 8 8
extension Meter {
    /// What stands on the window's last day.
    func latest(of input: WindowInput) throws(BillingError) -> WindowQuantity {
        guard let last = input.window.end.adding(days: -1) else { return .none }
        var total = WindowQuantity.none
        for (source, readings) in levels(of: input) {
            guard input.members.contains(where: { $0.account == source.account && $0.contains(last) }),
                let level = readings.last, level.quantity > 0
            else { continue }
            total.quantity = try adding(total.quantity, level.quantity)
            total.parts.append(WindowQuantity.Part(source: source, quantity: level.quantity, day: level.day))
        }
        return total
    }

    /// The levels of all days added up and divided by the number of days, rounded half away from zero to the meter's
    /// places. Exact until that one rounding.
    func mean(of input: WindowInput) throws(BillingError) -> WindowQuantity {
        var sum: Int128 = 0
        var parts: [WindowQuantity.Part] = []
        for (source, readings) in levels(of: input) {
            var levelDays: Int128 = 0
            for (index, level) in readings.enumerated() {
                let until = index + 1 < readings.count ? readings[index + 1].day : input.window.end
                let from = max(level.day, input.window.start)
                var days: Int32 = 0
                for span in input.members where span.account == source.account {
                    let start = max(from, span.starts)
                    let end = min(until, span.ends ?? until)
                    if start < end { days += end.daysSince1970 - start.daysSince1970 }
                }
                levelDays += Int128(level.quantity) * Int128(days)
            }
            guard levelDays > 0 else { continue }
            guard let quantity = Int64(exactly: levelDays) else { throw BillingError.quantityOverflow(meter: key) }
            sum += levelDays
            parts.append(WindowQuantity.Part(source: source, quantity: quantity, day: readings.last?.day))
        }
        let mean = Rounding.halfAwayFromZero.divide(sum, by: Int128(input.window.days))
        guard let quantity = Int64(exactly: mean) else { throw BillingError.quantityOverflow(meter: key) }
        return WindowQuantity(quantity: quantity, parts: parts)
    }

    /// Each channel's readings before the window's end, by day.
    private func levels(of input: WindowInput) -> [(MeteredChannel, [DayReading])] {
        Dictionary(grouping: input.readings.filter { $0.day < input.window.end }, by: \.source)
            .mapValues { $0.sorted { $0.day < $1.day } }
            .sorted { $0.key < $1.key }
    }
}
