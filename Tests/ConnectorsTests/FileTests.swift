import Connectors
import Glibc
import Testing

@Suite("Files")
struct FileTests {
    private let content = "day,account,count\n1,a,2\n"

    private func paths(_ pattern: String, in directory: TemporaryDirectory, format: FileFormat? = nil) throws
        -> [String]
    {
        try FileConnector(pattern: pattern, relativeTo: directory.path, format: format, columns: threeColumns)
            .files.map(\.path)
    }

    private func directory() throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        try directory.makeDirectory("in")
        try directory.makeDirectory("in/sub.csv")
        for name in [
            "b.csv", "a.csv", "B.csv", "é.csv", "c.ndjson", "d.jsonl", "a.csv.gz", ".hidden.csv", "x.csv.tmp",
            "x.csv.part", "x.csv~", "notes.txt", "x.CSV", "sub.csv/inner.csv",
        ] {
            try directory.write(
                "in/\(name)", name.hasSuffix(".gz") ? gzipped(Array(content.utf8)) : Array(content.utf8))
        }
        return directory
    }

    @Test("A directory gives its regular files of a known format in byte order, no hidden or unfinished ones")
    func directoryListing() throws {
        let directory = try directory()
        let expected = ["B.csv", "a.csv", "a.csv.gz", "b.csv", "c.ndjson", "d.jsonl", "é.csv"]
        #expect(try paths("in", in: directory) == expected.map { "in/" + $0 })
        #expect(try paths("in/", in: directory) == expected.map { "in/" + $0 })
        #expect(try paths("\(directory.path)/in", in: directory) == expected.map { "\(directory.path)/in/" + $0 })
        #expect(
            try paths("in", in: directory, format: FileFormat(rows: .csv(delimiter: .pipe)))
                == ["B.csv", "a.csv", "a.csv.gz", "b.csv", "é.csv"].map { "in/" + $0 })
    }

    @Test("A pattern gives what it matches, in byte order")
    func globs() throws {
        let directory = try directory()
        #expect(try paths("in/*.csv", in: directory) == ["in/B.csv", "in/a.csv", "in/b.csv", "in/é.csv"])
        #expect(try paths("in/[ab].csv*", in: directory) == ["in/a.csv", "in/a.csv.gz", "in/b.csv"])
        #expect(try paths("in/?.csv", in: directory).prefix(3) == ["in/B.csv", "in/a.csv", "in/b.csv"])
        #expect(try paths("*/sub.csv/*", in: directory) == ["in/sub.csv/inner.csv"])
        #expect(try paths("in/x*.tmp", in: directory, format: .csv) == ["in/x.csv.tmp"])
        #expect(try paths("\(directory.path)/in/a*v", in: directory) == ["\(directory.path)/in/a.csv"])
        #expect(connectorError { _ = try paths("in/*.txt", in: directory) } == .unknownExtension(path: "in/notes.txt"))
        #expect(try paths("in/*.txt", in: directory, format: .csv) == ["in/notes.txt"])
    }

    @Test("A name with glob characters is taken as it is when it exists; a base directory is never a pattern")
    func literalGlobCharacters() throws {
        let directory = try TemporaryDirectory()
        try directory.makeDirectory("[x]*")
        try directory.makeDirectory("x")
        for name in ["[x]*/[a].csv", "[x]*/a.csv", "x/other.csv"] { try directory.write(name, content) }
        #expect(try paths("[x]*/[a].csv", in: directory) == ["[x]*/[a].csv"])
        let below = try FileConnector(
            pattern: "*.csv", relativeTo: directory.path + "/[x]*", format: nil, columns: threeColumns)
        #expect(below.files.map(\.path) == ["[a].csv", "a.csv"])
    }

    @Test("Names are bytes: a combining mark behind a slash belongs to the name")
    func combiningMark() throws {
        let directory = try TemporaryDirectory()
        try directory.makeDirectory("in")
        try directory.write("in/\u{301}.csv", content)
        for pattern in ["in", "in/*.csv", "in/\u{301}.csv", "i?/*"] {
            #expect(try read(pattern, in: directory).rows == [ReadRow(2, "1", "a", "2")], "\(pattern)")
        }
        let below = try FileConnector(
            pattern: "*.csv", relativeTo: directory.path + "/in", format: nil, columns: threeColumns)
        #expect(below.files.map { Array($0.path.utf8) } == [Array("\u{301}.csv".utf8)])
    }

    @Test("An explicit path is taken even when hidden or unfinished")
    func explicitPath() throws {
        let directory = try directory()
        #expect(try paths("in/.hidden.csv", in: directory) == ["in/.hidden.csv"])
        #expect(try read("in/x.csv.tmp", in: directory, format: .csv).rows == [ReadRow(2, "1", "a", "2")])
    }

    @Test("What is not there is named, with the place looked in")
    func notFound() throws {
        let directory = try directory()
        let missing = ConnectorError.fileNotFound(path: "in/nowhere.csv", lookedIn: directory.path)
        #expect(connectorError { _ = try paths("in/nowhere.csv", in: directory) } == missing)
        #expect(missing.description.contains("'in/nowhere.csv'") && missing.description.contains(directory.path))
        #expect(
            connectorError { _ = try paths("in/q*.csv", in: directory) }
                == .noFileMatches(pattern: "in/q*.csv", lookedIn: directory.path))
        #expect(
            connectorError { _ = try paths("out/*.csv", in: directory) }
                == .fileNotFound(path: "out", lookedIn: directory.path))
        try directory.makeDirectory("empty")
        #expect(
            connectorError { _ = try paths("empty", in: directory) }
                == .noFileMatches(pattern: "empty", lookedIn: directory.path))
        #expect(connectorError { _ = try paths("", in: directory) } == .emptyPattern)
        #expect(connectorError { _ = try paths("in/a\0.csv", in: directory) } == .unusablePath(path: "in/a\0.csv"))
        #expect(
            connectorError { _ = try paths("in/notes.txt", in: directory) } == .unknownExtension(path: "in/notes.txt"))
        try #require(mkfifo("\(directory.path)/in/pipe.csv", 0o600) == 0)
        #expect(connectorError { _ = try paths("in/pipe.csv", in: directory) } == .notARegularFile(path: "in/pipe.csv"))
        #expect(!(try paths("in", in: directory)).contains("in/pipe.csv"))
    }

    @Test("More files than allowed are an error that says how many")
    func tooManyFiles() throws {
        let directory = try directory()
        let error = connectorError {
            _ = try FileConnector(
                pattern: "in/*.csv", relativeTo: directory.path, format: nil, columns: threeColumns,
                limits: ConnectorLimits(files: 3))
        }
        #expect(error == .tooManyFiles(pattern: "in/*.csv", found: 4, limit: 3))
    }

    @Test("Several files come one after the other, each page with its own origin; empty ones give no page")
    func severalFiles() throws {
        let directory = try TemporaryDirectory()
        try directory.write("a.csv", "day,account,count\n1,a,2\n")
        try directory.write("b.csv", "")
        try directory.write("c.csv.gz", try gzipped(Array("count,account,day\n3,c,2\n".utf8)))
        try directory.write("d.jsonl", "{\"day\":4,\"account\":\"d\"}\n")
        var connector = try FileConnector(pattern: ".", relativeTo: directory.path, format: nil, columns: threeColumns)
        #expect(connector.position.bytesRead == 0 && connector.position.filesOpened == 0)
        #expect(connector.position.filesTotal == 4)
        let reading = try Reading(from: &connector, fields: 3, keepPages: true)
        #expect(reading.pages.map(\.origin) == ["./a.csv", "./c.csv.gz", "./d.jsonl"])
        #expect(reading.rows == [ReadRow(2, "1", "a", "2"), ReadRow(2, "2", "c", "3"), ReadRow(1, "4", "d", nil)])
        let position = connector.position
        #expect(position.bytesRead == position.bytesTotal && position.filesOpened == 4)
        #expect(position.bytesTotal == connector.files.reduce(0) { $0 + $1.size })
    }

    /// Opens the file by reading its first row, changes it, and reads the rest.
    private func readChanging(
        _ original: String, _ change: (TemporaryDirectory) throws -> Void
    ) throws -> (rows: [ReadRow], files: [SourceFile]) {
        let directory = try TemporaryDirectory()
        try directory.write("c.csv", original)
        var connector = try FileConnector(
            pattern: "c.csv", relativeTo: directory.path, format: nil, columns: threeColumns,
            limits: ConnectorLimits(pageRows: 1, bufferBytes: 1))
        let first = try #require(try connector.nextPage())
        try change(directory)
        let rest = try Reading(from: &connector, fields: 3)
        return ([ReadRow(line: first.line(0), fields: (0..<3).map { first.text(0, $0) })] + rest.rows, connector.files)
    }

    private let twoRows = "day,account,count\n1,a,2\n2,b,3\n"

    @Test("What is appended after the opening is not read")
    func growingFile() throws {
        let (rows, files) = try readChanging(twoRows) { try $0.write("c.csv", Array("3,c,4\n".utf8), flags: O_APPEND) }
        #expect(rows == [ReadRow(2, "1", "a", "2"), ReadRow(3, "2", "b", "3")])
        #expect(files.map(\.size) == [twoRows.utf8.count])
    }

    @Test("A last line that was being written is an error, not half a number")
    func unfinishedLine() throws {
        let error = connectorError {
            _ = try readChanging(twoRows + "3,c,4") { try $0.write("c.csv", Array("56\n".utf8), flags: O_APPEND) }
        }
        #expect(error == .lastLineUnfinished(path: "c.csv", line: 4))
    }

    @Test("A file replaced under its name gives its old content to the end")
    func replacedFile() throws {
        let (rows, _) = try readChanging(twoRows) { directory in
            try directory.write("new", "day,account,count\n9,z,9\n8,y,8\n7,x,7\n")
            try #require(rename("\(directory.path)/new", "\(directory.path)/c.csv") == 0)
        }
        #expect(rows == [ReadRow(2, "1", "a", "2"), ReadRow(3, "2", "b", "3")])
    }

    @Test("A file that shrinks while it is read is an error, even behind the place read")
    func shrunkFile() throws {
        let size = twoRows.utf8.count
        #expect(
            connectorError { _ = try readChanging(twoRows) { try #require(truncate("\($0.path)/c.csv", 20) == 0) } }
                == .fileShrank(path: "c.csv", from: size, to: 20))
        let directory = try TemporaryDirectory()
        try directory.write("c.csv", twoRows)
        var connector = try FileConnector(
            pattern: "c.csv", relativeTo: directory.path, format: nil, columns: threeColumns,
            limits: ConnectorLimits(pageRows: 2))
        #expect(try connector.nextPage()?.rowCount == 2)
        try #require(truncate("\(directory.path)/c.csv", 0) == 0)
        #expect(connectorError { _ = try connector.nextPage() } == .fileShrank(path: "c.csv", from: size, to: 0))
    }

    @Test("A file that is gone or new at the opening: an error, or read as it is then")
    func changedBeforeOpening() throws {
        let directory = try TemporaryDirectory()
        try directory.write("c.csv", content)
        var gone = try FileConnector(pattern: "c.csv", relativeTo: directory.path, format: nil, columns: threeColumns)
        var grown = gone
        try directory.write("c.csv", twoRows)
        #expect(try Reading(from: &grown, fields: 3).rows.count == 2)
        #expect(grown.files.map(\.size) == [twoRows.utf8.count])
        try #require(unlink("\(directory.path)/c.csv") == 0)
        #expect(
            connectorError { _ = try gone.nextPage() } == .fileNotFound(path: "c.csv", lookedIn: directory.path))
    }
}
