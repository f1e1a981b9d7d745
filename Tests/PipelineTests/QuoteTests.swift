import Foundation
import TestSupport
import Testing

@Suite("meterbook quote")
struct QuoteTests {
    /// Runs the command; it must need no database, so there is none that it could reach.
    private static func quote(_ arguments: String..., input: String = "") throws -> Program.Outcome {
        let directory = try TemporaryDirectory()
        return try Program.meterbook.run(
            ["quote"] + arguments, environment: ["PGHOST": directory.path], input: input)
    }

    private static func connex(_ arguments: String...) throws -> Program.Outcome {
        let directory = try TemporaryDirectory()
        return try Program.meterbook.run(
            ["quote", "--catalog", Books.connexCatalog] + arguments, environment: ["PGHOST": directory.path])
    }

    @Test("Connex silver with 15,000 orders: 49.00, and 3,000 of them at 0.10")
    func connex() async throws {
        try await onOwnThread {
            let outcome = try Self.connex("--plan", "silver", "--use", "orders=15000")
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(
                outcome.output == """
                    Quote from catalog connex                     plan Silver, version of 2022-02-01
                    2022-02-01 to 2022-02-28                           invoiced and paid every month

                      1  Silver plan                          2022-02-01 to 2022-02-28         49.00
                      2  Orders over the limit                2022-02-01 to 2022-02-28        300.00
                         15,000 orders: 3,000 beyond 12,000 (0 before this period)
                                                                             Total USD        349.00

                    """)
        }
    }

    @Test("A paid year sums its twelve invoices: 24,000 orders, 12,000 of them at 0.10")
    func year() async throws {
        try await onOwnThread {
            let outcome = try Self.connex(
                "--plan", "silver", "--use", "orders=2000", "--cadence", "year", "--on", "2022-06-10")
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(
                outcome.output == """
                    Quote from catalog connex                     plan Silver, version of 2022-02-01
                    2022-06-10 to 2022-07-09                   invoiced every month, paid every year

                      1  Orders over the limit                2022-06-10 to 2022-07-09          0.00
                         2,000 orders, all included (2,000 of 12,000 used)
                                                                             Total USD          0.00
                    Not on this invoice: Silver plan, 490.00, due on 2023-06-10.

                    2022-06-10 to 2023-06-09: all 12 invoices of the paid period, with this use on
                    each

                      1  Silver plan                          2022-06-10 to 2023-06-09        490.00
                      2  Orders over the limit                2022-06-10 to 2023-06-09      1,200.00
                         24,000 orders: 12,000 beyond the allowance
                                                                             Total USD      1,690.00

                    """)
        }
    }

    @Test("The JSON names catalog, plan, version, lines and total")
    func json() async throws {
        try await onOwnThread {
            let outcome = try Self.connex("--plan", "gold", "--use", "orders=24001", "--json")
            let document = try JSON(outcome.output)
            #expect(try document.text("schema") == "meterbook.quote/1")
            #expect(try document.text("catalog") == "connex")
            #expect(try document.text("plan") == "gold")
            #expect(try document.text("version") == "2022-02-01")
            // 24,000 are included.
            #expect(try document.list("lines").map { try $0.cents("amount") } == [89_00, 10])
            #expect(try document.cents("total") == 89_10)
        }
    }

    @Test("Before the policy change, who had signed up early pays nothing beyond the limit")
    func cohort() async throws {
        try await onOwnThread {
            let outcome = try Self.connex(
                "--plan", "silver", "--on", "2021-06-01", "--signed-up", "2020-06-01", "--use", "orders=70000",
                "--json")
            #expect(try JSON(outcome.output).cents("total") == 49_00)
            #expect(try JSON(outcome.output).text("version") == "2015-01-01")
        }
    }

