import Billing

/// What meters come to, counted out the slow way: day by day and minute by minute, with nothing of the program but its
/// values. Days are numbers, and a minute of the tests is 60,000,000 microseconds.
enum WindowOracle {
    static let minute: Int64 = 60_000_000

    private static func isMember(_ account: Int64, _ day: CivilDate, _ input: WindowInput) -> Bool {
        for span in input.members where span.account == account {
            if day.daysSince1970 < span.starts.daysSince1970 { continue }
            if let ends = span.ends, day.daysSince1970 >= ends.daysSince1970 { continue }
            return true
        }
        return false
    }

    private static func days(_ input: WindowInput) -> [CivilDate] {
        (input.window.start.daysSince1970..<input.window.end.daysSince1970).compactMap {
            CivilDate(daysSince1970: $0)
        }
    }

    private static func accounts(_ input: WindowInput) -> Set<Int64> { Set(input.members.map(\.account)) }

    /// What all channels of some accounts counted on a day.
    private static func counted(_ input: WindowInput, _ day: CivilDate, _ accounts: Set<Int64>) -> Int64 {
        var sum: Int64 = 0
        for reading in input.readings where reading.day == day && accounts.contains(reading.source.account) {
            if isMember(reading.source.account, day, input) { sum += reading.quantity }
        }
        return sum
    }

    static func sum(_ input: WindowInput) -> Int64 {
        days(input).reduce(0) { $0 + counted(input, $1, accounts(input)) }
    }

    static func max(_ input: WindowInput, _ pool: Meter.Pool) -> Int64 {
        func most(_ accounts: Set<Int64>) -> Int64 {
            days(input).map { counted(input, $0, accounts) }.max() ?? 0
        }
        switch pool {
        case .together: return most(accounts(input))
        case .perAccount: return accounts(input).map { most([$0]) }.reduce(0, +)
        }
    }

    static func unique(_ input: WindowInput, _ pool: Meter.Pool) -> Int64 {
        var names: Set<String> = []
        for day in days(input) {
            for reading in input.readings
            where reading.day == day && reading.quantity > 0 && isMember(reading.source.account, day, input) {
                let account = pool == .perAccount ? "\(reading.source.account)" : ""
                names.insert("\(account)/\(reading.source.channel)")
            }
        }
        return Int64(names.count)
    }

    /// What stands on a day: for each channel of a member the reading of that day, or of the nearest day before it.
    private static func level(_ input: WindowInput, _ day: CivilDate) -> Int64 {
        var sum: Int64 = 0
        for source in Set(input.readings.map(\.source)) where isMember(source.account, day, input) {
            var latest: DayReading?
            for reading in input.readings where reading.source == source && reading.day <= day {
                if latest == nil || (latest?.day ?? day) < reading.day { latest = reading }
            }
            sum += latest?.quantity ?? 0
        }
        return sum
    }

    static func latest(_ input: WindowInput) -> Int64 {
        days(input).last.map { level(input, $0) } ?? 0
    }

    /// Half away from zero, on numbers that are not negative.
    static func mean(_ input: WindowInput) -> Int64 {
        let days = days(input)
        let sum = days.reduce(Int64(0)) { $0 + level(input, $1) }
        let count = Int64(days.count)
        return sum / count + ((sum % count) * 2 >= count ? 1 : 0)
    }

    /// Looks at every minute. All instants of the input lie on whole minutes.
    static func peak(_ input: WindowInput, _ pool: Meter.Pool) -> Int64 {
        var most: Int64 = 0
        var mostOf: [Int64: Int64] = [:]
        for now in stride(from: input.startsAt, to: input.endsAt, by: Int64.Stride(minute)) {
            var on: Set<MeteredChannel> = []
            for interval in input.intervals where interval.on <= now && now < interval.off ?? .max {
                let isMember = input.members.contains {
                    $0.account == interval.source.account && $0.startsAt <= now && now < $0.endsAt ?? .max
                }
                if isMember { on.insert(interval.source) }
            }
            most = Swift.max(most, Int64(on.count))
            for (account, carts) in Dictionary(grouping: on, by: \.account) {
                mostOf[account] = Swift.max(mostOf[account] ?? 0, Int64(carts.count))
            }
        }
        return pool == .together ? most : mostOf.values.reduce(0, +)
    }
}
