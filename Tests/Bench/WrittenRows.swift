/// The rows that a step wrote, as binary COPY has them, in order of their keys and in two halves by customer.
struct WrittenRows {
    struct Table {
        let name: String
        /// As in the step's own COPY, in its order.
        let columns: String
        let key: String
        /// Of the columns, those that must come out the same whoever computes them.
        let compared: String
        /// False for a table that is changed in place: it is compared, and is no part of the floor.
        var isAdded = true
        /// By which it is halved.
        var customer = "customer_id"
        /// Which of its rows.
        var condition = "true"
    }

    /// What a pull of a day writes.
    static func readings(of day: String) -> [Table] {
        [
            Table(
                name: "reading", columns: "day, customer_id, account_id, channel_id, meter_id, quantity, pull_id",
                key: "day, customer_id, account_id, channel_id, meter_id", compared: "", condition: "day = '\(day)'")
        ]
    }

    /// What a close writes.
    static let invoices = [
        Table(
            name: "billing_period",
            columns:
                "customer_id, subscription_id, ends, starts, number, catalog_id, watermark, engine, run_id, late_from",
            key: "customer_id, subscription_id, ends",
            compared: "customer_id, subscription_id, ends, starts, number, catalog_id, watermark, engine"),
        Table(
            name: "invoice",
            columns: "customer_id, subscription_id, period_ends, kind, currency, total, line_count",
            key: "customer_id, subscription_id, period_ends, kind",
            compared: "customer_id, subscription_id, period_ends, kind, currency, total, line_count"),
        Table(name: "invoice_line", columns: lineColumns, key: lineKey, compared: lineColumns),
        Table(
            name: "open_period", columns: openColumns, key: "customer_id, subscription_id", compared: openColumns,
            isAdded: false),
    ]
    private static let lineColumns = """
        customer_id, subscription_id, period_ends, kind, line, line_kind, price_id, service_starts, service_ends, quantity, \
        counted_before, threshold, billable, amount, corrects_period_ends, corrects_line
        """
    private static let openColumns = "customer_id, subscription_id, number, starts, ends, counts_from"
    private static let lineKey = "customer_id, subscription_id, period_ends, kind, line"

    /// What deciding writes.
    static let decisions = [
        Table(
            name: "plan_decision",
            columns: """
                customer_id, subscription_id, month, rule, decided_on, catalog_id, plan_id, outcome, reason, \
                target_plan_id, window_starts, counted, figure_sum, figure_months, watermark, run_id
                """,
            key: "customer_id, subscription_id", compared: ""),
        Table(
            name: "decision_block",
            columns: """
                first_customer_id, least_subscription_id, month, last_customer_id, greatest_subscription_id, rule, decided_on, catalog_id, plan_id, \
                reason, window_starts, months, figure_months, watermark, run_id, subscriptions, customer_ids, \
                subscription_ids, figure_sums, counted
                """,
            key: "first_customer_id, least_subscription_id", compared: "", customer: "first_customer_id"),
    ]

    private let tables: [Table]
    private let file: RowFile
    private var parts: [String: [Range<Int>]] = [:]

    /// Takes them from a database to which they were just written.
    init(_ tables: [Table] = invoices, from conninfo: String, halfway customer: Int) throws {
        self.tables = tables
        file = try RowFile()
        let session = try RawSession(conninfo)
        for table in tables {
            parts[table.name] = try ["\(table.customer) <= \(customer)", "\(table.customer) > \(customer)"].map {
                half in
                try session.store(
                    """
                    COPY (SELECT \(table.columns) FROM meterbook.\(table.name) WHERE \(half) AND \(table.condition) ORDER BY \(table.key))
                    TO STDOUT (FORMAT binary)
                    """, in: file)
            }
        }
        file.settle()
    }

    /// Tables of the same definition in a schema of their own, empty.
    static func emptyTables(in schema: String, _ tables: [Table] = invoices) -> String {
        (["CREATE SCHEMA \(schema)"]
            + tables.map {
                "CREATE TABLE \(schema).\($0.name) (LIKE meterbook.\($0.name) INCLUDING ALL)"
            }).joined(separator: ";\n")
    }

    /// Writes the rows, one transaction a table; all of them, or one half.
    func write(to schema: String, over session: RawSession, half: Int? = nil) throws {
        for table in tables where table.isAdded { try write(table, to: schema, over: session, half: half) }
    }

    private func write(_ table: Table, to schema: String, over session: RawSession, half: Int? = nil) throws {
        let all = parts[table.name] ?? []
        try session.load(
            "COPY \(schema).\(table.name) (\(table.columns)) FROM STDIN (FORMAT binary)", from: file,
            half.map { [all[$0]] } ?? all)
    }

    /// Compares what is in `meterbook` with these rows, both ways.
    ///
    /// - Throws: a `BenchError` that names the table and how many rows differ.
    func compare(with database: String, on server: BenchServer) throws {
        try server.run(Self.emptyTables(in: "closed"), on: database)
        let session = try RawSession(server.conninfo(database))
        for table in tables {
            try write(table, to: "closed", over: session)
            let (one, other) = (
                "SELECT \(table.compared) FROM meterbook.\(table.name)",
                "SELECT \(table.compared) FROM closed.\(table.name)"
            )
            let different = try server.number(
                """
                SELECT count(*) FROM (
                    (\(one) EXCEPT \(other)) UNION ALL (\(other) EXCEPT \(one))
                ) AS d
                """, on: database)
            guard different == 0 else {
                throw BenchError("the SQL script and the close differ in \(different) rows of \(table.name)")
            }
        }
    }

}
