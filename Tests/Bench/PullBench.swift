import Foundation

/// The nightly pull of a day's counts, beside what PostgreSQL alone needs to take the same rows in; and a file in which one
/// row of a hundred is bad.
///
///     copy    COPY FROM STDIN of the readings that the pull stored, in order of their key, into a table with the same key
///     pull    the program: reads the file, finds accounts and channels, compares, stores, totals
///     again   the same file once more: nothing has changed
struct PullBench {
    struct Result {
        var rows: Int
        var copy: [Double] = []
        var pull: [MeteredProgram.Cost] = []
        var again: [MeteredProgram.Cost] = []
        /// Bytes of write-ahead log.
        var pullLog: [Double] = []
        var againLog: [Double] = []
    }

    struct Poisoned {
        var rows: Int
        var bad: Int
        var cost: MeteredProgram.Cost
    }

    private static let channels = ["amazon", "ebay", "shopify"]
    private static let (before, day, after) = ("2022-02-04", "2022-02-05", "2022-02-06")

    let server: BenchServer
    let program: MeteredProgram
    let progress: Progress

    func run(accounts: Int, runs: Int) throws -> Result {
        let folder = try Folder()
        var result = Result(rows: accounts * Self.channels.count)
        let label = "pulling \(result.rows) counts"
        progress.show("\(label): making the books")
        try books("pull", accounts, folder)
        defer { try? server.drop("pull") }
        // The night before: the month is there, and the channels are known.
        try folder.write(accounts: accounts, days: [Self.before], channels: Self.channels)
        try program.run(pull(folder, "pull", asOf: Self.day))
        try server.run("VACUUM (ANALYZE)", on: "pull")
        try folder.write(accounts: accounts, days: [Self.day], channels: Self.channels)

        var written: WrittenRows?
        for run in 1...runs {
            progress.show("\(label): run \(run) of \(runs)")
            try server.onClone(of: "pull") { clone in
                let (first, firstLog) = try logged(clone) {
                    try program.run(pull(folder, clone, asOf: Self.after))
                }
                let stored = try server.number(
                    "SELECT count(*) FROM meterbook.reading WHERE day = '\(Self.day)'", on: clone)
                guard stored == result.rows else { throw BenchError("\(stored) of \(result.rows) rows were stored") }
                try server.run("CHECKPOINT", on: clone)
                let (second, secondLog) = try logged(clone) {
                    try program.run(pull(folder, clone, asOf: Self.after))
                }
                result.pull.append(first)
                result.pullLog.append(firstLog)
                result.again.append(second)
                result.againLog.append(secondLog)
                if written == nil {
                    written = try WrittenRows(
                        WrittenRows.readings(of: Self.day), from: server.conninfo(clone), halfway: accounts / 2)
                }
            }
            try server.onClone(
                of: "pull", prepare: WrittenRows.emptyTables(in: Floor.schema, WrittenRows.readings(of: Self.day))
            ) {
                clone in
                let session = try RawSession(server.conninfo(clone))
                if let written {
                    result.copy.append(try seconds { try written.write(to: Floor.schema, over: session) })
                }
            }
        }
        return result
    }

    /// Ten days of counts with one bad row in a hundred, of eight kinds: each is kept with its line, the others are stored and
    /// billed.
    func poisoned(rows: Int) throws -> Poisoned {
        let (days, accounts) = (10, max(1, rows / 10))
        let folder = try Folder()
        progress.show("pulling \(accounts * days) rows, of which one in a hundred is bad")
        try books("poisoned", accounts, folder)
        defer { try? server.drop("poisoned") }
        let written = try folder.write(
            accounts: accounts, days: (1...days).map { "2022-02-\($0 < 10 ? "0" : "")\($0)" }, channels: ["shopify"],
            poisoned: true)
        let cost = try program.run(pull(folder, "poisoned", asOf: "2022-02-11"), expecting: 65)
        func expect(_ what: String, _ sql: String, _ expected: Int) throws {
            let found = try server.number(sql, on: "poisoned")
            guard found == expected else { throw BenchError("\(what): \(found), and it should be \(expected)") }
        }
        try expect(
            "rows kept with their lines",
            """
            SELECT count(DISTINCT line) FROM meterbook.rejected_row
            WHERE file LIKE '%counts.csv' AND (line - 1) % 100 = 37 AND row_text <> ''
            """, written.bad)
        try expect("rows kept", "SELECT count(*) FROM meterbook.rejected_row", written.bad)
        try expect("rows stored", "SELECT count(*) FROM meterbook.reading", accounts * days - written.bad)
        try expect("counts stored", "SELECT sum(quantity)::bigint FROM meterbook.reading", written.sum)
        try program.run(["close", "--as-of", "2022-03-29", "--no-progress", "--database", server.conninfo("poisoned")])
        try expect(
            "counts billed",
            """
            SELECT sum(l.quantity)::bigint FROM meterbook.invoice_line AS l
            WHERE l.line_kind = 'usage' AND l.counted_before IS NOT NULL
            """, written.sum)
        try program.run(["reconcile", "--database", server.conninfo("poisoned")])
        return Poisoned(rows: accounts * days, bad: written.bad, cost: cost)
    }

