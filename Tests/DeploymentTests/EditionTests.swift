import Billing
import Deployment
import Testing

@Suite("A catalog in several currencies")
struct EditionTests {
    /// A price of every kind, with `§n§` for each amount.
    private static let template = """
        catalog: shop
        currency: §currency§
        meters:
          orders: {name: Orders, aggregate: sum, unit: {one: order, other: orders}}
          sales: {name: Sales, aggregate: sum, unit: {one: unit, other: units}, places: 2}
        plans:
          basic:
            name: Basic
            invoice: month
            versions:
              - from: 2020-01-01
                prices:
                  base: {name: Base, flat: {month: §1§, year: §2§}}
                  unit: {name: Unit, usage: orders, unit_price: §3§, maximum: §4§}
                  tiers: {name: Tiers, usage: orders, tiers: [{up_to: 10, unit_price: §5§, flat: §6§}, {unit_price: 0}]}
                  volume: {name: Volume, usage: orders, volume: [{up_to: 10, unit_price: §7§}, {unit_price: §8§}]}
                  steps: {name: Steps, usage: orders, stair_step: [{up_to: 10, amount: §9§}, {amount: §10§}]}
                  packs: {name: Packs, usage: orders, package: {size: 10, price: §11§}}
                  share: {name: Share, usage: sales, percentage: {percent: 2.9, fixed: §12§}}
                  least: {name: Least, minimum: §13§, on: [unit]}
                  off: {name: Off, discount: {amount: §14§}}
        """

    private static func read(_ currency: String, _ amount: (Int) -> String) throws -> Catalog {
        var text = template.replacing("§currency§", with: currency)
        for number in 1...14 { text = text.replacing("§\(number)§", with: amount(number)) }
        return try CatalogReader.read(text: text, file: "catalog.yaml").get()
    }

    /// Whole numbers, so that each of them is an amount in every currency.
    private static func amount(_ code: String, _ number: Int) -> String {
        let factor = ["USD": 7, "JPY": 1_100, "KWD": 2][code] ?? 1
        return "\(number * factor)"
    }

    @Test("Its edition in each currency is the catalog that has that currency alone")
    func editions() throws {
        let codes = ["USD", "JPY", "KWD"]
        let all = try Self.read("[USD, JPY, KWD]") { number in
            "{" + codes.reversed().map { "\($0): \(Self.amount($0, number))" }.joined(separator: ", ") + "}"
        }
        #expect(all.currencies.map(\.code) == codes)
        for code in codes {
            let alone = try Self.read(code) { Self.amount(code, $0) }
            var edition = try #require(all.edition(in: alone.currency))
            edition.editions = []
            #expect(edition == alone, "\(code)")
        }
        #expect(try all.edition(in: #require(Currency(code: "EUR"))) == nil)
    }

    @Test("With one currency a number and a mapping with that currency are the same")
    func one() throws {
        let plain = try Self.read("USD") { Self.amount("USD", $0) }
        #expect(try Self.read("USD") { "{USD: \(Self.amount("USD", $0))}" } == plain)
        #expect(try Self.read("[USD]") { "{USD: \(Self.amount("USD", $0))}" } == plain)
        #expect(plain.editions.isEmpty)
    }

    @Test("Nothing needs no currency")
    func nothing() throws {
        let all = try Self.read("[USD, JPY]") { _ in "0" }
        let japanese = try #require(all.editions.first)
        #expect(japanese.currency.code == "JPY")
        #expect(japanese.plans == all.plans)
    }
}
