package import Billing
import Store

extension Look {
    /// What sources should have delivered in a window and have not.
    ///
    /// - Parameters:
    ///   - source: the only one; nil for all that were ever read.
    ///   - from: the first day; nil for thirty days before the end.
    ///   - to: the first day after them; nil for the as-of date.
    ///   - customer: the only one whose channels are looked at; nil for all.
    ///   - asOf: today; nil for the day that has begun in every subscription's time zone.
    ///   - now: the present instant, in microseconds since 1970-01-01 UTC.
    /// - Throws: `JobError.unknownSource`, `.emptyWindow`, `StoreError.unknownCustomer`.
    package func gaps(
        source: String?, from: CivilDate?, to: CivilDate?, customer: String?, asOf: CivilDate?, now: Int64
    ) throws -> GapReport {
        let today = try asOf ?? RunJournal(connection).localDates(now: now).earliest
        let end = to ?? today
        let start = from ?? end.adding(days: -Self.gapDays) ?? end
        guard let window = DateRange(start: start, end: end) else { throw JobError.emptyWindow(from: start, to: end) }
        let store = GapStore(connection)
        let customerID = try customer.map(store.customer)
        let lookedAt = DateRange(start: start.adding(days: -ChannelDays.lookBack) ?? .earliest, end: min(end, today))
        // The days before the window that a channel is judged by have to be judged themselves.
        let all = try store.sources(until: (lookedAt ?? window).end)
        let chosen = all.filter { source == nil || source == $0.days.source }
        if let source, chosen.isEmpty {
            throw JobError.unknownSource(name: source, known: all.map(\.days.source))
        }
        var gaps = chosen.flatMap { $0.days.gaps(in: window, asOf: today) }
        if let lookedAt {
            gaps += try channelGaps(store, chosen, lookedAt, window, today, customer: customerID)
        }
        return GapReport(
            window: window, asOf: today,
            sources: chosen.map { source in
                GapReport.Source(
                    name: source.days.source, expectation: source.days.expectation, lastRead: source.days.lastRead,
                    states: source.feeds == "readings" ? source.days.states(in: window, asOf: today) : [])
            },
            gaps: gaps)
    }

    private static let gapDays = 30

    private func channelGaps(
        _ store: GapStore, _ sources: [GapStore.Source], _ lookedAt: DateRange, _ window: DateRange, _ today: CivilDate,
        customer: Int64?
    ) throws -> [Gap] {
        var delivered: [String: (days: [Bool], staleDays: Int)] = [:]
        for source in sources
        where source.days.expectation.onGap.missingChannel != .ignore && source.feeds == "readings" {
            delivered[source.days.source] = (
                source.days.deliveredWhenDue(in: lookedAt, asOf: today), source.days.expectation.staleDays
            )
        }
        let counts = delivered.mapValues { $0.days.count { $0 } }.filter { $0.value > 0 }
        guard !counts.isEmpty else { return [] }
        return try store.channels(in: lookedAt, of: counts, customer: customer).flatMap { channel in
            guard let source = delivered[channel.source] else { return [Gap]() }
            return channel.gaps(
                beside: source.days, from: lookedAt.start, in: window, staleDays: source.staleDays)
        }
    }
}
