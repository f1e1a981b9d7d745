import Deployment
import Testing

@Suite("Sources")
struct SourcesReaderTests {
    @Test("Files and queries become sources, with a rule for every field of their feed")
    func complete() throws {
        let sources = try SourcesReader.read(
            text: """
                sources:
                  customers:
                    feeds: customers
                    file: data/customers.txt
                    format: csv
                    delimiter: tab
                    columns: {customer: id, name: {column: company, optional: true}}
                  memberships: {feeds: memberships, file: data/links/}
                  orders:
                    feeds: readings
                    postgres: {env: SHOP_DATABASE_URL}
                    query: |
                      SELECT account, channel, day, orders FROM daily
                      WHERE day >= $1 AND day < $2;
                    columns: {meter: {value: orders}, quantity: orders}
                  accounts: {feeds: accounts, postgres: service=shop, query: SELECT account FROM shop}
                """, file: "sources.yaml"
        ).get()
        #expect(
            sources == [
                SourceDefinition(
                    name: "customers", feeds: .customers,
                    origin: .file(path: "data/customers.txt", format: .csv, delimiter: .tab),
                    columns: [
                        column("customer", .column("id")), column("name", .optionalColumn("company")),
                        column("email", .optionalColumn("email")),
                    ]
                        + [
                            "legal_name", "address_1", "address_2", "address_3", "postal_code", "city", "region",
                            "country", "tax_number", "po_number", "language", "tax_exempt",
                        ].map { column($0, .optionalColumn($0)) }),
                SourceDefinition(
                    name: "memberships", feeds: .memberships,
                    origin: .file(path: "data/links/", format: nil, delimiter: nil),
                    columns: [
                        column("account", .column("account")), column("subscription", .column("subscription")),
                        column("from", .optionalColumn("from")), column("until", .optionalColumn("until")),
                    ]),
                SourceDefinition(
                    name: "orders", feeds: .readings,
                    origin: .postgres(
                        connection: .environment("SHOP_DATABASE_URL"),
                        query: "SELECT account, channel, day, orders FROM daily\nWHERE day >= $1 AND day < $2"),
                    columns: [
                        column("account", .column("account")), column("channel", .column("channel")),
                        column("meter", .constant("orders")), column("day", .column("day")),
                        column("quantity", .column("orders")), column("category", .optionalColumn("category")),
                    ]),
                SourceDefinition(
                    name: "accounts", feeds: .accounts,
                    origin: .postgres(connection: .literal("service=shop"), query: "SELECT account FROM shop"),
                    columns: [column("account", .column("account")), column("name", .optionalColumn("name"))]),
            ])
    }

    @Test("A source of readings has the day of a count, or the instant; one that names neither has a column 'day'")
    func dayOrInstant() throws {
        func readings(_ columns: String) throws -> SourceDefinition {
            let sources = try SourcesReader.read(text: Samples.readings(columns), file: "sources.yaml").get()
            return try #require(sources.first)
        }
        let byInstant = try readings("at: placed")
        #expect(byInstant.isByInstant)
        #expect(
            byInstant.columns.map(\.field) == ["account", "channel", "meter", "at", "quantity", "category"])
        #expect(byInstant.columns[3] == column("at", .column("placed")))
        let constant = try readings("at: {value: '2022-02-01 00:00'}")
        #expect(constant.isByInstant)
        #expect(constant.columns[3] == column("at", .constant("2022-02-01 00:00")))
        for columns in ["", "meter: m", "day: date"] {
            let byDay = try readings(columns)
            #expect(!byDay.isByInstant)
            #expect(byDay.columns.map(\.field) == ["account", "channel", "meter", "day", "quantity", "category"])
        }
    }

    private func column(_ field: String, _ source: SourceDefinition.ColumnSource) -> SourceDefinition.Column {
        SourceDefinition.Column(field: field, source: source)
    }

    static let mistakes: [Mistake] = [
        Mistake("unknown_key", "▸source: {}"),
        Mistake("none", "sources: ▸{}"),
        Mistake("bad_identifier", "sources: {▸A B: {feeds: accounts, file: a.csv}}"),
        Mistake("unknown_feed", Samples.source("feeds: ▸reading, file: a.csv")),
        Mistake("missing_key", "sources:\n  orders: ▸{file: a.csv}"),
        Mistake("source_kind", "sources:\n  orders: ▸{feeds: accounts}"),
        Mistake("source_kind", "sources:\n  orders: ▸{feeds: accounts, file: a.csv, postgres: service=a}"),
        Mistake("missing_key", "sources:\n  orders: ▸{feeds: accounts, postgres: service=a}"),
        Mistake("key_of_other_kind", Samples.source("feeds: accounts, file: a.csv, ▸query: SELECT 1")),
        Mistake(
            "key_of_other_kind", Samples.source("feeds: accounts, postgres: service=a, query: SELECT 1, ▸format: csv")),
        Mistake("unknown_format", Samples.source("feeds: accounts, file: a.csv, format: ▸excel")),
        Mistake("unknown_file_format", Samples.source("feeds: accounts, file: ▸a.txt")),
        Mistake("unknown_delimiter", Samples.source("feeds: accounts, file: a.csv, delimiter: ▸'/'")),
        Mistake("delimiter_of_lines", Samples.source("feeds: accounts, file: a.ndjson, delimiter: ▸';'")),
        Mistake("environment_name", Samples.source("feeds: accounts, query: SELECT 1, postgres: {env: ▸MY-URL}")),
        Mistake("missing_parameter", Samples.source("feeds: readings, postgres: service=a, query: ▸SELECT 1")),
        Mistake("missing_parameter", Samples.source("feeds: readings, postgres: service=a, query: ▸SELECT $1 + $20")),
        Mistake("stray_parameter", Samples.source("feeds: readings, postgres: service=a, query: ▸'SELECT $1, $2, $3'")),
        Mistake("stray_parameter", Samples.source("feeds: accounts, postgres: service=a, query: ▸SELECT $1")),
        Mistake("unknown_key", Samples.readings("▸quantiti: orders")),
        Mistake("column_rule", Samples.readings("meter: ▸{optional: true}")),
        Mistake("column_rule", Samples.readings("meter: ▸{column: m, value: orders}")),
        Mistake("required_field_optional", Samples.readings("meter: {column: m, optional: ▸true}")),
        Mistake("key_of_other_kind", Samples.readings("meter: {value: orders, ▸optional: true}")),
        Mistake("bad_identifier", Samples.readings("meter: {value: ▸All Orders}")),
        Mistake("no_such_day", Samples.readings("day: {value: ▸2022-02-30}")),
        Mistake("not_a_whole_number", Samples.readings("quantity: {value: ▸one}")),
        Mistake("empty_text", Samples.readings("day: ▸''")),
        Mistake("duplicate_key", Samples.readings("day: a, ▸day: b")),
        Mistake("both_fields", Samples.readings("day: a, ▸at: b")),
        Mistake("both_fields", Samples.readings("at: {value: 2022-02-01T00:00:00Z}, quantity: n, ▸day: b")),
        // Not one of them is always there.
        Mistake("required_field_optional", Samples.readings("at: {column: a, optional: ▸yes}")),
        Mistake("required_field_optional", Samples.readings("day: {column: a, optional: ▸yes}")),
        Mistake("empty_text", Samples.readings("at: ▸''")),
        Mistake("not_an_instant", Samples.readings("at: {value: ▸2022-02-01}")),
        Mistake("not_an_instant", Samples.readings("at: {value: ▸'2022-02-30T12:00:00Z'}")),
        Mistake("unknown_key", Samples.source("feeds: intervals, file: a.csv, columns: {▸at: b}")),
    ]

    @Test("Each mistake is the only one reported, at its place", arguments: mistakes)
    func oneMistake(_ mistake: Mistake) {
        let found = sourceProblems(mistake.text)
        #expect(mistake.matches(found), "expected \(mistake.line):\(mistake.column) \(mistake.code), got \(found)")
    }

    @Test(
        "A password is refused and never repeated, wherever it stands",
        arguments: [
            "feeds: accounts, query: SELECT 1, postgres: 'host=a password=hunter2'",
            "feeds: accounts, query: SELECT 1, postgres: 'host=a PASSWORD = ''hunter2'''",
            "feeds: accounts, query: SELECT 1, postgres: 'postgresql://me:hunter2@shop/db'",
            "feeds: accounts, query: SELECT 1, postgres: 'postgresql://shop/db?password=hunter2'",
            "feeds: accounts, query: SELECT 1, postgres: {env: 'password=hunter2'}",
            "feeds: accounts, query: SELECT 1, postgres: {'password=hunter2': x}",
            "feeds: 'password=hunter2', file: a.csv",
            "'postgres://me:hunter2@shop': 1, feeds: accounts, file: a.csv",
        ])
    func passwords(_ text: String) {
        let found = sourceProblems(Samples.source(text))
        #expect(!found.isEmpty)
        #expect(!found.contains { $0.description.contains("hunter2") }, "\(found)")
    }
}
