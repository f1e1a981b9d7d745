import Billing
import Postgres
import SQL

/// Reads what meters count in some subscriptions' windows: memberships, readings with the levels that were carried in, and
/// intervals, as they are known now or were known at a watermark.
///
/// Everything of a batch comes in a handful of statements; what it costs follows the accounts and the days that are asked
/// for, and not the history behind them.
struct WindowReader {
    private let connection: Connection
    private let meters: [RatingMeter]
    private let watermark: Int64?

    /// - Parameter watermark: the last pull that is known; nil for now.
    init(_ connection: Connection, meters: [RatingMeter], watermark: Int64? = nil) {
        self.connection = connection
        self.meters = meters
        self.watermark = watermark
    }

    /// A subscription, and the windows that are wanted of it; never empty.
    struct Request {
        var customerID: Int64
        var subscriptionID: Int64
        var windows: [DateRange]
    }

    func read(_ requests: [Request]) throws -> Windows {
        var windows = Windows()
        windows.midnights = try midnights(requests)
        let members = try connection.query(
            Query(.listMembers, requests.map(\.customerID), requests.map(\.subscriptionID), watermark),
            as: Int64.self, Int64.self, CivilDate.self, CivilDate?.self, PGTimestamp.self, PGTimestamp?.self)
        for (subscription, account, starts, ends, startsAt, endsAt) in members {
            windows.members[subscription, default: []].append(
                MemberSpan(
                    account: account, starts: starts, ends: ends, startsAt: startsAt.microsecondsSince1970,
                    endsAt: endsAt?.microsecondsSince1970))
        }
        let days = try self.days(requests, windows.members)
        guard !days.isEmpty else { return windows }
        let accounts = days.keys.sorted()
        try readReadings(accounts, days, into: &windows)
        try readIntervals(accounts, days, into: &windows)
        try readChannels(into: &windows)
        return windows
    }

    private func midnights(_ requests: [Request]) throws -> [Windows.Midnight: Int64] {
        var wanted: [Windows.Midnight: Int64] = [:]
        for request in requests {
            for day in request.windows.flatMap({ [$0.start, $0.end] }) {
                wanted[Windows.Midnight(day: day, subscription: request.subscriptionID)] = request.customerID
            }
        }
        let list = Array(wanted.keys)
        let instants = try connection.query(
            Query(
                .readMidnights, list.map { PGDate($0.day) }, list.map { wanted[$0] ?? 0 }, list.map(\.subscription),
                watermark),
            as: PGTimestamp.self)
        return Dictionary(
            zip(list, instants.map(\.microsecondsSince1970)), uniquingKeysWith: { first, _ in first })
    }

    /// The days to read of each account: from the first window of the subscriptions that it belongs to until the last.
    private func days(
        _ requests: [Request], _ members: [Int64: [MemberSpan]]
    ) throws -> [Int64: (first: CivilDate, after: CivilDate)] {
        let carries = meters.contains(where: \.definition.carriesLevels)
        var days: [Int64: (first: CivilDate, after: CivilDate)] = [:]
        for request in requests {
            guard var first = request.windows.map(\.start).min(), let after = request.windows.map(\.end).max() else {
                continue
            }
            // The levels that are carried in are found by month.
            if carries { first = first.startOfMonth }
            for span in members[request.subscriptionID] ?? [] {
                let known = days[span.account] ?? (first, after)
                days[span.account] = (min(known.first, first), max(known.after, after))
            }
        }
        guard carries, watermark != nil, !days.isEmpty else { return days }
        // What was known then may be older than what is known now to be the last level: everything is looked at.
        let series = meters.filter(\.definition.carriesLevels).map(\.series)
        let month = try connection.first(Query(.findFirstLevel, days.keys.sorted(), series), as: CivilDate?.self)
        if let month = month ?? nil {
            days = days.mapValues { (min(month, $0.first), $0.after) }
        }
        return days
    }

