import Foundation
import TestSupport
import Testing

/// Decisions that change nothing are kept in blocks, where the totals are. Whoever reads them finds what he would have found, and
/// whoever is in none has still to be decided on.
@Suite("Quiet decisions in the books")
struct QuietDecisionTests {
    /// A ladder of three plans, and how it is compared.
    private struct Ladder {
        var months = 3
        var aggregate = "mean"
        var equal = "stays"
        var meters = ["orders"]
        /// What the highest plan holds.
        var highest = "unlimited"

        var catalog: String {
            """
            catalog: quiet
            currency: USD
            meters:
              orders: {name: Orders, aggregate: sum, unit: {one: order, other: orders}}
              labels: {name: Labels, aggregate: sum, unit: {one: label, other: labels}}
            decisions:
              average:
                name: Orders a month
                meters: [\(meters.joined(separator: ", "))]
                window: \(months) month\(months == 1 ? "" : "s")
                aggregate: \(aggregate)
                equal: \(equal)
                ladder: {small: 10, middle: 20, large: \(highest)}
            plans:
              small: {name: Small, invoice: month, versions: [{from: 2020-01-01, prices: {base: {name: Base, flat: {month: 5.00}, charged: in_advance}}}]}
              middle: {name: Middle, invoice: month, versions: [{from: 2020-01-01, prices: {base: {name: Base, flat: {month: 10.00}, charged: in_advance}}}]}
              large: {name: Large, invoice: month, versions: [{from: 2020-01-01, prices: {base: {name: Base, flat: {month: 20.00}, charged: in_advance}}}]}

            """
        }
    }

    /// A subscription of a customer of its own, with one account; customers are numbered as they come.
    private struct Holder {
        /// 0, 1 or 2: small, middle or large.
        var plan: Int
        var signedUp: String
        var linked: String?
        /// What slices of usage counted: meter, first day, quantity.
        var slices: [(meter: String, start: String, quantity: Int64)]
    }

    private static let plans = ["small", "middle", "large"]

    /// The statements that put holders with these numbers into the books.
    private static func script(_ holders: [(number: Int, holder: Holder)]) -> String {
        var script = """
            SELECT meterbook.ensure_months('usage_total', '2025-01-01', '2026-05-01');
            SELECT meterbook.ensure_months('reading', '2025-01-01', '2025-01-02');
            INSERT INTO meterbook.reading (day, customer_id, account_id, channel_id, meter_id, quantity, pull_id)
            SELECT '2025-01-01', 0, 0, 1, meter_id, 1, 1 FROM meterbook.meter ON CONFLICT DO NOTHING;

            """
        for (number, holder) in holders {
            script += """
                INSERT INTO meterbook.customer (customer_id, key, name) OVERRIDING SYSTEM VALUE
                VALUES (\(number), 'h\(number)', 'Holder \(number)');
                INSERT INTO meterbook.subscription (customer_id, subscription_id, key, plan_id, anchor, signed_up, starts,
                    pays_every, currency, time_zone) OVERRIDING SYSTEM VALUE
                SELECT \(number), \(number), 'h\(number)', plan_id, '\(holder.signedUp)', '\(holder.signedUp)',
                    '\(holder.signedUp)', 'month', 'USD', 'UTC'
                FROM meterbook.plan WHERE key = '\(plans[holder.plan])';
                INSERT INTO meterbook.account (account_id, key, name) OVERRIDING SYSTEM VALUE
                VALUES (\(number), 'h\(number)', 'Holder \(number)');

                """
            if let linked = holder.linked {
                script += """
                    INSERT INTO meterbook.membership (customer_id, subscription_id, account_id, starts)
                    VALUES (\(number), \(number), \(number), '\(linked)');

                    """
            }
            for slice in holder.slices {
                script += """
                    INSERT INTO meterbook.usage_total
                    SELECT \(number), \(number), meter_id, '\(slice.start)', \(slice.quantity), 1
                    FROM meterbook.meter WHERE key = '\(slice.meter)';

                    """
            }
        }
        return script
    }

    private static func apply(_ ladder: Ladder, to books: Books) throws {
        try books.folder.write(ladder.catalog, to: "catalog.yaml")
        try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
    }

