import Billing
import Postgres
import SQL
import Store
import TestSupport
import Testing

/// The views for reports, on a ledger that is small enough to be added up by hand.
@Suite("The schema reporting")
struct ReportingTests {
    private static let template = Template.named("schema") { conninfo in
        _ = try Migrator(Connection(conninfo: conninfo)).migrate()
    }

    /// The promise: columns are added at the end, never renamed, moved or taken away. A line may grow; nothing in it changes.
    private static let promised = """
        credit_entry: customer currency entry entered_on origin subscription period_ends kind credit_note amount
            amount_minor balance balance_minor run_id
        credit_note: number issued_on customer subscription period_ends kind invoice_number currency net net_minor tax
            tax_minor gross gross_minor off_due off_due_minor carried carried_minor refunded refunded_minor run_id
        currency: code places minor_unit
        hold: customer subscription held period_ends kind reason subject figure bound held_on status settled_on
            run_id
        invoice: customer subscription kind period_starts period_ends plan status number issued_on voided_on
            payment_status payment_since currency total total_minor net net_minor tax tax_minor gross gross_minor
            line_count run_id finalized_run_id issue lacks_days
        invoice_gap: customer subscription kind period_ends place gap source account channel category first_day
            last_day days
        invoice_line: customer subscription kind period_ends line status line_kind plan price price_name meter
            service_starts service_ends quantity billable counted_before threshold currency amount amount_minor
            corrects_period_ends corrects_line
        issue: number issued_on customer subscription period_ends kind issue status voided_on replaced_by
            payment_status payment_since currency net net_minor tax tax_minor gross gross_minor run_id
        plan_change: customer subscription change_id origin rule was_plan plan was_pays_every pays_every is_at_once
            status announced_on takes_effect settled_on
        plan_decision: customer subscription month rule decided_on plan outcome reason target_plan window_starts
            figure change_takes_effect change_status run_id
        pull: pull_id run_id source feeds status run_started_at from_day to_day rows_read rows_outside rows_new
            rows_changed rows_unchanged rows_repeated rows_merged rows_rejected
        revenue_by_invoice_month: month plan currency line_kind status lines amount amount_minor
        revenue_by_service_month: month plan currency line_kind status lines amount amount_minor
        run: run_id job as_of status exit_code program_version started_at ended_at seconds
        source: source feeds last_pull_id last_status last_pulled_at last_good_at last_rows_read last_rows_rejected
        source_day: source day readings most_readings quantity
        subscription: customer subscription plan pays_every currency time_zone contract coupon anchor signed_up
            starts ends period_starts period_ends next_plan next_plan_from is_held
        usage_month: customer subscription meter month quantity
        usage_period: customer subscription meter period_starts period_ends status quantity
        """

    @Test("The views have the columns that are promised, in their order")
    func columns() async throws {
        try await withDatabase(Self.template) { database in
            let found = try database.run(
                """
                SELECT c.relname || ': ' || string_agg(a.attname, ' ' ORDER BY a.attnum)
                FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
                WHERE c.relnamespace = 'reporting'::regnamespace
                GROUP BY c.relname ORDER BY c.relname COLLATE "C"
                """)
            let words = Self.promised.split(whereSeparator: \.isWhitespace).map {
                $0.hasSuffix(":") ? "\n\($0)" : " \($0)"
            }
            #expect(found == words.joined().dropFirst())
        }
    }