    private func readReadings(
        _ accounts: [Int64], _ days: [Int64: (first: CivilDate, after: CivilDate)], into windows: inout Windows
    ) throws {
        let series = WindowSeries(meters)
        guard !series.all.isEmpty else { return }
        // A reading lies with the customer for whom its account counted on its day.
        let holders = try connection.query(Query(.listHolders, accounts), as: Int64.self, Int64.self)
        func take(_ rows: [(Int64, Int32, Int32, CivilDate, Int64)]) {
            for (account, channel, meter, day, quantity) in rows {
                windows.readings[account, default: [:]][meter, default: []].append(
                    DayReading(
                        source: MeteredChannel(account: account, channel: channel), day: day, quantity: quantity))
            }
        }
        func column(_ day: ((first: CivilDate, after: CivilDate)) -> CivilDate) -> [PGDate] {
            holders.map { holder in PGDate(days[holder.0].map(day) ?? .earliest) }
        }
        take(
            try connection.query(
                Query(
                    .readWindowReadings, holders.map(\.1), holders.map(\.0), column(\.first), column(\.after),
                    series.all, watermark),
                as: Int64.self, Int32.self, Int32.self, CivilDate.self, Int64.self))
        if !series.carried.isEmpty, watermark == nil {
            take(
                try connection.query(
                    Query(
                        .readCarriedLevels, accounts, accounts.map { PGDate(days[$0]?.first ?? .earliest) },
                        series.carried),
                    as: Int64.self, Int32.self, Int32.self, CivilDate.self, Int64.self))
        }
    }

    private func readIntervals(
        _ accounts: [Int64], _ days: [Int64: (first: CivilDate, after: CivilDate)], into windows: inout Windows
    ) throws {
        let series = Set(meters.filter { $0.definition.aggregate == .peak }.map(\.series)).sorted()
        guard !series.isEmpty else { return }
        let rows = try connection.query(
            Query(
                .readWindowIntervals, accounts, accounts.map { PGDate(days[$0]?.first ?? .earliest) },
                accounts.map { PGDate(days[$0]?.after ?? .earliest) }, series, watermark),
            as: Int64.self, Int32.self, Int32.self, PGTimestamp.self, PGTimestamp?.self, String.self)
        for (account, channel, meter, on, off, category) in rows {
            windows.intervals[account, default: [:]][meter, default: []].append(
                Windows.Interval(
                    interval: OnInterval(
                        source: MeteredChannel(account: account, channel: channel), on: on.microsecondsSince1970,
                        off: off?.microsecondsSince1970),
                    category: category))
        }
    }

    private func readChannels(into windows: inout Windows) throws {
        var channels: Set<Int32> = []
        for readings in windows.readings.values { channels.formUnion(readings.values.joined().map(\.source.channel)) }
        for intervals in windows.intervals.values {
            channels.formUnion(intervals.values.joined().map(\.interval.source.channel))
        }
        guard !channels.isEmpty else { return }
        let rows = try connection.query(
            Query(.listChannels, channels.sorted()), as: Int32.self, String.self, String.self)
        for (id, key, category) in rows { windows.channels[id] = (key, category) }
    }
}

/// What a reader found, by subscription and account.
struct Windows {
    struct Midnight: Hashable {
        var day: CivilDate
        var subscription: Int64
    }

    struct Interval {
        var interval: OnInterval
        var category: String
    }

    var midnights: [Midnight: Int64] = [:]
    /// By subscription.
    var members: [Int64: [MemberSpan]] = [:]
    /// By account and series.
    var readings: [Int64: [Int32: [DayReading]]] = [:]
    /// By account and series.
    var intervals: [Int64: [Int32: [Interval]]] = [:]
    var channels: [Int32: (key: String, category: String)] = [:]

    /// What a meter counts for a subscription in one of the windows that were asked for.
    func input(_ request: WindowReader.Request, _ meter: RatingMeter, _ window: DateRange) throws -> WindowInput {
        guard let startsAt = midnights[Midnight(day: window.start, subscription: request.subscriptionID)],
            let endsAt = midnights[Midnight(day: window.end, subscription: request.subscriptionID)]
        else { throw StoreError.inconsistent("a day has no beginning") }
        let members = members[request.subscriptionID] ?? []
        var input = WindowInput(window: window, startsAt: startsAt, endsAt: endsAt, members: members)
        for account in Set(members.map(\.account)).sorted() {
            if meter.definition.aggregate == .peak {
                for interval in intervals[account]?[meter.series] ?? [] {
                    let key = channels[interval.interval.source.channel]?.key ?? ""
                    guard meter.definition.counts(channel: key, category: interval.category) else { continue }
                    input.intervals.append(interval.interval)
                }
            } else {
                for reading in readings[account]?[meter.series] ?? [] where reading.day < window.end {
                    let (key, category) = channels[reading.source.channel] ?? ("", "")
                    guard meter.definition.counts(channel: key, category: category) else { continue }
                    input.readings.append(reading)
                }
            }
        }
        return input
    }
}
