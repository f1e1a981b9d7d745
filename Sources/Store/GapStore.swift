package import Billing
package import Postgres
import SQL

/// What sources should deliver, and the days that they have delivered.
package struct GapStore {
    let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// Keeps what a source should deliver, as its definition says now.
    package func set(_ expectation: Expectation, of source: String, feeds: String) throws {
        _ = try connection.execute(
            Query(
                .setExpectation, source, feeds, expectation.every.rawValue, expectation.from,
                Int32(clamping: expectation.lateDays), Int32(clamping: expectation.staleDays),
                Int32(clamping: expectation.leastPercent), expectation.onGap.missingDay.rawValue,
                expectation.onGap.shrunkDay.rawValue, expectation.onGap.unreadSource.rawValue,
                expectation.onGap.missingChannel.rawValue))
    }

    /// A source with its days; without any where it feeds intervals.
    package struct Source: Sendable {
        package let feeds: String
        package let days: SourceDays
    }

    /// All sources that were ever read, with what tells their gaps until before a day.
    package func sources(until end: CivilDate) throws -> [Source] {
        let known = try connection.query(
            Query(.listExpectations), as: String.self, String.self, String.self, CivilDate?.self, Int32.self,
            Int32.self, Int32.self, String.self, String.self, String.self, String.self, CivilDate?.self, CivilDate?.self
        )
        guard !known.isEmpty else { return [] }
        var days: [String: [SourceDays.Day]] = [:]
        for row in try connection.query(
            Query(.listSourceDays, end), as: String.self, CivilDate.self, Int64.self, Int64.self,
            Int64.self, Int64.self)
        {
            days[row.0, default: []].append(
                SourceDays.Day(
                    day: row.1, readings: row.2, mostReadings: row.3, quantity: row.4, mostQuantity: row.5))
        }
        return try known.map { row in
            guard let every = Expectation.Rhythm(rawValue: row.2) else {
                throw StoreError.inconsistent("an expectation that nobody knows")
            }
            var onGap = Expectation.Reactions()
            for (kind, word) in zip(PeriodGap.Kind.allCases, [row.7, row.8, row.9, row.10]) {
                guard let reaction = Expectation.OnGap(rawValue: word) else {
                    throw StoreError.inconsistent("a gap that does what nobody knows")
                }
                onGap[kind] = reaction
            }
            let expectation = Expectation(
                every: every, from: row.3, lateDays: Int(row.4), staleDays: Int(row.5), leastPercent: Int(row.6),
                onGap: onGap)
            return Source(
                feeds: row.1,
                days: SourceDays(
                    source: row.0, expectation: expectation, first: row.11, lastRead: row.12, days: days[row.0] ?? []))
        }
    }

    /// A channel that was often there and lacks a day of its source, with the numbers of its account and of itself.
    struct Lacking {
        let accountID: Int64
        let channelID: Int32
        let days: ChannelDays
    }

    /// The channels that were often there and lack a day of their source.
    ///
    /// - Parameters:
    ///   - days: those that are looked at.
    ///   - delivered: how many of them each source has delivered.
    ///   - customer: the only one whose accounts are looked at; nil for all.
    package func channels(
        in days: DateRange, of delivered: [String: Int], customer: Int64?
    ) throws -> [ChannelDays] {
        try lackingChannels(in: days, of: delivered, customer: customer).map(\.days)
    }

    func lackingChannels(
        in days: DateRange, of delivered: [String: Int], customer: Int64? = nil
    ) throws -> [Lacking] {
        let sources = delivered.keys.sorted()
        let pulls = try connection.query(Query(.listSourcePulls, sources), as: Int64.self, Int32.self)
        guard let first = pulls.first?.0, let last = pulls.last?.0, last - first < Self.mostPulls else { return [] }
        var places = [Int32](repeating: 0, count: Int(last - first) + 1)
        for (pull, place) in pulls { places[Int(pull - first)] = place }
        return try connection.query(
            Query(
                .listChannelDays, days.start, days.end, customer, sources,
                sources.map { Int64(delivered[$0] ?? 0) }, Int64(Self.fewestDays), places, first),
            as: String.self, String.self, String.self, String.self, [Int32].self, [Int64].self, Int64.self, Int32.self
        ).map { row in
            let key = Gap.ChannelKey(account: row.1, channel: row.2, category: row.3)
            let present = Self.present(row.4, row.5, count: days.days)
            return Lacking(
                accountID: row.6, channelID: row.7, days: ChannelDays(source: row.0, key: key, present: present))
        }
    }

    /// - Parameters:
    ///   - blocks: which blocks of days there are.
    ///   - bits: of each the days, from the lowest bit on.
    static func present(_ blocks: [Int32], _ bits: [Int64], count: Int) -> [Bool] {
        var present = [Bool](repeating: false, count: count)
        for (block, bits) in zip(blocks, bits) {
            for bit in 0..<blockDays where bits & (1 << Int64(bit)) != 0 {
                let index = Int(block) * blockDays + bit
                if present.indices.contains(index) { present[index] = true }
            }
        }
        return present
    }

    /// A thousand pulls a night for centuries; the statement's array has a place for each.
    private static let mostPulls: Int64 = 100_000_000

    /// The days of which the statement makes one number.
    private static let blockDays = 62
    /// Nine tenths of the fewest days of a source, rounded up: who was there less often is never missed.
    static let fewestDays = (ChannelDays.fewestDays * ChannelDays.leastPercent + 99) / 100

    /// - Throws: `StoreError.unknownCustomer`.
    package func customer(_ key: String) throws -> Int64 {
        guard
            let row = try connection.first(
                Query(.findCustomer, key), as: Int64.self, String.self, String.self, String?.self)
        else { throw StoreError.unknownCustomer(key) }
        return row.0
    }
}
