import Foundation
import Oracle
import TestSupport
import Testing

/// The orders of CDNOW under plans that follow the mean of three months: every stored decision, and every invoice, against
/// an implementation of its own that takes the days straight from the CSV.
@Suite("Decisions on CDNOW")
struct DecisionOracleTests {
    /// Who orders nothing in three months, at most one a month, or more.
    private static let catalog = """
        catalog: averages
        currency: USD
        meters:
          orders: {name: Orders, aggregate: sum, unit: {one: order, other: orders}}
        decisions:
          average:
            name: Orders a month
            meters: [orders]
            window: 3 months
            aggregate: mean
            ladder: {monthly: 0, active: 1, heavy: unlimited}
            day: 5
        plans:
          monthly: {name: Idle, invoice: month, versions: [{from: 1990-01-01, prices: {base: {name: Base, flat: {month: 5.00}, charged: in_advance}}}]}
          active: {name: Active, invoice: month, versions: [{from: 1990-01-01, prices: {base: {name: Base, flat: {month: 10.00}, charged: in_advance}}}]}
          heavy: {name: Heavy, invoice: month, versions: [{from: 1990-01-01, prices: {base: {name: Base, flat: {month: 20.00}, charged: in_advance}}}]}
        """
    private static let ladder = ["monthly", "active", "heavy"]
    private static let prices = ["5.00", "10.00", "20.00"]

    /// What becomes of one customer, from the days of his orders.
    private struct Customer {
        let first: Day
        let orders: [(day: Day, count: Int)]
    }

    /// The decisions as `month plan outcome target counted` and the invoices as `date amount`.
    private static func play(_ customer: Customer, nights: [Day]) -> (decisions: [String], invoices: [String]) {
        var plan = 0
        var pending: (day: Day, plan: Int)?
        var decisions: [String] = []
        var invoices: [String] = []
        var boundary = 0
        for night in nights {
            // Everything in advance: an invoice on the first day and on each day after a month.
            while customer.first.later(months: boundary) <= night {
                let day = customer.first.later(months: boundary)
                if let change = pending, change.day <= day { (plan, pending) = (change.plan, nil) }
                invoices.append("\(day) \(prices[plan])")
                boundary += 1
            }
            guard customer.first <= night else { continue }
            let isWhole = customer.first.day == 1
            let complete = night.monthNumber - customer.first.monthNumber - (isWhole ? 0 : 1)
            let window = (0..<min(3, max(0, complete))).map { night.monthNumber - 1 - $0 }.reversed()
            let counted = window.map { month in
                customer.orders.filter { $0.day.monthNumber == month }.reduce(0) { $0 + $1.count }
            }
            var (outcome, target) = ("stays", plan)
            if counted.count == 3 {
                let sum = counted.reduce(0, +)
                target = sum == 0 ? 0 : sum <= 3 ? 1 : 2
                outcome = target > plan ? "up" : target < plan ? "down" : "stays"
            }
            decisions.append(
                "\(night.description.prefix(8))01|\(ladder[plan])|\(outcome)|"
                    + "\(outcome == "stays" ? "" : ladder[target])|{\(counted.map(String.init).joined(separator: ","))}"
            )
            if outcome != "stays" { pending = (customer.first.later(months: boundary), target) }
        }
        return (decisions, invoices)
    }

    @Test("Every decision on 23,570 subscriptions over 18 months, and every invoice, is what their days come to")
    func everyDecision() async throws {
        try await withBooks { books in
            var subscribers: [Substring: Day] = [:]
            for line in try CDNOW.lines("subscribers").dropFirst() {
                let fields = line.split(separator: ",")
                subscribers[fields[0]] = try Day(fields[1])
            }
            var orders: [Substring: [(day: Day, count: Int)]] = [:]
            for line in try CDNOW.lines("orders").dropFirst() {
                let fields = line.split(separator: ",")
                orders[fields[0], default: []].append((try Day(fields[1]), try #require(Int(fields[2]))))
            }
            #expect(subscribers.count == 23_570)
            let nights = try (1...18).map { try Day("1997-01-05").later(months: $0) }

            try books.folder.write(Self.catalog, to: "catalog.yaml")
            let sources = try Books.text(of: CDNOW.example + "/sources.yaml")
            try books.folder.write(sources.replacing("data/", with: CDNOW.example + "/data/"), to: "sources.yaml")
            try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
            for night in nights { try books.job("nightly", "--as-of", "\(night)") }

            var decided: [Substring: [String]] = [:]
            let stored = try books.sql(
                """
                SELECT s.key, d.month, p.key, d.outcome, CASE WHEN d.outcome = 'stays' THEN '' ELSE t.key END, d.counted
                FROM meterbook.decision AS d
                JOIN meterbook.subscription AS s USING (customer_id, subscription_id)
                JOIN meterbook.plan AS p ON p.plan_id = d.plan_id
                LEFT JOIN meterbook.plan AS t ON t.plan_id = d.target_plan_id
                ORDER BY s.key, d.month
                """)
            for row in stored.split(separator: "\n") {
                let key = row.prefix { $0 != "|" }
                decided[key, default: []].append(String(row.dropFirst(key.count + 1)))
            }
            var invoiced: [Substring: [String]] = [:]
            let invoices = try books.sql(
                """
                SELECT s.key, i.period_ends, i.total FROM meterbook.invoice AS i
                JOIN meterbook.subscription AS s USING (customer_id, subscription_id) ORDER BY s.key, i.period_ends
                """)
            for row in invoices.split(separator: "\n") {
                let fields = row.split(separator: "|")
                let cents = try #require(Int(fields[2]))
                invoiced[fields[0], default: []].append("\(fields[1]) \(cents / 100).\(cents % 100 == 0 ? "00" : "??")")
            }
            var differences = 0
            var changes = 0
            for (key, first) in subscribers {
                let expected = Self.play(Customer(first: first, orders: orders[key] ?? []), nights: nights)
                changes += expected.decisions.count { !$0.contains("|stays|") }
                if decided[key] != expected.decisions || invoiced[key] != expected.invoices {
                    differences += 1
                    if differences <= 3 {
                        Issue.record(
                            "\(key) from \(first): \(decided[key] ?? []) \(invoiced[key] ?? []), not \(expected)")
                    }
                }
            }
            #expect(differences == 0)
            #expect(changes > 20_000)
            #expect(try books.agree())
        }
    }
}

extension Day {
    /// Months since the year 0.
    fileprivate var monthNumber: Int { year * 12 + month - 1 }
}
