import TestSupport

extension Books {
    /// A hash of every row of every table, table by table.
    ///
    /// - Parameter journal: whether to include the journal, which tells that something was run.
    func hash(journal: Bool = false) throws -> [String: String] {
        let names = try sql(
            """
            SELECT relname FROM pg_class
            WHERE relnamespace = 'meterbook'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1
            """
        ).split(separator: "\n").map(String.init).filter {
            journal || !["run", "run_step", "pull", "backfill", "backfill_pull"].contains($0)
        }
        let query = names.map {
            "SELECT '\($0)' AS name, count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '') "
                + "FROM meterbook.\($0) AS t"
        }.joined(separator: "\nUNION ALL\n")
        let rows = try sql(query).split(separator: "\n").map { $0.split(separator: "|") }
        guard rows.count == names.count else { throw TestFailure("as many hashes as tables: \(rows)") }
        return Dictionary(uniqueKeysWithValues: rows.map { (String($0[0]), String($0[1])) })
    }

    /// What the books say, in words instead of the store's numbers, so that two databases can be compared.
    func contents() throws -> String {
        let tables = """
            SELECT 'customer', key, name FROM meterbook.customer ORDER BY key;
            SELECT 'account', key, name FROM meterbook.account ORDER BY key;
            SELECT 'subscription', s.key, c.key, p.key, anchor, signed_up, starts, ends, pays_every, currency, time_zone
            FROM meterbook.subscription s JOIN meterbook.customer c USING (customer_id) JOIN meterbook.plan p USING (plan_id)
            ORDER BY s.key;
            SELECT 'membership', a.key, s.key, m.starts, m.ends
            FROM meterbook.membership m JOIN meterbook.account a USING (account_id)
            JOIN meterbook.subscription s USING (customer_id, subscription_id) ORDER BY 1, 2, 3, 4;
            SELECT 'reading', r.day, c.key, a.key, ch.key, m.key, r.quantity
            FROM meterbook.reading r JOIN meterbook.customer c USING (customer_id) JOIN meterbook.account a USING (account_id)
            JOIN meterbook.channel ch USING (channel_id) JOIN meterbook.meter m USING (meter_id) ORDER BY 1, 2, 3, 4, 5, 6;
            SELECT 'superseded', r.day, a.key, ch.key, r.quantity
            FROM meterbook.reading_superseded r JOIN meterbook.account a USING (account_id)
            JOIN meterbook.channel ch USING (channel_id) ORDER BY 1, 2, 3, 4, r.superseded_by;
            SELECT 'total', s.key, m.key, t.start, t.quantity
            FROM meterbook.usage_total t JOIN meterbook.subscription s USING (customer_id, subscription_id)
            JOIN meterbook.meter m USING (meter_id) ORDER BY 1, 2, 3, 4;
            SELECT 'open', s.key, o.number, o.starts, o.ends, o.counts_from
            FROM meterbook.open_period o JOIN meterbook.subscription s USING (customer_id, subscription_id) ORDER BY 2;
            SELECT 'late', s.key, l.start FROM meterbook.late_usage l
            JOIN meterbook.subscription s USING (customer_id, subscription_id) ORDER BY 2, 3;
            """
        return try sql(tables) + "\n" + run("invoice", "export")
    }
}
