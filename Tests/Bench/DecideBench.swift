/// Deciding on all subscriptions by the mean of three months, beside the scan of the totals that it is made from.
///
///     scan    COPY (SELECT the totals of the window, in order of their subscriptions) TO STDOUT, thrown away
///     write   COPY FROM STDIN of the very decisions that were written: what nobody could do without, and no part of the
///             target
struct DecideBench {
    struct Result {
        var subscriptions: Int
        var scan: [Double] = []
        var write: [Double] = []
        var decide: [MeteredProgram.Cost] = []
        var decideByOne: [MeteredProgram.Cost] = []
        var changes = 0
    }

    /// As A2X has it: a threshold of orders a month for each plan, periods by the calendar.
    private static let vendor = BenchBooks.Vendor(
        catalog: """
            catalog: bench
            currency: USD
            meters:
              orders: {name: Orders, aggregate: sum, unit: {one: order, other: orders}}
            decisions:
              average:
                name: Orders a month
                meters: [orders]
                window: 3 months
                aggregate: mean
                ladder: {small: 1000, middle: 2000, large: 5000}
            plans:
            \(plans.joined(separator: "\n"))

            """,
        anchor: "date '2021-01-01'")

    private static let plans = ["small", "middle", "large"].map { key in
        """
          \(key):
            name: Plan
            invoice: month
            align: calendar
            versions:
              - from: 2020-01-01
                prices:
                  base: {flat: {month: 49.00}, name: Plan, charged: in_advance}
                  orders: {usage: orders, name: Orders of the month, allowance: 1000}
        """
    }

    /// Three months of totals; for each subscription an account; and for one of twelve a change of half a year ago. Of a
    /// hundred subscriptions about two exceed their plans, and one needs less.
    private static let months = """
        SET session_replication_role = replica;
        SELECT meterbook.ensure_months('usage_total', '2022-01-01', '2022-04-01');
        INSERT INTO meterbook.usage_total (customer_id, subscription_id, meter_id, start, quantity, pull_id)
        SELECT s.customer_id, s.subscription_id, m.meter_id, month, 1 + (s.subscription_id * 31) % 7 + bound * CASE
            WHEN s.subscription_id % 50 = 7 THEN 1.2 WHEN s.subscription_id % 100 = 3 THEN 0.3 ELSE 0.8 END, 1
        FROM meterbook.meter AS m, unnest(ARRAY[date '2022-01-01', '2022-02-01', '2022-03-01']) AS month,
            meterbook.subscription AS s
        JOIN meterbook.plan AS p ON p.plan_id = s.plan_id
        JOIN (VALUES ('small', 1000), ('middle', 2000), ('large', 5000)) AS l (key, bound) ON l.key = p.key
        ORDER BY month, s.customer_id, s.subscription_id;
        SELECT meterbook.ensure_months('reading', '2021-01-01', '2021-01-02');
        INSERT INTO meterbook.reading (day, customer_id, account_id, channel_id, meter_id, quantity, pull_id)
        SELECT '2021-01-01', 1, 1, 1, meter_id, 1, 1 FROM meterbook.meter;
        INSERT INTO meterbook.account (key, name) SELECT key, key FROM meterbook.subscription ORDER BY subscription_id;
        INSERT INTO meterbook.membership (customer_id, subscription_id, account_id, starts)
        SELECT customer_id, subscription_id, subscription_id, anchor FROM meterbook.subscription ORDER BY subscription_id;
        INSERT INTO meterbook.plan_change (customer_id, subscription_id, takes_effect, was_plan_id, plan_id, rule, month,
            status, announced_on, announced_run, settled_on, settled_run)
        SELECT customer_id, subscription_id, '2021-11-01', plan_id % 3 + 1, plan_id, 'average', '2021-10-01',
            'applied', '2021-10-03', 1, '2021-11-02', 1
        FROM meterbook.subscription WHERE subscription_id % 12 = 0 ORDER BY subscription_id;
        VACUUM (ANALYZE)
        """

    private static let day = "2022-04-03"

    let server: BenchServer
    let program: MeteredProgram
    let progress: Progress

    func run(subscriptions: Int, runs: Int) throws -> Result {
        let label = "deciding, \(subscriptions) subscriptions"
        progress.show("\(label): making the books")
        _ = try BenchBooks(server, program, name: "decide", subscriptions: subscriptions, of: Self.vendor)
        defer { try? server.drop("decide") }
        try server.run(Self.months, on: "decide")

        var result = Result(subscriptions: subscriptions)
        var written: WrittenRows?
        for run in 1...runs {
            progress.show("\(label): run \(run) of \(runs)")
            try server.onClone(of: "decide") { clone in
                result.decide.append(try decide(clone, subscriptions, workers: 2))
                guard written == nil else { return }
                result.changes = try server.number(
                    "SELECT count(*) FROM meterbook.plan_change WHERE status = 'announced'", on: clone)
                written = try WrittenRows(
                    WrittenRows.decisions, from: server.conninfo(clone), halfway: subscriptions / 2)
            }
            let tables = WrittenRows.emptyTables(in: Floor.schema, WrittenRows.decisions)
            try server.onClone(of: "decide", prepare: tables) { clone in
                let session = try RawSession(server.conninfo(clone))
                result.scan.append(try seconds { try session.discard(Self.scan) })
                if let written {
                    result.write.append(try seconds { try written.write(to: Floor.schema, over: session) })
                }
            }
            try server.onClone(of: "decide") { clone in
                result.decideByOne.append(try decide(clone, subscriptions, workers: 1))
            }
        }
        return result
    }

    private static let scan = """
        COPY (
            SELECT customer_id, subscription_id, start, quantity FROM meterbook.usage_total
            WHERE start >= '2022-01-01' AND start < '2022-04-01'
            ORDER BY customer_id, subscription_id
        ) TO STDOUT (FORMAT binary)
        """

    /// Decides with the real program, and makes sure that it decided on everybody.
    private func decide(_ database: String, _ subscriptions: Int, workers: Int) throws -> MeteredProgram.Cost {
        let cost = try program.run(
            "decide", "--as-of", Self.day, "--workers", String(workers), "--no-progress", "--database",
            server.conninfo(database))
        let decided = try server.number(
            "SELECT count(*) FROM meterbook.decision WHERE reason <> 'short_history'", on: database)
        guard decided == subscriptions else {
            throw BenchError("it was decided on \(decided) of \(subscriptions) subscriptions")
        }
        return cost
    }
}
