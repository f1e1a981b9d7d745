import Billing
import Testing
import TestSupport

@Suite("Closing periods")
struct CloserTests {
    @Test("A period is due on the day of its end, not before")
    func due() throws {
        var ledger = try Ledger(
            subscription(anchor: "2021-06-10"), catalog([version(from: "2015-01-01", [flat([(.month, 20_00)])])]))
        #expect(try ledger.close("2021-07-09").periods.isEmpty)
        let outcome = try ledger.close("2021-07-10")
        #expect(outcome.periods.map(\.period) == [try range("2021-06-10", "2021-07-10")])
        #expect(outcome.periods.map(\.total) == [20_00])
        #expect(outcome.next?.period == (try range("2021-07-10", "2021-08-10")))
        #expect(outcome.next?.number == 1)
        #expect(try ledger.close("2021-07-10").periods.isEmpty)
    }

    @Test("What is not due leaves the open period as it is")
    func notDue() throws {
        let ready = try catalog([version(from: "2015-01-01", [])])
        let holder = subscription(anchor: "2021-06-10")
        let open = try #require(try ready.openPeriod(of: holder, number: 0))
        var outcome = CloseOutcome()
        try Closer(catalog: ready).close(holder, open: open, asOf: day("2021-07-09"), totals: [], into: &outcome)
        #expect(outcome.next == open)
        #expect(outcome.checkInvariants())
    }

    @Test("A price that is paid yearly stands on the invoice with which the year ends, and on no other")
    func yearly() throws {
        let ready = try catalog([version(from: "2015-01-01", [flat([(.month, 10_00), (.year, 96_00)])])])
        let ends = [
            "2021-06-10": ["2022-06-10", "2023-06-10"],
            "2021-01-31": ["2022-01-31", "2023-01-31", "2024-01-31"],
            "2020-02-29": ["2021-02-28", "2022-02-28", "2023-02-28", "2024-02-29"],
        ]
        for (anchor, ends) in ends {
            var ledger = try Ledger(subscription(anchor: anchor, paysEvery: .year), ready)
            try ledger.close("2024-03-31")
            let paid = ledger.invoices.filter { $0.total != 0 }
            #expect(paid.map(\.period.end) == ends.map(day))
            #expect(paid.allSatisfy { $0.total == 96_00 })
            #expect(ledger.lines.map(\.line.service) == (try zip([anchor] + ends, ends).map { try range($0, $1) }))
        }
    }

    @Test("A flat price is that of the version in force when the paid stretch began")
    func flatVersions() throws {
        let ready = try catalog([
            version(from: "2015-01-01", [flat([(.month, 10_00), (.quarter, 27_00)])]),
            version(from: "2021-07-20", [flat([(.month, 15_00), (.quarter, 40_00)])]),
        ])
        var monthly = try Ledger(subscription(anchor: "2021-06-10"), ready)
        try monthly.close("2021-09-10")
        #expect(monthly.invoices.map(\.total) == [10_00, 10_00, 15_00])
        var quarterly = try Ledger(subscription(anchor: "2021-06-10", paysEvery: .quarter), ready)
        try quarterly.close("2021-12-10")
        #expect(quarterly.invoices.map(\.total) == [0, 0, 27_00, 0, 0, 40_00])
    }