    private func books(_ name: String, _ accounts: Int, _ folder: Folder) throws {
        _ = try BenchBooks(server, program, name: name, subscriptions: accounts)
        try server.run(
            """
            SET session_replication_role = replica;
            INSERT INTO meterbook.account (key, name) SELECT key, key FROM meterbook.subscription ORDER BY subscription_id;
            INSERT INTO meterbook.membership (customer_id, subscription_id, account_id, starts)
            SELECT customer_id, subscription_id, subscription_id, anchor FROM meterbook.subscription ORDER BY subscription_id;
            VACUUM (ANALYZE)
            """, on: name)
    }

    private func pull(_ folder: Folder, _ database: String, asOf: String) -> [String] {
        [
            "pull", "--deployment", folder.path, "--as-of", asOf, "--no-progress", "--database",
            server.conninfo(database),
        ]
    }

    /// What the work added to the write-ahead log, in bytes.
    private func logged<R>(_ database: String, _ work: () throws -> R) throws -> (R, Double) {
        let place = "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint"
        let start = try server.number(place, on: database)
        let result = try work()
        return (result, Double(try server.number(place, on: database) - start))
    }
}

/// A deployment with one source of counts.
private final class Folder {
    let path = "/var/tmp/meterbook-bench-pull-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try """
        sources:
          orders:
            feeds: readings
            file: counts.csv
            columns:
              meter: {value: orders}

        """.write(toFile: "\(path)/sources.yaml", atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a count for each account, day and channel.
    ///
    /// - Parameter poisoned: whether one row in a hundred is bad.
    /// - Returns: how many are bad, and the sum of the others.
    @discardableResult
    func write(accounts: Int, days: [String], channels: [String], poisoned: Bool = false) throws -> (bad: Int, sum: Int)
    {
        var text = "account,channel,day,quantity\n"
        var (number, bad, sum) = (0, 0, 0)
        for day in days {
            for account in 1...accounts {
                for (index, channel) in channels.enumerated() {
                    number += 1
                    let quantity = (account * 7 + index * 3 + number) % 50
                    if poisoned, number % 100 == 37 {
                        bad += 1
                        text += Self.poison(bad, "s\(account)", channel, day, quantity)
                    } else {
                        sum += quantity
                        text += "s\(account),\(channel),\(day),\(quantity)\n"
                    }
                }
            }
        }
        try text.write(toFile: "\(path)/counts.csv", atomically: true, encoding: .utf8)
        return (bad, sum)
    }

    private static func poison(_ number: Int, _ account: String, _ channel: String, _ day: String, _ quantity: Int)
        -> String
    {
        switch number % 8 {
        case 0: "\(account),\(channel),2022-02-30,\(quantity)\n"
        case 1: "\(account),\(channel),\(day),-\(quantity + 1)\n"
        case 2: "\(account),\(channel),\(day),\(quantity).5\n"
        case 3: "\(account),\(channel),\(day),\(quantity) orders\n"
        case 4: "\(account),\(channel),\(day)\n"
        case 5: "nobody-\(account),\(channel),\(day),\(quantity)\n"
        case 6: "\(account),,\(day),\(quantity)\n"
        default: "\(account),\(channel),2031-02-01,\(quantity)\n"
        }
    }
}
