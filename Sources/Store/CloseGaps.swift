package import Billing
import Postgres
import SQL

/// What sources lack that a close has to know of: little, and told from the days of the sources alone. Who is fed by them is
/// asked batch by batch, and only where something is missing.
package struct CloseGaps: Sendable {
    /// What sources as a whole lack, in the order of the sources.
    var ofSources: [Part] = []
    /// Nil where no source has its channels held or flagged.
    var channels: ChannelWatch?

    /// What one source, or a channel of it, lacks in one way.
    struct Part: Sendable {
        var kind: PeriodGap.Kind
        var source: String
        var channel: Channel?
        /// In their order; never empty.
        var days: [CivilDate]
        /// Whether a period with one of them is set aside, and not only marked.
        var isHeld: Bool

        /// What of it lies in a period; nil where nothing does.
        func gap(in period: DateRange) -> PeriodGap? {
            let own = days.filter(period.contains)
            guard let first = own.first, let end = own.last?.adding(days: 1),
                let range = DateRange(start: first, end: end)
            else { return nil }
            return PeriodGap(kind, source: source, channel: channel?.key, days: range, count: own.count)
        }
    }

    /// A channel of an account, by its numbers and its names.
    struct Channel: Sendable {
        var accountID: Int64
        var channelID: Int32
        var key: Gap.ChannelKey
    }

    /// The sources whose channels a close looks at.
    struct ChannelWatch: Sendable {
        /// The days that are read: those before the window have a say in it.
        var lookedAt: DateRange
        var window: DateRange
        var sources: [String: Source]

        struct Source: Sendable {
            /// Whether it was there, day by day of those that are read.
            var delivered: [Bool]
            var isHeld: Bool
        }
    }

    package var isEmpty: Bool { ofSources.isEmpty && channels == nil }

    package init() {}
}

extension GapStore {
    /// What a close has to know.
    ///
    /// - Parameter start: the first day of the earliest period that is due.
    package func beforeClose(from start: CivilDate, asOf: CivilDate) throws -> CloseGaps {
        let earliest = asOf.adding(days: -Self.longestPeriod) ?? start
        guard let window = DateRange(start: max(start, earliest), end: asOf) else { return CloseGaps() }
        var gaps = CloseGaps()
        let sources = try sources(for: window).filter { $0.feeds == "readings" }
        for source in sources {
            for kind in PeriodGap.Kind.allCases {
                let reaction = source.days.expectation.onGap[kind]
                guard reaction == .hold || reaction == .flag else { continue }
                let days = source.days.days(of: kind, in: window, asOf: asOf)
                guard !days.isEmpty else { continue }
                gaps.ofSources.append(
                    CloseGaps.Part(kind: kind, source: source.days.source, days: days, isHeld: reaction == .hold))
            }
        }
        gaps.channels = channelWatch(sources, window, asOf: asOf)
        return gaps
    }

    /// Days further back belong to no period that is closed today, unless one was forgotten for a year.
    private static let longestPeriod = 800
    /// Channels are looked at for no longer, as their readings have to be read for it.
    private static let longestWatch = 62
    /// Who had a reading of the source in so many days before a missing one is fed by it.
    private static let fedDays = 28

    private func channelWatch(
        _ sources: [Source], _ window: DateRange, asOf: CivilDate
    ) -> CloseGaps.ChannelWatch? {
        let earliest = asOf.adding(days: -Self.longestWatch) ?? window.start
        guard let watched = DateRange(start: max(window.start, earliest), end: asOf),
            let lookedAt = DateRange(
                start: watched.start.adding(days: -ChannelDays.lookBack) ?? .earliest, end: watched.end)
        else { return nil }
        var watch = CloseGaps.ChannelWatch(lookedAt: lookedAt, window: watched, sources: [:])
        for source in sources {
            let reaction = source.days.expectation.onGap.missingChannel
            guard reaction == .hold || reaction == .flag else { continue }
            let delivered = source.days.deliveredWhenDue(in: lookedAt, asOf: asOf)
            guard delivered.contains(true) else { continue }
            watch.sources[source.days.source] = CloseGaps.ChannelWatch.Source(
                delivered: delivered, isHeld: reaction == .hold)
        }
        return watch.sources.isEmpty ? nil : watch
    }

    /// What the due subscriptions of a range of customers lack, and whether a person let its period go: those that are fed by a
    /// source with a gap, and those with an account that a channel is missed of. In the order of the sources' gaps, then of
    /// the channels'.
    func lacking(
        _ gaps: CloseGaps, customers: ClosedRange<Int64>, asOf: CivilDate, meters: PlanMeters
    ) throws -> [Int64: [(part: CloseGaps.Part, isReleased: Bool)]] {
        var lacking: [Int64: [(part: CloseGaps.Part, isReleased: Bool)]] = [:]
        for part in gaps.ofSources {
            guard let first = part.days.first?.adding(days: -Self.fedDays), let end = part.days.last?.adding(days: 1)
            else { continue }
            let rows = try connection.query(
                Query(
                    .listFedSubscriptions, customers.lowerBound, customers.upperBound, part.source, first, end, asOf,
                    meters.plans, meters.meters),
                as: Int64.self, Bool.self)
            for row in rows { lacking[row.0, default: []].append((part, row.1)) }
        }
        if let watch = gaps.channels {
            for (subscription, part, isReleased) in try missingChannels(watch, customers, asOf, meters) {
                lacking[subscription, default: []].append((part, isReleased))
            }
        }
        return lacking
    }

    private func missingChannels(
        _ watch: CloseGaps.ChannelWatch, _ customers: ClosedRange<Int64>, _ asOf: CivilDate, _ meters: PlanMeters
    ) throws -> [(subscription: Int64, part: CloseGaps.Part, isReleased: Bool)] {
        let names = watch.sources.keys.sorted()
        let counts = names.map { name in Int64(watch.sources[name]?.delivered.count { $0 } ?? 0) }
        return try connection.query(
            Query(
                .listDueChannels, customers.lowerBound, customers.upperBound, watch.lookedAt.start, watch.lookedAt.end,
                names, counts, Int64(Self.fewestDays), asOf, meters.plans, meters.meters),
            as: Int64.self, String.self, Int64.self, Int32.self, String.self, String.self, String.self, CivilDate.self,
            CivilDate?.self, [Int32].self, [Int64].self, Bool.self
        ).compactMap { row in
            guard let source = watch.sources[row.1] else { return nil }
            let key = Gap.ChannelKey(account: row.4, channel: row.5, category: row.6)
            let present = Self.present(row.9, row.10, count: watch.lookedAt.days)
            let days = ChannelDays(source: row.1, key: key, present: present)
                .missed(beside: source.delivered, from: watch.lookedAt.start)
                .filter { day in watch.window.contains(day) && day >= row.7 && (row.8.map { day < $0 } ?? true) }
            guard !days.isEmpty else { return nil }
            let part = CloseGaps.Part(
                kind: .missingChannel, source: row.1,
                channel: CloseGaps.Channel(accountID: row.2, channelID: row.3, key: key), days: days,
                isHeld: source.isHeld)
            return (row.0, part, row.11)
        }
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
