import Billing
import Foundation
import Testing

import Documents

@Suite("Eligibility")
struct EligibilityTests {
    private static func finding(
        _ key: String, _ name: String, _ unit: UnitName, _ figure: Int64?, _ bound: EligibilityCondition.Bound,
        _ number: Int64, days: Int? = nil, places: Int = 0
    ) throws -> Eligibility.Finding {
        let condition = EligibilityCondition(
            key: key, name: name, meter: key, days: days, bound: bound, number: number)
        let asOf = try Fixture.day("2024-01-05")
        return Eligibility.Finding(
            condition, meter: Meter(key: key, name: key, aggregate: .latest, unit: unit, places: places),
            window: try #require(condition.window(on: asOf)), figure: figure)
    }

    private func statement(_ findings: [Eligibility.Finding]) throws -> EligibilityStatement {
        EligibilityStatement(
            subscription: "wren", customer: "wren", customerName: "Wren Cards", plan: "free", planName: "Free",
            asOf: try Fixture.day("2024-01-05"), eligibility: Eligibility(findings: findings))
    }

    private func refused() throws -> EligibilityStatement {
        try statement([
            Self.finding(
                "orders", "Orders in the last 30 days", UnitName(one: "order", other: "orders"), 620, .below, 500,
                days: 30),
            Self.finding("products", "Products", UnitName(one: "product", other: "products"), 1_000, .most, 1_000),
            Self.finding("api_keys", "Active API keys", UnitName(one: "API key", other: "API keys"), 1, .most, 0),
            Self.finding(
                "employees", "Employee accounts", UnitName(one: "employee account", other: "employee accounts"), nil,
                .most, 0),
            Self.finding("disk", "Storage", UnitName(one: "GB", other: "GB"), 1_250, .least, 2, places: 2),
        ])
    }

    @Test("The page shows every condition with what was found, and ends with all reasons")
    func text() throws {
        #expect(
            EligibilityText.render(try refused()) == """
                Free for wren                                                      on 2024-01-05
                Wren Cards (wren)

                Condition                   Found           Asked for      Met
                --------------------------  --------------  -------------  ---
                Orders in the last 30 days  620 orders      below 500      no
                Products                    1,000 products  at most 1,000  yes
                Active API keys             1 API key       at most 0      no
                Employee accounts           not known       at most 0      no
                Storage                     12.5 GB         at least 2     yes

                Orders in the last 30 days: counted 2023-12-06 to 2024-01-04.
                wren may not choose Free for 3 reasons: Orders in the last 30 days: 620 orders,
                  not below 500; Active API keys: 1 API key, more than 0; Employee accounts: not
                  known, since nothing of the meter 'employees' was ever delivered.

                """)
    }

    @Test("The JSON has exact figures, and none where it is not known")
    func json() throws {
        var statement = try refused()
        statement.eligibility.findings.remove(at: 1)
        statement.eligibility.findings.remove(at: 1)
        #expect(
            EligibilityJSON.render(statement, .compact)
                == #"""
                {"schema":"meterbook.eligibility/1","subscription":"wren","customer":"wren",\#
                "customer_name":"Wren Cards","plan":"free","plan_name":"Free","as_of":"2024-01-05","eligible":false,\#
                "conditions":[{"key":"orders","name":"Orders in the last 30 days","meter":"orders",\#
                "unit":{"one":"order","other":"orders"},"days":{"start":"2023-12-06","end":"2024-01-05"},\#
                "figure":620,"bound":"below","number":500,"met":false},\#
                {"key":"employees","name":"Employee accounts","meter":"employees",\#
                "unit":{"one":"employee account","other":"employee accounts"},\#
                "days":{"start":"2024-01-05","end":"2024-01-06"},"bound":"most","number":0,"met":false},\#
                {"key":"disk","name":"Storage","meter":"disk","unit":{"one":"GB","other":"GB"},\#
                "days":{"start":"2024-01-05","end":"2024-01-06"},"figure":"12.50","bound":"least","number":2,\#
                "met":true}]}

                """#)
    }

    @Test("Who may is told so in one sentence")
    func eligible() throws {
        let met = try Self.finding("a", "A", UnitName(one: "unit", other: "units"), 4, .above, 3)
        func verdict(_ findings: [Eligibility.Finding]) throws -> Substring? {
            EligibilityText.render(try statement(findings)).split(separator: "\n").last
        }
        #expect(try verdict([met, met]) == "wren may choose Free: all 2 conditions are met.")
        #expect(try verdict([met]) == "wren may choose Free: its one condition is met.")
        #expect(try verdict([]) == "wren may choose Free: it has no conditions.")
        let not = try Self.finding("a", "A", UnitName(one: "unit", other: "units"), 3, .above, 3)
        #expect(try verdict([not, met]) == "wren may not choose Free for one reason: A: 3 units, not above 3.")
        let few = try Self.finding("a", "A", UnitName(one: "unit", other: "units"), 1, .least, 3_000)
        #expect(EligibilityWords.reason(few) == "A: 1 unit, less than 3,000")
    }

    @Test("The page fits 80 columns, whatever its data", arguments: Fixture.hostile)
    func hostile(text: String) throws {
        let unit = UnitName(one: text, other: text)
        var statement = try statement([
            Self.finding("a", text, unit, .max, .most, 0, days: 366), Self.finding("b", text, unit, nil, .least, .max),
        ])
        (statement.subscription, statement.customer, statement.customerName) = (text, text, text)
        statement.planName = text
        expectReadable(EligibilityText.render(statement), text)
        _ = try parse(EligibilityJSON.render(statement))
    }
}
