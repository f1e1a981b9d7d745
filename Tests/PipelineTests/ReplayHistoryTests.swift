import Foundation
import Oracle
import TestSupport
import Testing

/// Histories from a seed in which not only counts change: members, carts, plans, ends, coupons, contracts and prices do as
/// well. After every night all invoices that there are come out again.
@Suite("Replay of random histories")
struct ReplayHistoryTests {
    /// Four that are always the same, and two that nobody has seen before; or the one of METERBOOK_TEST_SEED.
    static let seeds: [UInt64] = {
        if let given = ProcessInfo.processInfo.environment["METERBOOK_TEST_SEED"].flatMap({ UInt64($0) }) {
            return [given]
        }
        return (1...4) + (0..<2).map { _ in UInt64.random(in: 1_000...UInt64.max) }
    }()

    @Test("Whatever is corrected, changed or taken back: every invoice comes out as it was written", arguments: seeds)
    func history(seed: UInt64) async throws {
        print("history \(seed) (rerun with METERBOOK_TEST_SEED=\(seed))")
        try await withBooks { books in
            var play = try Play(books: books, random: SeededGenerator(seed: seed))
            try play.deploy()
            for night in 1...12 {
                try play.step()
                let replay = try books.meterbook("replay", "--all", "--workers", "1")
                #expect(replay.code == 0, "history \(seed), night \(night): \(replay.output)\(replay.errors)")
                if replay.code != 0 { break }
            }
            // What it is all about has happened; a fresh history may end its subscription at once.
            let fewest = seed < 1_000 ? 4 : 1
            #expect(
                try books.sql("SELECT count(*) >= \(fewest) FROM meterbook.invoice") == "t", "history \(seed)")
        }
    }
}

/// One history under way.
private struct Play {
    let books: Books
    var random: SeededGenerator
    private var day: Day
    private var counts: [String: Int] = [:]
    private var flows: [String: String] = [:]
    private var members = ["a,s,,", "b,s,,"]
    private var terms = (ends: "", contract: "", coupon: "", from: "")

    init(books: Books, random: SeededGenerator) throws {
        (self.books, self.random) = (books, random)
        day = try Day("2022-01-01")
    }

    /// Two plans with an allowance over three months, and other terms under a contract.
    private static let catalog: String = {
        func prices(_ base: String, _ order: String) -> String {
            """
                    prices:
                      base: {flat: {month: \(base), year: 1000.00}, name: Base, charged: in_advance, prorated: yes}
                      orders: {usage: orders, name: Orders, allowance: 30, per: 3 months, unit_price: \(order)}
                      flows: {usage: flows, name: Flows, allowance: 1, unit_price: 3.00}
                      listings: {usage: listings, name: Listings, allowance: 0, unit_price: 0.10}
            """
        }
        func plan(_ key: String, _ base: String, _ order: String) -> String {
            """
              \(key):
                name: \(key)
                invoice: month
                versions:
                  - from: 2020-01-01
            \(prices(base, order))
                      spring: {discount: {percent: 50}, name: Spring, coupon: SPRING}
                  - from: 2020-01-01
                    contract: acme
            \(prices(base, "0.05"))
            """
        }
        return """
            catalog: shop
            currency: USD
            meters:
              orders: {name: Orders, aggregate: sum, unit: {one: order, other: orders}}
              flows: {name: Flows, aggregate: peak, unit: {one: flow, other: flows}}
              listings: {name: Listings, aggregate: latest, unit: {one: listing, other: listings}}
            plans:
            \(plan("small", "100.00", "0.50"))
            \(plan("large", "160.00", "0.20"))

            """
    }()

    func deploy() throws {
        try books.folder.write(Self.catalog, to: "catalog.yaml")
        try books.folder.write(
            """
            sources:
              customers: {feeds: customers, file: customers.csv}
              subscriptions: {feeds: subscriptions, file: subscriptions.csv}
              accounts: {feeds: accounts, file: accounts.csv}
              memberships: {feeds: memberships, file: memberships.csv}
              counts: {feeds: readings, file: counts.csv}
              flows: {feeds: intervals, file: flows.csv, columns: {meter: {value: flows}}}
            """, to: "sources.yaml")
        try books.folder.write("customer\nc\n", to: "customers.csv")
        try books.folder.write("account\na\nb\n", to: "accounts.csv")
        try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
    }

