package import Billing
import Postgres
import SQL

/// What sources and channels lack that a close has to know of: little, and what sources as a whole lack is told from their days
/// alone. Who is fed by them is asked batch by batch, and only where something is missing.
package struct CloseGaps: Sendable {
    /// What sources as a whole lack, in the order of the sources.
    var ofSources: [Part] = []
    /// By subscription that is due, the channels that are missed of its accounts; empty where no source has them held or
    /// flagged.
    var ofChannels: [Int64: [Lack]] = [:]

    /// What somebody lacks, and whether a person let the period go.
    struct Lack: Sendable {
        let part: Part
        let isReleased: Bool
    }

    /// What one source, or a channel of it, lacks in one way.
    struct Part: Sendable {
        var kind: PeriodGap.Kind
        var source: String
        var channel: Channel?
        /// In their order; never empty.
        var days: [CivilDate]
        /// Of a source as a whole, where to look for whom it feeds; nil for a channel.
        var lookout: FeedLookout?
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

    package var isEmpty: Bool { ofSources.isEmpty && ofChannels.isEmpty }

    package init() {}
}

extension GapStore {
    /// What a close has to know.
    ///
    /// - Parameters:
    ///   - start: the first day of the earliest period that is due.
    ///   - catalog: what new periods are rated with.
    package func beforeClose(from start: CivilDate, asOf: CivilDate, catalog: RatingCatalog) throws -> CloseGaps {
        let earliest = asOf.adding(days: -Self.longestPeriod) ?? start
        guard let window = DateRange(start: max(start, earliest), end: asOf) else { return CloseGaps() }
        var gaps = CloseGaps()
        let sources = try sources(until: window.end).filter { $0.feeds == "readings" }
        for source in sources {
            for kind in PeriodGap.Kind.allCases {
                let reaction = source.days.expectation.onGap[kind]
                guard reaction == .hold || reaction == .flag else { continue }
                // Who is fed by what never delivered anything, nobody can say.
                let days = source.days.days(of: kind, in: window, asOf: asOf).compactMap { day in
                    source.days.lastDelivered(before: day).map { (day: day, last: $0) }
                }
                guard !days.isEmpty else { continue }
                gaps.ofSources.append(
                    CloseGaps.Part(
                        kind: kind, source: source.days.source, days: days.map(\.day),
                        lookout: FeedLookout(days.map(\.day), lastDelivered: days.map(\.last), reach: Self.fedDays),
                        isHeld: reaction == .hold))
            }
        }
        gaps.ofChannels = try missingChannels(sources, window, asOf: asOf, PlanMeters(catalog))
        return gaps
    }

    /// Days further back belong to no period that is closed today, unless one was forgotten for a year.
    private static let longestPeriod = 800
    /// Channels are looked at for no longer, as their readings have to be read for it.
    private static let longestWatch = 62
    /// Who had a reading of the source in the last so many days of before a missing one, counted back from the last that was
    /// delivered, is fed by it on that day: also at the end of a long outage.
    private static let fedDays = 28

    /// One scan of the readings of two months at most, where a source asks for it, and one statement for whose channels they
    /// are: what is lacking is so little that all of it is kept.
    private func missingChannels(
        _ sources: [Source], _ window: DateRange, asOf: CivilDate, _ meters: PlanMeters
    ) throws -> [Int64: [CloseGaps.Lack]] {
        let earliest = asOf.adding(days: -Self.longestWatch) ?? window.start
        guard let watched = DateRange(start: max(window.start, earliest), end: asOf),
            let lookedAt = DateRange(
                start: watched.start.adding(days: -ChannelDays.lookBack) ?? .earliest, end: watched.end)
        else { return [:] }
        var delivered: [String: (days: [Bool], isHeld: Bool)] = [:]
        for source in sources {
            let reaction = source.days.expectation.onGap.missingChannel
            guard reaction == .hold || reaction == .flag else { continue }
            let days = source.days.deliveredWhenDue(in: lookedAt, asOf: asOf)
            if days.contains(true) { delivered[source.days.source] = (days, reaction == .hold) }
        }
        guard !delivered.isEmpty else { return [:] }
        var parts: [Int64: [CloseGaps.Part]] = [:]
        for lacking in try lackingChannels(in: lookedAt, of: delivered.mapValues { $0.days.count { $0 } }) {
            guard let source = delivered[lacking.days.source] else { continue }
            let days = lacking.days.missed(beside: source.days, from: lookedAt.start).filter(watched.contains)
            guard !days.isEmpty else { continue }
            let channel = CloseGaps.Channel(
                accountID: lacking.accountID, channelID: lacking.channelID, key: lacking.days.key)
            parts[lacking.accountID, default: []].append(
                CloseGaps.Part(
                    kind: .missingChannel, source: lacking.days.source, channel: channel, days: days,
                    isHeld: source.isHeld))
        }
        return try byDueSubscription(parts, asOf: asOf, meters)
    }

    /// - Parameter parts: by account.
    private func byDueSubscription(
        _ parts: [Int64: [CloseGaps.Part]], asOf: CivilDate, _ meters: PlanMeters
    ) throws -> [Int64: [CloseGaps.Lack]] {
        guard !parts.isEmpty else { return [:] }
        var lacking: [Int64: [CloseGaps.Lack]] = [:]
        let members = try connection.query(
            Query(.listDueMembers, parts.keys.sorted(), asOf, meters.plans), as: Int64.self, Int64.self,
            CivilDate.self, CivilDate?.self, Bool.self)
        for (subscription, account, from, until, isReleased) in members {
            for var part in parts[account] ?? [] {
                part.days.removeAll { day in day < from || until.map { day >= $0 } ?? false }
                guard !part.days.isEmpty else { continue }
                lacking[subscription, default: []].append(CloseGaps.Lack(part: part, isReleased: isReleased))
            }
        }
        return lacking
    }

    /// The due subscriptions of a range of customers that are fed by a source with a gap, and what that is; in the order of the
    /// sources' gaps.
    func fed(
        by gaps: [CloseGaps.Part], customers: ClosedRange<Int64>, asOf: CivilDate, meters: PlanMeters
    ) throws -> [Int64: [CloseGaps.Lack]] {
        var fed: [Int64: [CloseGaps.Lack]] = [:]
        guard !meters.plans.isEmpty else { return fed }
        for part in gaps {
            guard let lookout = part.lookout else { continue }
            let rows = try connection.query(
                Query(
                    .listFedSubscriptions, customers.lowerBound, customers.upperBound, part.source,
                    lookout.days.map(PGDate.init), lookout.marks, asOf, meters.plans, meters.meters),
                as: Int64.self, Bool.self, [Int32].self)
            for (subscription, isReleased, marks) in rows {
                var own = part
                own.days = lookout.missing(seen: marks)
                fed[subscription, default: []].append(CloseGaps.Lack(part: own, isReleased: isReleased))
            }
        }
        return fed
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
