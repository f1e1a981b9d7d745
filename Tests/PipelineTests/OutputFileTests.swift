import Foundation
import PrivateServer
import TestSupport
import Testing

/// The files that a run leaves beside the books: whole, where they were asked for, and nothing else is replaced by them.
@Suite("Files of a run")
struct OutputFileTests: PlaysShop {
    private static let invoices = 2

    private func deploy(_ books: Books) throws {
        let flat = ["prices:", "  base: {flat: {month: 30.00}, name: Base, charged: in_advance}"]
        try deploy(books, small: flat, large: flat)
        try nights(books, "2026-01-01")
    }

    private func dry(_ books: Books, _ file: String) throws -> Program.Outcome {
        try Program.meterbook.run([
            "nightly", "--as-of", "2026-03-01", "--deployment", books.folder.path, "--dry-run", "--invoices", file,
            "--database", books.database.conninfo,
        ])
    }

    private func lines(_ text: String) -> Int { text.split(separator: "\n").count { $0.hasPrefix("{") } }

    @Test("A link stays and what it leads to is replaced; nothing is left beside it")
    func link() async throws {
        try await withBooks { books in
            try self.deploy(books)
            let (file, link) = (books.folder.path + "/real.ndjson", books.folder.path + "/link.ndjson")
            try books.folder.write("old\n", to: "real.ndjson")
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real.ndjson")
            #expect(try self.dry(books, link).code == 0)
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "real.ndjson")
            #expect(try self.lines(Books.text(of: file)) == Self.invoices)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: books.folder.path).filter { $0.hasSuffix(".part") }
                    == [])
        }
    }

    @Test("A pipe and a standard stream are written to as they are")
    func streams() async throws {
        try await withBooks { books in
            try self.deploy(books)
            let pipe = books.folder.path + "/pipe"
            #expect(mkfifo(pipe, 0o600) == 0)
            let reader = try Command("/bin/cat", [pipe]).spawn()
            #expect(try self.dry(books, pipe).code == 0)
            #expect(self.lines(reader.wait().outputText) == Self.invoices)
            var status = stat()
            #expect(lstat(pipe, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
            let shown = try self.dry(books, "/dev/stdout")
            #expect(shown.code == 0 && self.lines(shown.output) == Self.invoices, "\(shown)")
            #expect(lstat("/dev/stdout", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
        }
    }

    @Test("Where no file can be, the run does not begin")
    func refused() async throws {
        try await withBooks { books in
            try self.deploy(books)
            let folder = books.folder.path
            try FileManager.default.createSymbolicLink(atPath: folder + "/loose", withDestinationPath: "nothing")
            let before = try books.hash(journal: true)
            for (file, reason) in [
                (folder, "it is a directory"), (folder + "/none/a", "No such file or directory"),
                (folder + "/catalog.yaml/a", "Not a directory"),
                (folder + "/loose", "it is a link to something that is not there"),
            ] {
                let outcome = try books.meterbook(
                    "nightly", "--as-of", "2026-03-01", "--deployment", folder, "--invoices", file)
                #expect(outcome.code == 69)
                #expect(outcome.errors.contains("\(file): cannot be written: \(reason)"), "\(outcome.errors)")
            }
            #expect(try books.hash(journal: true) == before)
        }
    }
}
