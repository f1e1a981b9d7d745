import Billing
import Testing

import Documents

/// One run as whoever is on call reads it in the morning.
@Suite("The story of a run")
struct RunStoryTests {
    /// 2022-03-01T02:00:00Z
    private static let start: Int64 = 1_646_100_000_000_000

    private func run(_ status: String, steps: [RunRecord.Step], _ story: RunRecord.Story) throws -> RunRecord {
        var run = RunRecord(
            id: 42, job: "nightly", asOf: try Fixture.day("2022-03-01"), status: status,
            exitCode: status == "succeeded" ? 0 : status == "incomplete" ? 65 : nil, programVersion: "0.1.0",
            startedAt: Self.start, endedAt: Self.start + 65_250_000, summary: nil, steps: steps, pulls: [])
        run.story = story
        return run
    }

    private func step(_ number: Int16, _ name: String, _ detail: String?, status: String = "succeeded")
        -> RunRecord.Step
    {
        let start = Self.start + Int64(number) * 10_000_000
        return .init(
            number: number, name: name, status: status, detail: detail, startedAt: start, endedAt: start + 9_500_000)
    }

    @Test("A night that went well is told in a few lines, beside what is usual")
    func good() throws {
        let run = try run(
            "succeeded",
            steps: [
                step(1, "pull orders", #"{"read": 1200, "new": 1200}"#),
                step(2, "pull customers", #"{"read": 7, "unchanged": 7}"#),
                step(3, "pull files", #"{"read": 0, "not_modified": true}"#),
                step(
                    4, "close",
                    #"""
                    {"watermark": 12, "invoices": 1200, "lines": 2400, "corrections": 1, "held": 0, "invoices_held": 0,
                    "sums": [{"currency": "EUR", "total": "10.00", "months": []}, {"currency": "USD", "total": "-1990.00"}]}
                    """#),
                step(5, "decide", #"{"decided": 3, "up": 2, "down": 1}"#), step(6, "alert", #"{"notices": 0}"#),
            ],
            .init(origin: .systemd, login: "billing", usual: .init(runs: 10, microseconds: 58_200_000)))
        #expect(
            RunText.render(run) == """
                Run 42: nightly for 2022-03-01                                         succeeded
                  started        2022-03-01T02:00:00Z by systemd, as billing
                  took           1 min 05 s, usually 58.2 s (10 runs)
                  program        0.1.0
                  watermark      pull 12

                Step            Begun      Took  What came of it
                --------------  --------  -----  -------------------------------------------
                pull orders     02:00:10  9.5 s  1,200 read: all new
                pull customers  02:00:20  9.5 s  7 read: all as before
                pull files      02:00:30  9.5 s  not changed since the pull before
                close           02:00:40  9.5 s  1,200 invoices: 10.00 EUR, -1,990.00 USD, 1
                                                 line corrects earlier ones
                decide          02:00:50  9.5 s  3 plans decided on, 2 up, 1 down
                alert           02:01:00  9.5 s  nothing to do

                """)
    }

    @Test("What waits for people stands below with its reasons, and with the commands")
    func incomplete() throws {
        var run = try run(
            "incomplete",
            steps: [
                step(1, "pull orders", #"{"read": 9, "new": 1, "rejected": 8}"#, status: "incomplete"),
                step(
                    2, "close", #"{"invoices": 1, "held": 3, "invoices_held": 1, "flagged": 2}"#, status: "incomplete"),
                step(3, "deliver", #"{"dead": 2}"#, status: "incomplete"),
            ],
            .init(
                origin: .cron, login: "billing", sessionsLost: 2, tookOver: 41, tookOverIn: "close",
                usual: .init(runs: 1, microseconds: 60_000_000),
                holds: [
                    .init(isInvoice: false, reason: "missing_day", waiting: 1_203, new: 3, example: "a/2022-03-01"),
                    .init(isInvoice: true, reason: "above_cap", waiting: 1, new: 1, example: "b/2022-03-01"),
                ],
                rejections: [
                    .init(source: "orders", reason: "unknown_account", rows: 4),
                    .init(source: "orders", reason: "bad_date", rows: 3),
                ]))
        run.pulls = [
            .init(
                id: 7, source: "orders", feeds: "readings", status: "incomplete", read: 9, outside: 0, new: 1,
                changed: 0, unchanged: 0, repeated: 0, rejected: 8)
        ]
        #expect(
            RunText.render(run) == """
                Run 42: nightly for 2022-03-01                                        incomplete
                  started        2022-03-01T02:00:00Z by cron, as billing
                  took           1 min 05 s, the run before it 1 min 00 s
                  exit code      65
                  program        0.1.0
                  took over      from run 41, which was killed or disconnected in the step
                                 'close'
                  connection     lost 2 times, and the run went on

                Step         Begun      Took  What came of it
                -----------  --------  -----  --------------------------------------------------
                pull orders  02:00:10  9.5 s  9 read: 1 new, 8 rejected
                close        02:00:20  9.5 s  1 invoice, 3 subscriptions held, 1 invoice held, 2
                                              invoices lack days of a source
                deliver      02:00:30  9.5 s  dead: 2

                Waits now      Reason       How many  New  For example
                -------------  -----------  --------  ---  ------------
                subscriptions  missing_day     1,203    3  a/2022-03-01
                invoices       above_cap           1    1  b/2022-03-01

                Rejected by  Reason           Rows
                -----------  ---------------  ----
                orders       unknown_account     4
                orders       bad_date            3
                1 rejected row was known from runs before.

                What is left to do
                  meterbook hold list
                  meterbook reject list --source orders
                  meterbook gaps
                  meterbook notice list --status dead

                """)
        let json = RunJSON.render(run, .compact)
        for part in [
            #""origin":"cron","login":"billing","usual_runs":1,"usual_microseconds":60000000,"sessions_lost":2,"#,
            #""took_over":41,"took_over_in":"close","failures":[],"held":[{"what":"subscription","reason":"missing_day""#,
            #""rejected":[{"source":"orders","reason":"unknown_account","rows":4},"#,
            #""next":["meterbook hold list","meterbook reject list --source orders","meterbook gaps","#,
        ] {
            #expect(json.contains(part), "\(json)")
        }
    }

    @Test("A run that was killed is to be run again, unless a later one has made up for it")
    func killed() throws {
        let steps = [step(1, "close", nil, status: "abandoned")]
        var run = try run("abandoned", steps: steps, .init(origin: .terminal, login: "me"))
        #expect(
            RunText.render(run) == """
                Run 42: nightly for 2022-03-01                            killed or disconnected
                  started        2022-03-01T02:00:00Z by a person at a terminal, as me
                  took           1 min 05 s
                  program        0.1.0

                Step   Begun      Took  What came of it
                -----  --------  -----  ----------------------
                close  02:00:10  9.5 s  killed or disconnected

                What is left to do
                  meterbook nightly

                """)
        run.story = .init(takenOverBy: 43, doneBy: 44)
        let text = RunText.render(run)
        #expect(text.contains("  taken over     by run 43\n  made up for    by run 44\n"), "\(text)")
        #expect(!text.contains("left to do"), "\(text)")
        // Of a job from a file nobody knows where that is.
        (run.job, run.story) = ("hourly", .init())
        #expect(!RunText.render(run).contains("left to do"))
    }
}
