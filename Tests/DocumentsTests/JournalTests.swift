import Billing
import Foundation
import Testing

import Documents

@Suite("Journal")
struct JournalTests {
    /// 2022-03-01T02:00:00Z
    private static let start: Int64 = 1_646_100_000_000_000

    private func run(summary: String? = #"{"invoices": 1200, "total": "199.00"}"#) throws -> RunRecord {
        RunRecord(
            id: 42, job: "nightly", asOf: try Fixture.day("2022-03-01"), status: "incomplete", exitCode: 65,
            programVersion: "0.1.0", startedAt: Self.start, endedAt: Self.start + 65_250_000, summary: summary,
            steps: [
                .init(
                    number: 1, name: "pull orders", status: "succeeded",
                    detail: #"""
                        {"read": 1000, "new": 900, "changed": 50, "unchanged": 30, "repeated": 10, "outside": 5, "rejected": 5}
                        """#,
                    startedAt: Self.start, endedAt: Self.start + 350_000),
                .init(
                    number: 2, name: "close", status: "running", detail: nil, startedAt: Self.start + 350_000,
                    endedAt: nil),
            ],
            pulls: [
                .init(
                    id: 7, source: "orders", feeds: "readings", status: "succeeded", read: 1_000, outside: 5, new: 900,
                    changed: 50, unchanged: 30, repeated: 10, rejected: 5)
            ])
    }

    @Test("A run is shown with its steps and its pulls")
    func text() throws {
        #expect(
            RunText.render(try run()) == """
                Run 42: nightly for 2022-03-01                                        incomplete
                  started        2022-03-01T02:00:00Z
                  took           1 min 05 s
                  exit code      65
                  program        0.1.0

                Step         Begun       Took  What came of it
                -----------  --------  ------  ----------------------------------------------
                pull orders  02:00:00  350 ms  1,000 read: 900 new, 50 changed, 5 outside the
                                               window, 5 rejected, 40 as before
                close        02:00:00          running

                """)
    }

    @Test("A run that failed says in which step, and why")
    func failures() throws {
        var run = try run()
        (run.failures, run.steps, run.pulls) = (["close: stopped on request; what is there stays"], [], [])
        run.summary = nil
        #expect(
            RunText.render(run) == """
                Run 42: nightly for 2022-03-01                                        incomplete
                  started        2022-03-01T02:00:00Z
                  took           1 min 05 s
                  exit code      65
                  program        0.1.0

                Failed in close: stopped on request; what is there stays

                """)
    }

    @Test("Runs are listed one a row")
    func list() throws {
        var running = try run()
        (running.id, running.status, running.exitCode, running.endedAt) = (43, "running", nil, nil)
        #expect(
            RunText.list([try run(), running]) == """
                Run  Job      As of       Status      Exit  Started                 Duration
                ---  -------  ----------  ----------  ----  --------------------  ----------
                 42  nightly  2022-03-01  incomplete    65  2022-03-01T02:00:00Z  1 min 05 s
                 43  nightly  2022-03-01  running           2022-03-01T02:00:00Z

                """)
        #expect(RunText.list([]) == "No runs.\n")
    }

    @Test("The JSON of a run embeds its summary, and leaves out what has not happened")
    func json() throws {
        #expect(
            RunJSON.render(try run(), .compact)
                == #"""
                {"schema":"meterbook.run/1","run":42,"job":"nightly","as_of":"2022-03-01",\#
                "status":"incomplete","exit_code":65,"program_version":"0.1.0",\#
                "started_at":"2022-03-01T02:00:00.000000Z","ended_at":"2022-03-01T02:01:05.250000Z",\#
                "duration_microseconds":65250000,"summary":{"invoices":1200,"total":"199.00"},\#
                "steps":[{"step":1,"name":"pull orders","status":"succeeded",\#
                "started_at":"2022-03-01T02:00:00.000000Z","ended_at":"2022-03-01T02:00:00.350000Z",\#
                "duration_microseconds":350000,"detail":{"read":1000,"new":900,"changed":50,"unchanged":30,\#
                "repeated":10,"outside":5,"rejected":5}},\#
                {"step":2,"name":"close","status":"running","started_at":"2022-03-01T02:00:00.350000Z"}],\#
                "pulls":[{"pull":7,"source":"orders","feeds":"readings","status":"succeeded","read":1000,\#
                "new":900,"changed":50,"unchanged":30,"repeated":10,"merged":0,"outside":5,"rejected":5}]}

                """#)
        let list = try parse(RunJSON.list([try run()]))
        #expect(list["schema"] as? String == "meterbook.run-list/1")
        #expect((list["runs"] as? [[String: Any]])?.first?["steps"] == nil)
    }

    private func books(differences: [Reconciliation.Difference] = []) -> Reconciliation {
        Reconciliation(
            rowsRead: 1_000, rowsNew: 900, rowsChanged: 50, rowsRejected: 5, rowsOther: 45, readings: 900,
            superseded: 50,
            quantity: 16_500,
            meters: [
                .init(
                    meter: "orders", total: 16_500, billed: 1_500, included: 12_000, open: 2_000, late: 400,
                    beforeStart: 300, afterEnd: 200, unpriced: 100)
            ], lateTotals: 3, differences: differences)
    }

    @Test("What came by the instant says how much was merged into readings of days")
    func merged() throws {
        var run = try run()
        run.pulls[0].repeated = 4
        run.pulls[0].merged = 6
        run.steps[0].detail = #"{"read": 46, "new": 30, "unchanged": 4, "repeated": 6, "merged": 6}"#
        let words = RunText.render(run).split { $0.isWhitespace }.joined(separator: " ")
        #expect(words.contains("46 read: 30 new, 6 merged into a day, 10 as before"), "\(words)")
        let summary = RunSummary(
            job: "pull", runID: 42, asOf: run.asOf, pulls: [.init(counts: run.pulls[0], lateTotals: 0)], close: nil)
        let text = RunSummaryText.text(summary)
        #expect(text.contains("Same  Merged  Outside") && text.contains("  34       6        5"), "\(text)")
    }

    @Test("The books are shown with where each meter's usage has gone")
    func reconciliation() {
        #expect(
            ReconciliationText.render(books()) == """
                Rows of readings pulled
                  read                                               1,000
                  new                                                  900
                  changed                                               50
                  rejected                                               5
                  unchanged, repeated, merged or outside the window     45

                Readings
                  stored                                                 900
                  restated, the old ones kept                             50
                  sum of those in running totals                      16,500
                  totals changed after their close, for the next one       3

                Where the usage has gone
                  orders, total                     16,500
                    on invoices, beyond allowances   1,500
                    on invoices, within allowances  12,000
                    in periods not closed yet        2,000
                    late, for the next close           400
                    before the first billed day        300
                    after the subscription's end       200
                    closed, without a price            100

                The books agree.

                """)
    }

    @Test("Whatever does not agree is listed")
    func differences() throws {
        let found = Reconciliation.Difference(
            check: "compare_totals", subject: "northwind-silver", detail: "16,500 and 16,400")
        #expect(
            ReconciliationText.render(books(differences: [found])).hasSuffix(
                """
                1 difference
                  Check           Subject           Detail
                  --------------  ----------------  -----------------
                  compare_totals  northwind-silver  16,500 and 16,400

                """))
        let json = try parse(ReconciliationJSON.render(books(differences: [found])))
        #expect(json["agrees"] as? Bool == false)
        #expect(
            ReconciliationJSON.render(books(), .compact)
                == #"""
                {"schema":"meterbook.reconciliation/1","agrees":true,\#
                "rows":{"read":1000,"new":900,"changed":50,"rejected":5,"other":45},\#
                "readings":{"stored":900,"superseded":50,"quantity":16500},"late_totals":3,\#
                "meters":[{"meter":"orders","total":16500,"billed":1500,"included":12000,"open":2000,"late":400,\#
                "before_start":300,"after_end":200,"unpriced":100}],"differences":[]}

                """#)
    }

    @Test("Rejected rows say where they stand and what is wrong")
    func rejections() throws {
        let day = Rejection(
            origin: "orders.csv", line: 12, column: 9, field: "day", reason: .invalidDate, found: "2022-02-30",
            expected: "a day", row: "nw-1,shop,2022-02-30,5")
        let row = Rejection(
            origin: "orders.csv", line: 13, column: 0, field: "", reason: .rowTooLong, found: "", expected: "a row",
            row: "\u{0}\"")
        #expect(
            RejectionTable.text([day, row]) == """
                Where            Field  Found       Expected (reason)
                ---------------  -----  ----------  --------------------
                orders.csv:12:9  day    2022-02-30  a day (invalid_date)
                orders.csv:13                       a row (row_too_long)

                """)
        #expect(
            RejectionTable.json([day, row], .compact)
                == #"""
                {"schema":"meterbook.rejection-list/1","rejections":[{"origin":"orders.csv","line":12,"column":9,\#
                "field":"day","reason":"invalid_date","found":"2022-02-30","expected":"a day",\#
                "row":"nw-1,shop,2022-02-30,5"},{"origin":"orders.csv","line":13,"reason":"row_too_long",\#
                "found":"","expected":"a row","row":"\u0000\""}]}

                """#)
        #expect(RejectionTable.text([]) == "No rows rejected.\n")
    }

    @Test("The journal fits 80 columns, whatever its data", arguments: Fixture.hostile)
    func hostile(text: String) throws {
        let summary = JSONWriter.document("x/1", .compact) { writer in
            writer.member("text", text)
            writer.member("count", Int64.min)
        }
        for json in [text, summary] {
            let run = RunRecord(
                id: .max, job: text, asOf: try Fixture.day("2022-03-01"), status: text, exitCode: .min,
                programVersion: text, startedAt: .min, endedAt: .max, summary: json, failures: [text],
                steps: [
                    .init(number: .max, name: text, status: text, detail: json, startedAt: .max, endedAt: .min)
                ],
                pulls: [
                    .init(
                        id: .max, source: text, feeds: text, status: text, read: .max, outside: .max, new: .max,
                        changed: .max, unchanged: .max, repeated: .max, rejected: .max)
                ])
            expectReadable(RunText.render(run), text)
            expectReadable(RunText.list([run]), text)
            #expect(try parse(RunJSON.render(run))["run"] as? Int64 == .max)
            _ = try parse(RunJSON.list([run], .compact))
        }
        let books = Reconciliation(
            rowsRead: .max, rowsNew: .max, rowsChanged: .max, rowsRejected: .max, rowsOther: .max, readings: .max,
            superseded: .max, quantity: .max,
            meters: [
                .init(
                    meter: text, total: .max, billed: .min, included: .max, open: .max, late: .min, beforeStart: .max,
                    afterEnd: .max, unpriced: .max)
            ], lateTotals: .max, differences: [.init(check: text, subject: text, detail: text)])
        expectReadable(ReconciliationText.render(books), text)
        _ = try parse(ReconciliationJSON.render(books))
        let rejection = Rejection(
            origin: text, line: .max, column: .max, field: text, reason: .conflictingDuplicate, found: text,
            expected: text, row: text)
        expectReadable(RejectionTable.text([rejection]), text)
        let list = try #require(try parse(RejectionTable.json([rejection]))["rejections"] as? [[String: Any]])
        #expect((list[0]["row"] as? String).map { Array($0.utf8) } == Array(text.utf8))
    }
}
