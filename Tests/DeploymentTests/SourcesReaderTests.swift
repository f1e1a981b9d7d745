import Billing
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
                        connection: .secret(.environment("SHOP_DATABASE_URL")),
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

    @Test("What a source should deliver is read, and what it does not say is as usual")
    func expectations() throws {
        let sources = try SourcesReader.read(
            text: """
                sources:
                  a: {feeds: readings, file: a.csv}
                  b: {feeds: readings, file: b.csv, expect: {every: day, from: 2022-02-01, late: 1 day, on_gap: hold}}
                  c: {feeds: readings, file: c.csv, expect: {stale: 7 days, least: 80, on_gap: ignore}}
                  d: {feeds: readings, file: d.csv, expect: {on_gap: {shrunk_day: flag, missing_channel: hold}}}
                """, file: "sources.yaml"
        ).get()
        var byKind = Billing.Expectation.Reactions()
        (byKind.shrunkDay, byKind.missingChannel) = (.flag, .hold)
        #expect(
            sources.map(\.expectation) == [
                Billing.Expectation(every: .usual, lateDays: 0, staleDays: 3, leastPercent: 50, onGap: .init(.flag)),
                Billing.Expectation(
                    every: .day, from: CivilDate("2022-02-01"), lateDays: 1, staleDays: 3, leastPercent: 50,
                    onGap: .init(.hold)),
                Billing.Expectation(every: .usual, lateDays: 0, staleDays: 7, leastPercent: 80, onGap: .init(.ignore)),
                Billing.Expectation(onGap: byKind),
            ])
        // A word is for missing days. All else is shown, unless nobody looks at all.
        #expect(PeriodGap.Kind.allCases.map { sources[1].expectation.onGap[$0] } == [.hold, .show, .show, .show])
        #expect(
            PeriodGap.Kind.allCases.map { sources[2].expectation.onGap[$0] } == [.ignore, .ignore, .ignore, .ignore])
        #expect(PeriodGap.Kind.allCases.map { sources[3].expectation.onGap[$0] } == [.flag, .flag, .show, .hold])
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

    @Test("A server becomes a source, with its pages, its limits and where its secret is")
    func servers() throws {
        let sources = try SourcesReader.read(
            text: """
                sources:
                  usage:
                    feeds: readings
                    http: https://api.example.com:8443/v1/usage?since={{from}}&until={{last}}
                    records: data.items
                    pages: {cursor: {path: meta.next, optional: yes}, parameter: after}
                    auth: {basic: {user: meterbook, password: {file: secrets/usage}}}
                    limits: {tries: 3, seconds: 600, megabytes: 8, per_second: 2}
                    concurrency: 16
                    columns: {meter: {value: orders}, quantity: count}
                  people:
                    feeds: customers
                    http: http://127.0.0.1:8080/people?page={{page}}
                    body: ndjson
                    pages: {number: 0}
                    private: yes
                  listed: {feeds: accounts, http: "https://a.example/", pages: {link: next}, auth: {bearer: {env: TOKEN}}}
                  linked: {feeds: accounts, http: "https://[::1]/", private: yes, authorities: ca.pem, pages: {next: links.next}}
                  orders:
                    feeds: readings
                    prometheus: https://prometheus.example.com
                    query: sum by (shop, channel) (orders_total)
                    time_zone: Europe/Berlin
                    step: 300
                    days: 7
                    from_zero: yes
                    auth: {header: {name: X-Scope, value: {env: SCOPE}}}
                    columns: {account: shop, meter: {value: orders}, category: {column: kind, optional: yes}}
                """, file: "sources.yaml"
        ).get()
        var limits = SourceDefinition.Limits()
        (limits.tries, limits.seconds, limits.megabytes, limits.perSecond) = (3, 600, 8, 2)
        let origins = sources.map(\.origin)
        #expect(sources.map(\.concurrency) == [16, 1, 1, 1, 1])
        #expect(
            origins == [
                .http(
                    SourceDefinition.HTTPOrigin(
                        address: "https://api.example.com:8443/v1/usage?since={{from}}&until={{last}}", body: .json,
                        records: ["data", "items"],
                        pages: .cursor(path: ["meta", "next"], parameter: "after", canBeMissing: true),
                        access: SourceDefinition.Access(
                            auth: .basic(user: "meterbook", password: .file("secrets/usage")), limits: limits))),
                .http(
                    SourceDefinition.HTTPOrigin(
                        address: "http://127.0.0.1:8080/people?page={{page}}", body: .ndjson, records: [],
                        pages: .number(first: 0), access: SourceDefinition.Access(isPrivate: true))),
                .http(
                    SourceDefinition.HTTPOrigin(
                        address: "https://a.example/", body: .json, records: [], pages: .link,
                        access: SourceDefinition.Access(auth: .bearer(.environment("TOKEN"))))),
                .http(
                    SourceDefinition.HTTPOrigin(
                        address: "https://[::1]/", body: .json, records: [],
                        pages: .next(path: ["links", "next"], canBeMissing: false),
                        access: SourceDefinition.Access(isPrivate: true, authorities: "ca.pem"))),
                .prometheus(
                    SourceDefinition.PrometheusOrigin(
                        address: "https://prometheus.example.com", query: "sum by (shop, channel) (orders_total)",
                        step: 300, timeZone: "Europe/Berlin", days: 7, fromZero: true,
                        access: SourceDefinition.Access(auth: .header(name: "X-Scope", value: .environment("SCOPE"))))),
            ])
        #expect(
            sources.last?.columns == [
                column("account", .column("shop")), column("channel", .column("channel")),
                column("meter", .constant("orders")), column("day", .column("day")),
                column("quantity", .column("quantity")), column("category", .optionalColumn("kind")),
            ])
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
        Mistake("secret_name", Samples.source("feeds: accounts, query: SELECT 1, postgres: {env: ▸MY-URL}")),
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
        Mistake("key_of_other_kind", Samples.source("feeds: accounts, file: a.csv, ▸expect: {every: day}")),
        Mistake("unknown_rhythm", Samples.source("feeds: readings, file: a.csv, expect: {every: ▸week}")),
        Mistake("unknown_on_gap", Samples.source("feeds: readings, file: a.csv, expect: {on_gap: ▸stop}")),
        Mistake("unknown_on_gap", Samples.source("feeds: readings, file: a.csv, expect: {on_gap: {shrunk_day: ▸no}}")),
        Mistake("unknown_key", Samples.source("feeds: readings, file: a.csv, expect: {on_gap: {▸late_day: hold}}")),
        Mistake("unknown_days", Samples.source("feeds: readings, file: a.csv, expect: {late: ▸2}")),
        Mistake("unknown_days", Samples.source("feeds: readings, file: a.csv, expect: {stale: ▸367 days}")),
        Mistake("number_too_large", Samples.source("feeds: readings, file: a.csv, expect: {least: ▸101}")),
        Mistake("no_such_day", Samples.source("feeds: readings, file: a.csv, expect: {from: ▸2022-02-30}")),
    ]

    static let serverMistakes: [Mistake] = [
        Mistake("source_kind", "sources:\n  orders: ▸{feeds: accounts, file: a.csv, http: 'https://a.example'}"),
        Mistake("key_of_other_kind", Samples.source("feeds: accounts, file: a.csv, ▸auth: {bearer: {env: A}}")),
        Mistake("key_of_other_kind", Samples.source("feeds: accounts, file: a.csv, ▸pages: {link: next}")),
        Mistake("key_of_other_kind", Samples.server("▸query: SELECT 1")),
        Mistake("key_of_other_kind", Samples.server("▸time_zone: UTC")),
        Mistake("key_of_other_kind", Samples.server("▸authorities: ca.pem")),
        Mistake("unknown_body", Samples.server("body: ▸xml")),
        Mistake("key_of_other_kind", Samples.server("body: ndjson, ▸records: data")),
        Mistake("key_of_other_kind", Samples.server("body: ndjson, ▸pages: {next: a}")),
        Mistake("not_a_path", Samples.server("records: ▸data..items")),
        Mistake("page_kind", Samples.server("pages: ▸{}")),
        Mistake("page_kind", Samples.server("pages: ▸{link: next, number: 1}")),
        Mistake("missing_key", Samples.server("pages: ▸{cursor: a}")),
        Mistake("key_of_other_kind", Samples.server("pages: {next: a, ▸parameter: b}")),
        Mistake("not_next", Samples.server("pages: {link: ▸prev}")),
        Mistake("unknown_key", Samples.server("pages: {cursor: {path: a, ▸optionel: yes}, parameter: b}")),
        Mistake("auth_kind", Samples.server("auth: ▸{}")),
        Mistake("auth_kind", Samples.server("auth: ▸{bearer: {env: A}, header: {name: a, value: {env: A}}}")),
        Mistake("secret_kind", Samples.server("auth: {bearer: ▸{}}")),
        Mistake("secret_in_text", Samples.server("auth: {bearer: ▸hunter2}")),
        Mistake("secret_in_text", Samples.server("auth: {basic: {user: me, password: ▸hunter2}}")),
        Mistake("secret_name", Samples.server("auth: {bearer: {env: ▸hunter-2}}")),
        Mistake("secret_kind", Samples.server("auth: {bearer: ▸{env: A, credential: a}}")),
        Mistake("credential_name", Samples.server("auth: {bearer: {credential: ▸../shadow}}")),
        Mistake("credential_name", Samples.server("auth: {bearer: {credential: ▸.hidden}}")),
        Mistake("user_with_colon", Samples.server("auth: {basic: {user: ▸'me:hunter2', password: {env: A}}}")),
        Mistake("header_name", Samples.server("auth: {header: {name: ▸'X Key', value: {env: A}}}")),
        Mistake("header_name", Samples.server("auth: {header: {name: ▸Host, value: {env: A}}}")),
        Mistake("missing_key", Samples.server("auth: {header: ▸{value: {env: A}}}")),
        Mistake("number_too_large", Samples.server("limits: {tries: ▸21}")),
        Mistake("number_too_small", Samples.server("limits: {seconds: ▸0}")),
        Mistake("unknown_key", Samples.server("limits: {▸retries: 3}")),
        Mistake("not_a_flag", Samples.server("private: ▸maybe")),
        Mistake("source_address", Samples.address("▸ftp://a.example/")),
        Mistake("source_address", Samples.address("▸api.example.com/usage")),
        Mistake("source_address", Samples.address("▸https:///usage")),
        Mistake("source_address", Samples.address("▸https://a_b/")),
        Mistake("source_address", Samples.address("▸https://a.example:0/")),
        Mistake("source_address", Samples.address("▸https://a.example:x/")),
        Mistake("source_address", Samples.address("▸https://me@a.example/")),
        Mistake("source_address", Samples.address("▸'https://a.example/#top'")),
        Mistake("source_address", Samples.address("▸'https://a.example/a b'")),
        Mistake("source_address", Samples.address("▸'https://{{from}}.example/'")),
        Mistake("source_address", Samples.address("▸http://a.example/")),
        Mistake("source_address", Samples.address("▸'https://a.example/?a={from}'")),
        Mistake("unknown_name", Samples.address("▸'https://a.example/?a={{form}}'")),
        Mistake("page_placeholder", Samples.address("▸'https://a.example/?a={{page}}'")),
        Mistake("page_placeholder", Samples.address("▸https://a.example/, pages: {number: 1}")),
        Mistake("stray_placeholder", Samples.source("feeds: accounts, http: ▸'https://a.example/?a={{from}}'")),
        Mistake("prometheus_feed", Samples.source("feeds: accounts, prometheus: ▸'https://a.example'")),
        Mistake(
            "missing_key", "sources:\n  orders: ▸{feeds: readings, prometheus: 'https://a.example', time_zone: UTC}"),
        Mistake("missing_key", "sources:\n  orders: ▸{feeds: readings, prometheus: 'https://a.example', query: up}"),
        Mistake("not_a_step", Samples.prometheus("step: ▸70")),
        Mistake("number_too_small", Samples.prometheus("step: ▸5")),
        Mistake("number_too_large", Samples.prometheus("days: ▸46")),
        Mistake("not_a_flag", Samples.prometheus("from_zero: ▸zero")),
        Mistake("counted_field", Samples.prometheus("columns: {▸day: when}")),
        Mistake("counted_field", Samples.prometheus("columns: {▸quantity: {value: 1}}")),
        Mistake("taken_label", Samples.prometheus("columns: ▸{channel: day}")),
        Mistake("key_of_other_kind", Samples.prometheus("▸records: data")),
        Mistake(
            "source_address",
            Samples.prometheus("").replacing("'https://a.example'", with: "▸'https://a.example/?tenant=1'")),
    ]

    @Test("Each mistake about a server is the only one reported, at its place", arguments: serverMistakes)
    func oneServerMistake(_ mistake: Mistake) {
        let found = sourceProblems(mistake.text)
        #expect(mistake.matches(found), "expected \(mistake.line):\(mistake.column) \(mistake.code), got \(found)")
        #expect(!found.contains { $0.description.contains("hunter") }, "\(found)")
    }

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
