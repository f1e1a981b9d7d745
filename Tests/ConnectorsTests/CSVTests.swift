import Billing
import Connectors
import Testing

@Suite("CSV")
struct CSVTests {
    /// One line of a table: the lines between the header and the last good row, and what becomes of them.
    struct Broken: CustomTestStringConvertible, Sendable {
        let name: String
        let bytes: [UInt8]
        let rows: [ReadRow]
        let defects: [ReadDefect]
        var testDescription: String { name }

        init(_ name: String, _ text: String, _ defects: ReadDefect..., rows: [ReadRow] = []) {
            self.init(name, bytes: Array(text.utf8), defects, rows: rows)
        }

        init(_ name: String, bytes: [UInt8], _ defects: [ReadDefect], rows: [ReadRow] = []) {
            (self.name, self.bytes, self.rows, self.defects) = (name, bytes, rows, defects)
        }
    }

    // Each case is put between two good rows, lines 2 and the last; it starts on line 3. Columns are counted by hand:
    // "2026-01-02," is 11 characters, so the second field starts in column 12.
    static let broken: [Broken] = [
        Broken("a field too few", "2026-01-02,b\n", ReadDefect(3, 1, .wrongFieldCount)),
        Broken("a field too many", "2026-01-02,b,2,\n", ReadDefect(3, 1, .wrongFieldCount)),
        Broken("spaces alone are no blank line", "  \n", ReadDefect(3, 1, .wrongFieldCount)),
        Broken("a quote inside an unquoted field", "2026-01-02,b\"x,2\n", ReadDefect(3, 13, .strayQuote)),
        Broken("a quote at an unquoted field's end", "2026-01-02,b\",2\n", ReadDefect(3, 13, .strayQuote)),
        Broken("a quote behind a space", "2026-01-02, \"b\",2\n", ReadDefect(3, 13, .strayQuote)),
        Broken("text after a closing quote", "2026-01-02,\"b\"x,2\n", ReadDefect(3, 15, .strayQuote)),
        Broken("a space after a closing quote", "2026-01-02,\"b\" ,2\n", ReadDefect(3, 15, .strayQuote)),
        Broken("characters are counted, not bytes", "2026-01-02,\"é€😀\"x,2\n", ReadDefect(3, 17, .strayQuote)),
        Broken(
            "a stray quote on a row's second line", "2026-01-02,\"b\nb\",2\"\n", ReadDefect(4, 5, .strayQuote)),
        Broken(
            "an unclosed quote, no other quote behind it", "2026-01-02,\"b,2\n", ReadDefect(3, 12, .unterminatedQuote)),
        Broken(
            "an unclosed quote before a quoted row", "2026-01-02,\"b,2\n2026-01-02,\"c\",3\n",
            ReadDefect(3, 12, .unterminatedQuote), rows: [ReadRow(4, "2026-01-02", "c", "3")]),
        Broken(
            "an unclosed quote before doubled quotes and a quoted row",
            "2026-01-02,\"b,2\n2026-01-02,\"\",3\n2026-01-02,\"c\",3\n", ReadDefect(3, 12, .unterminatedQuote),
            rows: [ReadRow(4, "2026-01-02", "", "3"), ReadRow(5, "2026-01-02", "c", "3")]),
        Broken(
            "two unclosed quotes, each its own defect", "\"x,b,2\n\"c\"\"\n", ReadDefect(3, 1, .unterminatedQuote),
            ReadDefect(4, 1, .unterminatedQuote)),
        Broken(
            "an unclosed quote behind a closed one that spans lines", "2026-01-02,\"b\nb\",\"2\n",
            ReadDefect(4, 4, .unterminatedQuote)),
        Broken("a carriage return alone", "2026-01-02,b\rx,2\n", ReadDefect(3, 13, .controlCharacter)),
        Broken("two carriage returns", "2026-01-02,b,2\r\r\n", ReadDefect(3, 15, .controlCharacter)),
        Broken(
            "a carriage return after a closing quote", "2026-01-02,b,\"2\"\rx\n", ReadDefect(3, 17, .controlCharacter)),
        Broken("a NUL", "2026-01-02,b\0,2\n", ReadDefect(3, 13, .nulCharacter)),
        Broken("a NUL in quotes", "2026-01-02,\"\0\",2\n", ReadDefect(3, 13, .nulCharacter)),
        Broken(
            "Latin-1", bytes: Array("2026-01-02,b".utf8) + [0xE4] + Array("r,2\n".utf8),
            [ReadDefect(3, 13, .invalidUTF8)]),
        Broken(
            "a bad byte behind a character of two", bytes: Array("2026-01-02,é".utf8) + [0xFF] + Array(",2\n".utf8),
            [ReadDefect(3, 13, .invalidUTF8)]),
        Broken(
            "an overlong slash", bytes: Array("2026-01-02,".utf8) + [0xC0, 0xAF] + Array(",2\n".utf8),
            [ReadDefect(3, 12, .invalidUTF8)]),
        Broken(
            "a surrogate", bytes: Array("2026-01-02,".utf8) + [0xED, 0xA0, 0x80] + Array(",2\n".utf8),
            [ReadDefect(3, 12, .invalidUTF8)]),
        Broken(
            "beyond U+10FFFF", bytes: Array("2026-01-02,".utf8) + [0xF4, 0x90, 0x80, 0x80] + Array(",2\n".utf8),
            [ReadDefect(3, 12, .invalidUTF8)]),
        Broken(
            "a character cut off by the line's end", bytes: Array("2026-01-02,b,2".utf8) + [0xE2, 0x82, 0x0A],
            [ReadDefect(3, 15, .invalidUTF8)]),
        // The order of the reasons decides between two faults of one row.
        Broken(
            "not UTF-8 behind a stray quote", bytes: Array("2026-01-02,b\"x,".utf8) + [0xFF, 0x0A],
            [ReadDefect(3, 16, .invalidUTF8)]),
        Broken(
            "not UTF-8 behind a NUL", bytes: Array("2026-01-02,\0,".utf8) + [0xFF, 0x0A],
            [ReadDefect(3, 14, .invalidUTF8)]),
        Broken("a NUL in a row with a field too few", "2026-01-02,\0\n", ReadDefect(3, 12, .nulCharacter)),
    ]

