import Billing
import Postgres
import Store
import TestSupport
import Testing

/// The outbox as any step uses it: what is posted, when it is due, and what is taken back.
@Suite("The outbox")
struct NoticeStoreTests {
    private static let template = Template.named("schema") { conninfo in
        _ = try Migrator(Connection(conninfo: conninfo)).migrate()
    }

    /// Books with the subscriptions 1 and 2 of customer 1, and a run.
    private static func withOutbox(_ body: @escaping @Sendable (TestDatabase, Connection) throws -> Void) async throws {
        try await withDatabase(template) { database in
            try database.run(
                """
                INSERT INTO meterbook.run (job, as_of, program_version) VALUES ('nightly', '2026-01-01', 'test');
                INSERT INTO meterbook.plan (key) VALUES ('basic');
                INSERT INTO meterbook.customer (key, name) VALUES ('c', 'C');
                INSERT INTO meterbook.subscription
                    (customer_id, key, plan_id, anchor, signed_up, starts, pays_every, currency, time_zone)
                SELECT 1, 's' || n, 1, '2026-01-01', '2026-01-01', '2026-01-01', 'month', 'USD', 'UTC'
                FROM generate_series(1, 2) AS n
                """)
            try body(database, Connection(conninfo: database.conninfo))
        }
    }

    private static func day(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }

    private static func draft(
        _ kind: NoticeKind, _ threshold: Int32 = 0, subscription: Int64 = 1
    ) throws -> NoticeDraft {
        NoticeDraft(
            customerID: 1, subscriptionID: subscription, kind: kind, topic: "rule", periodStart: try day("2026-02-01"),
            threshold: threshold, values: [:])
    }

    @discardableResult
    private static func post(
        _ connection: Connection, _ drafts: [NoticeDraft], asOf: String, oneADay: Bool = true, vendor: String = "v"
    ) throws -> Int {
        try NoticeStore(connection).post(
            drafts.map { (draft: $0, words: NoticeTemplate(subject: $0.kind.rawValue, text: "…")) },
            NoticeStore.Terms(vendor: vendor, asOf: try day(asOf), oneADay: oneADay, runID: 1))
    }

    private static func dues(_ database: TestDatabase, subscription: Int = 1) throws -> [String] {
        try database.run(
            """
            SELECT kind || ' ' || threshold || ' ' || due || ' ' || status FROM meterbook.notice
            WHERE subscription_id = \(subscription) ORDER BY place
            """
        ).split(separator: "\n").map(String.init)
    }