    /// A subscription that has long been there and counted so much in January, February and March.
    private static func holder(_ plan: Int, _ counts: [Int64]) -> Holder {
        Holder(
            plan: plan, signedUp: "2025-01-01", linked: "2025-01-01",
            slices: zip(["2026-01-01", "2026-02-01", "2026-03-01"], counts).map { ("orders", $0, $1) })
    }

    /// Whether nobody has two decisions in a month. (Of the totals, which no reading is behind, the books complain.)
    private static func isOnce(_ books: Books) throws -> Bool {
        let outcome = try books.meterbook("reconcile")
        return outcome.code == 65 && !outcome.output.contains("decided_twice")
    }

    private static let stored = """
        SELECT customer_id, plan_id, outcome, reason, target_plan_id, window_starts, counted, figure_sum, figure_months
        FROM meterbook.decision ORDER BY customer_id
        """

    /// What the rule makes of a holder in April 2026, by counting days and whole months by hand: a line as `stored` has it.
    private static func expected(_ number: Int, _ holder: Holder, _ ladder: Ladder) -> String? {
        let months = (1...15).map { $0 <= 12 ? "2025-" + pad($0) : "2026-" + pad($0 - 12) }
        func complete(since day: String) -> Int {
            let begun = String(day.prefix(7))
            return months.count { $0 > begun || (day.hasSuffix("-01") && $0 == begun) }
        }
        let history = holder.linked.map { complete(since: max($0, holder.signedUp)) } ?? 0
        let window = months.suffix(min(ladder.months, history))
        let counts = window.map { month in
            holder.slices.filter { ladder.meters.contains($0.meter) && $0.start.hasPrefix(month) }
                .reduce(Int64(0)) { $0 + $1.quantity }
        }
        let starts = window.first.map { $0 + "-01" } ?? "2026-04-01"
        let head = "\(number)|\(holder.plan + 1)|"
        let list = "{\(counts.map(String.init).joined(separator: ","))}"
        guard history >= ladder.months else { return head + "stays|short_history||\(starts)|\(list)||" }
        // Twelfths of a month's threshold would do as well: the sum is compared with as many thresholds as there are months.
        let size = ladder.aggregate == "mean" ? counts.count : 1
        let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
        let up = ladder.aggregate == "mean" ? counts.reduce(0, +) : ladder.aggregate == "max" ? most : least
        let down = ladder.aggregate == "mean" ? counts.reduce(0, +) : most
        func lowest(_ figure: Int64) -> Int {
            let reached = ladder.equal == "stays" ? figure : figure + 1
            return reached <= 10 * Int64(size) ? 0 : reached <= 20 * Int64(size) ? 1 : 2
        }
        let (higher, lower) = (lowest(up), lowest(down))
        if higher > holder.plan {
            return head + "up|above_threshold|\(higher + 1)|\(starts)|\(list)|\(up)|\(size)"
        }
        if lower < holder.plan {
            return head + "down|lower_plan_holds|\(lower + 1)|\(starts)|\(list)|\(down)|\(size)"
        }
        return head + "stays|holds||\(starts)|\(list)|\(up)|\(size)"
    }

    private static func pad(_ number: Int) -> String { (number < 10 ? "0" : "") + "\(number)" }

    private static func random(_ random: inout SeededGenerator) -> Holder {
        let early = ["2025-01-01", "2025-01-15", "2025-04-01", "2025-04-02", "2026-01-01"]
        let late = ["2026-01-02", "2026-02-01", "2026-04-01"]
        func day(_ random: inout SeededGenerator) -> String {
            (Int.random(in: 0...9, using: &random) < 9 ? early : late).randomElement(using: &random) ?? early[0]
        }
        var slices: [(meter: String, start: String, quantity: Int64)] = []
        let level = Int64.random(in: 0...22, using: &random)
        for month in 0..<16 {
            // A few of all count nothing; most have one slice a month, and those of another anchor two.
            for (meter, part) in [("orders", "01"), ("orders", "17"), ("labels", "01")]
            where Int.random(in: 0...9, using: &random) < (part == "01" ? 9 : 4) {
                let start = (month < 12 ? "2025-\(pad(month + 1))-" : "2026-\(pad(month - 11))-") + part
                slices.append(
                    (meter, start, max(0, level / (part == "01" ? 1 : 2) + Int64.random(in: -2...2, using: &random))))
            }
        }
        return Holder(
            plan: Int.random(in: 0...2, using: &random), signedUp: day(&random),
            linked: Int.random(in: 0...20, using: &random) == 0 ? nil : day(&random),
            slices: Int.random(in: 0...9, using: &random) == 0 ? [] : slices)
    }

