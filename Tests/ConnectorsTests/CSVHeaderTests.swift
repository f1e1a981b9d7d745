import Billing
import Connectors
import Testing

@Suite("CSV headers")
struct CSVHeaderTests {
    @Test("A header without wanted columns names them and those found; names are exact")
    func missingColumns() throws {
        let error = connectorError { _ = try read("Day, account,count \n", as: "c.csv") }
        #expect(
            error
                == .missingColumns(
                    path: "c.csv", line: 1, missing: ["day", "account", "count"], found: ["Day", " account", "count "]))
        let text = try #require(error?.description)
        #expect(text.contains("'c.csv'") && text.contains("\" account\"") && text.contains("\"Day\""))
    }

    @Test("Canonically equivalent names are still different names")
    func noNormalization() throws {
        let error = connectorError { _ = try read("e\u{301}\n1\n", as: "c.csv", columns: columns("\u{E9}")) }
        guard case .missingColumns = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("A wanted column named twice is an error, an unwanted one is not")
    func duplicateColumn() throws {
        let error = connectorError { _ = try read("day,count,account,\"count\"\n", as: "c.csv") }
        #expect(
            error
                == .duplicateColumn(
                    path: "c.csv", line: 1, column: "count", found: ["day", "count", "account", "count"]))
        let reading = try read("x,day,x,count,account\n1,2026-01-01,2,3,a\n", as: "c.csv")
        #expect(reading.rows == [ReadRow(2, "2026-01-01", "a", "3")])
    }

    @Test("A quoted header name is unquoted")
    func quotedName() throws {
        let reading = try read("\"the \"\"day\"\"\"\n1\n", as: "c.csv", columns: columns("the \"day\""))
        #expect(reading.rows == [ReadRow(2, "1")])
    }

    @Test("A header that cannot be read says where")
    func brokenHeader() throws {
        func place(_ bytes: [UInt8]) -> ReadDefect? {
            guard
                case .brokenHeader("c.csv", let line, let column, let reason, _) = connectorError({
                    _ = try read(bytes, as: "c.csv")
                })
            else { return nil }
            return ReadDefect(line, column, reason)
        }
        #expect(place(Array("day,acc\"ount,count\n".utf8)) == ReadDefect(1, 8, .strayQuote))
        #expect(place(Array("\nday,\"account,count\n1,2,3\n".utf8)) == ReadDefect(2, 5, .unterminatedQuote))
        #expect(place(Array("day,account,count\r1,2,3\r".utf8)) == ReadDefect(1, 18, .controlCharacter))
        #expect(place(Array("day,\0,count\n".utf8)) == ReadDefect(1, 5, .nulCharacter))
        #expect(place(Array("day,".utf8) + [0xE4, 0x0A]) == ReadDefect(1, 5, .invalidUTF8))
        #expect(place([UInt8](repeating: 0x61, count: 2 << 20)) == ReadDefect(1, 1, .rowTooLong))
    }

    @Test("What plainly is no UTF-8 text is one error, not a million defects")
    func notText() throws {
        for (bytes, word) in [([0xFF, 0xFE, 0x64, 0x00], "UTF-16"), ([0x1F, 0x8B, 0x08], "gzip")] as [([UInt8], String)]
        {
            for name in ["c.csv", "c.ndjson"] {
                guard case .notText(name, let found) = connectorError({ _ = try read(bytes, as: name) }) else {
                    Issue.record("not refused")
                    continue
                }
                #expect(found.contains(word))
            }
        }
    }

    @Test("After an error the connector is spent: it gives the same error again")
    func errorStays() throws {
        let directory = try TemporaryDirectory()
        try directory.write("a.csv", "nothing\n")
        try directory.write("b.csv", "day,account,count\n1,2,3\n")
        var connector = try FileConnector(
            pattern: ".", relativeTo: directory.path, format: nil, columns: threeColumns)
        let first = connectorError { _ = try connector.nextPage() }
        #expect(first != nil)
        #expect(connectorError { _ = try connector.nextPage() } == first)
    }
}