    @Test("A change from 100.00 to 160.00 with 20 of 30 days left is shown with both parts")
    func change() async throws {
        try await onOwnThread {
            let directory = try TemporaryDirectory()
            func plan(_ key: String, _ name: String, _ amount: String) -> String {
                """
                  \(key):
                    name: \(name)
                    invoice: month
                    versions:
                      - from: 2022-01-01
                        prices:
                          base: {flat: {month: \(amount)}, name: \(name), charged: in_advance, prorated: yes}

                """
            }
            let catalog = try directory.write(
                "catalog: apps\ncurrency: USD\nplans:\n" + plan("basic", "Basic", "100.00")
                    + plan("plus", "Plus", "160.00"), to: "catalog.yaml")
            let arguments = [
                "quote", "--catalog", catalog, "--plan", "basic", "--change-to", "plus", "--period",
                "2022-04-01..2022-05-01", "--on", "2022-04-11",
            ]
            let outcome = try Program.meterbook.run(arguments)
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(
                outcome.output == """
                    Change of plan on 2022-04-11                                       Basic to Plus
                    2022-04-01 to 2022-04-30, 20 of 30 days left                    paid every month

                    At once

                      1  Basic                                2022-04-11 to 2022-04-30        -66.67
                         credit: 20/30 of 100.00
                      2  Plus                                 2022-04-11 to 2022-04-30        106.67
                         charge: 20/30 of 160.00
                                                                             Total USD         40.00

                    The invoice of 2022-05-01, before use, minimums and discounts

                      1  Plus                                 2022-05-01 to 2022-05-31        160.00
                                                                             Total USD        160.00

                    """)
            let document = try JSON(try Program.meterbook.run(arguments + ["--json"]).output)
            #expect(try document.text("schema") == "meterbook.plan-change/1")
            #expect(try document.object("at_once").cents("total") == 40_00)
            #expect(try document.object("next_invoice").cents("total") == 160_00)
        }
    }

    @Test(
        "A question that is wrong ends with 64 and says what was expected",
        arguments: [
            (["--plan", "slver"], "did you mean 'silver'?"),
            (["--plan", "silver", "--use", "ordrs=1"], "did you mean 'orders'?"),
            (["--plan", "silver", "--use", "orders"], "METER=NUMBER"),
            (["--plan", "silver", "--use", "orders=many"], "'many'"),
            (["--plan", "silver", "--use", "orders=-5"], "0 or more"),
            (["--plan", "silver", "--use", "orders=1.5"], "a whole number"),
            (["--plan", "silver", "--use", "orders=1e3"], "without an exponent"),
            (["--plan", "silver", "--use", "orders=99999999999999999999"], "at most 1000000000000000"),
            (["--plan", "silver", "--use", "orders=1", "orders=2"], "a second time"),
            (["--plan", "silver", "--on", "2014-12-31"], "2015-01-01"),
            (["--plan", "silver", "--on", "2022-02-30"], "2022-02-30"),
            (["--plan", "silver", "--cadence", "quarter"], "'month' or 'year'"),
            (["--plan", "silver", "--contract", "acme"], "no contract"),
            (["--plan", "silver", "--change-to", "gold"], "--period"),
            (
                [
                    "--plan", "silver", "--change-to", "gold", "--period", "2022-04-01..2022-05-01", "--on",
                    "2022-05-01",
                ],
                "before 2022-05-01"
            ),
            (["--batch", "-", "--plan", "silver"], "--batch"), ([], "--plan"),
        ])
    func wrong(arguments: [String], words: String) async throws {
        try await onOwnThread {
            let directory = try TemporaryDirectory()
            let outcome = try Program.meterbook.run(
                ["quote", "--catalog", Books.connexCatalog] + arguments, environment: ["PGHOST": directory.path])
            #expect(outcome.code == 64)
            #expect(outcome.errors.contains(words), "\(outcome.errors)")
            #expect(outcome.output.isEmpty)
        }
    }

    @Test("A file that is not there ends with 69, a catalog with mistakes with 65")
    func files() async throws {
        try await onOwnThread {
            let directory = try TemporaryDirectory()
            #expect(try Self.quote("--catalog", directory.path + "/none.yaml", "--plan", "x").code == 69)
            #expect(try Self.quote("--batch", directory.path + "/none.ndjson").code == 69)
            #expect(try Self.quote("--batch", directory.path).code == 69)
            let broken = try directory.write("catalog: x\ncurrency: USD\n", to: "catalog.yaml")
            let outcome = try Self.quote("--catalog", broken, "--plan", "x")
            #expect(outcome.code == 65)
            #expect(outcome.errors.contains("catalog.yaml:1:1"), "\(outcome.errors)")
        }
    }
}
