package import Billing
package import Postgres
import SQL
import Synchronization

/// Readings: landed, cleared of repeats, then written where they differ, with the totals.
///
/// A few go over the run's own session. Where many come, several sessions take them in and write them side by side, each
/// those of its own customers: what one customer's readings change, no other's do.
package final class ReadingStore {
    private let pull: PullStore
    private var connection: Connection { pull.connection }
    private let series: WindowSeries
    private let sessions: Sessions?
    private var places = LandedPlaces()
    private var keys = KeyWatch()
    /// The first ones, while it is not known yet whether many come.
    private var first: [(row: Row, place: LandedPlaces.Place)] = []
    /// One a session, and one where all go over the run's own.
    private var rows: [CopyBuffer] = []
    /// The first and last customer of what has landed in each; nil where nothing has.
    private var customers: [ClosedRange<Int64>?] = []
    /// Where the customers of each session end, but for those of the last one.
    private var bounds: [Int64] = []
    private var threads: [SessionThread] = []
    /// Looks accounts up while rows are being read; nil where the run's own session does.
    private var lookups: SessionThread?

    /// More readings than so many are worth sessions of their own.
    private static let few = 20_000

    /// Where sessions beside the run's own come from.
    package struct Sessions: Sendable {
        package var count: Int
        package var connect: @Sendable () throws -> Connection

        package init(count: Int, connect: @escaping @Sendable () throws -> Connection) {
            self.count = count
            self.connect = connect
        }
    }

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
        package fileprivate(set) var memberships: [Membership]
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

    /// - Parameter sessions: nil where everything has to go over the run's own.
    package init(_ pull: PullStore, _ series: WindowSeries, sessions: Sessions? = nil) throws {
        self.pull = pull
        self.series = series
        // What a reading changes of meters that look at single readings may be another customer's, to whom its account went
        // later. Then two sessions would wait for each other.
        self.sessions = series.all.isEmpty ? sessions : nil
        try LandedReadings(pull.connection).prepare()
    }

    /// Accounts by their keys, as far as there are any.
    package struct FoundAccounts: Sendable {
        package fileprivate(set) var accounts: [String: Account] = [:]
        /// The days on which the totals of single subscriptions begin anew, for all that they have ever counted for.
        package let cuts: SubscriptionCuts
    }

    /// Looks accounts up: at once where there is a session for it, and else when the answer is asked for.
    package func find(_ keys: [String]) -> () throws -> FoundAccounts {
        if let lookups {
            let answer = lookups.perform { try Self.find(keys, over: $0) }
            return { try answer.value() }
        }
        return { [connection] in try Self.find(keys, over: connection) }
    }

    private static func find(_ keys: [String], over connection: Connection) throws -> FoundAccounts {
        let rows = try connection.query(
            Query(.resolveAccounts, keys),
            as: String.self, Int64.self, Int64?.self, Int64?.self, CivilDate?.self, CivilDate?.self, Int32?.self,
            CivilDate?.self, CivilDate?.self)
        var found = FoundAccounts(cuts: try SubscriptionCuts(connection, of: rows.compactMap(\.3)))
        found.accounts.reserveCapacity(rows.count)
        var account: (key: String, found: Account)?
        for (key, id, customer, subscription, starts, ends, plan, anchor, billedFrom) in rows {
            // An account's rows stand one after the other.
            if account?.key != key {
                if let account { found.accounts[account.key] = account.found }
                account = (key, Account(id: id, memberships: []))
            }
            if let customer, let subscription, let starts, let plan, let anchor, let billedFrom {
                account?.found.memberships.append(
                    Account.Membership(
                        customerID: customer, subscriptionID: subscription, starts: starts, ends: ends, plan: plan,
                        anchor: anchor, billedFrom: billedFrom))
            }
        }
        if let account { found.accounts[account.key] = account.found }
        return found
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

    package func land(_ readings: [Row], origin: String) throws {
        for row in readings { keys.note(row) }
        if rows.isEmpty, first.count + readings.count <= Self.few {
            for row in readings { first.append((row, places.next(in: origin))) }
            return
        }
        if rows.isEmpty { try spread() }
        for row in readings { try send(row, places.next(in: origin)) }
    }

    /// Sends the first ones on, and from now on each as it comes.
    private func spread() throws {
        if let sessions {
            threads = (0..<sessions.count).map { _ in SessionThread(connect: sessions.connect) }
            for thread in threads { thread.perform { try LandedReadings($0).prepare() } }
            lookups = SessionThread(connect: sessions.connect)
            bounds = try Self.bounds(connection, parts: threads.count)
        }
        begin(sessions: max(1, threads.count))
        for (row, place) in first { try send(row, place) }
        first = []
    }

    private func begin(sessions: Int) {
        rows = Array(repeating: CopyBuffer(), count: sessions)
        customers = Array(repeating: nil, count: sessions)
    }

    /// Divides the customers who are billed among so many sessions. By ranges: what lies side by side in the tables is
    /// written by one of them.
    private static func bounds(_ connection: Connection, parts: Int) throws -> [Int64] {
        let (first, last) = try connection.first(Query(.boundOpenPeriods), as: Int64?.self, Int64?.self) ?? (nil, nil)
        guard let first, let last else { return [] }
        let width = (last - first) / Int64(parts) + 1
        return (1..<Int64(parts)).map { first + $0 * width }
    }

    private func send(_ row: Row, _ place: LandedPlaces.Place) throws {
        let session = bounds.firstIndex { row.customerID < $0 } ?? bounds.count
        rows[session].reading(row, at: place)
        let range = customers[session] ?? row.customerID...row.customerID
        customers[session] = min(range.lowerBound, row.customerID)...max(range.upperBound, row.customerID)
        if rows[session].byteCount >= CopyBuffer.landedBytes { try flush(session) }
    }

    private func flush(_ session: Int) throws {
        let full = rows[session]
        if threads.isEmpty {
            try LandedReadings(connection).land(full)
        } else {
            threads[session].perform { try LandedReadings($0).land(full) }
        }
        rows[session].removeAll(keepingCapacity: true)
    }

    /// Writes what has landed and differs from what is known.
    ///
    /// - Parameters:
    ///   - counts: where the readings come from that are sums over a day's instants; nil where they have landed here.
    ///   - cutoff: what would change a period that ended on or before this day is refused; nil for none.
    ///   - progress: called with the number of readings done and in all, after each chunk, from any thread.
    /// - Returns: how many totals of closed periods have changed.
    package func apply(
        _ counts: CountStore? = nil, retainedSince cutoff: CivilDate? = nil,
        progress: @escaping @Sendable (Int64, Int64) throws -> Void
    ) throws -> Int64 {
        if rows.isEmpty {
            // Too few for sessions of their own.
            begin(sessions: 1)
            for (row, place) in first { try send(row, place) }
            first = []
        }
        for session in rows.indices { try flush(session) }
        try counts?.total()
        let mayRepeat = counts == nil && keys.mayRepeat
        let judged = try inEachSession { connection, _ in
            try LandedReadings(connection).judge(mayRepeat: mayRepeat, retainedSince: cutoff)
        }
        pull.counts.repeated += judged.reduce(0) { $0 + $1.repeated }
        try refuse(judged.flatMap(\.refused), origin: counts?.origin ?? places.origin)
        try makeMonths(of: judged.flatMap(\.days))

        let all = judged.reduce(Int64(0)) { $0 + $1.days.reduce(0) { $0 + $1.readings } }
        let done = Mutex<Int64>(0)
        let (claim, series) = (pull.claim, series)
        // Where readings are added up in the database, nobody has looked at their customers here.
        let customers = customers.map { counts == nil ? $0 ?? 0...0 : .min ... .max }
        let written = try inEachSession { connection, session in
            try LandedReadings(connection).write(
                judged[session].days, of: customers[session], for: claim, series
            ) { count in
                let sum = done.withLock { done in
                    done += count
                    return done
                }
                try progress(sum, all)
            }
        }.reduce(into: LandedReadings.Written()) { $0 += $1 }
        pull.note(new: written.new, changed: written.changed, unchanged: written.unchanged)
        try noteDays(judged.flatMap(\.days))
        (threads, lookups) = ([], nil)
        return written.late
    }

    /// Does the same in each session that has readings, side by side where there are several.
    private func inEachSession<R: Sendable>(
        _ work: @escaping @Sendable (Connection, Int) throws -> R
    ) throws -> [R] {
        guard !threads.isEmpty else { return [try work(connection, 0)] }
        let answers = threads.enumerated().map { session, thread in
            thread.perform { try work($0, session) }
        }
        // All of them, so that nothing goes on behind an error.
        return try answers.map { answer in Result { try answer.value() } }.map { try $0.get() }
    }

    /// Only the months that have readings: one stray day of long ago must not make partitions for all the time since.
    private func makeMonths(of days: [LandedReadings.Day]) throws {
        for month in Set(days.map(\.day.startOfMonth)).sorted() {
            guard let after = month.adding(days: 1) else { continue }
            for table in ["reading", "usage_total"] {
                _ = try pull.alone {
                    try connection.query(Query(.ensureMonths, table, month, after), as: Int32.self)
                }
            }
        }
    }

    /// Keeps which days the source has delivered, once all of them are stored.
    private func noteDays(_ landed: [LandedReadings.Day]) throws {
        var days: [CivilDate: LandedReadings.Day] = [:]
        for day in landed {
            days[day.day, default: LandedReadings.Day(day: day.day, readings: 0, quantity: 0)].readings += day.readings
            days[day.day]?.quantity += day.quantity
        }
        guard !days.isEmpty else { return }
        let noted = days.values.sorted { $0.day < $1.day }
        _ = try pull.alone {
            try connection.execute(
                Query(
                    .noteSourceDays, pull.source, noted.map { PGDate($0.day) }, noted.map(\.readings),
                    noted.map { "\($0.quantity)" }, pull.pullID))
        }
    }

    /// - Parameter origin: the file of a row, by its number: of the store that it landed in.
    private func refuse(_ refused: [LandedReadings.Refused], origin: (Int32) -> String) throws {
        for row in refused.sorted(by: { ($0.file, $0.line) < ($1.file, $1.line) }) {
            let isOfDay = row.reason == .beyondRetention
            try pull.reject(
                Rejection(
                    origin: origin(row.file), line: Int(row.line), column: 0, field: isOfDay ? "day" : "quantity",
                    reason: row.reason, found: isOfDay ? "\(row.day)" : "\(row.quantity)",
                    expected: row.reason.expected,
                    row: "\(row.account),\(row.channel),\(row.meter),\(row.day),\(row.quantity)"))
        }
    }
}

/// Whether any reading of a pull may come again: never wrong when it says no.
private struct KeyWatch {
    private(set) var mayRepeat = false
    /// Of each key a number that differs for nearly all that differ.
    private var seen: Set<Int> = []
    /// Of more than so many the database tells.
    private static let most = 1 << 20

    mutating func note(_ row: ReadingStore.Row) {
        guard !mayRepeat else { return }
        var hasher = Hasher()
        hasher.combine(row.day)
        hasher.combine(row.accountID)
        hasher.combine(row.channelID)
        hasher.combine(row.meterID)
        if !seen.insert(hasher.finalize()).inserted || seen.count > Self.most {
            mayRepeat = true
            seen = []
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
