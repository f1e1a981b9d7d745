package import Billing
import Postgres
import SQL

/// Readings: landed, cleared of repeats, then written where they differ, with the totals, in one transaction a chunk.
package final class ReadingStore {
    private let pull: PullStore
    private var connection: Connection { pull.connection }
    private var landing = ReadingLanding(.copyLandedReading)
    private let series: WindowSeries

    /// Readings a transaction, as far as whole days allow it.
    private static let chunk: Int64 = 250_000

    /// An account and the subscriptions that it counts for, day by day.
    package struct Account: Sendable {
        package struct Membership: Sendable {
            package let customerID: Int64
            package let subscriptionID: Int64
            package let starts: CivilDate
            package let ends: CivilDate?
            package let plan: Int32
            package let anchor: CivilDate
            /// The subscription's first billed day.
            package let billedFrom: CivilDate

            package func contains(_ day: CivilDate) -> Bool {
                starts <= day && (ends.map { day < $0 } ?? true)
            }
        }

        package let id: Int64
        package let memberships: [Membership]
    }

    /// A reading with everything that the store needs to know of it.
    package struct Row {
        package var line: Int
        package var day: CivilDate
        package var customerID: Int64
        package var subscriptionID: Int64
        package var accountID: Int64
        package var channelID: Int32
        package var meterID: Int32
        /// Nil where no running total is kept of it.
        package var sliceStart: CivilDate?
        package var quantity: Int64

        package init(
            line: Int, day: CivilDate, customerID: Int64, subscriptionID: Int64, accountID: Int64, channelID: Int32,
            meterID: Int32, sliceStart: CivilDate?, quantity: Int64
        ) {
            self.line = line
            self.day = day
            self.customerID = customerID
            self.subscriptionID = subscriptionID
            self.accountID = accountID
            self.channelID = channelID
            self.meterID = meterID
            self.sliceStart = sliceStart
            self.quantity = quantity
        }
    }

    package init(_ pull: PullStore, _ series: WindowSeries) throws {
        self.pull = pull
        self.series = series
        _ = try pull.connection.execute(Query(.clearLandedReading))
    }

    /// The accounts of these keys, as far as there are any.
    package func accounts(_ keys: [String]) throws -> [String: Account] {
        let rows = try connection.query(
            Query(.resolveAccounts, keys),
            as: String.self, Int64.self, Int64?.self, Int64?.self, CivilDate?.self, CivilDate?.self, Int32?.self,
            CivilDate?.self, CivilDate?.self)
        var accounts: [String: Account] = [:]
        for (key, id, customer, subscription, starts, ends, plan, anchor, billedFrom) in rows {
            var memberships = accounts[key]?.memberships ?? []
            if let customer, let subscription, let starts, let plan, let anchor, let billedFrom {
                memberships.append(
                    Account.Membership(
                        customerID: customer, subscriptionID: subscription, starts: starts, ends: ends, plan: plan,
                        anchor: anchor, billedFrom: billedFrom))
            }
            accounts[key] = Account(id: id, memberships: memberships)
        }
        return accounts
    }

    /// The days on which the totals of single subscriptions begin anew, for all that these accounts have ever counted for.
    package func cuts(of accounts: some Sequence<Account>) throws -> SubscriptionCuts {
        try SubscriptionCuts(connection, of: accounts.flatMap { $0.memberships.map(\.subscriptionID) })
    }

    /// A channel as a source names it; without a category that is empty.
    package struct ChannelName: Hashable, Sendable {
        package var key: String
        package var category: String

        package init(key: String, category: String) {
            self.key = key
            self.category = category
        }
    }

    /// The numbers of channels; one that is new becomes known.
    package func channels(_ names: [ChannelName]) throws -> [ChannelName: Int32] {
        let rows = try pull.alone {
            try connection.query(
                Query(.registerChannels, names.map(\.key), names.map(\.category)),
                as: String.self, String.self, Int32.self)
        }
        return Dictionary(
            rows.map { (ChannelName(key: $0.0, category: $0.1), $0.2) }, uniquingKeysWith: { first, _ in first })
    }

    package func land(_ row: Row, origin: String) throws {
        try landing.land(row, origin: origin, over: connection)
    }

    /// Writes what has landed and differs from what is known.
    ///
    /// - Parameters:
    ///   - counts: where the readings come from that are sums over a day's instants; nil where they have landed here.
    ///   - cutoff: what would change a period that ended on or before this day is refused; nil for none.
    ///   - progress: called with the number of readings done and in all, after each chunk.
    /// - Returns: how many totals of closed periods have changed.
    package func apply(
        _ counts: CountStore? = nil, retainedSince cutoff: CivilDate? = nil, progress: (Int64, Int64) throws -> Void
    ) throws -> Int64 {
        try landing.flush(over: connection)
        try counts?.total()
        _ = try connection.execute(Query(.analyzeLandedReading))
        if counts == nil, try connection.execute(Query(.judgeReadingRepeats)) > 0 {
            pull.counts.repeated += try connection.first(Query(.countRepeatedReadings), as: Int64.self) ?? 0
            try reject(.conflictingDuplicate, origin: landing.origin)
        }
        if let cutoff, try connection.execute(Query(.judgeReadingRetention, cutoff)) > 0 {
            try reject(.beyondRetention, origin: counts?.origin ?? landing.origin)
        }
        let days = try connection.query(Query(.countLandedDays), as: CivilDate.self, Int64.self, String.self)
        // Only the months that have readings: one stray day of long ago must not make partitions for all the time since.
        for month in Set(days.map(\.0.startOfMonth)).sorted() {
            guard let after = month.adding(days: 1) else { continue }
            for table in ["reading", "usage_total"] {
                _ = try pull.alone {
                    try connection.query(Query(.ensureMonths, table, month, after), as: Int32.self)
                }
            }
        }
        let all = days.reduce(Int64(0)) { $0 + $1.1 }
        var done: Int64 = 0
        var late: Int64 = 0
        var index = 0
        while index < days.count {
            let first = index
            let from = days[index].0
            var count: Int64 = 0
            // Whole days of one month: a chunk touches one partition.
            while index < days.count, days[index].0.startOfMonth == from.startOfMonth,
                count == 0 || count + days[index].1 <= Self.chunk
            {
                count += days[index].1
                index += 1
            }
            guard let to = days[index - 1].0.adding(days: 1) else { continue }
            late += try connection.transaction {
                try pull.enter()
                let (new, changed, late) =
                    try connection.first(
                        Query(.applyReadings, from, to, pull.pullID, series.all, series.carried), as: Int64.self,
                        Int64.self, Int64.self) ?? (
                        Int64(0), Int64(0), Int64(0)
                    )
                try pull.add(new: new, changed: changed, unchanged: count - new - changed)
                let chunk = days[first..<index]
                _ = try connection.execute(
                    Query(
                        .noteSourceDays, pull.source, chunk.map { PGDate($0.0) }, chunk.map(\.1), chunk.map(\.2),
                        pull.pullID))
                return late
            }
            done += count
            try progress(done, all)
        }
        return late
    }

    /// - Parameter origin: the file of a row, by its number: of the store that it landed in.
    private func reject(_ reason: RejectReason, origin: (Int32) -> String) throws {
        let refused = try connection.query(
            Query(.listRefusedReadings, reason.rawValue),
            as: Int32.self, Int64.self, String.self, String.self, String.self, CivilDate.self, Int64.self)
        for (file, line, account, channel, meter, day, quantity) in refused {
            let isOfDay = reason == .beyondRetention
            try pull.reject(
                Rejection(
                    origin: origin(file), line: Int(line), column: 0, field: isOfDay ? "day" : "quantity",
                    reason: reason, found: isOfDay ? "\(day)" : "\(quantity)", expected: reason.expected,
                    row: "\(account),\(channel),\(meter),\(day),\(quantity)"))
        }
    }
}

/// The readings that meters look at singly: what they change is totalled by the meter step, not by the pull.
package struct WindowSeries: Sendable {
    let all: [Int32]
    /// Those that hold until the next one.
    let carried: [Int32]

    /// - Parameter carried: more series that hold until the next one, though no price names a meter of theirs.
    package init(_ meters: [RatingMeter], carried others: [Int32] = []) {
        let readings = meters.filter { $0.definition.aggregate != .peak }
        all = Set(readings.map(\.series)).sorted()
        carried = Set(readings.filter(\.definition.carriesLevels).map(\.series) + others).sorted()
    }
}
