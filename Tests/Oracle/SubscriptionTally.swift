package import Billing

/// What counts for one subscription.
package struct SubscriptionTally: Counted {
    /// Of all its accounts together, by series and day.
    let sums: [String: [Int: Int]]
    let members: [Tally.Membership]
    let zone: Zone
    /// Of its accounts, also on days on which they belonged to others.
    let readings: [Tally.Place: Int]
    let spells: [Tally.Spell]

    package func count(_ meter: Meter, _ days: Span) -> Int {
        guard let sums = sums[meter.key] else { return 0 }
        var sum = 0
        var day = days.start
        while day < days.end {
            sum += sums[day.number] ?? 0
            day = day + 1
        }
        return sum
    }

    static let none = SubscriptionTally(sums: [:], members: [], zone: .utc, readings: [:], spells: [])

    /// What readings add up to that a meter means, on days on which their accounts belong to the subscription.
    func sum(_ meter: Meter, _ days: Span) -> Int {
        readings.reduce(0) { sum, reading in
            let place = reading.key
            let isCounted =
                place.series == meter.series && isMeant(meter, place.channel, place.category)
                && days.contains(place.day)
                && isMember(place.account, on: place.day)
            return isCounted ? sum + reading.value : sum
        }
    }

    package func quantity(_ meter: Meter, of period: Span) -> Int {
        let days = window(meter, of: period)
        // Means of several accounts add up to the mean of all: it is rounded once.
        guard meter.pool == .perAccount, meter.aggregate != .mean else { return quantity(meter, days) { _ in true } }
        return Set(members.map(\.account)).reduce(0) { sum, account in sum + quantity(meter, days) { $0 == account } }
    }

    /// The days that count for a period's invoice.
    private func window(_ meter: Meter, of period: Span) -> Span {
        switch meter.window {
        case .period: period
        case .previousMonth: Span(period.end.firstOfMonth.later(months: -1), period.end.firstOfMonth)
        case .days(let days): Span(period.end + -days, period.end)
        }
    }

    private func isMember(_ account: String, on day: Day) -> Bool {
        members.contains { $0.account == account && $0.contains(day) }
    }

    private func isMeant(_ meter: Meter, _ channel: String, _ category: String) -> Bool {
        (meter.channels.isEmpty || meter.channels.contains(channel))
            && (meter.categories.isEmpty || meter.categories.contains(category))
    }

    /// - Parameter isAsked: which accounts are counted.
    private func quantity(_ meter: Meter, _ days: Span, _ isAsked: (String) -> Bool) -> Int {
        if meter.aggregate == .peak { return peak(meter, days, isAsked) }
        let meant = readings.filter { place, _ in
            place.series == meter.series && isMeant(meter, place.channel, place.category) && isAsked(place.account)
        }
        let inside = meant.filter { place, _ in days.contains(place.day) && isMember(place.account, on: place.day) }
        switch meter.aggregate {
        case .sum: return inside.values.reduce(0, +)
        case .max:
            var byDay: [Day: Int] = [:]
            for (place, quantity) in inside { byDay[place.day, default: 0] += quantity }
            return byDay.values.max() ?? 0
        case .unique: return Set(inside.filter { $0.value > 0 }.keys.map { "\($0.channel)|\($0.category)" }).count
        case .latest: return levels(meant, on: days.end + -1)
        case .mean:
            var sum = 0
            var day = days.start
            while day < days.end {
                sum += levels(meant, on: day)
                day = day + 1
            }
            return (Fraction(sum) / Fraction(days.count)).rounded(.halfAwayFromZero)
        case .peak: return 0
        }
    }

    /// What stands on a day: of each channel whose account belongs to the subscription the last reading until then.
    private func levels(_ readings: [Tally.Place: Int], on day: Day) -> Int {
        var latest: [Tally.Place: (day: Day, quantity: Int)] = [:]
        for (place, quantity) in readings where place.day <= day && isMember(place.account, on: day) {
            var channel = place
            channel.day = day
            if latest[channel].map({ $0.day < place.day }) ?? true { latest[channel] = (place.day, quantity) }
        }
        return latest.values.reduce(0) { $0 + $1.quantity }
    }

    /// The most channels that were on at one minute. It is reached when one goes on.
    private func peak(_ meter: Meter, _ days: Span, _ isAsked: (String) -> Bool) -> Int {
        let window = (zone.start(of: days.start), zone.start(of: days.end))
        var stretches: [(channel: String, on: Int, off: Int)] = []
        for spell in spells
        where spell.place.series == meter.series && isMeant(meter, spell.place.channel, spell.category)
            && isAsked(spell.place.account)
        {
            for member in members where member.account == spell.place.account {
                let on = max(spell.place.on, window.0, zone.start(of: member.from))
                let off = min(spell.off ?? window.1, window.1, member.until.map { zone.start(of: $0) } ?? window.1)
                if on < off { stretches.append(("\(spell.place.account)|\(spell.place.channel)", on, off)) }
            }
        }
        return stretches.map { begun in
            Set(stretches.filter { $0.on <= begun.on && begun.on < $0.off }.map(\.channel)).count
        }.max() ?? 0
    }
}