    @Test("A cause is written once, however often it is posted, and one posted twice at once is one")
    func once() async throws {
        try await Self.withOutbox { database, connection in
            let drafts = [
                try Self.draft(.changeAnnounced), try Self.draft(.changeReminder, 1),
                try Self.draft(.changeReminder, 1),
            ]
            #expect(try Self.post(connection, drafts, asOf: "2026-02-10") == 2)
            #expect(try Self.post(connection, drafts, asOf: "2026-02-11") == 0)
            #expect(
                try NoticeStore(connection).unknown(drafts + [Self.draft(.changeReminder, 2)]).map(\.threshold) == [2])
            #expect(
                try Self.dues(database) == [
                    "change_announced 0 2026-02-10 pending", "change_reminder 1 2026-02-11 pending",
                ])
        }
    }

    @Test("One a day holds over kinds and runs, for each subscription by itself; a withdrawn one frees its day")
    func oneADay() async throws {
        try await Self.withOutbox { database, connection in
            try Self.post(
                connection,
                [
                    Self.draft(.usageAlert, 80), Self.draft(.changeAnnounced),
                    Self.draft(.usageAlert, 80, subscription: 2),
                ],
                asOf: "2026-02-10")
            try Self.post(connection, [Self.draft(.usageAlert, 100)], asOf: "2026-02-10")
            try Self.post(connection, [Self.draft(.changeReminder)], asOf: "2026-02-12")
            #expect(
                try Self.dues(database) == [
                    "usage_alert 80 2026-02-10 pending", "change_announced 0 2026-02-11 pending",
                    "usage_alert 100 2026-02-12 pending", "change_reminder 0 2026-02-13 pending",
                ])
            #expect(try Self.dues(database, subscription: 2) == ["usage_alert 80 2026-02-10 pending"])
            #expect(
                try NoticeStore(connection).withdraw(
                    [.changeAnnounced, .changeReminder], customerID: 1, subscriptionID: 1, topic: "rule") == 2)
            try Self.post(connection, [Self.draft(.changeWithdrawn)], asOf: "2026-02-12")
            #expect(try Self.dues(database).last == "change_withdrawn 0 2026-02-13 pending")
            // Of another topic nothing is taken back.
            #expect(
                try NoticeStore(connection).withdraw(
                    [.usageAlert], customerID: 1, subscriptionID: 1, topic: "other") == 0)
        }
    }

    @Test("Without one a day all are due at once, behind what waits already")
    func together() async throws {
        try await Self.withOutbox { database, connection in
            let first = [try Self.draft(.usageAlert, 80), try Self.draft(.usageAlert, 100)]
            try Self.post(connection, first, asOf: "2026-02-10", oneADay: false)
            try Self.post(connection, [Self.draft(.usageAlert, 120)], asOf: "2026-02-10")
            try Self.post(connection, [Self.draft(.usageAlert, 140)], asOf: "2026-02-10", oneADay: false)
            #expect(
                try Self.dues(database) == [
                    "usage_alert 80 2026-02-10 pending", "usage_alert 100 2026-02-10 pending",
                    "usage_alert 120 2026-02-11 pending", "usage_alert 140 2026-02-11 pending",
                ])
        }
    }

    @Test("The same cause with two vendors is two messages")
    func vendors() async throws {
        try await Self.withOutbox { database, connection in
            func id(_ vendor: String) throws -> String {
                try Self.post(connection, [Self.draft(.usageAlert, 80)], asOf: "2026-02-10", vendor: vendor)
                let id = try database.run("SELECT notice_id FROM meterbook.notice")
                try database.run("DELETE FROM meterbook.notice")
                return id
            }
            let (first, again, other) = (try id("a"), try id("a"), try id("b"))
            #expect(first == again)
            #expect(first != other)
        }
    }

    @Test("A queue gives each notice once a pass, in order, and none behind one that waits")
    func queue() async throws {
        try await Self.withOutbox { _, connection in
            try Self.post(
                connection,
                [
                    Self.draft(.usageAlert, 80), Self.draft(.usageAlert, 100),
                    Self.draft(.usageAlert, 80, subscription: 2),
                ], asOf: "2026-02-10", oneADay: false)
            func pass(
                now: Int64, needsAddress: Bool = false, _ outcome: (OutgoingNotice) -> NoticeQueue.Outcome
            ) throws -> [String] {
                let queue = NoticeQueue(
                    connection,
                    NoticeQueue.Terms(day: try Self.day("2026-02-10"), needsAddress: needsAddress, oneADay: false))
                var seen: [String] = []
                while try queue.next(
                    now: now,
                    { notice, attempts in
                        seen.append("\(notice.subscription) \(notice.threshold) \(attempts)")
                        return outcome(notice)
                    }) != nil
                {}
                return seen
            }
            #expect(try pass(now: 0, needsAddress: true) { _ in .delivered } == [])
            #expect(
                try pass(now: 1_000) { $0.subscription == "s1" ? .retry(at: 5_000, reason: "a\r\nb\u{0}") : .delivered }
                    == ["s1 80 0", "s2 80 0"])
            #expect(try pass(now: 4_999) { _ in .delivered } == [])
            #expect(
                try pass(now: 5_000) { _ in .dead(reason: String(repeating: "x", count: 900)) } == [
                    "s1 80 1", "s1 100 0",
                ])
            #expect(try pass(now: 9_000) { _ in .delivered } == [])
            let notices = try LookStore(connection).notices(subscription: "s1", status: .dead, limit: 10)
            #expect(notices.map(\.attempts) == [1, 2])
            #expect(notices.allSatisfy { $0.lastError?.count == 500 })
        }
    }
}