    @Test("Closing many periods at once writes what closing them one by one does")
    func catchUp() throws {
        var random = SeededGenerator()
        let ready = try catalog([
            version(
                from: "2015-01-01",
                [flat([(.month, 10_00)]), usage(300, per: .year, try rate([(50, "0.10"), (nil, "0.033")]))]),
            version(
                from: "2021-11-05",
                [usage(40, per: .month, try rate("0.07")), usage(9, per: .quarter, try rate("1"), meter: "labels")]),
            version(from: "2022-04-01", [usage(100, per: .year, try rate("0.005"), alreadyPaid: true)]),
        ])
        for anchor in ["2021-01-31", "2021-01-01", "2020-02-29", "2021-01-10"] {
            var once = try Ledger(subscription(anchor: anchor), ready)
            var stepwise = once
            for offset in 0..<600 where Int.random(in: 0..<3, using: &random) == 0 {
                let day = try #require(day(anchor).adding(days: offset))
                let (quantity, meter) = (
                    Int64.random(in: 0...20, using: &random), Int32.random(in: 1...2, using: &random)
                )
                try once.read(day, quantity, meter: meter)
                try stepwise.read(day, quantity, meter: meter)
            }
            for offset in 0...620 { try stepwise.close(try #require(day(anchor).adding(days: offset))) }
            let outcome = try once.close(try #require(day(anchor).adding(days: 620)))
            #expect(stepwise.lines.map(\.line) == outcome.lines)
            #expect(stepwise.invoices.map(\.period) == outcome.periods.map(\.period))
            #expect(stepwise.invoices.map(\.number) == outcome.periods.map(\.number))
            #expect(stepwise.invoices.map(\.total) == outcome.periods.map(\.total))
            #expect(stepwise.open == outcome.next)
            #expect(outcome.periods.count > 18)
        }
    }

    @Test(
        "A subscription that ends is billed for the periods that began before its end",
        arguments: [("2021-09-10", 3), ("2021-09-09", 3), ("2021-08-11", 3), ("2021-08-10", 2), ("2021-06-11", 1)])
    func end(ends: String, count: Int) throws {
        var ledger = try Ledger(
            subscription(anchor: "2021-06-10", ends: ends),
            catalog([version(from: "2015-01-01", [flat([(.month, 20_00)])])]))
        let outcome = try ledger.close("2022-06-10")
        #expect(outcome.periods.count == count)
        #expect(outcome.next == nil)
        #expect(ledger.total == Int64(count) * 20_00)
        #expect(try ledger.close("2023-06-10").periods.isEmpty)
    }

    @Test("A subscription that ended before its first period has none")
    func endedBefore() throws {
        let ready = try catalog([version(from: "2015-01-01", [])])
        let holder = subscription(anchor: "2021-06-10", ends: "2021-06-10")
        #expect(try ready.openPeriod(of: holder, containing: day("2021-06-10")) == nil)
    }

    @Test("Without a version for the cohort there is no invoice but an error")
    func noVersion() throws {
        let legacy = try catalog([version(from: "2015-01-01", before: "2021-02-01", [])])
        var ledger = try Ledger(subscription(anchor: "2021-06-10"), legacy)
        let error = BillingError.noVersion(plan: "silver", day: day("2021-06-10"), signedUp: day("2021-06-10"))
        #expect(throws: error) { try ledger.close("2021-07-10") }
        // The version begins within the period: the days before it have no terms.
        var early = try Ledger(subscription(anchor: "2021-06-10"), catalog([version(from: "2021-06-11", [])]))
        #expect(throws: error) { try early.close("2021-07-10") }
        var punctual = try Ledger(subscription(anchor: "2021-06-10"), catalog([version(from: "2021-06-10", [])]))
        #expect(try punctual.close("2021-07-10").periods.count == 1)
    }

    @Test("Without an amount for the cadence there is no invoice but an error")
    func noAmount() throws {
        var ledger = try Ledger(
            subscription(anchor: "2021-06-10", paysEvery: .quarter),
            catalog([version(from: "2015-01-01", [flat([(.month, 10_00), (.year, 96_00)])])]))
        #expect(throws: BillingError.noAmount(price: "base", cadence: .quarter)) { try ledger.close("2021-09-10") }
    }

    @Test("Numbers that do not fit are errors: a count, an amount, an invoice, its lines")
    func overflow() throws {
        let dime = try catalog([version(from: "2015-01-01", [usage(0, per: .year, try rate("0.10"))])])
        var count = try Ledger(subscription(anchor: "2021-06-10"), dime)
        try count.read("2021-06-10", .max)
        try count.read("2021-07-01", 1)
        #expect(throws: BillingError.quantityOverflow(meter: "orders")) { try count.close("2021-07-10") }
        var amount = try Ledger(subscription(anchor: "2021-06-10"), dime)
        try amount.read("2021-06-10", .max)
        #expect(throws: BillingError.amountOverflow(price: "orders_over")) { try amount.close("2021-07-10") }
        var total = try Ledger(
            subscription(anchor: "2021-06-10"),
            catalog([version(from: "2015-01-01", [flat([(.month, .max)]), flat([(.month, 1)])])]))
        #expect(throws: BillingError.amountOverflow(price: "invoice total")) { try total.close("2021-07-10") }
        let many = Array(repeating: usage(0, per: .month, nil), count: Int(Int16.max) + 1)
        var lines = try Ledger(subscription(anchor: "2021-06-10"), catalog([version(from: "2015-01-01", many)]))
        let error = BillingError.tooManyLines(period: try range("2021-06-10", "2021-07-10"))
        #expect(throws: error) { try lines.close("2021-07-10") }
        var most = try Ledger(
            subscription(anchor: "2021-06-10"), catalog([version(from: "2015-01-01", Array(many.dropLast()))]))
        #expect(try most.close("2021-07-10").lines.count == Int(Int16.max))
    }

    @Test("Without already-paid, units beyond the new limit cost from the change on, and those before it nothing")
    func notPaidAlready() throws {
        // counted    80 ── 06-25 ── 50      limit 1,000, then 60
        // over 60    20             70      70 − 20 = 50 at 0.10
        let dime = try rate("0.10")
        var ledger = try Ledger(
            subscription(anchor: "2021-06-10"),
            catalog([
                version(from: "2015-01-01", [usage(1_000, per: .year, dime)]),
                version(from: "2021-06-25", [usage(60, per: .year, dime)]),
            ]))
        try ledger.read("2021-06-24", 80)
        try ledger.read("2021-06-25", 50)
        let outcome = try ledger.close("2021-07-10")
        #expect(outcome.lines.map(\.threshold) == [1_000, 60])
        #expect(outcome.lines.map(\.billable) == [0, 50])
        #expect(outcome.lines.map(\.amount) == [0, 5_00])
    }

    @Test("A version for another cohort does not cut the period")
    func otherCohort() throws {
        let dime = try rate("0.10")
        var ledger = try Ledger(
            subscription(anchor: "2021-06-10"),
            catalog([
                version(from: "2015-01-01", [usage(100, per: .year, dime)]),
                version(from: "2021-06-20", before: "2021-02-01", [usage(0, per: .year, dime)]),
            ]))
        try ledger.read("2021-06-25", 110)
        let outcome = try ledger.close("2021-07-10")
        #expect(outcome.lines.map(\.service) == [try range("2021-06-10", "2021-07-10")])
        #expect(ledger.total == 1_00)
    }

    @Test(
        "A new catalog that counts from further back than the open period was set up for is an error, not a wrong count"
    )
    func usageOutOfReach() throws {
        // counted          06-10: 50 │ 07-10: 80      100 a year from 07-20 on, what was counted is paid already
        let holder = subscription(anchor: "2021-06-10")
        let base = version(from: "2015-01-01", [flat([(.month, 10_00)])])
        let metered = version(
            from: "2021-07-20",
            [flat([(.month, 10_00)]), usage(100, per: .year, try rate("0.10"), alreadyPaid: true)])
        let (old, new) = (try catalog([base]), try catalog(id: 2, [base, metered]))
        func ledger(reopening: Bool) throws -> Ledger {
            var ledger = try Ledger(holder, old)
            try ledger.read("2021-06-15", 50)
            try ledger.read("2021-07-25", 80)
            try ledger.close("2021-07-10")
            try ledger.apply(new, reopening: reopening)
            return ledger
        }
        var ready = try ledger(reopening: true)
        #expect(try ready.close("2021-08-10").periods.map(\.total) == [10_00 + 3_00])
        var stale = try ledger(reopening: false)
        let error = BillingError.usageOutOfReach(
            price: "orders_over", from: day("2021-06-10"), since: day("2021-07-10"))
        #expect(throws: error) { try stale.close("2021-08-10") }
        // Late usage makes the totals reach back far enough: 60 + 80 − 100 = 40.
        try stale.read("2021-06-15", 60)
        #expect(try stale.close("2021-08-10").periods.map(\.total) == [10_00 + 4_00])
    }

    @Test("Late usage cannot be compared with what nobody knows: an error")
    func unknownHistory() throws {
        let ready = try catalog([version(from: "2015-01-01", [usage(0, per: .year, try rate("0.10"))])])
        let holder = subscription(anchor: "2021-06-10")
        let open = try #require(try ready.openPeriod(of: holder, number: 1))
        let first = try range("2021-06-10", "2021-07-10")
        func close(_ history: ClosedHistory) throws {
            var outcome = CloseOutcome()
            try Closer(catalog: ready).close(
                holder, open: open, asOf: day("2021-08-10"), totals: [], history: history, into: &outcome)
        }
        #expect(throws: BillingError.unknownBilling(price: "silver.orders_over", service: first)) {
            try close(ClosedHistory(periods: [ClosedHistory.Period(period: first, catalog: 1)], billed: []))
        }
        #expect(throws: BillingError.unknownPlan(id: 1)) {
            try close(ClosedHistory(periods: [ClosedHistory.Period(period: first, catalog: 9)], billed: []))
        }
        try close(ClosedHistory(periods: [], billed: []))
    }

    @Test("An outcome whose lines do not sum to the total, or whose periods do not meet, is found out")
    func invariants() throws {
        var ledger = try Ledger(
            subscription(anchor: "2021-06-10"), catalog([version(from: "2015-01-01", [flat([(.month, 20_00)])])]))
        let outcome = try ledger.close("2021-08-10")
        #expect(outcome.checkInvariants())
        func broken(_ change: (inout CloseOutcome) -> Void) -> Bool {
            var copy = outcome
            change(&copy)
            return !copy.checkInvariants()
        }
        #expect(broken { $0.periods[0].total += 1 })
        #expect(broken { $0.lines[1].amount += 1 })
        #expect(broken { $0.lines.removeLast() })
        #expect(broken { $0.lines.append($0.lines[0]) })
        #expect(broken { $0.periods.removeLast() })
        #expect(broken { $0.periods.swapAt(0, 1) })
        #expect(broken { $0.periods[1].lines = 0..<1 })
        #expect(broken { $0.next?.period = $0.periods[0].period })
        #expect(broken { $0.lines[0].kind = .correction })
        #expect(
            broken {
                $0.lines[0].amount = .max; $0.lines[1].amount = .max; $0.periods[0].lines = 0..<2
            })
    }
}