    /// Something happens, and then a night.
    mutating func step() throws {
        day = day + Int.random(in: 3...45, using: &random)
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            switch Int.random(in: 0..<9, using: &random) {
            case 0...2: count()
            case 3: flow()
            case 4: member()
            case 5: term()
            case 6:
                try ask(
                    ["subscription", "change", "s", "--plan", ["small", "large"].randomElement(using: &random) ?? ""]
                        + (Bool.random(using: &random) ? ["--at", "now"] : []))
            case 7: try ask(["subscription", Bool.random(using: &random) ? "cancel" : "reactivate", "s"])
            default: try price()
            }
        }
        try write()
        let night = try books.attempt("nightly", "--as-of", "\(day)")
        // Corrections may be refused, row by row.
        guard night.code == 0 || night.code == 65 else { throw TestFailure("\(day): \(night.errors)\(night.output)") }
    }

    /// A command, which may be refused as well.
    private mutating func ask(_ words: [String]) throws {
        let outcome = try Program.meterbook.run(
            words + ["--as-of", "\(day)", "--database", books.conninfo(for: words)])
        guard [0, 64, 65].contains(outcome.code) else { throw TestFailure("\(words): \(outcome.errors)") }
    }

    private mutating func past() -> Day { day + -Int.random(in: 1...100, using: &random) }

    private mutating func count() {
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            let account = ["a", "b"].randomElement(using: &random) ?? ""
            let meter = ["orders", "orders", "listings"].randomElement(using: &random) ?? ""
            counts["\(account),shop,\(meter),\(past())"] = Int.random(in: 0...25, using: &random)
        }
    }

    private mutating func flow() {
        let account = ["a", "b"].randomElement(using: &random) ?? ""
        let on = past()
        flows["\(account),flow\(Int.random(in: 1...4, using: &random)),\(on)T10:00:00Z"] =
            Bool.random(using: &random) ? "" : "\(on + Int.random(in: 0...30, using: &random))T12:00:00Z"
    }

    private mutating func member() {
        let until = day + Int.random(in: -40...60, using: &random)
        members[1] = Bool.random(using: &random) ? "b,s,," : "b,s,,\(until)"
    }

    private mutating func term() {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: terms.ends = "\(day + Int.random(in: 20...90, using: &random))"
        case 1: terms.ends = ""
        case 2: (terms.coupon, terms.from) = ("SPRING", "\(day)")
        default: terms.contract = "acme"
        }
    }

    private mutating func price() throws {
        let price = "0.\(Int.random(in: 11...99, using: &random))"
        try books.rewrite("catalog.yaml") { line in
            guard line.contains("usage: orders"), !line.contains("0.05"), let colon = line.range(of: "unit_price: ")
            else { return String(line) }
            return line[..<colon.upperBound] + price + "}"
        }
        try books.run("catalog", "apply", books.folder.path + "/catalog.yaml")
    }

    private func write() throws {
        func file(_ name: String, _ header: String, _ rows: [String]) throws {
            try books.folder.write(([header] + rows.sorted()).joined(separator: "\n") + "\n", to: name)
        }
        try file("counts.csv", "account,channel,meter,day,quantity", counts.map { "\($0),\($1)" })
        try file("flows.csv", "account,channel,on,off", flows.map { "\($0),\($1)" })
        try file("memberships.csv", "account,subscription,from,until", members)
        try file(
            "subscriptions.csv", "subscription,plan,anchor,cadence,customer,ends,contract,coupon,coupon_from",
            ["s,small,2022-01-01,month,c,\(terms.ends),\(terms.contract),\(terms.coupon),\(terms.from)"])
    }
}
