import Billing
import Documents
import Testing

@Suite("What a replay says")
struct ReplayTests {
    private static func differences(
        lineCount: Int = 2, _ change: (inout InvoiceDocument) throws -> Void
    ) throws -> [String] {
        let recomputed = try Fixture.february()
        var stored = recomputed
        try change(&stored)
        return InvoiceComparison.differences(stored: stored, lineCount: lineCount, recomputed: recomputed).map {
            "\($0.line.map { "\($0) " } ?? "")\($0.member): \($0.stored ?? "-") | \($0.recomputed ?? "-")"
        }
    }

    @Test("Every member of the head and of a line is named where it differs, as the export writes it")
    func members() throws {
        #expect(try Self.differences { _ in } == [])
        #expect(try Self.differences { $0.total = 19_901 } == ["total: 199.01 | 199.00"])
        #expect(try Self.differences { $0.currency = try Fixture.currency("EUR") } == ["currency: EUR | USD"])
        #expect(try Self.differences(lineCount: 3) { _ in } == ["line_count: 3 | 2"])
        #expect(
            try Self.differences { $0.lines[1].line.quantity = 1_501 } == ["2 quantity: 1501 | 1500"])
        #expect(
            try Self.differences { $0.lines[0].line.service = try Fixture.range("2022-02-01", "2022-02-28") } == [
                #"1 service: {"start":"2022-02-01","end":"2022-02-28"} | {"start":"2022-02-01","end":"2022-03-01"}"#
            ])
        #expect(
            try Self.differences {
                $0.lines[1].line.corrects = LineReference(periodEnd: try Fixture.day("2022-02-01"), line: 1)
            } == ["2 corrects: northwind-silver/2022-02-01#1 | -"])
        // What holds a comma, a brace or a quote is one value all the same.
        #expect(
            try Self.differences { $0.lines[0].name = #"a, "b": {c]"# } == [#"1 name: a, \"b\": {c] | Silver plan"#])
    }

    @Test("A line that is lost, moved or one too many is named as a whole, and so is a price of another catalog")
    func lines() throws {
        #expect(
            try Self.differences(lineCount: 1) { $0.lines.removeLast() } == [
                "line_count: 1 | 2", "2 line: - | usage orders, 150.00",
            ])
        #expect(
            try Self.differences { $0.lines[1].number = 3 } == [
                "2 line: - | usage orders, 150.00", "3 line: usage orders, 150.00 | -",
            ])
        #expect(try Self.differences { $0.lines[0].line.price = 9 } == ["1 price: number 9 | number 1"])
    }

    @Test("Findings come by reference and stop at the limit, while the counts go on")
    func limit() throws {
        var reports = [ReplayReport(limit: 3), ReplayReport(limit: 3)]
        for (index, name) in ["f", "a", "h", "c", "b", "g", "e", "d"].enumerated() {
            reports[index % 2].add(
                .init(reference: name, outcome: index < 2 ? .notReplayable(.unknownRun(7)) : .different([])))
        }
        reports[1].addEqual()
        var all = ReplayReport(limit: 3)
        for report in reports { all.add(report) }
        #expect(all.findings.map(\.reference) == ["a", "b", "c"])
        #expect((all.invoices, all.equal, all.different, all.notReplayable) == (9, 1, 6, 2))
        #expect(!all.isEqual)
        #expect(ReplayText.render(all).hasSuffix("\n5 more are not equal; ask for them with --limit.\n"))
    }

    @Test("A replay is told in 80 columns, whatever an invoice says, and as JSON")
    func texts() throws {
        for hostile in Fixture.hostile {
            var report = ReplayReport(limit: 10)
            report.add(
                .init(
                    reference: hostile,
                    outcome: .different([
                        .init(line: 12, member: "name", stored: hostile, recomputed: nil),
                        .init(member: "invoice", stored: nil, recomputed: hostile),
                    ])))
            report.add(.init(reference: "z", outcome: .notReplayable(.otherEngine(3, known: 1))))
            expectReadable(ReplayText.render(report), hostile)
        }
        var report = ReplayReport(limit: 10)
        report.addEqual()
        report.add(
            .init(
                reference: "a/2022-02-01",
                outcome: .different([.init(line: 2, member: "amount", stored: "1", recomputed: nil)])))
        report.add(.init(reference: "b/2022-02-01", outcome: .notReplayable(.notKept(run: 4))))
        #expect(
            ReplayJSON.render(report, .compact)
                == #"""
                {"schema":"meterbook.replay/1","is_equal":false,"invoices":3,"equal":1,"different":1,"not_replayable":1,\#
                "findings":[{"reference":"a/2022-02-01","outcome":"different",\#
                "differences":[{"line":2,"member":"amount","stored":"1"}]},\#
                {"reference":"b/2022-02-01","outcome":"not_replayable","reason":"not_kept",\#
                "detail":"run 4 came before the books kept what later runs overwrite; it cannot be known what it saw"}]}

                """#)
    }
}
