import Postgres

/// A close written by hand as a script of set-based SQL, for this one plan: the same rows as the program's close, in one session
/// and one transaction. There are several ways to write it; which one is fastest shows when it is run.
struct SQLScript {
    let name: String
    private let body: String

    func run(on connection: Connection, asOf: String) throws -> Double {
        try connection.executeScript(name: "settings", "SET work_mem = '512MB'")
        let text = body.replacing("{as_of}", with: "date '\(asOf)'")
        return try seconds { try connection.executeScript(name: "the SQL script", text) }
    }

    static let all = [
        SQLScript(name: "temporary table, merge joins", body: inSteps(indexesSideBySide)),
        SQLScript(name: "temporary table, hash joins in parallel", body: inSteps(hashed)),
        SQLScript(name: "one statement, merge joins", body: inOne),
    ]

    /// Settings for the statement that rates, which is where plans differ. Left to itself the planner expects one row, and
    /// looks a million up one by one.
    private static let indexesSideBySide = """
        SET LOCAL enable_nestloop = off;
        SET LOCAL enable_hashjoin = off;
        SET LOCAL enable_sort = off;
        SET LOCAL enable_hashagg = off;
        SET LOCAL max_parallel_workers_per_gather = 0;
        """
    private static let hashed = """
        SET LOCAL enable_nestloop = off;
        SET LOCAL enable_mergejoin = off;
        """
    private static let unsettled = """
        SET LOCAL enable_nestloop = on;
        SET LOCAL enable_hashjoin = on;
        SET LOCAL enable_mergejoin = on;
        SET LOCAL enable_sort = on;
        SET LOCAL enable_hashagg = on;
        """

    /// One row a due subscription, with its rated usage.
    private static let rated = """
        SELECT o.customer_id, o.subscription_id, o.number, o.starts, o.ends, s.anchor,
            coalesce(sum(t.quantity), 0)::bigint AS quantity,
            greatest(coalesce(sum(t.quantity), 0)::bigint - 100, 0) AS billable
        FROM meterbook.open_period AS o
        JOIN meterbook.subscription AS s ON s.customer_id = o.customer_id AND s.subscription_id = o.subscription_id
        LEFT JOIN meterbook.usage_total AS t
            ON t.customer_id = o.customer_id AND t.subscription_id = o.subscription_id
            AND t.start >= o.starts AND t.start < o.ends AND t.start < {as_of}
            AND t.meter_id = (SELECT meter_id FROM meterbook.meter WHERE key = 'orders')
        WHERE o.ends <= {as_of}
        GROUP BY o.customer_id, o.subscription_id, s.customer_id, s.subscription_id
        """

    private static let temporary = """
        CREATE TEMPORARY TABLE rated ON COMMIT DROP AS \(rated)
        ORDER BY o.customer_id, o.subscription_id;
        ANALYZE rated;
        """

    private static let months = """
        SELECT meterbook.ensure_months(t, min(ends), {as_of} + 1)
        FROM meterbook.open_period, unnest(ARRAY['billing_period', 'invoice', 'invoice_line']) AS t
        WHERE ends <= {as_of} GROUP BY t;
        """

    private static let periods = """
        INSERT INTO meterbook.billing_period (
            customer_id, subscription_id, ends, starts, number, catalog_id, watermark, engine, run_id)
        SELECT customer_id, subscription_id, ends, starts, number,
            (SELECT catalog_id FROM meterbook.catalog_current),
            (SELECT coalesce(max(pull_id), 0) FROM meterbook.pull), 1, 0
        FROM rated
        """
    private static let invoices = """
        INSERT INTO meterbook.invoice (
            customer_id, subscription_id, period_ends, kind, currency, total, line_count)
        SELECT customer_id, subscription_id, ends, 'period', 'USD', 4900 + billable * 10, 2 FROM rated
        """
    private static let lines = """
        INSERT INTO meterbook.invoice_line (
            customer_id, subscription_id, period_ends, kind, line, line_kind, price_id, service_starts, service_ends,
            quantity, counted_before, threshold, billable, amount)
        SELECT r.customer_id, r.subscription_id, r.ends, 'period', l.line, l.line_kind, l.price_id, r.starts, r.ends,
            l.quantity, 0, l.threshold, l.billable, l.amount
        FROM rated AS r
        CROSS JOIN LATERAL (VALUES
            (1::smallint, 'flat'::meterbook.line_kind,
                (SELECT price_id FROM meterbook.price WHERE key = 'base'), 1::bigint, 0::bigint, 1::bigint, 4900::bigint),
            (2::smallint, 'usage'::meterbook.line_kind,
                (SELECT price_id FROM meterbook.price WHERE key = 'orders'), r.quantity, 100, r.billable, r.billable * 10)
        ) AS l (line, line_kind, price_id, quantity, threshold, billable, amount)
        """
    private static let advance = """
        UPDATE meterbook.open_period AS o
        SET number = r.number + 1, starts = r.ends, counts_from = r.ends,
            ends = (r.anchor + (r.number + 2) * interval '1 month')::date
        FROM rated AS r
        WHERE o.customer_id = r.customer_id AND o.subscription_id = r.subscription_id
        """

    private static func inSteps(_ plan: String) -> String {
        """
        BEGIN;
        \(months)
        \(plan)
        \(temporary)
        \(unsettled)
        \(periods);
        \(invoices);
        \(lines);
        \(advance);
        COMMIT
        """
    }

    private static let inOne = """
        BEGIN;
        \(months)
        \(indexesSideBySide)
        WITH rated AS MATERIALIZED (\(rated)),
        p AS (\(periods)),
        i AS (\(invoices)),
        l AS (\(lines))
        \(advance);
        COMMIT
        """
}