    @Test(
        "What 300 random subscriptions have counted is decided as by hand, most of it in blocks, whatever the rule compares",
        arguments: [
            Ladder(), Ladder(months: 1, equal: "moves"),
            Ladder(months: 4, aggregate: "max", meters: ["orders", "labels"]),
            Ladder(months: 3, aggregate: "each_month", equal: "moves"),
            Ladder(months: 12, aggregate: "mean", meters: ["orders", "labels"]), Ladder(months: 13),
        ])
    private func oracle(ladder: Ladder) async throws {
        try await withBooks { books in
            var random = SeededGenerator()
            let holders = (1...300).map { (number: $0, holder: Self.random(&random)) }
            try Self.apply(ladder, to: books)
            try books.tamper(Self.script(holders))
            try books.run("decide", "--as-of", "2026-04-03", "--batch", "20")
            let stored = try books.sql(Self.stored).split(separator: "\n").map(String.init)
            let expected = holders.filter { $0.holder.signedUp <= "2026-04-03" }
                .compactMap { Self.expected($0.number, $0.holder, ladder) }
            #expect(stored.count == expected.count)
            for (found, line) in zip(stored, expected) where found != line { Issue.record("\(found), not \(line)") }
            // A window of more than a year is looked at one by one.
            let blocks = try books.sql("SELECT coalesce(sum(subscriptions), 0) FROM meterbook.decision_block")
            let quiet = expected.count { $0.contains("|holds|") }
            #expect(blocks == "\(ladder.months > 12 ? 0 : quiet)" && quiet > 5)
            #expect(try Self.isOnce(books))
        }
    }

