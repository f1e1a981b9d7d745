import Billing
import TestSupport
import Testing

@Suite("Changes that somebody asks for")
struct ChangeRequestTests {
    /// Plans numbered from 1 in their order, each with a base price by the month and by the year.
    private func catalog(_ plans: [(key: String, month: Int64)], changes: ChangePolicy? = nil) throws -> RatingCatalog {
        let value = Catalog(
            name: "test", currency: try currency("USD"), rounding: .halfAwayFromZero, meters: [],
            plans: plans.map { key, month in
                let base = Price(
                    key: "base", name: "Base",
                    model: .flat(
                        FlatPrice(
                            amounts: [
                                FlatPrice.Amount(cadence: .month, minor: month),
                                FlatPrice.Amount(cadence: .year, minor: 10 * month),
                            ], charged: .inAdvance, isProrated: true)))
                return Plan(
                    key: key, name: key, invoiceEvery: .month, versions: [version(from: "2015-01-01", [base])])
            }, changes: changes)
        return try #require(
            RatingCatalog(
                id: 1, catalog: value,
                identifiers: RatingCatalog.Identifiers(
                    plans: Dictionary(uniqueKeysWithValues: plans.indices.map { (plans[$0].key, Int32($0 + 1)) }),
                    meters: [:], prices: plans.indices.map { Int32($0 + 1) })))
    }

    private func admit(
        _ request: ChangeRequest, _ subscription: Subscription, asOf: String, isPending: Bool = false,
        changes: ChangePolicy? = nil
    ) throws -> AdmittedChange {
        let ready = try catalog([("small", 100_00), ("large", 160_00)], changes: changes)
        return try ready.admit(
            request, of: subscription, open: ready.openPeriod(of: subscription, containing: day(asOf)),
            isPending: isPending, asOf: day(asOf))
    }

    @Test("At once is any day of a paid period; where a period begins that nothing is invoiced for, the close bills it")
    func days() throws {
        let monthly = subscription(anchor: "2026-01-31")
        for (when, asOf, takesEffect, isAtOnce) in [
            (ChangeRequest.Day.now, "2026-04-11", "2026-04-11", true),
            (.renewal, "2026-04-11", "2026-04-30", false),
            // The day itself: the period before it has been closed, so its own is paid for.
            (.renewal, "2026-04-30", "2026-05-31", false), (.now, "2026-04-30", "2026-04-30", true),
            (.on(day("2026-04-30")), "2026-04-11", "2026-04-30", false),
            (.on(day("2026-05-01")), "2026-04-11", "2026-05-01", true),
            (.on(day("2026-03-31")), "2026-04-11", "2026-03-31", true),
        ] {
            let admitted = try admit(ChangeRequest(plan: "large", day: when), monthly, asOf: asOf)
            #expect(
                admitted.change == Subscription.Change(day: day(takesEffect), plan: 2, isAtOnce: isAtOnce),
                "\(when) on \(asOf)")
        }
        // Of a year that is paid for, the start of a month is a day like any other.
        let yearly = subscription(anchor: "2026-01-31", paysEvery: .year)
        let admitted = try admit(ChangeRequest(plan: "large", day: .on(day("2026-04-30"))), yearly, asOf: "2026-04-11")
        #expect(admitted.isAtOnce)
        #expect(
            try admit(ChangeRequest(plan: "large", day: .renewal), yearly, asOf: "2026-04-11").change?.day
                == day("2027-01-31"))
    }

    @Test("A change before the first billed day begins with it, and is invoiced with it")
    func beforeTheStart() throws {
        let later = subscription(anchor: "2026-06-10")
        let ready = try catalog([("small", 100_00), ("large", 160_00)])
        let admitted = try ready.admit(
            ChangeRequest(plan: "large", day: .now), of: later, open: ready.firstPeriod(of: later), isPending: false,
            asOf: day("2026-05-01"))
        #expect(admitted.change?.day == day("2026-06-10"))
        #expect(!admitted.isAtOnce)
    }

    @Test("Without a day it is the renewal, unless the catalog orders the plans")
    func policy() throws {
        let monthly = subscription(anchor: "2026-01-01")
        func takesEffect(_ policy: ChangePolicy?, from plan: Int32, to key: String) throws -> CivilDate? {
            var held = monthly
            held.plan = plan
            return try admit(ChangeRequest(plan: key), held, asOf: "2026-04-11", changes: policy).change?.day
        }
        let ordered = ChangePolicy(order: ["small", "large"])
        #expect(try takesEffect(nil, from: 1, to: "large") == day("2026-05-01"))
        #expect(try takesEffect(ordered, from: 1, to: "large") == day("2026-04-11"))
        #expect(try takesEffect(ordered, from: 2, to: "small") == day("2026-05-01"))
        let reversed = ChangePolicy(order: ["large", "small"], up: .renewal, down: .now)
        #expect(try takesEffect(reversed, from: 1, to: "large") == day("2026-04-11"))
        #expect(try takesEffect(ChangePolicy(order: ["small"]), from: 1, to: "large") == day("2026-05-01"))
        #expect(
            try admit(ChangeRequest(plan: "small", paysEvery: .year), monthly, asOf: "2026-04-11", changes: ordered)
                .change == Subscription.Change(day: day("2026-05-01"), plan: 1, paysEvery: .year))
    }

    @Test("What cannot be carried out is refused")
    func refusals() throws {
        var held = subscription(anchor: "2026-01-01", ends: "2026-06-01")
        func refusal(_ request: ChangeRequest, asOf: String = "2026-04-11") -> ChangeRefusal? {
            do {
                _ = try admit(request, held, asOf: asOf)
                return nil
            } catch {
                return error as? ChangeRefusal
            }
        }
        #expect(refusal(ChangeRequest(plan: "gold")) == .unknownPlan("gold", known: ["small", "large"]))
        #expect(refusal(ChangeRequest(plan: "small")) == .noChange(plan: "small", paysEvery: .month))
        #expect(
            refusal(ChangeRequest(plan: "large", day: .on(day("2026-03-31"))))
                == .closed(day: day("2026-03-31"), openSince: day("2026-04-01")))
        #expect(
            refusal(ChangeRequest(plan: "large", day: .on(day("2026-06-01"))))
                == .ends(on: day("2026-06-01"), day: day("2026-06-01")))
        #expect(refusal(ChangeRequest(plan: "large", day: .on(day("2026-05-31")))) == nil)
        #expect(refusal(ChangeRequest(plan: "large"), asOf: "2026-06-01") == .ended(on: day("2026-06-01")))
        #expect(
            refusal(ChangeRequest(plan: "large", paysEvery: .year, day: .now))
                == .rhythmAtRenewal(day: day("2026-04-11"), renewal: day("2026-05-01")))
        #expect(
            refusal(ChangeRequest(plan: "large", paysEvery: .quarter))
                == .noAmount(plan: "large", paysEvery: .quarter))
        held.changes = [Subscription.Change(day: day("2026-04-11"), plan: 2)]
        #expect(
            refusal(ChangeRequest(plan: "small", day: .now)) == .changedSince(day("2026-04-11"), day: day("2026-04-11"))
        )
        #expect(refusal(ChangeRequest(plan: "small", day: .now), asOf: "2026-04-12") == nil)
    }

    @Test("Whatever is changed in a paid period, advance and invoices come to the part of each plan, to the cent")
    func sums() throws {
        var random = SeededGenerator()
        for _ in 0..<2_000 {
            let plans = (0..<3).map { ("p\($0)", Int64.random(in: 0...99_999, using: &random)) }
            let ready = try catalog(plans.map { (key: $0.0, month: $0.1) })
            let closer = Closer(catalog: ready)
            let isYearly = Bool.random(using: &random)
            let anchor = try #require(day("2024-01-01").adding(days: .random(in: 0...800, using: &random)))
            var held = Subscription(
                plan: 1, anchor: anchor, starts: anchor, signedUp: anchor, paysEvery: isYearly ? .year : .month,
                ends: nil)
            let paid = try held.paidPeriods.period(Int.random(in: 0...2, using: &random))
            let whole = plans.map { isYearly ? 10 * $0.1 : $0.1 }
            /// What the first days of the period cost on a plan: half a cent counts as one.
            func first(_ days: Int, _ plan: Int) -> Int64 {
                let (amount, length) = (whole[plan], Int64(paid.days))
                return (2 * amount * Int64(days) + length) / (2 * length)
            }
            var (plan, sum, expected, last) = (0, whole[0], Int64(0), 0)
            let days = Set((0..<4).map { _ in Int.random(in: 0..<paid.days, using: &random) }).sorted()
            for on in days {
                let next = Int.random(in: 0..<3, using: &random)
                guard next != plan else { continue }
                let change = Subscription.Change(
                    day: try #require(paid.start.adding(days: on)), plan: Int32(next + 1))
                held.changes.append(change)
                let settled = try closer.settle(change, of: held)
                #expect(settled.total == settled.lines.reduce(0) { $0 + $1.amount })
                sum += settled.total
                expected += first(on, plan) - first(last, plan)
                (plan, last) = (next, on)
            }
            expected += first(paid.days, plan) - first(last, plan)
            #expect(sum == expected, "\(plans) \(days) in \(paid)")
        }
    }

    @Test("Who began in mid-period gets back a part of what he paid for the rest of it")
    func shortFirstPeriod() throws {
        let ready = try catalog([("small", 10_00), ("large", 16_00)])
        // 17 of January's 31 days: 5.48. From the 25th on 7 are left, after 10 for 3.23: 2.25 are credited, where 24 days
        // of the whole month would be 7.74 and leave 2.26. The new plan costs 16.00 less 24 days, 12.39.
        var held = subscription(anchor: "2026-01-01", starts: "2026-01-15")
        held.changes = [Subscription.Change(day: day("2026-01-25"), plan: 2)]
        let settled = try Closer(catalog: ready).settle(held.changes[0], of: held)
        #expect(settled.lines.map(\.amount) == [-2_25, 3_61])
    }

    @Test("Another rhythm counts from the day on which it is taken, but from the anchor date for who begins in it")
    func rhythmFromAnchor() throws {
        var held = subscription(anchor: "2026-01-01", starts: "2026-02-10")
        held.changes = [Subscription.Change(day: day("2026-02-10"), plan: 2, paysEvery: .year)]
        #expect(
            try held.held(on: day("2026-02-10")).paidPeriods.period(containing: day("2026-02-10"))
                == range("2026-01-01", "2027-01-01"))
        held.changes = [Subscription.Change(day: day("2026-03-01"), plan: 2, paysEvery: .year)]
        #expect(
            try held.held(on: day("2026-03-01")).paidPeriods.period(containing: day("2026-03-01"))
                == range("2026-03-01", "2027-03-01"))
    }

    @Test("Periods that are counted from a later boundary keep the anchor's day")
    func paidFrom() throws {
        let calendar = BillingCalendar(anchor: day("2021-01-31"), cadence: .quarter, from: day("2021-04-30"))
        #expect(
            try (0..<4).map { try calendar.boundary($0) }
                == ["2021-04-30", "2021-07-31", "2021-10-31", "2022-01-31"].map(day))
        var random = SeededGenerator()
        for _ in 0..<2_000 {
            let anchor = try #require(day("2020-01-01").adding(days: .random(in: 0...1_500, using: &random)))
            let isDays = Bool.random(using: &random)
            let count = Int.random(in: 1...12, using: &random)
            let (short, long): (Cadence, Cadence) = isDays ? (.days(5), .days(5 * count)) : (.month, .months(count))
            let base = BillingCalendar(anchor: anchor, cadence: short)
            let number = Int.random(in: -20...20, using: &random)
            let later = BillingCalendar(anchor: anchor, cadence: long, from: try base.boundary(number))
            let index = Int.random(in: -10...10, using: &random)
            #expect(try later.boundary(index) == base.boundary(number + count * index))
            let some = try #require(anchor.adding(days: .random(in: -900...900, using: &random)))
            let period = try later.period(containing: some)
            #expect(period.contains(some))
            #expect(try later.index(containing: period.start) == later.index(containing: some))
        }
    }

    @Test("The newest items are paused until the limit is kept")
    func newest() throws {
        let unit = UnitName(one: "flow", other: "flows")
        func item(_ channel: String, _ since: String, _ quantity: Int64) -> PlanReview.Item {
            PlanReview.Item(
                account: "a", accountID: 1, channel: channel, channelID: 1, since: day(since), quantity: quantity)
        }
        let items = [
            item("old", "2026-01-01", 4), item("b", "2026-02-01", 2), item("a", "2026-02-01", 2),
            item("idle", "2026-03-01", 0),
        ]
        func pauses(_ most: Int64) -> [String] {
            PlanReview.Excess(
                entitlement: Entitlement(key: "flows", name: "Flows", value: .limit(most), meter: "flows"),
                meter: Meter(key: "flows", name: "Flows", aggregate: .latest, unit: unit), used: 8, most: most,
                items: items
            ).pauses.map(\.channel)
        }
        #expect(pauses(7) == ["b"])
        #expect(pauses(6) == ["b"])
        #expect(pauses(5) == ["b", "a"])
        #expect(pauses(3) == ["b", "a", "old"])
        #expect(pauses(0) == ["b", "a", "old"])
    }
}
