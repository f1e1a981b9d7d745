import Billing
import Deployment
import Testing

@Suite("A sound catalog")
struct CatalogReaderTests {
    private func catalog(_ text: String) throws -> Catalog {
        try CatalogReader.read(text: text, file: "catalog.yaml").get()
    }

    @Test("Notices are read with their lines, and without them Meterbook has words of its own")
    func notices() throws {
        let text = """
            notices:
              one_a_day: yes
              usage_alert:
                subject: "{{percent}}% of {{threshold}}"
                text: |
                  Hello {{customer}},

                  {{counted}} are used.
            """
        let catalog = try catalog(Samples.alerts("[80, 100, 1000]") + "\n" + text)
        #expect(catalog.notices.oneADay)
        #expect(
            catalog.notices.templates == [
                .usageAlert: NoticeTemplate(
                    subject: "{{percent}}% of {{threshold}}", text: "Hello {{customer}},\n\n{{counted}} are used.")
            ])
        #expect(catalog.notices.template(.changeApplied) == NoticeKind.changeApplied.standard)
        guard case .usage(let usage) = catalog.plans[0].versions[0].prices[0].model else { return }
        #expect(usage.alerts == [80, 100, 1_000])
        #expect(try self.catalog(Samples.head("catalog: a\ncurrency: USD")).notices == NoticeTerms())
    }

    @Test("The words of Meterbook's own use only the names that their kind has", arguments: NoticeKind.allCases)
    func standardNotices(kind: NoticeKind) throws {
        let template = kind.standard
        let lines = template.text.split(separator: "\n", omittingEmptySubsequences: false).map { "      " + $0 }
        let text =
            "\n  \(kind.rawValue):\n    subject: \"\(template.subject)\"\n    text: |\n" + lines.joined(separator: "\n")
        #expect(problems(Samples.notices(text)).map(\.description) == [])
        #expect(try catalog(Samples.notices(text)).notices.templates == [kind: template])
    }

    @Test("Everything that is written becomes a value")
    func complete() throws {
        let catalog = try catalog(
            """
            catalog: connex
            currency: USD
            rounding: half_to_even
            meters:
              orders: {name: Orders synced, aggregate: sum, unit: {one: order, other: orders}}
            plans:
              silver:
                name: Silver
                invoice: month
                versions:
                  - from: 2022-02-01
                    prices:
                      orders:
                        usage: orders
                        name: Orders over the limit
                        allowance: 12000
                        per: year
                        tiers: [{up_to: 1000, unit_price: 0.10}, {from: 1000, unit_price: "0.08"}]
                        already_paid: yes
                  - from: 2015-01-01
                    signed_up: {before: 2021-02-01}
                    prices:
                      base: {flat: {month: 49.00, year: 490}, name: Silver plan}
                    entitlements:
                      channels: {name: Selling channels, limit: 2}
                      stores: {name: Stores, limit: unlimited, meter: orders}
                      chat: {name: Live chat, flag: no}
                      support: {name: Support, text: By e-mail}
                    eligible:
                      month: {name: Orders in the last 30 days, meter: orders, days: 30, below: 500}
                      year: {name: Orders in a year, meter: orders, days: 366, least: 1}
            """)
        let date2015 = try #require(CivilDate("2015-01-01"))
        let date2021 = try #require(CivilDate("2021-02-01"))
        let date2022 = try #require(CivilDate("2022-02-01"))
        let rate = Rate(
            .graduated([
                Rate.Tier(upTo: 1_000, unitPrice: try ExactDecimal(parsing: "0.1")),
                Rate.Tier(upTo: nil, unitPrice: try ExactDecimal(parsing: "0.08")),
            ]))
        let orders = UsagePrice(meter: "orders", allowance: 12_000, per: .year, rate: rate, alreadyPaid: true)
        let base = FlatPrice(amounts: [
            FlatPrice.Amount(cadence: .month, minor: 4_900), FlatPrice.Amount(cadence: .year, minor: 49_000),
        ])
        let first = PlanVersion(
            from: date2015, cohort: Cohort(from: nil, before: date2021),
            prices: [Price(key: "base", name: "Silver plan", model: .flat(base))],
            entitlements: [
                Entitlement(key: "channels", name: "Selling channels", value: .limit(2)),
                Entitlement(key: "stores", name: "Stores", value: .unlimited, meter: "orders"),
                Entitlement(key: "chat", name: "Live chat", value: .flag(false)),
                Entitlement(key: "support", name: "Support", value: .text("By e-mail")),
            ],
            eligible: [
                EligibilityCondition(
                    key: "month", name: "Orders in the last 30 days", meter: "orders", days: 30, bound: .below,
                    number: 500),
                EligibilityCondition(
                    key: "year", name: "Orders in a year", meter: "orders", days: 366, bound: .least, number: 1),
            ])
        let second = PlanVersion(
            from: date2022, cohort: .everyone,
            prices: [Price(key: "orders", name: "Orders over the limit", model: .usage(orders))], entitlements: [])
        let meter = Meter(
            key: "orders", name: "Orders synced", aggregate: .sum, unit: UnitName(one: "order", other: "orders"))
        let plan = Plan(key: "silver", name: "Silver", invoiceEvery: .month, versions: [first, second])
        let currency = try #require(Currency(code: "USD"))
        #expect(
            catalog
                == Catalog(
                    name: "connex", currency: currency, rounding: .halfToEven, meters: [meter], plans: [plan]))
    }

    @Test("A decision may count any meter that adds up, whichever days an invoice bills by it")
    func decidedMeters() {
        for more in ["window: previous_month", "window: 7 days", "of: sold", "channels: [amazon]"] {
            let text = Samples.decision("{\(Samples.rule(meters: "[orders]"))}").replacing(
                "{name: Orders, aggregate: sum,", with: "{name: Orders, aggregate: sum, \(more),")
            #expect(problems(text).isEmpty, "\(more)")
        }
    }

    @Test("A meter says what it counts, of which channels, how several accounts count, and on which days")
    func meters() throws {
        let catalog = try CatalogReader.read(
            text: Samples.head(
                """
                catalog: shop
                currency: USD
                meters:
                  orders: {name: Orders, aggregate: sum, unit: {one: order, other: orders}}
                  disk:
                    name: Disk
                    aggregate: mean
                    of: gigabytes
                    places: 3
                    channels: [Primary, backup]
                    categories: [edi]
                    pool: per_account
                    window: previous_month
                    unit: {one: gigabyte, other: gigabytes}
                  recent: {name: Recent, aggregate: max, of: orders, window: 30 days, unit: {one: order, other: orders}}
                """), file: "catalog.yaml"
        ).get()
        let orders = UnitName(one: "order", other: "orders")
        #expect(
            catalog.meters == [
                Meter(key: "orders", name: "Orders", aggregate: .sum, unit: orders),
                Meter(
                    key: "disk", name: "Disk", aggregate: .mean, unit: UnitName(one: "gigabyte", other: "gigabytes"),
                    places: 3, series: "gigabytes", channels: ["Primary", "backup"], categories: ["edi"],
                    pool: .perAccount, window: .previousMonth),
                Meter(
                    key: "recent", name: "Recent", aggregate: .max, unit: orders, series: "orders", window: .days(30)),
            ])
        #expect(catalog.meters.map(\.isRunning) == [true, false, false])
    }

    @Test(
        "The words that YAML 1.1 takes for booleans, numbers, times and nothing are text where text is wanted",
        arguments: ["NO", "no", "Yes", "on", "010", "1:30", "1e3", "0x1F", "2022-02-01", ".inf", "'~'", "\"null\""])
    func traps(_ word: String) throws {
        let text = Samples.head("catalog: shop\ncurrency: USD").replacing("name: Basic", with: "name: \(word)")
        let plain = String(word.filter { $0 != "'" && $0 != "\"" })
        #expect(try catalog(text).plans.map(\.name) == [plain])
    }

    @Test(
        "Number-like mistakes say what to type",
        arguments: [
            ("010", "write 10"), ("1,000", "nothing between thousands"), ("1:30", "base 60"), (".5", "write 0.5"),
            ("+5", "without the sign"), ("5e2", "without an exponent"), ("$5", "the number alone"),
            ("0x1F", "in decimal"),
        ])
    func numberHints(_ text: String, _ hint: String) throws {
        let found = try #require(problems(Samples.flat("{month: '\(text)'}")).first)
        #expect(found.code == "not_a_decimal")
        #expect(found.hint?.contains(hint) == true, "\(found)")
    }

    @Test("A meter may be in several prices of a version, as long as one of them has the allowance")
    func sharedMeter() throws {
        let text = Samples.prices(
            """
            stock: {usage: orders, name: Stock, unit_price: 0.10}
                      processing: {usage: orders, name: Processing, allowance: 100, unit_price: 0.20}
                      fee: {usage: orders, name: Fee, package: {size: 100, price: 1.00}}
            """)
        let version = try #require(catalog(text).plans.first?.versions.first)
        #expect(version.prices.map(\.meter) == ["orders", "orders", "orders"])
    }

    @Test("What is nearly right comes with what was meant")
    func suggestions() {
        func hints(_ text: String) -> [String?] { problems(text).map(\.hint) }
        #expect(hints(Samples.flat("{monthly: 49.00}")) == ["did you mean 'month'?"])
        #expect(hints(Samples.entitlement("{name: Seats, limit: unlimitd}")) == ["did you mean 'unlimited'?"])
        #expect(hints(Samples.entitlement("{name: Seats, limit: 2, meter: ordes}")) == ["did you mean 'orders'?"])
        #expect(hints(Samples.head("catalog: Shop & Co\ncurrency: USD")) == ["for example shop-co"])
        #expect(hints(Samples.usage("unti_price: 1")) == ["did you mean 'unit_price'?"])
        #expect(hints(Samples.usage("colour: red")) == [nil])
    }

    @Test("A byte order mark and Windows line ends change nothing, nor do they shift a place")
    func encodings() throws {
        let text = Samples.head("catalog: shop\ncurrency: USD")
        let windows = text.split(separator: "\n").joined(separator: "\r\n")
        #expect(try catalog("\u{FEFF}" + text) == catalog(text))
        #expect(try catalog(windows) == catalog(text))
        let broken = problems("\u{FEFF}catalog: Shop\r\ncurrency: usd\r\nplans: {}\r\n")
        #expect(
            broken.map { "\($0.line):\($0.column) \($0.code)" } == [
                "1:10 bad_identifier", "2:11 currency_not_capital", "3:8 none",
            ])
    }

    @Test(
        "Bytes that are no UTF-8 are told by their place",
        arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xC3]])
    func invalidUTF8(_ bytes: [UInt8]) {
        let result = CatalogReader.read(bytes: Array("a: b\nçc: ".utf8) + bytes, file: "c.yaml")
        guard case .failure(let diagnostics) = result else {
            Issue.record("it was read")
            return
        }
        #expect(diagnostics.all.map { "\($0.line):\($0.column) \($0.code)" } == ["2:5 invalid_utf8"])
    }

    @Test("A file over 4 MiB is not read")
    func size() {
        let text = Samples.head("catalog: shop\ncurrency: USD") + "\n# " + String(repeating: "x", count: 4 << 20)
        #expect(problems(text).map(\.code) == ["file_too_long"])
    }

    @Test("An alias bomb costs no more than its text: anchors and aliases are refused and never followed")
    func aliasBomb() {
        let levels = (1...25).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1), {? *a\($0 - 1) : 1}]" }
        let text = "a0: &a0 [x, x]\n" + levels.joined(separator: "\n")
        // Followed, they would be two to the power of 25 values, and this would not come back.
        let found = problems(text)
        #expect(found.contains { $0.code == "anchor" } && found.contains { $0.code == "alias" })
    }

    @Test("A file of rubbish gets a thousand messages and one that says so")
    func manyMistakes() {
        let text = (0..<50_000).map { "k\($0): x" }.joined(separator: "\n")
        let found = problems(text)
        #expect(found.count == 1_001)
        #expect(found.contains { $0.code == "too_many_problems" })
    }

    @Test("A second key of a name is reported with the line of the first, however often it stands there")
    func duplicates() {
        let found = problems(Samples.head("catalog: shop\ncurrency: USD\ncatalog: b\ncurrency: EUR\ncatalog: c"))
        #expect(
            found.map(\.message) == [
                "catalog: found the key 'catalog' again (it is already on line 1), expected each key once",
                "currency: found the key 'currency' again (it is already on line 2), expected each key once",
                "catalog: found the key 'catalog' again (it is already on line 1), expected each key once",
            ])
    }

    @Test("Both lines of overlapping versions are named")
    func overlap() {
        let text = Samples.versions("\n      - {from: 2020-01-01, prices: {}}\n      - {from: 2020-01-01, prices: {}}")
        #expect(problems(text).first?.message.contains("as the one on line 8") == true)
        #expect(problems(text).first?.line == 9)
    }
}
