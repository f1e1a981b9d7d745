import Foundation
import Oracle
import TestSupport
import Testing

/// The real orders of CDNOW through the whole pipeline, against a slow count of the same file.
@Suite("CDNOW")
struct CDNOWTests {
    /// Every invoice's total in cents, by its name, from the delivered orders and the plan's three numbers alone: 5.00 a
    /// month, one order included, 0.25 for each further one.
    private static func expectedTotals() throws -> [String: Int] {
        let until = try Day(CDNOW.lastDay)
        var orders: [String: [(day: Day, count: Int)]] = [:]
        for line in try CDNOW.lines("orders").dropFirst() {
            let fields = line.split(separator: ",")
            guard let count = Int(fields[2]) else { throw TestFailure("no count in '\(line)'") }
            orders[String(fields[0]), default: []].append((try Day(fields[1]), count))
        }
        var totals: [String: Int] = [:]
        for (account, orders) in orders {
            guard let anchor = orders.map(\.day).min() else { continue }
            for number in 0... {
                let (start, end) = (anchor.later(months: number), anchor.later(months: number + 1))
                if end > until { break }
                let counted = orders.filter { start <= $0.day && $0.day < end }.reduce(0) { $0 + $1.count }
                totals["\(account)/\(end)"] = 500 + 25 * max(0, counted - 1)
            }
        }
        return totals
    }

    /// The totals in an export, by the invoice's name, in cents. Only the two members are looked for in each line: there
    /// are a quarter of a gigabyte of them.
    private static func exportedTotals(_ file: String) throws -> [String: Int] {
        let data = try Data(contentsOf: URL(fileURLWithPath: file), options: .alwaysMapped)
        return try data.withUnsafeBytes { bytes in
            var totals: [String: Int] = [:]
            var rest = bytes[...]
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = UnsafeRawBufferPointer(rebasing: rest[rest.startIndex..<end])
                rest = rest[(end + 1)...]
                guard let name = member("reference", of: line), let total = member("total", of: line),
                    total.dropLast(2).last == ".", let cents = Int(total.filter { $0 != "." })
                else { throw TestFailure("no reference or total in a line of the export") }
                guard totals.updateValue(cents, forKey: name) == nil else {
                    throw TestFailure("\(name) is there twice")
                }
            }
            return totals
        }
    }

    /// The text of the first member of that name.
    private static func member(_ name: String, of line: UnsafeRawBufferPointer) -> String? {
        let key = Array("\"\(name)\":\"".utf8)
        var place = line.startIndex
        while line[place...].starts(with: key) == false {
            place += 1
            if place + key.count > line.endIndex { return nil }
        }
        let text = line[(place + key.count)...]
        return String(decoding: text.prefix { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
    }

    @Test(
        "A backfill bills every order of CDNOW to the cent; month by month the invoices of 6,000 are the same bytes")
    func backfillAndMonthly() async throws {
        try await withBooks { books in
            try books.run("catalog", "apply", "\(CDNOW.example)/catalog.yaml")
            try books.run(
                "backfill", "--deployment", CDNOW.example, "--from", CDNOW.firstDay, "--to", CDNOW.lastDay)
            let atOnce = "\(books.folder.path)/at-once"
            try books.export(to: atOnce)

            let expected = try Self.expectedTotals()
            let billed = try Self.exportedTotals(atOnce)
            #expect(billed.count == expected.count)
            let wrong = expected.filter { billed[$0.key] != $0.value }
            #expect(wrong.isEmpty, "\(wrong.count) invoices differ, such as \(wrong.first?.key ?? "")")
            #expect(billed.values.reduce(0, +) == expected.values.reduce(0, +))
            try Self.expectBalance(books)
            #expect(try books.replays())

            let (first, behind) = (6_000, "06001")
            let deployment = try CDNOW.deployment(customers: first)
            try Books.copy(of: CDNOW.withoutCustomers()) { monthly in
                var month = try Day("1997-02-01")
                while try month <= Day(CDNOW.lastDay) {
                    try monthly.run("nightly", "--deployment", deployment.path, "--as-of", "\(month)")
                    month = month.later(months: 1)
                }
                let byMonth = "\(books.folder.path)/by-month"
                try monthly.export(to: byMonth)
                // An export goes by the customers' keys, so theirs are its beginning.
                let ofFirst = expected.keys.count { $0 < behind }
                let comparison = try Program(path: "/bin/sh").run(
                    ["-c", "head -n \(ofFirst) \"$0\" | cmp - \"$1\"", atOnce, byMonth])
                #expect(comparison.code == 0, "\(comparison)")
                #expect(try monthly.agree())
            }
        }
    }

    /// All 69,659 orders are on invoices or in periods that are still open, and no row was refused.
    private static func expectBalance(_ books: Books) throws {
        let counted = try CDNOW.lines("orders").dropFirst().reduce(0) { $0 + (Int($1.split(separator: ",")[2]) ?? 0) }
        #expect(counted == 69_659)
        let balance = try books.json("reconcile")
        #expect(balance["agrees"] as? Bool == true)
        let meter = try #require((balance["meters"] as? [[String: Any]])?.first)
        let parts = ["billed", "included", "open"].compactMap { meter[$0] as? Int }
        #expect(meter["total"] as? Int == counted)
        #expect(parts.count == 3 && parts.reduce(0, +) == counted)
        #expect(try books.run("reject", "list").contains("shop") == false)
        #expect(try books.sql("SELECT count(*) FROM meterbook.rejected_row") == "0")
    }

    /// The most memory that the program has held until now, in KiB, as the kernel counts it.
    private static func peak(of running: RunningProgram) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(running.pid)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return try #require(line.flatMap { Int($0.filter(\.isNumber)) })
    }

    @Test("A close holds one batch in memory, however many there are and however many customers")
    func memory() async throws {
        @Sendable func close(_ template: Template, batch: Int) throws -> Int {
            try Books.copy(of: template) { books in
                // Where it has nothing left to do but to say that it has ended.
                let gate = try Gate(
                    books, "BEFORE UPDATE ON meterbook.run FOR EACH ROW", when: "NEW.status = 'succeeded'")
                let running = try books.start("close", "--as-of", CDNOW.lastDay, "--batch", "\(batch)")
                try gate.await(1, of: running)
                let peak = try Self.peak(of: running)
                try gate.open()
                let outcome = running.wait()
                #expect(outcome.code == 0, "\(outcome.errors)")
                return peak
            }
        }
        try await withBooks { _ in
            let all = try close(CDNOW.pulled(), batch: 5_000)
            let manyBatches = try close(CDNOW.pulled(), batch: 100)
            let fewCustomers = try close(CDNOW.pulled(customers: 3_000), batch: 100)
            #expect(all < 200 * 1_024)
            #expect(manyBatches <= all)
            // Eight times the customers in batches of the same size. The rest is for the allocator's rounding.
            #expect(manyBatches < fewCustomers + 8 * 1_024)
            print(
                "peak of a close in KiB: \(all) in large batches, \(manyBatches) in small ones, \(fewCustomers) for few"
            )
        }
    }
}
