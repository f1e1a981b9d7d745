import TestSupport
import Testing

@Suite("meterbook quote --batch")
struct QuoteBatchTests {
    /// 10.00 a month, 100 orders included, each one beyond at the price given.
    private static func catalog(_ name: String, unitPrice: String = "0.10", meterName: String = "Orders") -> String {
        """
        {"catalog": "\(name)", "currency": "USD", "meters": {"orders": {"name": "\(meterName)", "aggregate": "sum", \
        "unit": {"one": "order", "other": "orders"}}}, "plans": {"basic": {"name": "Basic", "invoice": "month", \
        "versions": [{"from": "2022-01-01", "prices": {"base": {"flat": {"month": 10.00}, "name": "Base"}, \
        "orders": {"usage": "orders", "name": "Orders", "allowance": 100, "unit_price": \(unitPrice)}}}]}}}
        """
    }

    /// Every kind of escape that JSON has and YAML might not: a pair of surrogates, a slash, a backslash before a `u`.
    private static let escapes = #"\ud83d\ude00 \/ \u00e9 \\ud83d"#

    private static func batch(_ lines: [String], _ arguments: String...) throws -> (code: Int32?, answers: [JSON]) {
        let outcome = try Program.meterbook.run(
            ["quote", "--batch", "-"] + arguments, input: lines.map { $0 + "\n" }.joined())
        #expect(outcome.errors.isEmpty)
        return (outcome.code, try outcome.output.split(separator: "\n").map { try JSON(String($0)) })
    }

