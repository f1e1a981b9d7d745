import Billing
import TestSupport
import Testing

@Suite("Credit notes")
struct CreditNoteTests {
    private func percent(_ text: String) throws -> ExactDecimal { try ExactDecimal(parsing: text) }

    /// 50.05 at 19 %, and 10.00 less a discount of 4.00 at 7 %.
    private func invoice(
        _ credited: [Int64] = [0, 0, 0], prices: TaxRules.Prices = .exclusive
    ) throws -> CreditableInvoice {
        let amounts: [Int64] = [5005, 1000, -400]
        return CreditableInvoice(
            lines: zip(amounts, credited).enumerated().map { index, pair in
                CreditableInvoice.Line(
                    number: Int16(index + 1), amount: pair.0, category: index == 0 ? "standard" : "reduced",
                    credited: pair.1)
            },
            rates: [
                CreditableInvoice.Rate(place: 1, category: "reduced", percent: try percent("7")),
                CreditableInvoice.Rate(place: 2, category: "standard", percent: try percent("19")),
            ], prices: prices)
    }

    private func lines(_ parts: (Int16, Int64?)...) -> CreditRequest {
        .lines(parts.map { CreditRequest.Part(line: $0.0, amount: $0.1) })
    }

    @Test("The whole invoice is credited with the tax that was charged on it")
    func whole() throws {
        // 50.05 × 19 % = 9.5095; 6.00 × 7 % = 0.42.
        let credit = try invoice().credit(.whole)
        #expect(credit.lines.map(\.amount) == [5005, 1000, -400])
        #expect(credit.subtotals.map { [Int64($0.place), $0.net, $0.tax] } == [[1, 600, 42], [2, 5005, 951]])
        #expect([credit.net, credit.tax, credit.gross] == [5605, 993, 6598])
    }

    @Test("Piece by piece the tax comes to that on the whole")
    func pieces() throws {
        // 25.02 × 19 % = 4.7538, so 4.75; the rest of 9.51 is 4.76, and not 25.03 × 19 % = 4.7557.
        let first = try invoice().credit(lines((1, 2502)))
        #expect([first.net, first.tax, first.gross] == [2502, 475, 2977])
        let second = try invoice([2502, 0, 0]).credit(lines((1, nil)))
        #expect([second.net, second.tax, second.gross] == [2503, 476, 2979])
        // 25.02 × 19 % twice would round to 4.75 twice, and the rest to 0.01 × 19 % = 0.
        let third = try invoice([2502, 0, 0]).credit(lines((1, 2502)))
        #expect([third.net, third.tax] == [2502, 476])
    }

    @Test("Of prices that include tax the tax is taken out of what is credited")
    func inclusive() throws {
        let sold = CreditableInvoice(
            lines: [CreditableInvoice.Line(number: 1, amount: 11900, category: "standard", credited: 0)],
            rates: [CreditableInvoice.Rate(place: 1, category: "standard", percent: try percent("19"))],
            prices: .inclusive)
        // 60.00 × 19 / 119 = 9.5798; what is left of 119.00 has 19.00 − 9.58.
        let part = try sold.credit(lines((1, 6000)))
        #expect([part.net, part.tax, part.gross] == [5042, 958, 6000])
        var rest = sold
        rest.lines[0].credited = 6000
        let last = try rest.credit(.whole)
        #expect([last.net, last.tax, last.gross] == [4958, 942, 5900])
    }

    @Test("An invoice without tax is credited without")
    func untaxed() throws {
        let sold = CreditableInvoice(
            lines: [CreditableInvoice.Line(number: 1, amount: 500, category: "standard", credited: 100)], rates: [],
            prices: .exclusive)
        let credit = try sold.credit(.whole)
        #expect([credit.net, credit.tax, credit.gross] == [400, 0, 400] && credit.subtotals.isEmpty)
    }