    @Test(
        "A subscription that comes later on the same day, amid those that were decided on, is decided on then, and nobody else"
    )
    func lateComer() async throws {
        try await withBooks { books in
            try Self.apply(Ladder(), to: books)
            let even = (1...100).map { (number: 2 * $0, holder: Self.holder(0, [9, 9, 9])) }
            try books.tamper(Self.script(even))
            let first = try JSON(books.run("decide", "--as-of", "2026-04-03", "--json"))
            #expect(try first.object("deciding").number("decided") == 100)
            #expect(try books.sql("SELECT sum(subscriptions) FROM meterbook.decision_block") == "100")

            // One that stays and one that goes up, between the numbers of the others; then many at once.
            try books.tamper(Self.script([(51, Self.holder(0, [9, 9, 9])), (53, Self.holder(0, [11, 11, 11]))]))
            let second = try JSON(books.run("decide", "--as-of", "2026-04-03", "--json"))
            #expect(try second.object("deciding").number("decided") == 2)
            #expect(try second.object("deciding").number("up") == 1)
            try books.tamper(Self.script((30...49).map { (2 * $0 + 1, Self.holder(0, [3, 3, 3])) }))
            let third = try JSON(books.run("decide", "--as-of", "2026-04-05", "--json"))
            #expect(try third.object("deciding").number("decided") == 20)
            // A few of many numbers are looked up one by one.
            try books.tamper(Self.script([1_001, 1_061, 1_961].map { ($0, Self.holder(0, [8, 8, 8])) }))
            let fourth = try JSON(books.run("decide", "--as-of", "2026-04-05", "--json"))
            #expect(try fourth.object("deciding").number("decided") == 3)
            #expect(try books.sql("SELECT count(*) FROM meterbook.plan_decision WHERE reason = 'holds'") == "3")
            let again = try JSON(books.run("decide", "--as-of", "2026-04-06", "--json"))
            #expect(try again.object("deciding").number("decided") == 0)
            #expect(
                try books.sql("SELECT count(*), count(DISTINCT subscription_id) FROM meterbook.decision") == "125|125")
            #expect(try Self.isOnce(books))
        }
    }

    @Test("A decision in a block is told, listed and explained like one in a row of its own")
    func alike() async throws {
        try await withBooks { books in
            try Self.apply(Ladder(), to: books)
            try books.tamper(Self.script((1...9).map { ($0, Self.holder($0 % 3, [9, Int64($0), 9])) }))
            for night in ["2026-02-03", "2026-03-03", "2026-04-03"] { try books.run("decide", "--as-of", night) }
            func seen() throws -> [String] {
                var seen: [String] = [
                    try books.sql("SELECT * FROM reporting.plan_decision ORDER BY subscription, month"),
                    try books.sql(
                        """
                        SELECT customer_id, subscription_id, month, rule, decided_on, catalog_id, plan_id, outcome, reason,
                            target_plan_id, window_starts, counted, figure_sum, figure_months, watermark, run_id
                        FROM meterbook.decision ORDER BY subscription_id, month
                        """),
                ]
                for words in [
                    ["decision", "list", "h3"], ["explain", "decision", "h3"], ["explain", "decision", "h6"],
                ] {
                    for form in [words, words + ["--json"]] {
                        let outcome = try Program.meterbook.run(form + ["--database", books.conninfo(for: form)])
                        #expect(outcome.code == 0, "\(outcome.errors)")
                        seen.append(outcome.output)
                    }
                }
                return seen
            }
            let inBlocks = try seen()
            let explained = try JSON(books.run("explain", "decision", "h3", "--json"))
            #expect(try explained.text("reason") == "holds")
            #expect(try explained.list("counted").map { try $0.number("quantity") } == [9, 3, 9])
            #expect(try explained.object("figure").number("sum") == 21)
            #expect(
                try books.sql("SELECT sum(subscriptions) FROM meterbook.decision_block WHERE month = '2026-04-01'")
                    == "3")
            try books.tamper(
                """
                CREATE TEMP TABLE kept AS SELECT * FROM meterbook.decision AS d
                WHERE NOT EXISTS (
                    SELECT FROM meterbook.plan_decision AS p WHERE p.subscription_id = d.subscription_id AND p.month = d.month);
                DELETE FROM meterbook.decision_block;
                INSERT INTO meterbook.plan_decision SELECT customer_id, subscription_id, month, rule, decided_on, catalog_id,
                    plan_id, outcome, reason, target_plan_id, window_starts, counted, figure_sum, figure_months, watermark,
                    run_id FROM kept
                """)
            #expect(try seen() == inBlocks)
        }
    }

    @Test("A count that no sum can hold keeps its own subscription from being decided on, and nobody else")
    func overflow() async throws {
        try await withBooks { books in
            try Self.apply(Ladder(), to: books)
            let most = Int64.max
            var holders = (1...20).map { (number: $0, holder: Self.holder(2, [21, 21, 21])) }
            holders[4].holder = Self.holder(2, [most, 1, 0])
            // The largest that fits is a number like any other.
            holders[6].holder = Self.holder(2, [most, 0, 0])
            try books.tamper(Self.script(holders))
            let outcome = try books.meterbook("decide", "--as-of", "2026-04-03", "--json")
            let deciding = try JSON(outcome.output).object("deciding")
            #expect(try deciding.number("decided") == 19)
            #expect(try deciding.number("failed") == 1)
            #expect(
                try books.sql("SELECT subscription_id, figure_sum FROM meterbook.plan_decision") == "7|\(most)")
            #expect(try books.sql("SELECT sum(subscriptions) FROM meterbook.decision_block") == "18")
        }
    }

    @Test("Killed between two batches, deciding comes out of a rerun with one decision for everybody")
    func killed() async throws {
        try await withBooks { books in
            try Self.apply(Ladder(), to: books)
            let holders = (1...200).map { (number: $0, holder: Self.holder($0 % 3, [Int64($0 % 25), 9, 9])) }
            try books.tamper(Self.script(holders))
            let gate = try Gate(
                books, "BEFORE INSERT ON meterbook.decision_block FOR EACH ROW",
                when: "(SELECT count(*) FROM meterbook.decision) > 60")
            let running = try books.start("decide", "--as-of", "2026-04-03", "--batch", "5")
            try gate.await(2, of: running)
            running.kill()
            _ = running.wait()
            try gate.open()
            let before = try books.sql("SELECT count(*) FROM meterbook.decision")
            #expect(before != "0" && before != "200")
            // Another batch size divides the rest otherwise.
            try books.run("decide", "--as-of", "2026-04-03", "--batch", "7")
            let stored = try books.sql(Self.stored).split(separator: "\n").map(String.init)
            #expect(stored == holders.compactMap { Self.expected($0.number, $0.holder, Ladder()) })
            #expect(try Self.isOnce(books))
        }
    }

    @Test("Whoever has two decisions in a month is found")
    func twice() async throws {
        try await withBooks { books in
            try Self.apply(Ladder(), to: books)
            try books.tamper(Self.script((1...5).map { ($0, Self.holder(0, [9, 9, 9])) }))
            try books.run("decide", "--as-of", "2026-04-03")
            try books.tamper(
                """
                INSERT INTO meterbook.plan_decision SELECT customer_id, subscription_id, month, rule, decided_on, catalog_id,
                    plan_id, outcome, reason, target_plan_id, window_starts, counted, figure_sum, figure_months, watermark,
                    run_id FROM meterbook.decision WHERE subscription_id = 4
                """)
            let outcome = try books.meterbook("reconcile")
            #expect(outcome.code == 65)
            #expect(outcome.output.contains("decided_twice") && outcome.output.contains("h4 in 2026-04"))
        }
    }

    @Test("Who needs more than the highest plan holds is kept with those who stay, and told apart by the reason")
    func beyond() async throws {
        try await withBooks { books in
            try Self.apply(Ladder(highest: "50"), to: books)
            // A mean of 50 is three times that in a quarter: what equals it, large still holds.
            let holders = [[50, 50, 50], [50, 50, 51], [0, 0, 999], [50, 40, 50], [20, 20, 21], [20, 20, 20]]
                .map { Self.holder(2, $0) }
            try books.tamper(Self.script(holders.enumerated().map { ($0 + 1, $1) }))
            try books.run("decide", "--as-of", "2026-04-03")
            let decided = try books.sql(
                "SELECT customer_id, outcome, reason, figure_sum FROM meterbook.decision ORDER BY customer_id")
            #expect(
                decided == """
                    1|stays|holds|150
                    2|stays|highest_plan|151
                    3|stays|highest_plan|999
                    4|stays|holds|140
                    5|stays|holds|61
                    6|down|lower_plan_holds|60
                    """)
            #expect(try books.sql("SELECT customer_id FROM meterbook.plan_decision") == "6")
            let blocks = try books.sql(
                "SELECT reason, sum(subscriptions) FROM meterbook.decision_block GROUP BY reason ORDER BY reason")
            #expect(blocks == "highest_plan|2\nholds|3")
            #expect(try Self.isOnce(books))
        }
    }

    @Test("A change of plan or a notice whose subscription or plan is not there is found")
    func nobody() async throws {
        try await withBooks { books in
            try Self.apply(Ladder(), to: books)
            try books.tamper(Self.script((1...3).map { ($0, Self.holder(0, [9, 9, 99])) }))
            try books.run("decide", "--as-of", "2026-04-03")
            #expect(!(try books.meterbook("reconcile").output.contains("belongs_to_nobody")))
            try books.tamper(
                """
                UPDATE meterbook.plan_change SET plan_id = 77 WHERE customer_id = 1;
                UPDATE meterbook.plan_change SET subscription_id = 88 WHERE customer_id = 2;
                UPDATE meterbook.notice SET customer_id = 99 WHERE customer_id = 3;
                """)
            let outcome = try books.meterbook("reconcile", "--json")
            #expect(outcome.code == 65)
            let found = try JSON(outcome.output).list("differences")
                .filter { try $0.text("check") == "belongs_to_nobody" }.map { try $0.text("detail") }
            #expect(found == ["no plan 77", "no such subscription", "no such subscription"])
        }
    }
}
