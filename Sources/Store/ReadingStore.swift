package import Billing
package import Postgres
import SQL
import Synchronization

/// Readings: written where they differ from what is known, with the totals.
///
/// As long as they fit into memory they stay there, and are compared there. Where more come, or the database has to look (see
/// ``inOrder(retainedSince:)``), they are landed, and it compares.
///
/// A few go over the run's own session. Where many come, several sessions take them in and write them side by side, each
/// those of its own customers: what one customer's readings change, no other's do.
package final class ReadingStore {
    private let pull: PullStore
    private var connection: Connection { pull.connection }
    private let series: WindowSeries
    private let sessions: Sessions?
    private let staysLanded: Bool
    private var places = LandedPlaces()
    private var expected = 0
    /// The first ones, while it is not known yet whether many come.
    private var first: [GatheredReadings.Element] = []
    /// What has come, one a session, or one where all go over the run's own; none while it is not known how many there will be.
    private var gathered: [GatheredReadings] = []
    /// Where those go that do not fit into memory, one a session; none while all fit.
    private var rows: [CopyBuffer] = []
    private var keys = KeyWatch()
    /// Where the customers of each session end, but for those of the last one.
    private var bounds: [Int64] = []
    private var threads: [SessionThread] = []
    /// Looks accounts up while rows are being read; nil where the run's own session does.
    private var lookups: SessionThread?

    /// More readings than so many are worth sessions of their own.
    private static let few = 20_000
    /// So many are kept in memory; where more come, all are landed in the database. About 50 MB.
    private static let most = 1 << 19

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
        /// In the order of their days.
        package private(set) var memberships: [Membership]

        fileprivate init(id: Int64, memberships: [Membership]) {
            self.id = id
            self.memberships = memberships
        }

        fileprivate mutating func add(_ membership: Membership) {
            let later = memberships.firstIndex { $0.starts > membership.starts }
            memberships.insert(membership, at: later ?? memberships.endIndex)
        }
    }

    /// A reading with everything that the store needs to know of it.
    package struct Row: Sendable {
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

    /// - Parameters:
    ///   - sessions: nil where everything has to go over the run's own.
    ///   - staysLanded: whether what has come is asked for in the database afterwards.
    package init(
        _ pull: PullStore, _ series: WindowSeries, sessions: Sessions? = nil, staysLanded: Bool = false
    ) throws {
        self.pull = pull
        self.series = series
        self.staysLanded = staysLanded
        // What a reading changes of meters that look at single readings may be another customer's, to whom its account went
        // later. Then two sessions would wait for each other.
        self.sessions = series.all.isEmpty ? sessions : nil
        try LandedReadings(pull.connection).prepare(many: false)
    }

    /// What is known of accounts that were asked for.
    package struct FoundAccounts: Sendable {
        /// One a key, in the order of the keys; nil for what nobody knows.
        package fileprivate(set) var accounts: [Account?]
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
            as: Int64.self, Int64.self, Int64?.self, Int64?.self, CivilDate?.self, CivilDate?.self, Int32?.self,
            CivilDate?.self, CivilDate?.self)
        var found = FoundAccounts(
            accounts: Array(repeating: nil, count: keys.count),
            cuts: try SubscriptionCuts(connection, of: rows.compactMap(\.3)))
        for (place, id, customer, subscription, starts, ends, plan, anchor, billedFrom) in rows {
            // Places are counted from 1.
            guard let place = Int(exactly: place - 1), found.accounts.indices.contains(place) else {
                throw StoreError.inconsistent("an account that was not asked for")
            }
            if found.accounts[place] == nil { found.accounts[place] = Account(id: id, memberships: []) }
            if let customer, let subscription, let starts, let plan, let anchor, let billedFrom {
                found.accounts[place]?.add(
                    Account.Membership(
                        customerID: customer, subscriptionID: subscription, starts: starts, ends: ends, plan: plan,
                        anchor: anchor, billedFrom: billedFrom))
            }
        }
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

    /// Says that so many more may be landed: so it is known early whether many come.
    package func expect(_ count: Int) throws {
        expected += count
        if gathered.isEmpty, expected > Self.few { try spread(isMany: true) }
    }

    package func land(_ readings: [Row], origin: String) throws {
        if gathered.isEmpty {
            for row in readings { first.append((row, places.next(in: origin))) }
            return
        }
        for row in readings { try take(row, places.next(in: origin)) }
        if rows.isEmpty, places.count > Int64(Self.most) { try landAll() }
    }

    /// Gives the first ones to the sessions that they belong to, and from now on each as it comes.
    private func spread(isMany: Bool) throws {
        if isMany, let sessions {
            threads = (0..<sessions.count).map { _ in SessionThread(connect: sessions.connect) }
            for thread in threads { thread.perform { try LandedReadings($0).prepare(many: true) } }
            let lookups = SessionThread(connect: sessions.connect)
            lookups.perform { _ = try $0.execute(Query(.planByValues)) }
            self.lookups = lookups
            bounds = try Self.bounds(connection, parts: threads.count)
        }
        gathered = Array(repeating: GatheredReadings(), count: max(1, threads.count))
        for (row, place) in first { try take(row, place) }
        first = []
    }

    /// Divides the customers who are billed among so many sessions. By ranges: what lies side by side in the tables is
    /// written by one of them.
    private static func bounds(_ connection: Connection, parts: Int) throws -> [Int64] {
        let (first, last) = try connection.first(Query(.boundOpenPeriods), as: Int64?.self, Int64?.self) ?? (nil, nil)
        guard let first, let last else { return [] }
        let width = (last - first) / Int64(parts) + 1
        return (1..<Int64(parts)).map { first + $0 * width }
    }

    private func take(_ row: Row, _ place: LandedPlaces.Place) throws {
        let session = bounds.firstIndex { row.customerID < $0 } ?? bounds.count
        if rows.isEmpty {
            gathered[session].append(row, place)
        } else {
            gathered[session].note(row)
            try land(row, place, session)
        }
    }

    /// Lands what has been kept in memory, and from now on each as it comes.
    private func landAll() throws {
        rows = Array(repeating: CopyBuffer(), count: gathered.count)
        for session in gathered.indices {
            for (row, place) in gathered[session].elements { try land(row, place, session) }
            gathered[session].removeElements()
        }
    }

    private func land(_ row: Row, _ place: LandedPlaces.Place, _ session: Int) throws {
        keys.note(row)
        rows[session].reading(row, at: place)
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
        if gathered.isEmpty { try spread(isMany: false) }
        let written: LandedReadings.Written
        if counts == nil, rows.isEmpty, let inOrder = try inOrder(retainedSince: cutoff) {
            written = try compare(inOrder, progress)
        } else {
            if rows.isEmpty { try landAll() }
            written = try judge(counts, retainedSince: cutoff, progress)
        }
        pull.note(new: written.new, changed: written.changed, unchanged: written.unchanged)
        (threads, lookups) = ([], nil)
        return written.late
    }

    /// What has come, by session, where it can be compared in memory; nil where the database has to look: for keys that stand
    /// twice, days that may be too old, and meters that look at single readings.
    private func inOrder(retainedSince cutoff: CivilDate?) throws -> [GatheredReadings]? {
        guard series.all.isEmpty, series.carried.isEmpty, !staysLanded else { return nil }
        let days = gathered.flatMap(\.tally.days)
        if let cutoff, days.contains(where: { $0.day < cutoff }) { return nil }
        let gathered = gathered
        let ordered = try inEachSession { _, session in gathered[session].inOrder }
        return ordered.contains { $0 == nil } ? nil : ordered.compactMap(\.self)
    }

    private func compare(
        _ inOrder: [GatheredReadings], _ progress: @escaping @Sendable (Int64, Int64) throws -> Void
    ) throws -> LandedReadings.Written {
        for session in gathered.indices { gathered[session].removeElements() }
        let claim = pull.claim
        let days = inOrder.map(\.tally.days)
        try makeMonths(of: days.flatMap(\.self))
        let told = Self.adding(up: days.flatMap(\.self), progress)
        let written = try inEachSession { connection, session in
            try ComparedReadings(connection, for: claim).write(inOrder[session], committed: told)
        }.reduce(into: LandedReadings.Written()) { $0 += $1 }
        try noteDays(days.flatMap(\.self))
        return written
    }

    /// Lets the database judge and write what has landed there.
    private func judge(
        _ counts: CountStore?, retainedSince cutoff: CivilDate?,
        _ progress: @escaping @Sendable (Int64, Int64) throws -> Void
    ) throws -> LandedReadings.Written {
        for session in rows.indices { try flush(session) }
        try counts?.total()
        let mayRepeat = counts == nil && keys.mayRepeat
        // Where readings are added up in the database, nobody has looked at their days or customers here.
        let days = counts == nil ? gathered.map(\.tally.days) : nil
        let judged = try inEachSession { connection, session in
            try LandedReadings(connection).judge(mayRepeat: mayRepeat, retainedSince: cutoff, days: days?[session])
        }
        pull.counts.repeated += judged.reduce(0) { $0 + $1.repeated }
        try refuse(judged.flatMap(\.refused), origin: counts?.origin ?? places.origin)
        try makeMonths(of: judged.flatMap(\.days))
        let told = Self.adding(up: judged.flatMap(\.days), progress)
        let (claim, series) = (pull.claim, series)
        let customers = gathered.map { counts == nil ? $0.customers ?? 0...0 : .min ... .max }
        let written = try inEachSession { connection, session in
            try LandedReadings(connection).write(
                judged[session].days, of: customers[session], for: claim, series, committed: told)
        }.reduce(into: LandedReadings.Written()) { $0 += $1 }
        try noteDays(judged.flatMap(\.days))
        return written
    }

    /// Tells how many are done of all, as often as some more are.
    private static func adding(
        up days: [LandedReadings.Day], _ progress: @escaping @Sendable (Int64, Int64) throws -> Void
    ) -> @Sendable (Int64) throws -> Void {
        let all = days.reduce(Int64(0)) { $0 + $1.readings }
        let done = Progressed()
        return { try progress(done.add($0), all) }
    }

    private final class Progressed: Sendable {
        private let done = Mutex<Int64>(0)

        func add(_ count: Int64) -> Int64 {
            done.withLock { done in
                done += count
                return done
            }
        }
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
