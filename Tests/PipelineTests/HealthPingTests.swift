import Postgres
import TestSupport
import Testing

/// What a service hears that watches over jobs.
@Suite("Health checks")
struct HealthPingTests: PlaysShop {
    private func deploy(_ books: Books) throws {
        let prices = ["prices:", "  base: {flat: {month: 30.00}, name: Base, charged: in_advance}"]
        try deploy(books, small: prices, large: prices)
    }

    private func nightly(_ books: Books, _ words: String..., url: String? = nil) throws -> Program.Outcome {
        try Program.meterbook.run(
            ["nightly", "--as-of", "2026-01-10", "--deployment", books.folder.path] + words
                + ["--database", books.conninfo(for: ["nightly"])],
            environment: url.map { ["METERBOOK_HEALTH_URL": $0] } ?? [:])
    }

    @Test(
        "It hears of the begin and of the exit code, whatever that is, and nothing of a dry run or of a run that found another"
    )
    func heard() async throws {
        try await withBooks { books in
            try self.deploy(books)
            let server = try ScriptedServer { _ in ScriptedServer.reply("OK") }
            let url = server.url + "/ping/secret-canary"
            func heard() -> [String] {
                server.requests.map { String($0.target.dropFirst("/ping/secret-canary".count)) }
            }
            #expect(try self.nightly(books, "--health-url", url, "--dry-run").code == 0)
            let other = try Connection(conninfo: books.database.conninfo)
            _ = try other.first("SELECT 1 FROM pg_advisory_lock(1296384075, 1)", as: Int32.self)
            #expect(try self.nightly(books, "--health-url", url).code == 75)
            _ = try other.first("SELECT 1 FROM pg_advisory_unlock(1296384075, 1)", as: Int32.self)
            #expect(heard() == [])
            #expect(try self.nightly(books, "--health-url", url).code == 0)
            #expect(heard() == ["/start", "/0"])
            try books.folder.write("account,channel,meter,day,quantity\na,x,orders,soon,1\n", to: "counts.csv")
            #expect(try self.nightly(books, url: url + "/").code == 65)
            try books.folder.write("sources: {counts: {feeds: readings, file: none.csv}}\n", to: "sources.yaml")
            #expect(try self.nightly(books, url: url).code == 69)
            #expect(heard() == ["/start", "/0", "/start", "/65", "/start", "/69"])
        }
    }

    @Test(
        "Where it does not answer soundly the run is as good as ever, and the address is told to nobody",
        arguments: ["500 Internal Server Error", "reset", "away"])
    func away(how: String) async throws {
        try await withBooks { books in
            try self.deploy(books)
            let server = try ScriptedServer { _ in
                how == "reset" ? [.reset] : ScriptedServer.reply("secret-canary", status: how)
            }
            let url = how == "away" ? "http://127.0.0.1:1/secret-canary" : server.url + "/secret-canary"
            let outcome = try self.nightly(books, "--quiet", url: url)
            #expect(outcome.code == 0, "\(outcome)")
            let complaints = outcome.errors.split(separator: "\n").filter {
                $0.contains("the health check was not reached")
            }
            #expect(complaints.count == 2, "\(outcome)")
            #expect(!outcome.errors.contains("secret-canary"))
            #expect(try !books.sql("SELECT run::text FROM meterbook.run").contains("secret-canary"))
        }
    }

    @Test(
        "What is no address is refused before the run",
        arguments: ["example.com", "ftp://example.com/a", "https://", "https://h/?a=b"])
    func refused(url: String) throws {
        let outcome = try Program.meterbook.run(["close", "--health-url", url, "--database", "host=/none"])
        #expect(outcome.code == 64 && outcome.errors.contains("--health-url takes"), "\(outcome)")
    }
}
