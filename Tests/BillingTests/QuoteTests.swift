import Billing
import TestSupport
import Testing

@Suite("Quotes")
struct QuoteTests {
    @Test("10,000 random quotes are what the close bills for the same catalog and use")
    func closes() throws {
        var random = SeededGenerator()
        var (charged, discounted, inAdvance, longer, refused) = (0, 0, 0, 0, 0)
        for number in 0..<10_000 {
            let question = try QuoteQuestion.random(using: &random)
            let quoter = try #require(Quoter(question.catalog))
            let closed: [[InvoiceLine]]
            let quote: Quote
            do {
                closed = try question.close()
            } catch let error as BillingError {
                // What cannot be closed cannot be quoted either, and for the same reason.
                #expect(throws: QuoteRefusal.billing(error)) {
                    try quoter.quote(question.request, use: question.use)
                }
                refused += 1
                continue
            }
            quote = try quoter.quote(question.request, use: question.use)
            let first = quote.invoice.lines.map(\.line)
            guard first.map(question.comparable) == closed[0].map(question.comparable) else {
                Issue.record("quote \(number) of seed \(random.seed): \(question)\n\(first)\n\(closed[0])")
                return
            }
            #expect(quote.invoice.total == closed[0].reduce(0) { $0 + $1.amount })
            #expect(quote.invoice.total == quote.invoice.lines.reduce(0) { $0 + $1.line.amount })
            if closed.count > 1 {
                let all = closed.flatMap { $0 }
                #expect(quote.paid?.billingPeriods == closed.count)
                #expect(quote.paid?.sum.total == all.reduce(0) { $0 + $1.amount })
                for line in quote.paid?.sum.lines ?? [] {
                    let same = all.filter { $0.price == line.line.price }
                    #expect(line.line.amount == same.reduce(0) { $0 + $1.amount })
                    #expect(line.line.quantity == same.reduce(0) { $0 + $1.quantity })
                }
                longer += 1
            } else {
                #expect(quote.paid == nil)
            }
            if first.contains(where: { $0.kind == .usage && $0.amount > 0 }) { charged += 1 }
            if first.contains(where: { $0.kind == .discount && $0.amount < 0 }) { discounted += 1 }
            if question.hasAdvance { inAdvance += 1 }
        }
        // Quotes in which nothing happens would prove nothing.
        #expect(charged > 3_000 && discounted > 2_000 && inAdvance > 1_000 && longer > 1_000)
        #expect(refused < 100)
    }

    private func silver() throws -> Quoter {
        // The terms of Connex from 2022-02-01: 49.00 a month or 490.00 a year, 12,000 orders a year, 0.10 beyond them.
        let old = version(
            from: "2015-01-01", before: "2021-02-01", [flat([(.month, 49_00)]), usage(60_000, per: .year, nil)])
        let new = version(
            from: "2022-02-01",
            [flat([(.month, 49_00), (.year, 490_00)]), usage(12_000, per: .year, try rate("0.10"), alreadyPaid: true)])
        return try #require(Quoter(catalog([old, new]).catalog))
    }

    @Test("Without a day the newest version is quoted from its first day")
    func newest() throws {
        let quote = try silver().quote(
            QuoteRequest(plan: "silver"), use: [MeterUse(meter: "orders", quantity: 15_000)])
        #expect(quote.versionFrom == day("2022-02-01"))
        #expect(quote.invoice.period == (try range("2022-02-01", "2022-03-01")))
        // 3,000 orders beyond 12,000 at 0.10.
        #expect(quote.invoice.lines.map(\.line.amount) == [49_00, 300_00])
        #expect(quote.invoice.total == 349_00)
        #expect(quote.paid == nil)
    }

    @Test("A sign-up date chooses the cohort")
    func cohort() throws {
        let request = QuoteRequest(plan: "silver", on: day("2021-05-01"), signedUp: day("2020-05-01"))
        let quote = try silver().quote(request, use: [MeterUse(meter: "orders", quantity: 70_000)])
        // Nothing was sold beyond the limit.
        #expect(quote.invoice.lines.map(\.line.amount) == [49_00, 0])
    }

    @Test("Who pays by the year sees the first month, and the year with the use in each of its months")
    func yearly() throws {
        let request = QuoteRequest(plan: "silver", paysEvery: .year)
        let quote = try silver().quote(request, use: [MeterUse(meter: "orders", quantity: 2_000)])
        // 2,000 of 12,000; the year's price is due at its end.
        #expect(quote.invoice.total == 0)
        let paid = try #require(quote.paid)
        #expect(paid.billingPeriods == 12)
        // 24,000 orders, 12,000 of them beyond the allowance at 0.10.
        #expect(paid.sum.lines.map(\.line.amount) == [490_00, 1_200_00])
        #expect(paid.sum.total == 1_690_00)
        #expect(paid.dueLater == [Quote.DueLater(line: 0, due: day("2023-02-01"))])
    }

    @Test("A price in advance belongs to the quoted period")
    func inAdvance() throws {
        var base = flat([(.month, 100_00), (.year, 960_00)])
        base.model = .flat(
            FlatPrice(
                amounts: [FlatPrice.Amount(cadence: .month, minor: 100_00), .init(cadence: .year, minor: 960_00)],
                charged: .inAdvance))
        let quoter = try #require(Quoter(catalog([version(from: "2022-01-01", [base])]).catalog))
        let month = try quoter.quote(QuoteRequest(plan: "silver"), use: [])
        #expect(month.invoice.lines.map(\.line.service) == [try range("2022-01-01", "2022-02-01")])
        let year = try quoter.quote(QuoteRequest(plan: "silver", paysEvery: .year), use: [])
        #expect(year.invoice.lines.map(\.line.service) == [try range("2022-01-01", "2023-01-01")])
        #expect(year.invoice.total == 960_00)
        #expect(year.paid?.sum.total == 960_00)
        #expect(year.paid?.dueLater == [])
    }

    @Test("What the catalog does not have is refused with what it has")
    func refusals() throws {
        let quoter = try silver()
        func refusal(_ request: QuoteRequest, _ use: [MeterUse] = []) -> QuoteRefusal? {
            do throws(QuoteRefusal) {
                _ = try quoter.quote(request, use: use)
                return nil
            } catch {
                return error
            }
        }
        #expect(refusal(QuoteRequest(plan: "slver")) == .unknownPlan("slver", known: ["silver"]))
        #expect(
            refusal(QuoteRequest(plan: "silver"), [MeterUse(meter: "order", quantity: 1)])
                == .unknownMeter("order", known: ["orders", "labels"]))
        #expect(
            refusal(
                QuoteRequest(plan: "silver"),
                [MeterUse(meter: "orders", quantity: 1), MeterUse(meter: "orders", quantity: 1)])
                == .repeatedMeter("orders"))
        #expect(
            refusal(QuoteRequest(plan: "silver", on: day("2014-12-31")))
                == .noVersion(
                    plan: "silver", on: day("2014-12-31"), signedUp: nil, earliest: day("2015-01-01")))
        #expect(
            refusal(QuoteRequest(plan: "silver", paysEvery: .quarter))
                == .noCadence(.quarter, invoiceEvery: .month, known: [.month, .year]))
        #expect(
            refusal(QuoteRequest(plan: "silver", contract: "acme")) == .unknownContract("acme", known: []))
        #expect(refusal(QuoteRequest(plan: "silver", coupon: "NEW")) == .unknownCoupon("NEW", known: []))
        #expect(
            refusal(QuoteRequest(plan: "silver", on: .latest))
                == .billing(.dateOutOfRange(anchor: .latest, cadence: .month, index: 1)))
    }

    @Test("A paid period of too many invoices is refused")
    func tooManyPeriods() throws {
        let daily = try catalog(every: .day, [version(from: "2022-01-01", [flat([(.days(401), 1_00)])])])
        let quoter = try #require(Quoter(daily.catalog))
        #expect(throws: QuoteRefusal.tooManyPeriods(401, limit: 400)) {
            try quoter.quote(QuoteRequest(plan: "silver", paysEvery: .days(401)), use: [])
        }
    }
}
