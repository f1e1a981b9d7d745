import Billing
import Foundation
import Testing

import Documents

@Suite("Usage")
struct UsageTests {
    private func usage(overAmount: Int64? = 15_000) throws -> UsageStatement {
        UsageStatement(
            subscription: "northwind-silver", customer: "northwind", customerName: "Northwind Traders", plan: "silver",
            planName: "Silver", asOf: try Fixture.day("2022-02-20"), currency: try Fixture.currency("USD"),
            period: try Fixture.range("2022-02-10", "2022-03-10"),
            allowances: [
                .init(
                    price: "orders", name: "Orders over the limit", meter: "orders", unit: Fixture.orders,
                    allowance: 12_000, period: try Fixture.range("2021-06-10", "2022-06-10"), counted: 16_500,
                    threshold: 15_000, alreadyPaid: 3_000, left: 0, over: 1_500, overAmount: overAmount,
                    sources: [
                        .init(
                            account: "nw-1", channel: "shop", quantity: 16_000, lastDay: try Fixture.day("2022-02-19")),
                        .init(
                            account: "nw-1", channel: "market", quantity: 500, lastDay: try Fixture.day("2022-01-03")),
                    ])
            ],
            entitlements: [
                Entitlement(key: "channels", name: "Selling channels", value: .limit(5_000)),
                Entitlement(key: "users", name: "Users", value: .unlimited),
                Entitlement(key: "api", name: "API", value: .flag(false)),
                Entitlement(key: "support", name: "Support", value: .text("2 hours")),
            ])
    }

    @Test("The account page shows what is counted, left and over, and where it came from")
    func text() throws {
        #expect(
            UsageText.render(try usage(), plain: true) == """
                Usage of northwind-silver                                          on 2022-02-20
                Northwind Traders (northwind)
                plan Silver                                 open period 2022-02-10 to 2022-03-09

                Orders over the limit                                   2021-06-10 to 2022-06-09
                  [##############################]  16,500 of 15,000
                  counted        16,500 orders
                  included       12,000 orders
                  already paid   3,000 orders more
                  left           0 orders
                  over           1,500 orders: 150.00 USD
                  resets on      2022-06-10

                  Account  Channel  Counted  Last day
                  -------  -------  -------  ----------
                  nw-1     shop      16,000  2022-02-19
                  nw-1     market       500  2022-01-03

                Entitlements
                  Selling channels  5,000
                  Users             unlimited
                  API               no
                  Support           2 hours

                """)
    }

    @Test(
        "The bar is full only when nothing is left, and shows the first unit",
        arguments: [
            (0, 100, 0), (1, 100, 1), (50, 100, 15), (99, 100, 29), (100, 100, 30), (250, 100, 30), (0, 0, 30),
            (Int64.max - 1, Int64.max, 29), (Int64.min, 100, 0),
        ])
    func bar(counted: Int64, threshold: Int64, cells: Int) {
        let plain = UsageText.bar(counted: counted, threshold: threshold, plain: true)
        #expect(plain == "[" + String(repeating: "#", count: cells) + String(repeating: ".", count: 30 - cells) + "]")
        let blocks = UsageText.bar(counted: counted, threshold: threshold, plain: false)
        #expect(blocks == String(repeating: "█", count: cells) + String(repeating: "░", count: 30 - cells))
    }

    @Test("Where nothing is sold beyond the limit, no cost is shown, and JSON has none")
    func notSold() throws {
        let usage = try usage(overAmount: nil)
        #expect(UsageText.render(usage).contains("over           1,500 orders: nothing is sold beyond the limit"))
        let allowances = try #require(try parse(UsageJSON.render(usage))["allowances"] as? [[String: Any]])
        #expect(allowances[0]["over_amount"] == nil && allowances[0]["over"] as? Int == 1_500)
    }

    @Test("A subscription that has ended has no open period")
    func ended() throws {
        var usage = try usage()
        usage.period = nil
        #expect(UsageText.render(usage).contains("plan Silver" + "ended, no open period".aligned(to: 69)))
        #expect(try parse(UsageJSON.render(usage))["period"] == nil)
    }

    @Test("The JSON of the account page")
    func json() throws {
        #expect(
            UsageJSON.render(try usage(), .compact)
                == #"""
                {"schema":"meterbook.usage/1","subscription":"northwind-silver","customer":"northwind",\#
                "customer_name":"Northwind Traders","plan":"silver","plan_name":"Silver","as_of":"2022-02-20",\#
                "currency":"USD","period":{"start":"2022-02-10","end":"2022-03-10"},\#
                "allowances":[{"price":"orders","name":"Orders over the limit","meter":"orders",\#
                "unit":{"one":"order","other":"orders"},"allowance":12000,\#
                "period":{"start":"2021-06-10","end":"2022-06-10"},"resets_on":"2022-06-10","counted":16500,\#
                "threshold":15000,"already_paid":3000,"left":0,"over":1500,"over_amount":"150.00",\#
                "sources":[{"account":"nw-1","channel":"shop","quantity":16000,"last_day":"2022-02-19"},\#
                {"account":"nw-1","channel":"market","quantity":500,"last_day":"2022-01-03"}]}],\#
                "entitlements":[{"key":"channels","name":"Selling channels","kind":"limit","value":5000},\#
                {"key":"users","name":"Users","kind":"unlimited"},\#
                {"key":"api","name":"API","kind":"flag","value":false},\#
                {"key":"support","name":"Support","kind":"text","value":"2 hours"}]}

                """#)
    }

    @Test("The account page fits 80 columns, whatever its data", arguments: Fixture.hostile)
    func hostile(text: String) throws {
        let day = try Fixture.day("2022-02-20")
        let usage = UsageStatement(
            subscription: text, customer: text, customerName: text, plan: text, planName: text, asOf: day,
            currency: try Fixture.currency("KWD"), period: nil,
            allowances: [
                .init(
                    price: text, name: text, meter: text, unit: UnitName(one: text, other: text), allowance: .max,
                    period: try Fixture.range("2021-06-10", "2022-06-10"), counted: .max, threshold: .max,
                    alreadyPaid: .max, left: .max, over: .max, overAmount: .min,
                    sources: [.init(account: text, channel: text, quantity: .max, lastDay: day)])
            ],
            entitlements: [
                Entitlement(key: text, name: text, value: .limit(.max)),
                Entitlement(key: text, name: text, value: .text(text)),
            ])
        expectReadable(UsageText.render(usage, plain: true), text)
        expectReadable(UsageText.render(usage), text)
        let json = try parse(UsageJSON.render(usage))
        #expect((json["plan_name"] as? String).map { Array($0.utf8) } == Array(text.utf8))
    }
}
