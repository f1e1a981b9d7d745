import TestSupport

/// Who may do what, object by object: the declaration, and what a server says.
///
/// `meterbook_owner` owns every object and has no column. A privilege is its letter in what psql's `\dp` prints:
///
///     r SELECT   a INSERT   w UPDATE   d DELETE   D TRUNCATE   X EXECUTE   U USAGE   C CREATE
///
/// `w(status)` is UPDATE of that column alone, `-` is nothing. `month X` stands for every partition of X.
///
/// Who adds an object adds a line here and the GRANTs to the migration that makes it, for example:
///
///     table credit_note   -  ra  -  r
///
///     GRANT SELECT, INSERT ON meterbook.credit_note TO meterbook_billing;
///     GRANT SELECT ON meterbook.credit_note TO meterbook_auditor;
enum Privileges {
    /// The grantees in the order of the columns. Whatever is granted to anybody else is told under his own name.
    static let roles = ["meterbook_ingest", "meterbook_billing", "meterbook_reporting", "meterbook_auditor"]

    static let declared = """
        object                                          ingest  billing      reporting  auditor
        schema meterbook                                U       U            -          U
        schema reporting                                -       -            U          U

        table schema_migration                          r       r            -          r
        table replay_start                              r       r            -          r
        table run                                       raw     raw          -          r
        table run_step                                  raw     raw          -          r
        table pull                                      raw     rw(status)   -          r

        table backfill                                  raw(ended_by)  r     -          r
        table backfill_pull                             ra      r            -          r

        table catalog                                   r       r            -          r
        table catalog_current                           r       r            -          r
        table meter                                     r       r            -          r
        table plan                                      r       r            -          r
        table price                                     r       r            -          r
        table total_cut                                 r       r            -          r

        table customer                                  raw     r            -          r
        table customer_contact                          rawd    r            -          r
        table billing_detail                            raw     r            -          r
        table account                                   raw     r            -          r
        table membership                                raw     r            -          r
        table membership_superseded                     ra      r            -          r
        table channel                                   ra      r            -          r
        table rejected_row                              ra      r            -          r
        table reading                                   raw     r            -          r
        table reading_superseded                        ra      r            -          r
        table connection_interval                       raw     r            -          r
        table connection_interval_superseded            ra      r            -          r
        table month_reading                             raw     r            -          r
        table source_day                                raw     r            -          r
        table source_expectation                        raw     r            -          r

        table subscription                              raw     rw           -          r
        table subscription_superseded                   ra      ra           -          r
        table subscription_zone                         raw     r            -          r
        table subscription_zone_superseded              ra      r            -          r
        table subscription_cut                          ra      ra           -          r
        table open_period                               rawd    rawd         -          r

        table usage_total                               raw     raw          -          r
        table late_usage                                raw     rawd         -          r
        table meter_progress                            rawd    rawd         -          r

        table billing_period                            r       ra           -          r
        table invoice                                   -       ra           -          r
        table invoice_line                              -       ra           -          r
        table invoice_tax                               -       ra           -          r
        table finalized_invoice                         -       ra           -          r
        table voided_invoice                            -       ra           -          r
        table invoice_payment                           -       ra           -          r
        table reissued_invoice                          -       ra           -          r
        table credit_note                               -       ra           -          r
        table credit_note_line                          -       ra           -          r
        table credit_note_tax                           -       ra           -          r
        table credit_entry                              -       ra           -          r
        table invoice_gap                               -       ra           -          r
        table invoice_revision                          -       ra           -          r
        table manual_line                               -       ra           -          r
        table withdrawn_manual_line                     -       ra           -          r
        table invoice_series                            -       raw          -          r
        table invoice_hold                              -       raw          -          r
        table draft_month                               -       rad          -          r
        table hold                                      -       rawd         -          r
        table released_gap                              -       ra           -          r
        view invoice_cause                              -       r            -          r
        view invoice_gap_text                           -       r            -          r
        view last_issue                                 -       r            -          r
        view last_void                                  -       r            -          r
        view last_payment                               -       r            -          r

        table plan_decision                             r       ra           -          r
        table decision_block                            -       ra           -          r
        view decision                                   -       r            -          r
        table plan_change                               raw     raw          -          r
        table plan_change_excess                        -       rad          -          r
        table plan_change_pause                         -       ra           -          r

        table notice                                    raw     raw          -          r
        table alert_progress                            raw     raw          -          r
        table alert_due                                 rad     rad          -          r

        month reading                                   -       -            -          r
        month usage_total                               -       -            -          r
        month billing_period                            -       -            -          r
        month invoice                                   -       -            -          r
        month invoice_line                              -       -            -          r
        month invoice_tax                               -       -            -          r
        month finalized_invoice                         -       -            -          r
        month plan_decision                             -       -            -          r
        month decision_block                            -       -            -          r

        sequence account_account_id_seq                 -       -            -          -
        sequence backfill_backfill_id_seq               -       -            -          -
        sequence catalog_catalog_id_seq                 -       -            -          -
        sequence channel_channel_id_seq                 -       -            -          -
        sequence customer_customer_id_seq               -       -            -          -
        sequence invoice_series_series_id_seq           -       -            -          -
        sequence meter_meter_id_seq                     -       -            -          -
        sequence notice_place_seq                       -       -            -          -
        sequence plan_change_change_id_seq              -       -            -          -
        sequence plan_plan_id_seq                       -       -            -          -
        sequence price_price_id_seq                     -       -            -          -
        sequence pull_pull_id_seq                       -       -            -          -
        sequence run_run_id_seq                         -       -            -          -
        sequence subscription_subscription_id_seq       -       -            -          -

        function day_start                              X       X            -          X
        function subscription_day_start                 X       X            -          X
        function known_day_start                        X       X            -          X
        function detail_digest                          X       -            -          -
        function ensure_months                          X       X            -          -
        function guard_month                            -       -            -          -
        function keep_billing_detail                    -       -            -          -
        function refuse_change                          -       -            -          -
        function total                                  -       X            -          -

        type invoice_kind                               -       -            -          -
        type line_kind                                  -       -            -          -

        view reporting.credit_entry                     -       -            r          r
        view reporting.credit_note                      -       -            r          r
        view reporting.currency                         -       -            r          r
        view reporting.hold                             -       -            r          r
        view reporting.invoice                          -       -            r          r
        view reporting.invoice_gap                      -       -            r          r
        view reporting.invoice_line                     -       -            r          r
        view reporting.issue                            -       -            r          r
        view reporting.source_day                       -       -            r          r
        view reporting.plan_change                      -       -            r          r
        view reporting.plan_decision                    -       -            r          r
        view reporting.pull                             -       -            r          r
        view reporting.revenue_by_invoice_month         -       -            r          r
        view reporting.revenue_by_service_month         -       -            r          r
        view reporting.run                              -       -            r          r
        view reporting.source                           -       -            r          r
        view reporting.subscription                     -       -            r          r
        view reporting.usage_month                      -       -            r          r
        view reporting.usage_period                     -       -            r          r
        """

