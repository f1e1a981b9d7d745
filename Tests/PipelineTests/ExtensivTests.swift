import TestSupport
import Testing

/// The example deployment of Extensiv, run night by night: carts that are on at one time, billed at the period's end.
@Suite("Extensiv")
struct ExtensivTests {
    /// What the lines of a subscription's invoices say, as `2021-02-28 standard 3`.
    private func peaks(_ books: Books, _ subscription: String) throws -> [String] {
        try books.run("invoice", "export").split(separator: "\n").flatMap { text in
            let invoice = try JSON(String(text))
            guard try invoice.text("subscription") == subscription else { return [String]() }
            let end = try invoice.text("reference").split(separator: "/").last ?? ""
            return try invoice.list("lines").compactMap { line in
                let quantity = try line.number("quantity")
                return quantity == 0 ? nil : "\(end) \(try line.text("price")) \(quantity)"
            }
        }
    }

    @Test("Each case of the billing page is billed as it says, whatever night the run takes place")
    func cases() async throws {
        try await withBooks { books in
            try books.deploy(example: "extensiv")
            for night in ["2021-02-10", "2021-02-28", "2021-03-01", "2021-03-31"] {
                try books.job("nightly", "--as-of", night)
            }
            let expected = [
                "swap": ["2021-02-28 standard 3", "2021-03-28 standard 3"],
                "add-first": ["2021-02-28 standard 4", "2021-03-28 standard 3"],
                "upgrade": [
                    "2021-02-28 standard 3", "2021-02-28 premium 1", "2021-03-28 standard 2", "2021-03-28 premium 1",
                ],
                "last-day": ["2021-02-28 standard 1", "2021-03-28 standard 1"],
                "one-day": ["2021-02-28 standard 1", "2021-02-28 edi 1"],
                "end-29": ["2021-02-28 standard 1", "2021-03-29 standard 1"],
                "end-30": ["2021-02-28 standard 1", "2021-03-30 standard 1"],
                "end-31": ["2021-02-28 standard 1", "2021-03-31 standard 1"],
                "together": [
                    "2021-02-28 standard 2", "2021-02-28 edi 1", "2021-03-28 standard 2", "2021-03-28 edi 1",
                ],
                "each": ["2021-02-28 standard 3", "2021-02-28 edi 1", "2021-03-28 standard 2", "2021-03-28 edi 1"],
            ]
            for (subscription, lines) in expected {
                #expect(try self.peaks(books, subscription) == lines, "\(subscription)")
            }
            #expect(try books.invoices("add-first").map(\.cents) == [20_000, 15_000])
            #expect(try books.invoices("each").map(\.cents) == [3 * 4_000 + 12_000, 2 * 4_000 + 12_000])
            #expect(try books.agree())
        }
    }

    @Test("A catch-up after weeks bills the same as a run every night, and ten reruns change nothing")
    func catchUp() async throws {
        let nightly = try await withBooks { books in
            try books.deploy(example: "extensiv")
            for day in 1...31 { try books.job("nightly", "--as-of", "2021-03-\(day < 10 ? "0" : "")\(day)") }
            return try books.run("invoice", "export")
        }
        try await withBooks { books in
            try books.deploy(example: "extensiv")
            try books.job("nightly", "--as-of", "2021-03-31")
            #expect(try books.run("invoice", "export") == nightly)
            let before = try books.hash()
            for _ in 0..<10 { try books.job("nightly", "--as-of", "2021-03-31") }
            #expect(try books.hash() == before)
        }
    }

    @Test("An interval that a source tells after the close becomes a correction on the next invoice")
    func late() async throws {
        try await withBooks { books in
            try books.deploy(example: "extensiv")
            try books.job("nightly", "--as-of", "2021-03-01")
            try books.folder.write(
                Books.text(of: Books.example("extensiv") + "/data/late/2021-02.csv"), to: "data/carts/2021-02-late.csv")
            try books.job("nightly", "--as-of", "2021-03-02")
            try books.job("nightly", "--as-of", "2021-03-28")
            let invoices = try books.invoices("one-day")
            #expect(invoices.map(\.cents) == [5_000 + 15_000, 5_000])
            #expect(
                try invoices.ended("2021-03-28").charges == [
                    .correction(
                        "2021-01-28", "2021-02-28", 1, before: 0, threshold: 0, billable: 1, cents: 5_000,
                        of: "one-day/2021-02-28#1")
                ])
            #expect(try books.agree())
        }
    }
}
