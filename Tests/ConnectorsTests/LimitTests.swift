import Billing
import Connectors
import Testing

@Suite("Limits")
struct LimitTests {
    private let small = ConnectorLimits(rowBytes: 32, fieldBytes: 8, bufferBytes: 7)

    @Test(
        "A row of exactly the limit is read, one byte more is too long, whatever ends it",
        arguments: ["\n", "\r\n", ""])
    func rowLimit(_ ending: String) throws {
        // Twelve bytes of wanted fields and commas, the unwanted field fills the row up to its length.
        func rows(_ bytes: Int) throws -> Reading {
            let row = "2,a,3," + String(repeating: "x", count: bytes - 6)
            return try read("day,account,count,x\n1,b,2,\n" + row + ending, as: "c.csv", limits: small)
        }
        #expect(try rows(32).rows == [ReadRow(2, "1", "b", "2"), ReadRow(3, "2", "a", "3")])
        for bytes in 33...40 {
            let reading = try rows(bytes)
            #expect(reading.rows == [ReadRow(2, "1", "b", "2")])
            #expect(reading.places == [ReadDefect(3, 1, .rowTooLong)])
        }
    }

    @Test("A JSON line of exactly the limit is read, one byte more is too long", arguments: ["\n", "\r\n", ""])
    func lineLimit(_ ending: String) throws {
        func rows(_ bytes: Int) throws -> Reading {
            let row = #"{"day":1}"# + String(repeating: " ", count: bytes - 9)
            return try read("{}\n" + row + ending, as: "c.ndjson", limits: small)
        }
        #expect(try rows(32).rows == [ReadRow(1, nil, nil, nil), ReadRow(2, "1", nil, nil)])
        for bytes in 33...40 {
            #expect(try rows(bytes).places == [ReadDefect(2, 1, .rowTooLong)])
        }
    }

    @Test("A field's limit counts its own bytes, without quotes and escapes; unwanted fields are free")
    func fieldLimit() throws {
        let csv = """
            x,day,account,count
            123456789,12345678,1,1
            1,123456789,1,1
            1,"12""45678",1,1
            1,1,"12""456789",1
            1,éééé,1,1
            1,éééé1,1,1

            """
        let reading = try read(csv, as: "c.csv", limits: small)
        #expect(reading.rows.map(\.line) == [2, 4, 6])
        #expect(reading.rows.map { $0.fields[0] } == ["12345678", "12\"45678", "éééé"])
        #expect(
            reading.places == [
                ReadDefect(3, 3, .fieldTooLong), ReadDefect(5, 5, .fieldTooLong), ReadDefect(7, 3, .fieldTooLong),
            ])
        #expect(reading.defects.map(\.field) == ["day", "account", "day"])
        let json = "{\"day\":\"\\u0061bcdefgh\"}\n{\"day\":\"\\u0061bcdefghi\"}\n"
        let lines = try read(json, as: "c.ndjson", limits: small)
        #expect(lines.rows == [ReadRow(1, "abcdefgh", nil, nil)])
        #expect(lines.places == [ReadDefect(2, 8, .fieldTooLong)])
    }

    @Test("The default limits: 64 KiB a field, 1 MiB a row")
    func defaults() throws {
        func row(_ field: Int, _ rest: Int) -> String {
            String(repeating: "d", count: field) + ",a,1," + String(repeating: "x", count: rest) + "\n"
        }
        let text =
            "day,account,count,x\n" + row(65_536, 0) + row(65_537, 0) + row(1, 1_048_576 - 6) + row(1, 1_048_577 - 6)
            + row(1, 5_000_000) + row(1, 0)
        let reading = try read(text, as: "c.csv")
        #expect(reading.rows.map(\.line) == [2, 4, 7])
        #expect(
            reading.places == [
                ReadDefect(3, 1, .fieldTooLong), ReadDefect(5, 1, .rowTooLong), ReadDefect(6, 1, .rowTooLong),
            ])
        #expect(reading.defects.allSatisfy { $0.rawText.utf8.count == 2_000 })
    }

    @Test("An unclosed quote in front of megabytes costs its own line; every row behind it is read")
    func unclosedQuote() throws {
        let good = (0..<100_000).map { "2026-01-01,account-\($0),\($0)" }.joined(separator: "\n")
        let reading = try read("day,account,count\n1,\"a,1\n" + good, as: "c.csv")
        #expect(good.utf8.count > 2 << 20)
        #expect(reading.places == [ReadDefect(2, 3, .unterminatedQuote)])
        #expect(reading.rows.count == 100_000)
        #expect(reading.rows.first == ReadRow(3, "2026-01-01", "account-0", "0"))
        #expect(reading.rows.last == ReadRow(100_002, "2026-01-01", "account-99999", "99999"))
    }

    @Test("An unclosed quote on a line beyond the row limit is a row too long")
    func unclosedLongLine() throws {
        let text = "day,account,count\n1,\"a" + String(repeating: "x", count: 100) + "\n1,2,3\n"
        let reading = try read(text, as: "c.csv", limits: small)
        #expect(reading.places == [ReadDefect(2, 1, .rowTooLong)])
        #expect(reading.rows == [ReadRow(3, "1", "2", "3")])
    }

    @Test("A row's text is cut at 2,000 bytes between characters; NUL and bad bytes are shown as characters")
    func rawText() throws {
        func shown(_ field: [UInt8]) throws -> String {
            try #require(try read(field + [0x0A], as: "c.ndjson").defects.first).rawText
        }
        // 1,999 bytes and a character of two: it would be cut in half, so it goes.
        let ascii = [UInt8](repeating: 0x61, count: 1_999)
        #expect(try shown(ascii + Array("éb".utf8)) == String(repeating: "a", count: 1_999))
        #expect(try shown(ascii.dropLast() + Array("éb".utf8)) == String(repeating: "a", count: 1_998) + "é")
        #expect(try shown(ascii + Array("b".utf8)).utf8.count == 2_000)
        #expect(try shown([0x61, 0, 0xFF, 0x62]) == "a\u{2400}\u{FFFD}b")
        // Each bad byte becomes three: the text still keeps to its bound.
        let bad = try shown([UInt8](repeating: 0xFF, count: 3_000))
        #expect(bad == String(repeating: "\u{FFFD}", count: 666))
    }

    @Test("A page ends at its rows, defects included, or at its bytes")
    func pages() throws {
        let text = "day,account,count\n" + (1...10).map { $0 % 3 == 0 ? "bad\n" : "\($0),a,1\n" }.joined()
        let pages = try read(text, as: "c.csv", limits: ConnectorLimits(pageRows: 4), keepPages: true).pages
        #expect(pages.map { $0.rowCount + $0.defects.count } == [4, 4, 2])
        #expect(pages.map(\.defects.count) == [1, 1, 1])
        let tight = try read(text, as: "c.csv", limits: ConnectorLimits(pageBytes: 12), keepPages: true).pages
        // Six bytes a row ("1,a,1" is five): the third reaches the bound.
        #expect(tight.first.map { $0.rowCount + $0.defects.count } == 3)
    }
}