    /// The lines of the declaration by object: the letters of each role.
    static let declaredByObject: [String: String] = {
        let lines = declared.split(separator: "\n").dropFirst().map { $0.split(separator: " ") }
        return Dictionary(
            lines.filter { !$0.isEmpty }.map { words in
                (words.prefix(2).joined(separator: " "), words.dropFirst(2).joined(separator: " "))
            }, uniquingKeysWith: { first, _ in first + " (twice)" })
    }()

    /// What the catalog of the server says in the same form, and the objects that belong to somebody else.
    static func granted(in database: TestDatabase) throws -> (byObject: [String: String], foreign: String) {
        let rows = try database.run(
            objects
                + """
                , privilege AS (
                    SELECT o.object, e.grantee, e.privilege_type, '' AS part
                    FROM object AS o CROSS JOIN LATERAL aclexplode(coalesce(o.acl, acldefault(o.kind, o.owner))) AS e
                    WHERE e.grantee <> o.owner
                    UNION
                    SELECT o.object, e.grantee, e.privilege_type, format('(%s)', a.attname)
                    FROM object AS o JOIN pg_attribute AS a ON a.attrelid = o.oid AND a.attacl IS NOT NULL
                    CROSS JOIN LATERAL aclexplode(a.attacl) AS e
                    WHERE o.kind = 'r' AND e.grantee <> o.owner
                ), said AS (
                    SELECT object, coalesce(r.rolname, 'PUBLIC') AS grantee,
                        string_agg(l.letter || part, '' ORDER BY l.place, part) AS ordered
                    FROM (SELECT DISTINCT * FROM privilege) AS p
                    LEFT JOIN pg_roles AS r ON r.oid = p.grantee
                    JOIN (VALUES ('SELECT', 'r', 1), ('INSERT', 'a', 2), ('UPDATE', 'w', 3), ('DELETE', 'd', 4),
                        ('TRUNCATE', 'D', 5), ('REFERENCES', 'x', 6), ('TRIGGER', 't', 7), ('EXECUTE', 'X', 8),
                        ('USAGE', 'U', 9), ('CREATE', 'C', 10)) AS l (privilege_type, letter, place) USING (privilege_type)
                    GROUP BY 1, 2
                )
                SELECT o.object, (
                    SELECT string_agg(coalesce(s.ordered, '-'), ' ' ORDER BY w.place)
                    FROM unnest(ARRAY['\(roles.joined(separator: "', '"))']) WITH ORDINALITY AS w (role, place)
                    LEFT JOIN said AS s ON s.object = o.object AND s.grantee = w.role
                ) || coalesce((
                    SELECT string_agg(format(' and %s %s', s.grantee, s.ordered), '' ORDER BY s.grantee)
                    FROM said AS s
                    WHERE s.object = o.object AND s.grantee <> ALL (ARRAY['\(roles.joined(separator: "', '"))'])
                ), '')
                FROM (SELECT DISTINCT object FROM object) AS o ORDER BY 1
                """)
        let foreign = try database.run(
            objects
                + """
                SELECT object FROM object WHERE owner <> 'meterbook_owner'::regrole ORDER BY 1
                """)
        let pairs = rows.split(separator: "\n").map { $0.split(separator: "|", maxSplits: 1).map(String.init) }
        return (Dictionary(pairs.map { ($0[0], $0[1]) }, uniquingKeysWith: { $1 }), foreign)
    }

