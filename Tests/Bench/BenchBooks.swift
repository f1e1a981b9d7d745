import Foundation

/// The books that the bench closes, or decides on.
struct BenchBooks {
    /// A catalog, and on which days subscriptions begin to go through its plans in turn.
    struct Vendor {
        let catalog: String
        /// The anchor of subscription `n`.
        let anchor: String
    }

    /// A plan of 49.00 a month with 100 orders included and 0.10 for each beyond them, and subscriptions whose anchors are
    /// spread over the days 1 to 28.
    static let overage = Vendor(catalog: overageCatalog, anchor: "date '2022-01-01' + n % 28")
    private static let overageCatalog = """
        catalog: bench
        currency: USD
        meters:
          orders: {name: Orders, aggregate: sum, unit: {one: order, other: orders}}
        plans:
          standard:
            name: Standard
            invoice: month
            versions:
              - from: 2020-01-01
                prices:
                  base: {flat: {month: 49.00}, name: Standard plan}
                  orders: {usage: orders, name: Orders over the limit, allowance: 100, per: month, unit_price: 0.10}

        """

    /// Every customer has one subscription, with the same number.
    private static func subscriptions(_ count: Int, _ anchor: String) -> String {
        """
        SET session_replication_role = replica;
        INSERT INTO meterbook.customer (key, name)
        SELECT 'c' || n, 'Customer ' || n FROM generate_series(1, \(count)) AS n;
        INSERT INTO meterbook.subscription (
            customer_id, key, plan_id, anchor, signed_up, starts, pays_every, currency, time_zone)
        SELECT n, 's' || n, plans[1 + n % cardinality(plans)], day, day, day, 'month', 'USD', 'UTC'
        FROM (SELECT array_agg(plan_id ORDER BY plan_id) AS plans FROM meterbook.plan) AS p,
            generate_series(1, \(count)) AS n, LATERAL (SELECT \(anchor)) AS d (day)
        ORDER BY n;
        INSERT INTO meterbook.open_period (customer_id, subscription_id, number, starts, ends, counts_from)
        SELECT customer_id, subscription_id, 0, anchor, (anchor + interval '1 month')::date, anchor
        FROM meterbook.subscription ORDER BY customer_id, subscription_id
        """
    }

    /// What was counted in the open periods: two slices where a period crosses the first of a month.
    private static let month = """
        SELECT meterbook.ensure_months('usage_total', min(starts), max(ends)) FROM meterbook.open_period;
        INSERT INTO meterbook.usage_total (customer_id, subscription_id, meter_id, start, quantity, pull_id)
        SELECT customer_id, subscription_id, meter_id, starts, 30 + (customer_id * 7 + number * 31) % 100, 1
        FROM meterbook.open_period, meterbook.meter ORDER BY customer_id, subscription_id;
        INSERT INTO meterbook.usage_total (customer_id, subscription_id, meter_id, start, quantity, pull_id)
        SELECT customer_id, subscription_id, meter_id, date_trunc('month', ends)::date,
            20 + (customer_id * 13 + number * 17) % 50, 1
        FROM meterbook.open_period, meterbook.meter
        WHERE date_trunc('month', ends)::date > starts AND date_trunc('month', ends)::date < ends
        ORDER BY customer_id, subscription_id
        """

    /// What the totals were counted from, for a replay: an account a subscription, and a reading on the first day of each slice.
    private static let readings = """
        SET session_replication_role = replica;
        INSERT INTO meterbook.channel (key, category) VALUES ('shop', '');
        INSERT INTO meterbook.pull (run_id, source, feeds, status) VALUES (1, 'orders', 'readings', 'succeeded');
        INSERT INTO meterbook.account (key, name) SELECT key, key FROM meterbook.subscription ORDER BY subscription_id;
        INSERT INTO meterbook.membership (customer_id, subscription_id, account_id, starts)
        SELECT customer_id, subscription_id, subscription_id, anchor FROM meterbook.subscription ORDER BY subscription_id;
        SELECT meterbook.ensure_months('reading', min(start), max(start) + 1) FROM meterbook.usage_total;
        INSERT INTO meterbook.reading (day, customer_id, account_id, channel_id, meter_id, quantity, pull_id)
        SELECT start, customer_id, subscription_id, 1, meter_id, quantity, 1 FROM meterbook.usage_total
        ORDER BY start, customer_id
        """

    let server: BenchServer
    let program: MeteredProgram
    let name: String

    /// Makes a database through the real program, and fills it.
    init(
        _ server: BenchServer, _ program: MeteredProgram, name: String, subscriptions: Int, of vendor: Vendor = overage
    ) throws {
        (self.server, self.program, self.name) = (server, program, name)
        try server.run("CREATE DATABASE \(name)")
        let file = NSTemporaryDirectory() + "/meterbook-bench-\(getpid()).yaml"
        try vendor.catalog.write(toFile: file, atomically: true, encoding: .utf8)
        defer { unlink(file) }
        try program.run("migrate", "--database", server.conninfo(name))
        try program.run("catalog", "apply", file, "--as-of", "2022-01-01", "--database", server.conninfo(name))
        try server.run(Self.subscriptions(subscriptions, vendor.anchor), on: name)
    }

    /// Adds a month's usage to the open periods. With `settled`, leaves every table as autovacuum would overnight.
    func addMonth(settled: Bool) throws {
        try server.run(Self.month, on: name)
        if settled {
            try server.run("VACUUM (ANALYZE)", on: name)
        } else {
            try server.run("VACUUM (ANALYZE) meterbook.open_period;\nANALYZE meterbook.usage_total", on: name)
        }
    }

    /// Adds what the totals of one month were counted from.
    func addReadings() throws { try server.run(Self.readings, on: name) }

    /// Replays all invoices of a database of these books, and makes sure that all are equal.
    func replay(_ database: String) throws -> MeteredProgram.Cost {
        try program.run(
            "replay", "--all", "--workers", "2", "--no-progress", "--database", server.conninfo(database))
    }

    /// The day on which every open period has ended, and no second one of any subscription.
    func asOf() throws -> String { try server.text("SELECT max(ends)::text FROM meterbook.open_period", on: name) }

    /// Closes a database of these books with the real program, and makes sure that it closed everything.
    func close(_ database: String, asOf: String, workers: Int) throws -> MeteredProgram.Cost {
        let before = try server.number(
            "SELECT count(*) FROM meterbook.open_period WHERE ends <= '\(asOf)'", on: database)
        let cost = try program.run(
            "close", "--as-of", asOf, "--workers", String(workers), "--no-progress", "--database",
            server.conninfo(database))
        let open = try server.number("SELECT count(*) FROM meterbook.open_period WHERE ends <= '\(asOf)'", on: database)
        guard before > 0, open == 0 else { throw BenchError("the close left \(open) of \(before) periods open") }
        return cost
    }
}