    @Test("No view shows a name, an address, a number of a person, or who did something")
    func anonymous() async throws {
        try await withDatabase(Self.template) { database in
            // Of the tables with personal data the views read the key alone.
            let used = try database.run(
                """
                SELECT DISTINCT table_name || '.' || column_name FROM information_schema.view_column_usage
                WHERE view_schema = 'reporting' AND table_schema = 'meterbook' AND (
                    table_name IN ('customer', 'account', 'customer_contact', 'billing_detail', 'rejected_row', 'notice')
                    OR column_name IN ('author', 'settled_by', 'note', 'reason', 'detail', 'seller_number', 'tax_notes'))
                ORDER BY 1
                """)
            #expect(
                used
                    == "account.account_id\naccount.key\ncustomer.customer_id\ncustomer.key\ndecision.reason\nhold.reason\ninvoice_hold.reason"
            )
        }
    }

    @Test("The places of currencies are those of the program")
    func currencies() async throws {
        try await withDatabase(Self.template) { database in
            let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            var expected: [String] = []
            for a in letters {
                for b in letters {
                    for c in letters {
                        guard let currency = Currency(code: "\(a)\(b)\(c)"), currency.exponent != 2 else { continue }
                        expected.append(
                            "\(currency.code)|\(currency.exponent)|\(currency.exponent == 0 ? "1" : "0.001")")
                    }
                }
            }
            let found = try database.run("SELECT * FROM reporting.currency ORDER BY code")
            #expect(found == expected.joined(separator: "\n"))
        }
    }

    /// Two customers. `acme` pays 30.00 USD a month for `silver` in advance and 0.10 beyond 100 orders; in January it used 130
    /// orders, of which 10 came late. `nippon` pays 5,000 JPY; its invoice was voided as a draft.
    ///
    ///     acme    2026-02-01  finalized and paid   30.00 February, 2.00 for 20 orders beyond, 19 % tax on top: 38.08;
    ///                                              before, it was issued and paid without the tax
    ///             2026-03-01  draft                30.00 March, 1.00 for 10 late orders of January
    ///     nippon  2026-02-01  voided               5,000
    private static let ledger = """
        SELECT meterbook.ensure_months(relname, '2026-01-01', '2026-04-01') FROM pg_class
        WHERE relnamespace = 'meterbook'::regnamespace AND relkind = 'p';
        INSERT INTO meterbook.run (job, as_of, status, exit_code, program_version, started_at, ended_at) VALUES
            ('nightly', '2026-02-01', 'succeeded', 0, 'test', '2026-02-01 02:30Z', '2026-02-01 02:30:01.5Z'),
            ('nightly', '2026-03-01', 'incomplete', 65, 'test', '2026-03-01 02:30Z', '2026-03-01 02:31Z');
        INSERT INTO meterbook.pull
            (run_id, source, feeds, from_day, to_day, status, rows_read, rows_new, rows_rejected) VALUES
            (1, 'orders', 'readings', NULL, '2026-02-02', 'succeeded', 5, 5, 0),
            (2, 'orders', 'readings', NULL, '2026-03-02', 'failed', 3, 1, 1),
            (1, 'customers', 'customers', NULL, NULL, 'incomplete', 3, 2, 1);
        INSERT INTO meterbook.catalog (sha256, name, currency, document)
        VALUES (encode(sha256('c'), 'hex'), 'shop', 'USD', 'c');
        INSERT INTO meterbook.meter (key, is_running, carries_levels) VALUES ('orders', true, false), ('peak', false, false);
        INSERT INTO meterbook.plan (key) VALUES ('silver'), ('gold');
        INSERT INTO meterbook.price
            (catalog_id, ordinal, plan_id, version_from, key, name, meter_id, leads_meter) VALUES
            (1, 0, 1, '2020-01-01', 'fee', 'Silver', NULL, false),
            (1, 1, 1, '2020-01-01', 'overage', 'Orders', 1, true);
        INSERT INTO meterbook.customer (key, name) VALUES ('acme', 'Acme, of Bonn'), ('nippon', 'Nippon');
        INSERT INTO meterbook.subscription
            (customer_id, key, plan_id, anchor, signed_up, starts, ends, pays_every, currency, time_zone) VALUES
            (1, 'acme-1', 1, '2026-01-01', '2025-12-30', '2026-01-01', NULL, 'month', 'USD', 'Europe/Berlin'),
            (2, 'nippon-1', 1, '2026-01-01', '2026-01-01', '2026-01-01', '2026-02-01', 'month', 'JPY', 'Asia/Tokyo');
        INSERT INTO meterbook.open_period VALUES (1, 1, 2, '2026-03-01', '2026-04-01', '2026-03-01');
        INSERT INTO meterbook.billing_period
            (customer_id, subscription_id, starts, ends, number, catalog_id, watermark, engine, run_id) VALUES
            (1, 1, '2026-01-01', '2026-02-01', 0, 1, 1, 1, 1), (1, 1, '2026-02-01', '2026-03-01', 1, 1, 2, 1, 2),
            (2, 2, '2026-01-01', '2026-02-01', 0, 1, 1, 1, 1);
        INSERT INTO meterbook.usage_total (customer_id, subscription_id, meter_id, start, quantity, pull_id) VALUES
            (1, 1, 1, '2026-01-01', 90, 1), (1, 1, 1, '2026-01-15', 40, 2), (1, 1, 1, '2026-02-01', 60, 2),
            (1, 1, 1, '2026-03-01', 7, 2), (1, 1, 2, '2026-01-01', 4, 1);
        INSERT INTO meterbook.invoice
            (customer_id, subscription_id, period_ends, kind, currency, total, line_count) VALUES
            (1, 1, '2026-02-01', 'period', 'USD', 3200, 2), (1, 1, '2026-03-01', 'period', 'USD', 3100, 2),
            (2, 2, '2026-02-01', 'period', 'JPY', 5000, 1);
        INSERT INTO meterbook.invoice_line
            (customer_id, subscription_id, period_ends, kind, line, line_kind, price_id, service_starts, service_ends,
            quantity, counted_before, threshold, billable, amount, corrects_period_ends, corrects_line) VALUES
            (1, 1, '2026-02-01', 'period', 1, 'flat', 1, '2026-02-01', '2026-03-01', 1, 0, 0, 1, 3000, NULL, NULL),
            (1, 1, '2026-02-01', 'period', 2, 'usage', 2, '2026-01-01', '2026-02-01', 120, 0, 100, 20, 200, NULL, NULL),
            (1, 1, '2026-03-01', 'period', 1, 'flat', 1, '2026-03-01', '2026-04-01', 1, 0, 0, 1, 3000, NULL, NULL),
            (1, 1, '2026-03-01', 'period', 2, 'correction', 2, '2026-01-01', '2026-02-01', 10, 0, 0, 10, 100,
                '2026-02-01', 2),
            (2, 2, '2026-02-01', 'period', 1, 'flat', 1, '2026-02-01', '2026-03-01', 1, 0, 0, 1, 5000, NULL, NULL);
        INSERT INTO meterbook.finalized_invoice
            (customer_id, subscription_id, period_ends, kind, issue, series_id, number, label, issued_on, net, tax, gross,
            tax_notes, catalog_id, digest, run_id) VALUES
            (1, 1, '2026-02-01', 'period', 1, 1, 1, 'R-1', '2026-02-02', 3200, 0, 3200, '', 1, sha256(''), 2),
            (1, 1, '2026-02-01', 'period', 2, 1, 2, 'R-2', '2026-02-03', 3200, 608, 3808, '', 1, sha256(''), 2);
        INSERT INTO meterbook.reissued_invoice
            (customer_id, subscription_id, period_ends, kind, issue, reissued_on, reason, author, run_id)
        VALUES (1, 1, '2026-02-01', 'period', 2, '2026-02-03', 'tax', 'me', 2);
        INSERT INTO meterbook.invoice_payment
            (customer_id, subscription_id, period_ends, kind, issue, entry, status, since, author, run_id) VALUES
            (1, 1, '2026-02-01', 'period', 1, 3, 'paid', '2026-02-02', 'me', 2),
            (1, 1, '2026-02-01', 'period', 2, 1, 'uncollectible', '2026-02-20', 'me', 2),
            (1, 1, '2026-02-01', 'period', 2, 2, 'paid', '2026-02-25', 'me', 2);
        INSERT INTO meterbook.voided_invoice
            (customer_id, subscription_id, period_ends, kind, voided_on, reason, author, run_id) VALUES
            (1, 1, '2026-02-01', 'period', '2026-02-03', 'tax', 'me', 2),
            (2, 2, '2026-02-01', 'period', '2026-02-05', 'left', 'me', 1);
        INSERT INTO meterbook.plan_decision
            (customer_id, subscription_id, month, rule, decided_on, catalog_id, plan_id, outcome, reason, target_plan_id,
            window_starts, counted, figure_sum, figure_months, watermark, run_id)
        VALUES (1, 1, '2026-03-01', 'grow', '2026-03-01', 1, 1, 'up', 'above', 2, '2025-12-01', '{10,130,60}', 200, 3, 2, 2);
        INSERT INTO meterbook.decision_block
            (first_customer_id, least_subscription_id, month, last_customer_id, greatest_subscription_id, rule, decided_on,
            catalog_id, plan_id, reason, window_starts, months, figure_months, watermark, run_id, subscriptions, customer_ids, subscription_ids,
            figure_sums, counted)
        VALUES (1, 1, '2026-02-01', 2, 2, 'grow', '2026-02-03', 1, 1, 'holds', '2025-11-01', 3, 3, 1, 1, 2, '{1,2}', '{1,2}',
            '{140,7}', '{0,1,10,2,130,4}');
        INSERT INTO meterbook.plan_change
            (customer_id, subscription_id, takes_effect, was_plan_id, plan_id, rule, month, announced_on, announced_run)
        VALUES (1, 1, '2026-04-01', 1, 2, 'grow', '2026-03-01', '2026-03-01', 2);
        INSERT INTO meterbook.hold (customer_id, subscription_id, reason, detail, period_ends, run_id)
        VALUES (2, 2, 'missing_cut', 'Nippon', '2026-03-01', 2);
        INSERT INTO meterbook.invoice_hold
            (customer_id, subscription_id, period_ends, kind, reason, subject, figure, bound, detail, held_on, run_id)
        VALUES (1, 1, '2026-03-01', 'period', 'usage_jump', 'orders', 60, 20, 'Acme', '2026-03-01', 2);
        """

    @Test(
        "Each view says of the ledger what follows from it by hand",
        arguments: [
            (
                "SELECT * FROM invoice ORDER BY subscription, period_ends",
                """
                acme|acme-1|period|2026-01-01|2026-02-01|silver|finalized|R-2|2026-02-03||paid|2026-02-25|USD|32.00|3200|32.00|3200|6.08|608|38.08|3808|2|1|2|2|f
                acme|acme-1|period|2026-02-01|2026-03-01|silver|draft||||||USD|31.00|3100|||||||2|2|||f
                nippon|nippon-1|period|2026-01-01|2026-02-01|silver|voided|||2026-02-05|||JPY|5000|5000|||||||1|1|||f
                """
            ),
            (
                "SELECT * FROM issue ORDER BY number",
                """
                R-1|2026-02-02|acme|acme-1|2026-02-01|period|1|voided|2026-02-03|R-2|paid|2026-02-02|USD|32.00|3200|0.00|0|32.00|3200|2
                R-2|2026-02-03|acme|acme-1|2026-02-01|period|2|finalized|||paid|2026-02-25|USD|32.00|3200|6.08|608|38.08|3808|2
                """
            ),
            (
                """
                SELECT subscription, period_ends, line, status, line_kind, plan, price, price_name, meter, service_starts,
                    service_ends, quantity, billable, counted_before, threshold FROM invoice_line ORDER BY 1, 2, 3
                """,
                """
                acme-1|2026-02-01|1|finalized|flat|silver|fee|Silver||2026-02-01|2026-03-01|1|||
                acme-1|2026-02-01|2|finalized|usage|silver|overage|Orders|orders|2026-01-01|2026-02-01|120|20|0|100
                acme-1|2026-03-01|1|draft|flat|silver|fee|Silver||2026-03-01|2026-04-01|1|||
                acme-1|2026-03-01|2|draft|correction|silver|overage|Orders|orders|2026-01-01|2026-02-01|10|10||
                nippon-1|2026-02-01|1|voided|flat|silver|fee|Silver||2026-02-01|2026-03-01|1|||
                """
            ),
            (
                """
                SELECT customer, kind, currency, amount, amount_minor, corrects_period_ends, corrects_line
                FROM invoice_line ORDER BY customer, period_ends, line
                """,
                """
                acme|period|USD|30.00|3000||
                acme|period|USD|2.00|200||
                acme|period|USD|30.00|3000||
                acme|period|USD|1.00|100|2026-02-01|2
                nippon|period|JPY|5000|5000||
                """
            ),
            (
                "SELECT * FROM usage_month ORDER BY month",
                """
                acme|acme-1|orders|2026-01-01|130
                acme|acme-1|orders|2026-02-01|60
                acme|acme-1|orders|2026-03-01|7
                """
            ),
            (
                "SELECT * FROM usage_period ORDER BY meter, period_starts",
                """
                acme|acme-1|orders|2026-01-01|2026-02-01|closed|130
                acme|acme-1|orders|2026-02-01|2026-03-01|closed|60
                acme|acme-1|orders|2026-03-01|2026-04-01|open|7
                acme|acme-1|peak|2026-01-01|2026-02-01|closed|4
                """
            ),
            (
                "SELECT * FROM plan_decision ORDER BY month, subscription",
                """
                acme|acme-1|2026-02-01|grow|2026-02-03|silver|stays|holds||2025-11-01|46.67|||1
                nippon|nippon-1|2026-02-01|grow|2026-02-03|silver|stays|holds||2025-11-01|2.33|||1
                acme|acme-1|2026-03-01|grow|2026-03-01|silver|up|above|gold|2025-12-01|66.67|2026-04-01|announced|2
                """
            ),
            (
                "SELECT * FROM plan_change",
                "acme|acme-1|1|decision|grow|silver|gold|||f|announced|2026-03-01|2026-04-01|"
            ),
            (
                "SELECT * FROM subscription ORDER BY subscription",
                """
                acme|acme-1|silver|month|USD|Europe/Berlin|||2026-01-01|2025-12-30|2026-01-01||2026-03-01|2026-04-01|gold|2026-04-01|f
                nippon|nippon-1|silver|month|JPY|Asia/Tokyo|||2026-01-01|2026-01-01|2026-01-01|2026-02-01|||||t
                """
            ),
            (
                "SELECT * FROM hold ORDER BY held",
                """
                acme|acme-1|invoice|2026-03-01|period|usage_jump|orders|60|20|2026-03-01|held||2
                nippon|nippon-1|subscription|2026-03-01||missing_cut||||2026-03-01|held||2
                """
            ),
            (
                "SELECT * FROM run ORDER BY run_id",
                """
                1|nightly|2026-02-01|succeeded|0|test|2026-02-01 02:30:00+00|2026-02-01 02:30:01.5+00|1.500
                2|nightly|2026-03-01|incomplete|65|test|2026-03-01 02:30:00+00|2026-03-01 02:31:00+00|60.000
                """
            ),
            // What was voided is no revenue.
            (
                "SELECT * FROM revenue_by_invoice_month ORDER BY month, line_kind",
                """
                2026-02-01|silver|USD|flat|finalized|1|30.00|3000
                2026-02-01|silver|USD|usage|finalized|1|2.00|200
                2026-03-01|silver|USD|correction|draft|1|1.00|100
                2026-03-01|silver|USD|flat|draft|1|30.00|3000
                """
            ),
            (
                "SELECT * FROM revenue_by_service_month ORDER BY month, line_kind",
                """
                2026-01-01|silver|USD|correction|draft|1|1.00|100
                2026-01-01|silver|USD|usage|finalized|1|2.00|200
                2026-02-01|silver|USD|flat|finalized|1|30.00|3000
                2026-03-01|silver|USD|flat|draft|1|30.00|3000
                """
            ),
            (
                "SELECT * FROM pull ORDER BY pull_id",
                """
                1|1|orders|readings|succeeded|2026-02-01 02:30:00+00||2026-02-02|5|0|5|0|0|0|0|0
                2|2|orders|readings|failed|2026-03-01 02:30:00+00||2026-03-02|3|0|1|0|0|0|0|1
                3|1|customers|customers|incomplete|2026-02-01 02:30:00+00|||3|0|2|0|0|0|0|1
                """
            ),
            (
                "SELECT * FROM source ORDER BY source",
                """
                customers|customers|3|incomplete|2026-02-01 02:30:00+00|2026-02-01 02:30:00+00|3|1
                orders|readings|2|failed|2026-03-01 02:30:00+00|2026-02-01 02:30:00+00|3|1
                """
            ),
        ])
    func figures(query: String, figures: String) async throws {
        try await withDatabase(Self.template) { database in
            try database.run(Self.ledger)
            // As who reads reports, and sees nothing else.
            let found = try database.run(
                "SET TIME ZONE UTC; SET ROLE meterbook_reporting; SET search_path = reporting;\n" + query)
            #expect(found == figures)
        }
    }
}