    /// Every object of ours. The partitions of a table are one object: what any of them allows.
    private static let objects = """
        WITH object AS (
            SELECT 'schema ' || nspname AS object, oid, 'n'::"char" AS kind, nspowner AS owner, nspacl AS acl
            FROM pg_namespace WHERE nspname IN ('meterbook', 'reporting')
            UNION ALL
            SELECT CASE WHEN c.relispartition THEN 'month ' || p.relname
                    WHEN c.relkind = 'S' THEN 'sequence ' || c.relname
                    ELSE CASE c.relkind WHEN 'v' THEN 'view ' ELSE 'table ' END
                        || CASE n.nspname WHEN 'reporting' THEN 'reporting.' ELSE '' END || c.relname END,
                c.oid, CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner, c.relacl
            FROM pg_class AS c
            JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname IN ('meterbook', 'reporting')
            LEFT JOIN pg_inherits AS i ON i.inhrelid = c.oid
            LEFT JOIN pg_class AS p ON p.oid = i.inhparent
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
            UNION ALL
            SELECT 'function ' || p.proname, p.oid, 'f', p.proowner, p.proacl
            FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
            WHERE n.nspname IN ('meterbook', 'reporting')
            UNION ALL
            SELECT 'type ' || t.typname, t.oid, 'T', t.typowner, t.typacl
            FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace
            WHERE n.nspname IN ('meterbook', 'reporting') AND t.typtype IN ('e', 'd')
        )
        """
}