    @Test("Cases are answered in their order, with catalogs of their own and of earlier lines")
    func answers() async throws {
        try await onOwnThread {
            let (code, answers) = try Self.batch([
                #"{"catalog": \#(Self.catalog("a")), "plan": "basic", "use": {"orders": 150}}"#,
                #"{"catalog": \#(Self.catalog("b", unitPrice: "1")), "plan": "basic", "use": {"orders": 150}}"#,
                "",
                #"{"plan": "basic", "use": {"orders": "101"}, "catalog_ref": "a"}"#,
                #"  {"catalog_ref": "b", "on": "2022-03-10", "plan": "basic"}  "#,
                #"{"catalog": \#(Self.catalog("b", unitPrice: "2")), "plan": "basic", "use": {"orders": 101}}"#,
                #"{"catalog_ref": "b", "plan": "basic", "use": {"orders": 101}}"#,
                #"{"catalog": \#(Self.catalog("c", meterName: Self.escapes)), "plan": "basic"}"#,
            ])
            #expect(code == 0)
            #expect(try answers.map { try $0.number("line") } == [1, 2, 4, 5, 6, 7, 8])
            // 10.00 and 50 × 0.10; 50 × 1.00; 1 × 0.10; nothing; 1 × 2.00, twice; nothing.
            #expect(
                try answers.map { try $0.cents("total") } == [15_00, 60_00, 10_10, 10_00, 12_00, 12_00, 10_00])
            #expect(try answers[3].object("period").text("start") == "2022-03-10")
        }
    }

    @Test("A case without a catalog takes that of the command line")
    func given() async throws {
        try await onOwnThread {
            let (code, answers) = try Self.batch(
                [
                    #"{"plan": "silver", "use": {"orders": 12001}}"#,
                    #"{"catalog_ref": "connex", "plan": "gold", "cadence": "year"}"#,
                ], "--catalog", Books.connexCatalog)
            #expect(code == 0)
            #expect(try answers[0].cents("total") == 49_10)
            #expect(try answers[1].object("paid_period").cents("total") == 890_00)
        }
    }

    @Test("A bad case is answered with what was found and expected, and the next one is taken")
    func mistakes() async throws {
        try await onOwnThread {
            let sound = #"{"catalog_ref": "a", "plan": "basic", "use": {"orders": 150}}"#
            func case_(_ members: String) -> String { #"{"catalog_ref": "a", \#(members)}"# }
            let wrong: [(line: String, code: String, place: String?)] = [
                (case_(#""plan": "basik""#), "unknown_plan", "plan"),
                (case_(#""plan": "basic", "use": {"order": 1}"#), "unknown_meter", "use"),
                (case_(#""plan": "basic", "use": {"orders": -1}"#), "negative_quantity", "use.orders"),
                (case_(#""plan": "basic", "use": {"orders": 1.5}"#), "fractional_quantity", "use.orders"),
                (case_(#""plan": "basic", "use": {"orders": 1e3}"#), "invalid_number", "use.orders"),
                (case_(#""plan": "basic", "use": {"orders": 9999999999999999999999}"#), "quantity_out_of_range", nil),
                (case_(#""plan": "basic", "use": {"orders": 1, "orders": 1}"#), "duplicate_key", "use.orders"),
                (case_(#""plan": "basic", "use": {"orders": 1, "\u006frders": 1}"#), "duplicate_key", "use.orders"),
                (case_(#""plan": "basic", "use": {"orders": [1]}"#), "wrong_kind", "use.orders"),
                (case_(#""plan": "basic", "use": 7"#), "wrong_kind", "use"),
                (case_(#""plan": "basic", "plan": "basic""#), "duplicate_key", "plan"),
                (case_(#""plan": "basic", "usage": {}"#), "unknown_key", nil),
                (case_(#""plan": 7"#), "wrong_kind", "plan"),
                (case_(#""plan": "basic", "on": "2022-02-30""#), "invalid_date", "on"),
                (case_(#""plan": "basic", "on": "2021-12-31""#), "no_plan_version", "on"),
                (case_(#""plan": "basic", "on": "9999-12-31""#), "date_out_of_range", nil),
                (case_(#""plan": "basic", "cadence": "montly""#), "unknown_cadence", "cadence"),
                (case_(#""plan": "basic", "cadence": "year""#), "no_amount", "cadence"),
                (case_(#""plan": "basic", "coupon": "NEW""#), "unknown_coupon", "coupon"),
                (case_(#""use": {}"#), "missing_key", nil),
                (#"{"plan": "basic"}"#, "missing_key", nil),
                (#"{"catalog_ref": "z", "plan": "basic"}"#, "unknown_catalog", "catalog_ref"),
                (#"{"catalog_ref": "a", "catalog": {}, "plan": "basic"}"#, "two_catalogs", "catalog_ref"),
                (#"{"catalog": "a", "plan": "basic"}"#, "wrong_kind", "catalog"),
                (#"{"catalog": {"catalog": "x"}, "plan": "basic"}"#, "missing_key", "catalog"),
                (
                    #"{"catalog": \#(Self.catalog("d", unitPrice: "-1")), "plan": "basic"}"#, "negative_price",
                    "catalog.plans.basic.versions[0].prices.orders.unit_price"
                ),
                ("[1, 2]", "not_an_object", nil), ("7", "not_an_object", nil), ("{", "invalid_json", "column 2"),
                (sound + " x", "invalid_json", "column \(sound.utf8.count + 2)"),
                (String(repeating: "[", count: 10_000), "invalid_json", "column 41"),
                (
                    case_(#""plan": "basic", "use": "# + String(repeating: #"{"a":"#, count: 10_000)), "invalid_json",
                    nil
                ),
                (case_("\"plan\": \"ba\u{0}sic\""), "nul_character", nil),
                (case_("\"plan\": \"\(String(repeating: "b", count: 6 << 20))\""), "line_too_long", nil),
            ]
            let first = #"{"catalog": \#(Self.catalog("a")), "plan": "basic", "use": {"orders": 150}}"#
            let (code, answers) = try Self.batch([first] + wrong.flatMap { [$0.line, sound] })
            #expect(code == 65)
            try #require(answers.count == 1 + 2 * wrong.count)
            for (index, answer) in answers.enumerated() {
                #expect(try answer.number("line") == index + 1)
                guard index % 2 == 1 else {
                    // 10.00 and 50 × 0.10, whatever came before.
                    #expect(try answer.cents("total") == 15_00)
                    continue
                }
                let (line, expected, place) = wrong[index / 2]
                let error = try answer.object("error")
                #expect(try error.text("code") == expected, "\(line.prefix(200))")
                #expect(try !error.text("found").isEmpty && !error.text("expected").isEmpty)
                if let place { #expect(try error.text("at") == place, "\(line.prefix(200))") }
            }
        }
    }

    @Test("Only so many catalogs are kept: the latest can be named, the first of a thousand no longer")
    func catalogsAreDropped() async throws {
        try await onOwnThread {
            let lines = (0..<1_000).map { number in
                let catalog = Self.catalog("c\(number)")
                return #"{"catalog": \#(catalog), "plan": "basic", "use": {"orders": 101}}"#
            }
            let (code, answers) = try Self.batch(
                lines + [
                    #"{"catalog_ref": "c999", "plan": "basic"}"#, #"{"catalog_ref": "c0", "plan": "basic"}"#, lines[0],
                    #"{"catalog_ref": "c0", "plan": "basic"}"#,
                ])
            #expect(code == 65)
            #expect(try answers.prefix(1_000).allSatisfy { try $0.cents("total") == 10_10 })
            #expect(try answers[1_000].cents("total") == 10_00)
            #expect(try answers[1_001].object("error").text("code") == "unknown_catalog")
            #expect(try answers[1_002].cents("total") == 10_10)
            #expect(try answers[1_003].cents("total") == 10_00)
        }
    }

    @Test("Mutilated cases are answered and never end the program")
    func mutilated() async throws {
        try await onOwnThread {
            var random = SeededGenerator()
            let whole = Array(
                #"{"catalog": \#(Self.catalog("a")), "plan": "basic", "use": {"orders": 150}, "on": "2022-02-01"}"#.utf8
            )
            var lines: [String] = []
            for _ in 0..<2_000 {
                var bytes = whole
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let index = Int.random(in: 0..<bytes.count, using: &random)
                    switch Int.random(in: 0..<3, using: &random) {
                    case 0: bytes.remove(at: index)
                    case 1: bytes[index] = UInt8.random(in: 0x20...0x7E, using: &random)
                    default: bytes.insert(contentsOf: bytes[index...].prefix(9), at: index)
                    }
                }
                lines.append(String(decoding: bytes, as: UTF8.self))
            }
            let (code, answers) = try Self.batch(lines)
            #expect(code == 65)
            #expect(answers.count == lines.count)
        }
    }
}