    @Test("A broken row is reported where it breaks, and the rows around it are read", arguments: broken)
    func brokenRow(_ broken: Broken) throws {
        let newline = UInt8(ascii: "\n")
        let bytes =
            Array("day,account,count\n2026-01-01,a,1\n".utf8) + broken.bytes + Array("2026-01-03,z,9\n".utf8)
        let lastLine = 3 + broken.bytes.count(where: { $0 == newline })
        let reading = try read(bytes, as: "counts.csv")
        #expect(reading.places == broken.defects)
        #expect(
            reading.rows == [ReadRow(2, "2026-01-01", "a", "1")] + broken.rows + [
                ReadRow(lastLine, "2026-01-03", "z", "9")
            ])
    }

    @Test(
        "Quoted fields hold delimiters, doubled quotes, carriage returns and line feeds; lines are counted through them"
    )
    func quotedFields() throws {
        let text = #"""
            count,day,account
            "1","2026-01-01","a,b"
            2,2026-01-02,"say ""hi"""
            "3",2026-01-03,"two
            lines\#r\#nand a third"
            4,2026-01-04,""

            "","",""

            """#
        let reading = try read(text, as: "counts.csv", keepPages: true)
        #expect(reading.defects.isEmpty)
        #expect(
            reading.rows == [
                ReadRow(2, "2026-01-01", "a,b", "1"),
                ReadRow(3, "2026-01-02", "say \"hi\"", "2"),
                ReadRow(4, "2026-01-03", "two\nlines\r\nand a third", "3"),
                ReadRow(7, "2026-01-04", "", "4"),
                ReadRow(9, "", "", ""),
            ])
        let page = try #require(reading.pages.first)
        // 2,2026-01-02,"say … : the day starts in column 3, the account's quote in column 14, the count in column 1.
        #expect([page.column(1, 0), page.column(1, 1), page.column(1, 2)] == [3, 14, 1])
        #expect(page.rawText(1) == "2,2026-01-02,\"say \"\"hi\"\"\"")
        #expect(page.rawText(2) == "\"3\",2026-01-03,\"two\nlines\r\nand a third\"")
    }

    @Test("A field behind a quoted line feed has its own line")
    func fieldPosition() throws {
        let reading = try read("account,day,count\n\"a\nb\",2026-01-01,5\n", as: "c.csv", keepPages: true)
        let page = try #require(reading.pages.first)
        #expect(page.line(0) == 2)
        #expect(page.position(0, 0) == SourcePosition(line: 3, column: 4))
        #expect(page.position(0, 1) == SourcePosition(line: 2, column: 1))
    }

    @Test(
        "LF, CR LF, a missing last line ending and a byte order mark give the same rows",
        arguments: ["\n", "\r\n"], ["", "\u{FEFF}"])
    func lineEndings(_ ending: String, _ mark: String) throws {
        for last in ["", ending, ending + ending] {
            let lines = ["day,account,count", "2026-01-01,a,1", "", "2026-01-02,b,\"2\""]
            let reading = try read(mark + lines.joined(separator: ending) + last, as: "c.csv")
            #expect(reading.rows == [ReadRow(2, "2026-01-01", "a", "1"), ReadRow(4, "2026-01-02", "b", "2")])
            #expect(reading.defects.isEmpty)
        }
    }

    @Test("A last line that ends in a carriage return alone is not taken for complete")
    func carriageReturnAtEnd() throws {
        let reading = try read("day,account,count\n2026-01-01,a,1\r", as: "c.csv")
        #expect(reading.rows.isEmpty)
        #expect(reading.places == [ReadDefect(2, 15, .controlCharacter)])
    }

    @Test("Each delimiter separates alone; the others are data", arguments: FileFormat.Delimiter.allCases)
    func delimiters(_ delimiter: FileFormat.Delimiter) throws {
        let others = FileFormat.Delimiter.allCases.filter { $0 != delimiter }.map(\.rawValue).joined()
        let header = ["day", "account", "count"].joined(separator: delimiter.rawValue)
        let row = ["2026-01-01", "a\(others)b", "\"\(delimiter.rawValue)\""].joined(separator: delimiter.rawValue)
        let reading = try read("\(header)\n\(row)\n", as: "c.csv", format: FileFormat(rows: .csv(delimiter: delimiter)))
        #expect(reading.rows == [ReadRow(2, "2026-01-01", "a\(others)b", delimiter.rawValue)])
    }

    @Test("Constants, optional columns and a column wanted twice come in the map's order")
    func columnMap() throws {
        let map = ColumnMap([
            .init(name: "meter", source: .constant("orders")),
            .init(name: "quantity", source: .column("n")),
            .init(name: "channel", source: .optionalColumn("shop")),
            .init(name: "note", source: .optionalColumn("remark")),
            .init(name: "copy", source: .column("n")),
        ])
        let reading = try read("remark,n\n\"\"\"é\"\"\",7\n", as: "c.csv", columns: map, keepPages: true)
        #expect(reading.rows == [ReadRow(2, "orders", "7", nil, "\"é\"", "7")])
        let page = try #require(reading.pages.first)
        // """é""",7: the number stands behind seven characters and a comma.
        #expect((0..<5).map { page.column(0, $0) } == [0, 9, 0, 1, 9])
    }

    @Test("A one-column file tells an empty field from a blank line")
    func oneColumn() throws {
        let reading = try read("day\n\n\"\"\n2026-01-01\n", as: "c.csv", columns: columns("day"))
        #expect(reading.rows == [ReadRow(3, ""), ReadRow(4, "2026-01-01")])
    }

    @Test(
        "An empty file, a byte order mark, blank lines or a header alone are no rows",
        arguments: [
            "", "\u{FEFF}", "\n\r\n", "day,account,count", "\nday,account,count\r\n", "count,\"account\",\"day\"\n\n",
        ])
    func noRows(_ text: String) throws {
        #expect(try read(text, as: "c.csv") == read("", as: "c.csv"))
    }
}
