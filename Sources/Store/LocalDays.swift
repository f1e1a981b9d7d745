package import Billing
package import Postgres
import SQL

/// The local days on which what was counted at an instant is a reading.
///
/// The server alone knows time zones: it is asked for the starts of days, each once for all subscriptions whose days were
/// counted in the same zones, and the instants are compared with them. So what a million counts cost follows the days and
/// zones among them.
package final class LocalDays {
    private let connection: Connection
    /// For each clock a subscription whose days it shows.
    private var clocks: [Holder] = []
    /// The zones of each clock, in order of time.
    private var zones: [[Segment]] = []
    private var numbers: [[Segment]: Int] = [:]
    private var clockOf: [Holder: Int] = [:]
    /// Microseconds since 1970-01-01 UTC.
    private var starts: [Midnight: Int64] = [:]

    /// Thrown away whole when they have grown, so memory has a bound.
    private static let mostClocks = 200_000
    private static let mostStarts = 500_000

    private struct Holder: Hashable {
        var customer: Int64
        var subscription: Int64

        init(_ membership: ReadingStore.Account.Membership) {
            (customer, subscription) = (membership.customerID, membership.subscriptionID)
        }

        init(customer: Int64, subscription: Int64) {
            (self.customer, self.subscription) = (customer, subscription)
        }
    }

    /// A zone, and the first day that is counted in it; nil for the zone from the beginning on.
    private struct Segment: Hashable {
        var from: CivilDate?
        var zone: String
    }

    private struct Midnight: Hashable {
        var clock: Int
        var day: CivilDate
    }

    private struct LocalTime: Hashable {
        var microseconds: Int64
        var zone: String
    }

    /// Something counted: of which account, nil for an unknown one, and when.
    package struct Counted {
        package var account: ReadingStore.Account?
        package var at: WrittenInstant

        package init(account: ReadingStore.Account?, at: WrittenInstant) {
            self.account = account
            self.at = at
        }
    }

    package struct Found: Hashable, Sendable {
        /// Microseconds since 1970-01-01 UTC.
        package var at: Int64
        /// The local day; where the account belongs to nobody then, the day in UTC or on the clock of the nearest membership.
        package var day: CivilDate
        package var isMember: Bool
    }

    package init(_ connection: Connection) {
        self.connection = connection
    }

    /// - Returns: what was found for each, in their order.
    package func find(_ counted: [Counted]) throws -> [Found] {
        if clockOf.count > Self.mostClocks || starts.count > Self.mostStarts { forget() }
        try learnClocks(counted)
        let times = try instants(counted)
        try learnStarts(counted, times)
        return try zip(counted, times).map { counted, time in
            guard let day = Self.utcDay(time) else { throw StoreError.inconsistent("an instant has no day") }
            guard let account = counted.account else { return Found(at: time, day: day, isMember: false) }
            return counted.at.isLocal
                ? try self.day(onTheClockOf: account, at: time, written: counted.at.day ?? day)
                : try self.day(of: account, at: time, utc: day)
        }
    }

    private func forget() {
        (clocks, zones, numbers, clockOf, starts) = ([], [], [:], [:], [:])
    }

    // MARK: Which day

    /// An account that goes from one subscription to another belongs to it from the start of that one's first day. Where
    /// its zone lies further west, the old one's last day goes on until then; where it lies further east, that day ends early.
    /// So every instant counts once.
    ///
    ///     old, Europe/Berlin      ── 28 Feb ─────────────────┤(1 Mar)
    ///     new, America/New_York               (28 Feb)             ├─ 1 Mar ──
    ///     counts on                  28 Feb, old  ─────────────────┤ 1 Mar, new
    private func day(of account: ReadingStore.Account, at time: Int64, utc: CivilDate) throws -> Found {
        var found = Found(at: time, day: utc, isMember: false)
        for number in Self.candidates(account, utc) {
            let membership = account.memberships[number]
            found.day = try day(of: membership, at: time, utc: utc)
            guard membership.starts <= found.day else { continue }
            guard let ends = membership.ends, ends <= found.day else {
                found.isMember = true
                return found
            }
            let isFollowed = number + 1 < account.memberships.count && account.memberships[number + 1].starts == ends
            if isFollowed, let last = ends.adding(days: -1) { (found.day, found.isMember) = (last, true) }
            return found
        }
        return found
    }

    /// A time without an offset is one on the clock of the subscription that the account belongs to on the written day.
    private func day(
        onTheClockOf account: ReadingStore.Account, at time: Int64, written: CivilDate
    ) throws -> Found {
        guard let membership = Self.home(account, written), membership.contains(written),
            let utc = Self.utcDay(time)
        else { return Found(at: time, day: written, isMember: false) }
        // Where a clock is put back over midnight, or the zone changes, the instant may lie in the day beside the written one.
        let day = try day(of: membership, at: time, utc: utc)
        let last = membership.ends.flatMap { $0.adding(days: -1) } ?? day
        return Found(at: time, day: min(max(day, membership.starts), last), isMember: true)
    }

    /// The memberships of which one has begun last by an instant on this day in UTC, the latest first. A local day lies
    /// within two days of the one in UTC.
    private static func candidates(_ account: ReadingStore.Account, _ utc: CivilDate) -> [Int] {
        guard let earliest = utc.adding(days: -2), let latest = utc.adding(days: 2) else { return [] }
        var numbers: [Int] = []
        for number in account.memberships.indices.reversed() where account.memberships[number].starts <= latest {
            numbers.append(number)
            if account.memberships[number].starts <= earliest { break }
        }
        return numbers
    }

    /// The membership whose clock shows a local time: that of the day, or the nearest one, as for intervals.
    private static func home(
        _ account: ReadingStore.Account, _ day: CivilDate
    ) -> ReadingStore.Account.Membership? {
        account.memberships.last { $0.starts <= day } ?? account.memberships.first
    }

    private static func utcDay(_ time: Int64) -> CivilDate? {
        WrittenInstant(microseconds: time, isLocal: false).day
    }

    // MARK: What the server knows

    private func clock(_ membership: ReadingStore.Account.Membership) throws -> Int {
        guard let clock = clockOf[Holder(membership)] else {
            throw StoreError.inconsistent("a subscription has no zone")
        }
        return clock
    }

    /// The last day that has begun: of those without any hour the one after them.
    private func day(of membership: ReadingStore.Account.Membership, at time: Int64, utc: CivilDate) throws -> CivilDate
    {
        let clock = try clock(membership)
        for day in Self.around(utc).reversed() {
            guard let start = starts[Midnight(clock: clock, day: day)] else {
                throw StoreError.inconsistent("a day has no beginning")
            }
            if start <= time { return day }
        }
        throw StoreError.inconsistent("a day begins more than a day late")
    }

    /// The local days that an instant of a day in UTC may lie in. Zones are at most 16 hours away from UTC, and a day that a
    /// change of the zone holds back begins no later than a day after the one in UTC.
    private static func around(_ utc: CivilDate) -> [CivilDate] {
        (-2...1).compactMap { utc.adding(days: $0) }
    }

    private func learnClocks(_ counted: [Counted]) throws {
        var missing: Set<Holder> = []
        for account in counted.lazy.compactMap(\.account) {
            for membership in account.memberships where clockOf[Holder(membership)] == nil {
                missing.insert(Holder(membership))
            }
        }
        guard !missing.isEmpty else { return }
        let rows = try connection.query(
            Query(.listZones, missing.map(\.customer), missing.map(\.subscription)),
            as: Int64.self, Int64.self, CivilDate?.self, String.self)
        var found: [Holder: [Segment]] = [:]
        for (customer, subscription, from, zone) in rows {
            found[Holder(customer: customer, subscription: subscription), default: []].append(
                Segment(from: from, zone: zone))
        }
        for (holder, segments) in found {
            let number = numbers[segments] ?? clocks.count
            if number == clocks.count {
                clocks.append(holder)
                zones.append(segments)
                numbers[segments] = number
            }
            clockOf[holder] = number
        }
    }

    private func learnStarts(_ counted: [Counted], _ times: [Int64]) throws {
        var missing: Set<Midnight> = []
        for (counted, time) in zip(counted, times) {
            guard let account = counted.account, let utc = Self.utcDay(time) else { continue }
            let memberships =
                counted.at.isLocal
                ? [Self.home(account, counted.at.day ?? utc)].compactMap(\.self)
                : Self.candidates(account, utc).map { account.memberships[$0] }
            for membership in memberships {
                let clock = try clock(membership)
                for day in Self.around(utc) {
                    let midnight = Midnight(clock: clock, day: day)
                    if starts[midnight] == nil { missing.insert(midnight) }
                }
            }
        }
        guard !missing.isEmpty else { return }
        let list = Array(missing)
        let found = try connection.query(
            Query(
                .readMidnights, list.map { PGDate($0.day) }, list.map { clocks[$0.clock].customer },
                list.map { clocks[$0.clock].subscription }, Int64?.none), as: PGTimestamp.self)
        for (midnight, start) in zip(list, found) { starts[midnight] = start.microsecondsSince1970 }
    }

    /// The instants themselves: local times are asked for together, each once.
    private func instants(_ counted: [Counted]) throws -> [Int64] {
        var known: [LocalTime: Int] = [:]
        var list: [LocalTime] = []
        let wanted: [Int?] = try counted.map { counted in
            guard counted.at.isLocal, let zone = try zone(of: counted) else { return nil }
            let time = LocalTime(microseconds: counted.at.microseconds, zone: zone)
            if let number = known[time] { return number }
            known[time] = list.count
            list.append(time)
            return list.count - 1
        }
        guard !list.isEmpty else { return counted.map(\.at.microseconds) }
        let found = try connection.query(
            Query(
                .readInstants, list.map { PGTimestamp(microsecondsSince1970: $0.microseconds) }, list.map(\.zone)),
            as: PGTimestamp.self)
        return zip(counted, wanted).map { counted, number in
            number.map { found[$0].microsecondsSince1970 } ?? counted.at.microseconds
        }
    }

    /// The zone of a local time; nil where no subscription tells it, which is UTC.
    private func zone(of counted: Counted) throws -> String? {
        guard let account = counted.account, let day = counted.at.day, let membership = Self.home(account, day) else {
            return nil
        }
        return try zones[clock(membership)].last { $0.from.map { $0 <= day } ?? true }?.zone
    }
}
