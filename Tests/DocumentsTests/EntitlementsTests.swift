import Billing
import Foundation
import Testing

import Documents

@Suite("Entitlements")
struct EntitlementsTests {
    private static func meter(_ key: String, _ unit: UnitName, places: Int = 0) -> Meter {
        Meter(key: key, name: key, aggregate: .max, unit: unit, places: places)
    }

    private func statement() throws -> EntitlementStatement {
        EntitlementStatement(
            subscription: "northwind-silver", customer: "northwind", customerName: "Northwind Traders", plan: "silver",
            planName: "Silver", asOf: try Fixture.day("2022-02-20"),
            period: try Fixture.range("2022-02-10", "2022-03-10"),
            entitlements: [
                .init(
                    Entitlement(key: "channels", name: "Selling channels", value: .limit(2), meter: "channels"),
                    meter: Self.meter("channels", UnitName(one: "channel", other: "channels")), use: 3),
                .init(
                    Entitlement(key: "users", name: "Users", value: .unlimited, meter: "seats"),
                    meter: Self.meter("seats", UnitName(one: "user", other: "users")), use: 1_200),
                .init(Entitlement(key: "api", name: "API", value: .flag(false)), meter: nil, use: nil),
                .init(Entitlement(key: "support", name: "Support", value: .text("2 hours")), meter: nil, use: nil),
                // 12.50 of 10.
                .init(
                    Entitlement(key: "storage", name: "Storage", value: .limit(10), meter: "disk"),
                    meter: Self.meter("disk", UnitName(one: "gigabyte", other: "gigabytes"), places: 2), use: 1_250),
            ])
    }

    @Test("The page shows each limit, what is used of it and what goes beyond it, and says what nobody counts")
    func text() throws {
        #expect(
            EntitlementsText.render(try statement()) == """
                Entitlements of northwind-silver                                   on 2022-02-20
                Northwind Traders (northwind)
                plan Silver                              billing period 2022-02-10 to 2022-03-09

                Entitlement       Limit      Use             Excess
                ----------------  ---------  --------------  ------
                Selling channels  2          3 channels           1
                Users             unlimited  1,200 users
                API               no         not metered
                Support           2 hours    not metered
                Storage           10         12.5 gigabytes     2.5

                """)
    }

    @Test("The JSON has exact quantities, and no use where nothing is counted")
    func json() throws {
        #expect(
            EntitlementsJSON.render(try statement(), .compact)
                == #"""
                {"schema":"meterbook.entitlements/1","subscription":"northwind-silver","customer":"northwind",\#
                "customer_name":"Northwind Traders","plan":"silver","plan_name":"Silver","as_of":"2022-02-20",\#
                "period":{"start":"2022-02-10","end":"2022-03-10"},\#
                "entitlements":[{"key":"channels","name":"Selling channels","kind":"limit","value":2,"metered":true,\#
                "meter":"channels","unit":{"one":"channel","other":"channels"},"use":3,"excess":1},\#
                {"key":"users","name":"Users","kind":"unlimited","metered":true,\#
                "meter":"seats","unit":{"one":"user","other":"users"},"use":1200},\#
                {"key":"api","name":"API","kind":"flag","value":false,"metered":false},\#
                {"key":"support","name":"Support","kind":"text","value":"2 hours","metered":false},\#
                {"key":"storage","name":"Storage","kind":"limit","value":10,"metered":true,\#
                "meter":"disk","unit":{"one":"gigabyte","other":"gigabytes"},"use":"12.50","excess":"2.50"}]}

                """#)
    }

    @Test("Outside its billing periods a subscription uses nothing, and nothing is said of an excess")
    func noPeriod() throws {
        var statement = try statement()
        statement.period = nil
        statement.entitlements = [statement.entitlements[0]]
        statement.entitlements[0].use = nil
        let text = EntitlementsText.render(statement)
        #expect(text.contains("plan Silver" + "no billing period".aligned(to: 69)))
        #expect(text.hasSuffix("Selling channels  2      no billing period\n"))
        let json = try parse(EntitlementsJSON.render(statement))
        let entitlements = try #require(json["entitlements"] as? [[String: Any]])
        #expect(json["period"] == nil && entitlements[0]["use"] == nil && entitlements[0]["excess"] == nil)
        #expect(entitlements[0]["meter"] as? String == "channels")
        statement.entitlements = []
        #expect(EntitlementsText.render(statement).hasSuffix("\n\nThe plan names no entitlements.\n"))
    }

    @Test("The page fits 80 columns, whatever its data", arguments: Fixture.hostile)
    func hostile(text: String) throws {
        var statement = try statement()
        (statement.subscription, statement.customer, statement.customerName) = (text, text, text)
        statement.planName = text
        let meter = Self.meter("disk", UnitName(one: text, other: text))
        statement.entitlements = [
            .init(Entitlement(key: "a", name: text, value: .limit(0), meter: "disk"), meter: meter, use: .max),
            .init(Entitlement(key: "b", name: text, value: .text(text)), meter: nil, use: nil),
        ]
        expectReadable(EntitlementsText.render(statement), text)
        _ = try parse(EntitlementsJSON.render(statement))
    }
}
