import Foundation
import TestSupport
import Testing

/// Counts that arrive, or change, after their period was closed.
///
/// Every case runs the same way: a year on the terms of 2022 (12,000 included, 0.10 beyond), all 12,000 used up in the
/// first month and 100 orders a month after it; then February's count changes, and changes again.
@Suite("Late usage")
struct LateUsageTests {
    private static let months = [
        "2022-06", "2022-07", "2022-08", "2022-09", "2022-10", "2022-11", "2022-12", "2023-01", "2023-02", "2023-03",
        "2023-04", "2023-05", "2023-06",
    ]

    private static func prepare(_ books: Books, _ counts: [Int]) throws {
        try books.deploy(Subscriber("northwind", anchor: "2022-06-01"))
        try write(books, counts)
    }

    /// A count for the tenth day of each month.
    private static func write(_ books: Books, _ counts: [Int]) throws {
        try books.write(zip(months, counts).map { Count("\($0)-10", $1) }, to: "all.csv")
    }

    @Test(
        "A change that arrives 1, 3 or 11 periods late is one line for the difference",
        arguments: [1, 3, 11], [-150, -40, 40, 12_000])
    func oneChange(periods: Int, change: Int) async throws {
        try await withBooks { books in
            // July holds what is changed: 150 orders, all charged.
            var counts = [12_000, 150, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 0]
            try Self.prepare(books, counts)
            let closed = Self.months[1 + periods]
            try books.job("nightly", "--as-of", "\(closed)-01")
            counts[1] += change
            try Self.write(books, counts)
            let pulled = try JSON(books.job("pull", "--as-of", "\(closed)-02", "--json"))
            #expect(try pulled.list("pulls").last?.number("late_totals") == 1)
            #expect(try books.agree())
            let next = periods == 11 ? "2023-07-01" : "\(Self.months[2 + periods])-01"
            try books.job("nightly", "--as-of", next)

            let corrections = try books.invoices().flatMap { invoice in
                invoice.lines.filter { $0.kind == "correction" }.map { (invoice.reference, $0) }
            }
            #expect(corrections.map(\.0) == ["northwind/\(next)"])
            #expect(
                corrections.map(\.1) == [
                    .correction(
                        "2022-07-01", "2022-08-01", change, before: 12_000, threshold: 12_000, billable: change,
                        cents: change * 10, of: "northwind/2022-08-01#2")
                ])
            #expect(try books.agree())
            // All invoices together charge the final readings once.
            try books.job("nightly", "--as-of", "2023-07-01")
            #expect(try books.invoices().usageCents == (counts.reduce(0, +) - 12_000) * 10)
            #expect(try books.sql("SELECT count(*) FROM meterbook.late_usage") == "0")
        }
    }

    @Test("A change below the allowance moves the lines of the later months as well")
    func shiftedMonths() async throws {
        try await withBooks { books in
            var counts = [11_900, 150, 100]
            try Self.prepare(books, counts)
            try books.job("nightly", "--as-of", "2022-09-01")
            #expect(try books.invoices().map(\.usageCents) == [0, 500, 1_000])
            counts[0] = 11_800
            try Self.write(books, counts)
            try books.job("nightly", "--as-of", "2022-10-01")
            // June charged nothing and still does; July charged 50 of its 150, of which none is beyond the limit now; and
            // August charged 100, of which 50 are.
            #expect(
                try books.invoices().ended("2022-10-01").lines.dropFirst(2) == [
                    .correction(
                        "2022-06-01", "2022-07-01", -100, before: 0, threshold: 12_000, billable: 0, cents: 0,
                        of: "northwind/2022-07-01#2"),
                    .correction(
                        "2022-07-01", "2022-08-01", 0, before: 11_800, threshold: 12_000, billable: -50, cents: -500,
                        of: "northwind/2022-08-01#2"),
                    .correction(
                        "2022-08-01", "2022-09-01", 0, before: 11_950, threshold: 12_000, billable: -50, cents: -500,
                        of: "northwind/2022-09-01#2"),
                ])
            #expect(try books.invoices().usageCents == 500)
            #expect(try books.agree())
        }
    }

    @Test("Corrections of corrections add up to the final readings, whatever the order of the changes")
    func telescope() async throws {
        try await withBooks { books in
            var counts = [12_000, 150, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100]
            try Self.prepare(books, counts)
            // A month and a new count for it, before each close.
            let changes: [(month: Int, count: Int)] = [
                (0, 12_400), (0, 11_900), (1, 0), (1, 170), (0, 12_000), (2, 5), (4, 600), (2, 100), (0, 12_001),
                (1, 150),
            ]
            for (index, change) in changes.enumerated() {
                try books.job("nightly", "--as-of", "\(Self.months[index + 2])-01")
                #expect(try books.agree())
                let closed = try books.run("invoice", "export")
                if change.month < index + 2 { counts[change.month] = change.count }
                try Self.write(books, counts)
                try books.job("nightly", "--as-of", "\(Self.months[index + 2])-15")
                #expect(try books.agree())
                // What was invoiced is never touched.
                #expect(try books.run("invoice", "export") == closed)
            }
            try books.job("nightly", "--as-of", "2023-06-01")
            #expect(try books.agree())
            let invoices = try books.invoices()
            #expect(invoices.count == 12)
            // 12,001 + 150 + 100 + 100 + 600 + 7 × 100 = 13,651, of which 1,651 lie beyond the limit.
            #expect(counts.reduce(0, +) == 13_651)
            #expect(invoices.usageCents == 16_510)
            let lines = invoices.flatMap(\.lines).filter { $0.kind != "flat" }
            #expect(lines.reduce(0) { $0 + $1.quantity } == 13_651)
            #expect(lines.reduce(0) { $0 + $1.billable } == 1_651)
            #expect(lines.filter { $0.corrects == "northwind/2022-07-01#2" }.count >= 3)
        }
    }

    @Test("Changes of the open period are no late usage")
    func openPeriod() async throws {
        try await withBooks { books in
            var counts = [12_000, 150]
            try Self.prepare(books, counts)
            try books.job("nightly", "--as-of", "2022-07-15")
            counts[1] = 120
            try Self.write(books, counts)
            let pulled = try JSON(books.job("nightly", "--as-of", "2022-07-20", "--json"))
            #expect(try pulled.list("pulls").last?.number("changed") == 1)
            #expect(try pulled.list("pulls").last?.number("late_totals") == 0)
            try books.job("nightly", "--as-of", "2022-08-01")
            #expect(
                try books.invoices().ended("2022-08-01").lines.last
                    == .usage(
                        "2022-07-01", "2022-08-01", 120, before: 12_000, threshold: 12_000, billable: 120, cents: 1_200)
            )
        }
    }

    @Test("Counts from before the first billed day change the count of the year, and no invoice of their own")
    func beforeStart() async throws {
        try await withBooks { books in
            try books.deploy(Subscriber("northwind", anchor: "2022-06-01", starts: "2022-09-01"))
            try books.write([Count("2022-07-01", 11_990), Count("2022-09-01", 20)], to: "all.csv")
            try books.job("nightly", "--as-of", "2022-10-01")
            #expect(
                try books.invoices().map(\.lines.last) == [
                    .usage(
                        "2022-09-01", "2022-10-01", 20, before: 11_990, threshold: 12_000, billable: 10, cents: 100)
                ])
            #expect(try books.agree())
            // They are restated after September is closed: the line of September changes with them.
            try books.write([Count("2022-07-01", 11_995), Count("2022-09-01", 20)], to: "all.csv")
            try books.job("nightly", "--as-of", "2022-11-01")
            #expect(try books.invoices().usageCents == 150)
            #expect(try books.agree())
        }
    }

    @Test("Late counts of a subscription that has ended are billed by one more invoice, which charges nothing else")
    func ended() async throws {
        try await withBooks { books in
            try books.deploy(Subscriber("northwind", anchor: "2022-06-01", ends: "2022-09-01"), .legacy("harbor"))
            try Self.write(books, [12_000, 150, 100, 0])
            try books.job("nightly", "--as-of", "2022-09-01")
            #expect(try books.sql("SELECT count(*) FROM meterbook.open_period") == "1")
            #expect(try books.invoices().map(\.usageCents) == [0, 1_500, 1_000])
            #expect(try books.agree())

            // 20 more for July; what is counted after the end is not charged.
            try Self.write(books, [12_000, 170, 100, 5])
            try books.job("nightly", "--as-of", "2022-09-20")
            #expect(try books.agree())
            #expect(try !books.usage(asOf: "2022-09-20").keys.contains("period"))
            try books.job("nightly", "--as-of", "2022-10-20")
            #expect(try books.agree())
            #expect(
                try books.invoices().last?.lines == [
                    .correction(
                        "2022-07-01", "2022-08-01", 20, before: 12_000, threshold: 12_000, billable: 20, cents: 200,
                        of: "northwind/2022-08-01#2")
                ])
            #expect(try books.sql("SELECT count(*) FROM meterbook.open_period") == "1")

            // Months later the count goes down, below what the first invoice charged.
            try Self.write(books, [12_000, 140, 100, 5])
            try books.job("nightly", "--as-of", "2023-03-20")
            #expect(try books.agree())
            let invoices = try books.invoices()
            #expect(
                invoices.map(\.reference) == [
                    "northwind/2022-07-01", "northwind/2022-08-01", "northwind/2022-09-01", "northwind/2022-10-01",
                    "northwind/2022-11-01",
                ])
            #expect(
                invoices.last?.lines == [
                    .correction(
                        "2022-07-01", "2022-08-01", -30, before: 12_000, threshold: 12_000, billable: -30, cents: -300,
                        of: "northwind/2022-08-01#2")
                ])
            #expect(invoices.usageCents == 2_400)
            let settled = try books.hash()
            try books.job("nightly", "--as-of", "2023-03-20")
            #expect(try books.hash() == settled)
            #expect(try books.run("reconcile", "--json").contains("\"after_end\": 5"))
        }
    }

    @Test("Late counts that wait when the subscription is ended are billed all the same")
    func endedWhileWaiting() async throws {
        try await withBooks { books in
            try books.deploy(Subscriber("northwind", anchor: "2022-06-01"))
            try Self.write(books, [12_000, 150])
            try books.job("nightly", "--as-of", "2022-08-01")
            try Self.write(books, [12_000, 170])
            try books.write([Subscriber("northwind", anchor: "2022-06-01", ends: "2022-08-01")])
            try books.job("pull", "--source", "orders", "--as-of", "2022-08-02")
            try books.job("pull", "--source", "subscriptions", "--as-of", "2022-08-02")
            #expect(try books.sql("SELECT count(*) FROM meterbook.open_period") == "0")
            try books.job("nightly", "--as-of", "2022-09-01")
            #expect(try books.invoices().map(\.usageCents) == [0, 1_500, 200])
            #expect(try books.invoices().last?.cents == 200)
            #expect(try books.agree())
        }
    }

    @Test("An allowance period that an earlier catalog counted over is rated again as a whole")
    func shorterAllowancePeriod() async throws {
        try await withBooks { books in
            let yearly = try String(contentsOfFile: Books.connexCatalog, encoding: .utf8)
            let monthly = yearly.replacingOccurrences(of: "per: year", with: "per: month")
            try books.deploy(Subscriber("northwind", anchor: "2022-06-01"))
            try Self.write(books, [11_900, 150, 100])
            try books.job("nightly", "--as-of", "2022-09-01")
            try books.run("catalog", "apply", books.folder.write(monthly, to: "monthly.yaml"))
            // The period that is open now was opened on the monthly terms.
            try books.job("nightly", "--as-of", "2022-10-01")
            try Self.write(books, [11_900, 150, 110])
            try books.job("nightly", "--as-of", "2022-11-01")
            #expect(
                try books.invoices().last?.lines.dropFirst(2) == [
                    .correction(
                        "2022-08-01", "2022-09-01", 10, before: 12_050, threshold: 12_000, billable: 10, cents: 100,
                        of: "northwind/2022-09-01#2")
                ])
            #expect(try books.agree())
        }
    }

    @Test("A catalog that counts over a longer allowance period reaches back to its beginning")
    func longerAllowancePeriod() async throws {
        try await withBooks { books in
            let yearly = try String(contentsOfFile: Books.connexCatalog, encoding: .utf8)
            let monthly = yearly.replacingOccurrences(of: "per: year", with: "per: month")
            try books.deploy(
                [Subscriber("northwind", anchor: "2022-06-01")],
                catalog: books.folder.write(monthly, to: "monthly.yaml"))
            try Self.write(books, [11_900, 150, 100, 30])
            try books.job("nightly", "--as-of", "2022-09-01")
            try books.run("catalog", "apply", Books.connexCatalog)
            try books.job("nightly", "--as-of", "2022-10-01")
            // 12,150 until the end of August.
            #expect(
                try books.invoices().last?.lines.last
                    == .usage(
                        "2022-09-01", "2022-10-01", 30, before: 12_150, threshold: 12_000, billable: 30, cents: 300))
        }
    }
}
