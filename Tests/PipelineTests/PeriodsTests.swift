import TestSupport
import Testing

/// `meterbook periods`: what somebody sees who asks for the boundaries of an anchor date.
@Suite("The periods command")
struct PeriodsTests {
    /// Without a server and without a home for a private one.
    private static func run(_ arguments: String...) throws -> Program.Outcome {
        let home = try TemporaryDirectory()
        return try Program.meterbook.run(
            ["periods"] + arguments, environment: ["METERBOOK_HOME": home.path + "/none", "HOME": home.path])
    }

    private static func rows(_ json: JSON) throws -> [String] {
        try json.list("periods").map {
            "\(try $0.number("number")) \(try $0.text("start")) \(try $0.text("end")) \(try $0.number("days")) "
                + "\(try $0.text("starts_at")) \(try $0.text("ends_at"))"
        }
    }

    @Test("In UTC it needs no database, and its table fits 80 columns")
    func text() async throws {
        try await onOwnThread {
            let outcome = try Self.run(
                "--anchor", "2021-01-31", "--cadence", "month", "--from", "2022-01-31", "--count", "2")
            #expect(outcome.code == 0)
            #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
            #expect(
                outcome.output.contains(
                    "12  2022-01-31  2022-02-27    28  2022-01-31T00:00:00Z  2022-02-28T00:00:00Z\n"
                        + "13  2022-02-28  2022-03-30    31  2022-02-28T00:00:00Z  2022-03-31T00:00:00Z\n"))
        }
    }

    @Test("As JSON: a stub, the calendar, multiples of weeks, and periods before the anchor")
    func json() async throws {
        try await onOwnThread {
            let stub = try JSON(
                Self.run(
                    "--anchor", "2022-01-10", "--cadence", "month", "--starts", "2022-02-20", "--from", "2022-01-01",
                    "--count", "2", "--json"
                ).output)
            #expect(try stub.text("schema") == "meterbook.periods/1")
            #expect(
                try Self.rows(stub) == [
                    "1 2022-02-20 2022-03-10 18 2022-02-20T00:00:00Z 2022-03-10T00:00:00Z",
                    "2 2022-03-10 2022-04-10 31 2022-03-10T00:00:00Z 2022-04-10T00:00:00Z",
                ])
            let calendar = try JSON(
                Self.run(
                    "--anchor", "2022-05-17", "--cadence", "quarter", "--align", "calendar", "--from", "2022-05-17",
                    "--count", "1", "--json"
                ).output)
            #expect(try calendar.text("anchor") == "2022-01-01")
            #expect(
                try Self.rows(calendar) == ["1 2022-04-01 2022-07-01 91 2022-04-01T00:00:00Z 2022-07-01T00:00:00Z"])
            let weeks = try JSON(
                Self.run(
                    "--anchor", "2022-05-02", "--cadence", "2 weeks", "--from", "2022-05-01", "--count", "1", "--json"
                ).output)
            #expect(
                try Self.rows(weeks) == ["-1 2022-04-18 2022-05-02 14 2022-04-18T00:00:00Z 2022-05-02T00:00:00Z"])
        }
    }

    @Test("In a zone the server says when days begin")
    func zone() async throws {
        try await withBooks { books in
            let json = try JSON(
                books.run(
                    "periods", "--anchor", "2018-10-04", "--cadence", "month", "--from", "2018-10-04", "--count", "2",
                    "--zone", "America/Sao_Paulo", "--json"))
            // Clocks went forward at midnight of 4 November.
            #expect(
                try Self.rows(json) == [
                    "0 2018-10-04 2018-11-04 31 2018-10-04T03:00:00Z 2018-11-04T03:00:00Z",
                    "1 2018-11-04 2018-12-04 30 2018-11-04T03:00:00Z 2018-12-04T02:00:00Z",
                ])
            let wrong = try books.meterbook(
                "periods", "--anchor", "2018-10-04", "--cadence", "month", "--from", "2018-10-04", "--zone", "Mars/Base"
            )
            #expect(wrong.code == 64)
            #expect(wrong.errors.contains("Mars/Base") && wrong.errors.contains("America/New_York"))
        }
    }

    @Test("Wrong words end with 64 and say what was expected")
    func mistakes() async throws {
        try await onOwnThread {
            let sound = ["--anchor", "2022-01-31", "--cadence", "month", "--from", "2022-01-31"]
            let rows: [([String], String)] = [
                (["--anchor", "2022-02-30"], "YYYY-MM-DD"), (["--cadence", "fortnight"], "'2 weeks'"),
                (["--align", "moon"], "anniversary or calendar"), (["--count", "0"], "1 to 10000"),
            ]
            for (words, expected) in rows {
                var arguments = sound
                if let place = arguments.firstIndex(of: words[0]) { arguments.removeSubrange(place...place + 1) }
                let outcome = try Program.meterbook.run(["periods"] + arguments + words, environment: [:])
                #expect(outcome.code == 64)
                #expect(outcome.errors.contains(expected), "\(outcome.errors)")
            }
            // The years end with 9999.
            let end = try Self.run("--anchor", "9999-12-01", "--cadence", "month", "--from", "9999-12-01")
            #expect(end.code == 65)
            #expect(end.errors.contains("9999"))
        }
    }
}
