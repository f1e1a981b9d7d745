package import Billing
package import Postgres
import SQL

/// What sources should deliver, and the days that they have delivered.
package struct GapStore {
    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// Keeps what a source should deliver, as its definition says now.
    package func set(_ expectation: Expectation, of source: String, feeds: String) throws {
        _ = try connection.execute(
            Query(
                .setExpectation, source, feeds, expectation.every.rawValue, expectation.from,
                Int32(clamping: expectation.lateDays), Int32(clamping: expectation.staleDays),
                Int32(clamping: expectation.leastPercent), expectation.onGap.rawValue))
    }

    /// A source with its days; without any where it feeds intervals.
    package struct Source: Sendable {
        package let feeds: String
        package let days: SourceDays
    }

    /// All sources that were ever read, with what tells the gaps of a window.
    package func sources(for window: DateRange) throws -> [Source] {
        let known = try connection.query(
            Query(.listExpectations), as: String.self, String.self, String.self, CivilDate?.self, Int32.self,
            Int32.self, Int32.self, String.self, CivilDate?.self, CivilDate?.self)
        guard !known.isEmpty else { return [] }
        let from = window.start.adding(days: -SourceDays.lookBack) ?? .earliest
        var days: [String: [SourceDays.Day]] = [:]
        for row in try connection.query(
            Query(.listSourceDays, from, window.end), as: String.self, CivilDate.self, Int64.self, Int64.self,
            Int64.self, Int64.self)
        {
            days[row.0, default: []].append(
                SourceDays.Day(
                    day: row.1, readings: row.2, mostReadings: row.3, quantity: row.4, mostQuantity: row.5))
        }
        return try known.map { row in
            guard let every = Expectation.Rhythm(rawValue: row.2), let onGap = Expectation.OnGap(rawValue: row.7) else {
                throw StoreError.inconsistent("an expectation that nobody knows")
            }
            let expectation = Expectation(
                every: every, from: row.3, lateDays: Int(row.4), staleDays: Int(row.5), leastPercent: Int(row.6),
                onGap: onGap)
            return Source(
                feeds: row.1,
                days: SourceDays(
                    source: row.0, expectation: expectation, first: row.8, lastRead: row.9, days: days[row.0] ?? []))
        }
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
        let sources = delivered.keys.sorted()
        return try connection.query(
            Query(
                .listChannelDays, days.start, days.end, customer, sources,
                sources.map { Int64(delivered[$0] ?? 0) }, Int64(Self.fewestDays)),
            as: String.self, String.self, String.self, String.self, [Int32].self, [Int64].self
        ).map { row in
            var present = [Bool](repeating: false, count: days.days)
            for (block, bits) in zip(row.4, row.5) {
                for bit in 0..<Self.blockDays where bits & (1 << Int64(bit)) != 0 {
                    let index = Int(block) * Self.blockDays + bit
                    if present.indices.contains(index) { present[index] = true }
                }
            }
            return ChannelDays(
                source: row.0, key: Gap.ChannelKey(account: row.1, channel: row.2, category: row.3), present: present)
        }
    }

    /// The days of which the statement makes one number.
    private static let blockDays = 62
    /// Nine tenths of the fewest days of a source, rounded up: who was there less often is never missed.
    private static let fewestDays = (ChannelDays.fewestDays * ChannelDays.leastPercent + 99) / 100

    /// - Throws: `StoreError.unknownCustomer`.
    package func customer(_ key: String) throws -> Int64 {
        guard
            let row = try connection.first(
                Query(.findCustomer, key), as: Int64.self, String.self, String.self, String?.self)
        else { throw StoreError.unknownCustomer(key) }
        return row.0
    }

    /// The missing days of all sources whose gaps are of interest to a close.
    ///
    /// - Parameter start: the first day of the earliest period that is due.
    package func missing(from start: CivilDate, asOf: CivilDate) throws -> [MissingDays] {
        let earliest = asOf.adding(days: -Self.longestPeriod) ?? start
        guard let window = DateRange(start: max(start, earliest), end: asOf) else { return [] }
        return try sources(for: window).filter { $0.days.expectation.onGap != .ignore && $0.feeds == "readings" }
            .compactMap { source in
                let days = source.days.missing(in: window, asOf: asOf)
                guard !days.isEmpty else { return nil }
                return MissingDays(
                    source: source.days.source, days: days, isHeld: source.days.expectation.onGap == .hold)
            }
    }

    /// Days further back belong to no period that is closed today, unless one was forgotten for a year.
    private static let longestPeriod = 800
    /// Who had a reading of the source in so many days before a missing one is fed by it.
    private static let fedDays = 28

    /// The due subscriptions of customers that are fed by a source with missing days: for each the places of these sources in
    /// the list, and whether a person let its period go.
    func fed(
        by gaps: [MissingDays], customers: ClosedRange<Int64>, asOf: CivilDate, meters: PlanMeters
    ) throws -> [Int64: [(place: Int, isReleased: Bool)]] {
        var fed: [Int64: [(place: Int, isReleased: Bool)]] = [:]
        for (place, gap) in gaps.enumerated() {
            guard let first = gap.days.first?.adding(days: -Self.fedDays), let end = gap.days.last?.adding(days: 1)
            else { continue }
            let rows = try connection.query(
                Query(
                    .listFedSubscriptions, customers.lowerBound, customers.upperBound, gap.source, first, end, asOf,
                    meters.plans, meters.meters),
                as: Int64.self, Bool.self)
            for row in rows { fed[row.0, default: []].append((place, row.1)) }
        }
        return fed
    }
}

/// The days that one source should have delivered before a close, and has not.
package struct MissingDays: Hashable, Sendable {
    package let source: String
    /// In their order; never empty.
    package let days: [CivilDate]
    /// Whether a period with one of them is set aside, and not only told of.
    package let isHeld: Bool

    /// What keeps a period from being billed; nil where none of the days lies in it.
    func error(in period: DateRange) -> BillingError? {
        let own = days.filter(period.contains)
        guard let first = own.first, let last = own.last else { return nil }
        return .missingDays(source: source, count: own.count, first: first, last: last, period: period)
    }
}

/// What the plans of a catalog count: plan by plan, the meters as readings name them.
struct PlanMeters {
    var plans: [Int32] = []
    var meters: [Int32] = []

    init(_ catalog: RatingCatalog) {
        for (plan, series) in catalog.countedSeries {
            plans.append(plan)
            meters.append(series)
        }
    }
}