    @Test("What is not there, not left, or no credit is refused")
    func refused() throws {
        #expect(throws: CreditRefusal.unknownLine(4, lines: 3)) { try invoice().credit(lines((4, nil))) }
        #expect(throws: CreditRefusal.lineTwice(1)) { try invoice().credit(lines((1, 5), (1, 6))) }
        #expect(throws: CreditRefusal.notLeft(line: 1, asked: 5006, left: 5005)) {
            try invoice().credit(lines((1, 5006)))
        }
        #expect(throws: CreditRefusal.notLeft(line: 1, asked: 4, left: 3)) {
            try invoice([5002, 0, 0]).credit(lines((1, 4)))
        }
        #expect(throws: CreditRefusal.notLeft(line: 1, asked: 0, left: 5005)) { try invoice().credit(lines((1, 0))) }
        #expect(throws: CreditRefusal.nothingLeft(line: 2)) { try invoice([0, 1000, 0]).credit(lines((2, nil))) }
        #expect(throws: CreditRefusal.nothingLeft(line: nil)) { try invoice([5005, 1000, -400]).credit(.whole) }
        // A discount that is taken back is a charge.
        #expect(throws: CreditRefusal.raises) { try invoice().credit(lines((3, nil))) }
        #expect(try invoice().credit(lines((2, nil), (3, 100))).gross == 963)
    }

    @Test("However an invoice is credited to nothing, the credit notes take off what it came to")
    func telescoping() throws {
        var random = SeededGenerator()
        for _ in 0..<2_000 {
            let prices: TaxRules.Prices = Bool.random(using: &random) ? .exclusive : .inclusive
            let rates = try ["standard", "reduced"].enumerated().map { index, category in
                CreditableInvoice.Rate(
                    place: Int16(index + 1), category: category,
                    percent: try percent(
                        "\(Int.random(in: 0...27, using: &random)).\(Int.random(in: 0...9, using: &random))"))
            }
            var left = CreditableInvoice(
                lines: (1...Int.random(in: 1...6, using: &random)).map { number in
                    CreditableInvoice.Line(
                        number: Int16(number), amount: Int64.random(in: 1...20_000, using: &random),
                        category: Bool.random(using: &random) ? "standard" : "reduced", credited: 0)
                }, rates: rates, prices: prices)
            let whole = try left.credit(.whole)
            var (net, tax, gross) = (Int64(0), Int64(0), Int64(0))
            while let line = left.lines.indices.filter({ left.lines[$0].amount != left.lines[$0].credited })
                .randomElement(using: &random)
            {
                let rest = left.lines[line].amount - left.lines[line].credited
                let part = Bool.random(using: &random) ? rest : Int64.random(in: 1...rest, using: &random)
                let credit = try left.credit(lines((left.lines[line].number, part)))
                left.lines[line].credited += part
                net += credit.net
                tax += credit.tax
                gross += credit.gross
            }
            #expect([net, tax, gross] == [whole.net, whole.tax, whole.gross], "\(random)")
        }
    }

    @Test("A credit is used up by the invoices that follow, and what was taken back of it is asked for")
    func balance() throws {
        func fields(_ entry: CreditBalance.Entry?) -> [Int64]? {
            entry.map { [Int64($0.number), $0.amount, $0.balance] }
        }
        var balance = CreditBalance()
        #expect(try balance.settle(gross: 1000) == nil)
        #expect(fields(try balance.settle(gross: -2500)) == [1, 2500, 2500])
        #expect(fields(try balance.settle(gross: 1000)) == [2, -1000, 1500])
        #expect(fields(try balance.settle(gross: 1600)) == [3, -1500, 0])
        #expect(try balance.settle(gross: 700) == nil)
        #expect(fields(try balance.move(-2500)) == [4, -2500, -2500])
        #expect(fields(try balance.settle(gross: 100)) == [5, 2500, 0])
        #expect(throws: BillingError.creditOverflow) { try balance.settle(gross: .min) }
        #expect(try balance.settle(gross: 0) == nil)
        #expect(balance == CreditBalance(entries: 5, amount: 0))
    }
}
