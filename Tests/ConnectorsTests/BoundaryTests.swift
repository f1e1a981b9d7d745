import Billing
import Connectors
import Glibc
import TestSupport
import Testing

@Suite("Boundaries")
struct BoundaryTests {
    private let csv =
        Array(
            ("\u{FEFF}day,\"acc\"\"ount\",count\r\n1,a,2\n\n\"1\r\n\",\"\"\"é\"\"\",\"\"\r\n1,\"b,2\n3,\"c\",4\n5,d\r\n6,e\"f,7\n"
                + "7,\"x\ny\"z,8\n9,€uro,1\r\n1,2\r3,4\n" + String(repeating: "long", count: 30) + "\n\"" + "q\n1,f,2\n"
                + String(repeating: "\"a\"\"\n", count: 9) + "1,\0,2\n").utf8)
        + [0x31, 0x2C, 0xC3, 0x2C, 0x32, 0x0A] + Array("8,\"\",\"last\"".utf8)

    private let ndjson =
        Array(
            ("\u{FEFF}{\"day\":1,\"acc\\u0022ount\":\"\\ud83d\\ude00é\"}\r\n\n{\"day\":[1]}\n{\"day\":tru}\n[]\n \t\r\n"
                + "{\"day\":\"" + String(repeating: "long", count: 30)
                + "\"}\n{\"day\":1,\"day\":2}\n{\"day\":\"\\ud800\"}\n").utf8)
        + [0x22, 0xFF, 0x0A] + Array("{\"count\":-0.50}".utf8)

    @Test("What is read does not depend on the sizes of buffers and pages", arguments: ["c.csv", "c.ndjson"])
    func everySplit(_ name: String) throws {
        let map = columns("day", "acc\"ount", "count")
        let bytes = name == "c.csv" ? csv : ndjson
        let directory = try TemporaryDirectory()
        try directory.write(name, bytes)
        try directory.write(name + ".gz", try gzipped(bytes))
        func read(_ name: String, buffer: Int, page: Int) throws -> Reading {
            try ConnectorsTests.read(
                name, in: directory, columns: map,
                limits: ConnectorLimits(pageRows: page, rowBytes: 64, bufferBytes: buffer))
        }
        let whole = try read(name, buffer: 1 << 18, page: 10_000)
        #expect(whole.rows.count >= 2 && whole.defects.count >= 5)
        #expect(Set(whole.defects.map(\.reason)).count >= 5)
        for buffer in 1...64 {
            for page in 1...5 {
                #expect(try read(name, buffer: buffer, page: page) == whole, "buffer \(buffer), page \(page)")
                #expect(
                    try read(name + ".gz", buffer: buffer, page: page) == whole, "buffer \(buffer), page \(page), gz")
            }
        }
    }

    @Test("A million rows are read in the memory of a page")
    func constantMemory() async throws {
        // In a process of its own, whose peak no other test moves.
        let outcome = try await onOwnThread { try Program.runPart("readAMillionRows") }
        let said = outcome.output + outcome.errors
        #expect(outcome.code == 0 && said.contains("\"(a part in the test above)\" passed"), "\(said)")
    }

    @Test("(a part in the test above)", .enabled(if: plays("readAMillionRows")))
    func readAMillionRows() throws {
        let directory = try TemporaryDirectory()
        try directory.write("c.csv", "day,account,count\n")
        let block = Array((0..<10_000).map { "2026-01-01,account-\($0),\($0)\n" }.joined().utf8)
        for _ in 0..<100 { try directory.write("c.csv", block, flags: O_APPEND) }
        var connector = try FileConnector(
            pattern: "c.csv", relativeTo: directory.path, format: nil, columns: threeColumns)
        var rows = 0
        var lastDigits = 0
        var before = 0
        while let page = try connector.nextPage() {
            #expect(page.rowCount <= 10_000)
            rows += page.rowCount
            lastDigits += page.withField(page.rowCount - 1, 2) { $0?.count ?? 0 }
            // By now the first pages have warmed the allocator up.
            if before == 0, rows >= 100_000 { before = peakResidentKiB() }
        }
        #expect(rows == 1_000_000)
        // A page is ten thousand rows, and each block of them ends in 9999.
        #expect(lastDigits == 400)
        // Nine hundred thousand rows later; they are 24 MB of text.
        #expect(peakResidentKiB() - before < 4_096)
    }
}

/// The most memory that this process has ever held.
private func peakResidentKiB() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss
}
