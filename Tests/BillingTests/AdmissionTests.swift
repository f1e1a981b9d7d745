import Billing
import TestSupport
import Testing

@Suite("Letting a subscription in")
struct AdmissionTests {
    private typealias Application = RatingCatalog.Application

    private static func terms(
        every: Cadence = .month, align: Alignment = .anniversary, trial: Cadence? = nil
    ) throws -> RatingCatalog {
        try catalog(every: every, align: align, trial: trial, [version(from: "2015-01-01", [])])
    }

    @Test("A start between two boundaries makes a short first period with the number of the boundaries around it")
    func stub() throws {
        // boundaries   01-31 ─────── 02-28 ─────── 03-31 ─────── 04-30
        // starts             02-10
        let subscription = subscription(anchor: "2022-01-31", starts: "2022-02-10")
        let catalog = try Self.terms()
        let first = try #require(try catalog.openPeriod(of: subscription, containing: day("2022-02-10")))
        #expect(first.number == 0)
        #expect(try first.period == range("2022-02-10", "2022-02-28"))
        #expect(try catalog.openPeriod(of: subscription, number: 1)?.period == range("2022-02-28", "2022-03-31"))
    }

    @Test("A start before the anchor has a negative number, and boundaries go on through the anchor")
    func beforeAnchor() throws {
        let subscription = subscription(anchor: "2022-06-15", starts: "2022-04-20")
        let catalog = try Self.terms()
        let first = try #require(try catalog.openPeriod(of: subscription, containing: day("2022-04-20")))
        #expect(first.number == -2)
        #expect(try first.period == range("2022-04-20", "2022-05-15"))
        #expect(try catalog.openPeriod(of: subscription, number: -1)?.period == range("2022-05-15", "2022-06-15"))
        #expect(try catalog.openPeriod(of: subscription, number: 0)?.period == range("2022-06-15", "2022-07-15"))
    }

    @Test("A short first period leaves its allowance period whole")
    func allowance() throws {
        let catalog = try catalog([version(from: "2015-01-01", [usage(100, per: .year, rate("0.10"))])])
        let subscription = subscription(anchor: "2022-01-01", starts: "2022-05-20")
        let first = try #require(try catalog.openPeriod(of: subscription, containing: day("2022-05-20")))
        #expect(first.countsFrom == day("2022-01-01"))
        // 90 before the start, 30 in the short period: 20 beyond the 100, and nothing is billed for the 90.
        var outcome = CloseOutcome()
        try Closer(catalog: catalog).close(
            subscription, open: first, asOf: day("2022-06-01"),
            totals: [
                SliceTotal(meter: 1, start: day("2022-05-01"), quantity: 90),
                SliceTotal(meter: 1, start: day("2022-05-20"), quantity: 30),
            ], into: &outcome)
        let line = try #require(outcome.lines.first)
        #expect(outcome.lines.count == 1)
        #expect(try line.service == range("2022-05-20", "2022-06-01"))
        #expect(line.quantity == 30)
        #expect(line.before == 90)
        #expect(line.billable == 20)
        #expect(line.amount == 200)
    }

    @Test("The start and the anchor follow from sign-up, trial, billing day and alignment")
    func dates() throws {
        struct Row {
            var application: Application
            var catalog: RatingCatalog
            var starts: String
            var anchor: String
            var period: String
        }
        let (plain, trial) = (try Self.terms(), try Self.terms(trial: .days(14)))
        let rows = [
            Row(
                application: Application(plan: "silver", anchor: day("2022-01-31")), catalog: plain,
                starts: "2022-01-31", anchor: "2022-01-31", period: "2022-01-31/2022-02-28"),
            Row(
                application: Application(plan: "silver", signedUp: day("2022-03-05")), catalog: plain,
                starts: "2022-03-05", anchor: "2022-03-05", period: "2022-03-05/2022-04-05"),
            Row(
                application: Application(plan: "silver", signedUp: day("2022-03-05")), catalog: trial,
                starts: "2022-03-19", anchor: "2022-03-19", period: "2022-03-19/2022-04-19"),
            Row(
                application: Application(plan: "silver", signedUp: day("2022-01-31")),
                catalog: try Self.terms(trial: .month),
                starts: "2022-02-28", anchor: "2022-02-28", period: "2022-02-28/2022-03-28"),
            Row(
                application: Application(plan: "silver", anchor: day("2022-03-05")), catalog: trial,
                starts: "2022-03-19", anchor: "2022-03-05", period: "2022-03-19/2022-04-05"),
            Row(
                application: Application(
                    plan: "silver", signedUp: day("2022-03-05"), trialEnds: day("2022-03-10")), catalog: trial,
                starts: "2022-03-10", anchor: "2022-03-10", period: "2022-03-10/2022-04-10"),
            Row(
                application: Application(plan: "silver", signedUp: day("2022-03-05"), starts: day("2022-03-07")),
                catalog: trial, starts: "2022-03-07", anchor: "2022-03-07", period: "2022-03-07/2022-04-07"),
            Row(
                application: Application(plan: "silver", signedUp: day("2022-03-15"), billingDay: 31),
                catalog: plain, starts: "2022-03-15", anchor: "2022-01-31", period: "2022-03-15/2022-03-31"),
            Row(
                application: Application(plan: "silver", signedUp: day("2022-03-15"), billingDay: 1),
                catalog: trial, starts: "2022-03-29", anchor: "2022-03-01", period: "2022-03-29/2022-04-01"),
            Row(
                application: Application(plan: "silver", signedUp: day("2022-03-15")),
                catalog: try Self.terms(align: .calendar),
                starts: "2022-03-15", anchor: "2022-01-01", period: "2022-03-15/2022-04-01"),
            Row(
                application: Application(plan: "silver", signedUp: day("2022-03-15")),
                catalog: try Self.terms(align: .calendar, trial: .month),
                starts: "2022-04-15", anchor: "2022-01-01", period: "2022-04-15/2022-05-01"),
            Row(
                application: Application(plan: "silver", signedUp: day("2022-03-15")),
                catalog: try Self.terms(every: .quarter, align: .calendar),
                starts: "2022-03-15", anchor: "2022-01-01", period: "2022-03-15/2022-04-01"),
            // 2022-03-16 was a Wednesday.
            Row(
                application: Application(plan: "silver", signedUp: day("2022-03-16")),
                catalog: try Self.terms(every: .days(14), align: .calendar),
                starts: "2022-03-16", anchor: "2022-03-14", period: "2022-03-16/2022-03-28"),
            Row(
                application: Application(plan: "silver", signedUp: day("2022-03-15"), billingDay: 10),
                catalog: try Self.terms(align: .calendar),
                starts: "2022-03-15", anchor: "2022-03-10", period: "2022-03-15/2022-04-10"),
        ]
        for row in rows {
            let admission = try row.catalog.admit(row.application)
            #expect(admission.terms.starts == day(row.starts), "\(row.application)")
            #expect(admission.terms.anchor == day(row.anchor), "\(row.application)")
            #expect(admission.open?.period.description == row.period, "\(row.application)")
        }
    }

    @Test("Who leaves within his trial is let in and never billed")
    func leavesInTrial() throws {
        let admission = try Self.terms(trial: .days(14)).admit(
            Application(plan: "silver", signedUp: day("2022-03-05"), ends: day("2022-03-10")))
        #expect(admission.open == nil)
        #expect(admission.terms.ends == day("2022-03-10"))
    }

    @Test("What contradicts itself is refused, for the first reason by precedence")
    func refusals() throws {
        let plain = try Self.terms()
        let rows: [(Application, RatingCatalog, RejectReason)] = [
            (Application(plan: "silver"), plain, .missingField),
            (
                Application(plan: "silver", anchor: day("2022-03-05"), billingDay: 5), plain, .secondAnchor
            ),
            (
                Application(plan: "silver", anchor: day("2022-03-01")), try Self.terms(align: .calendar), .secondAnchor
            ),
            (
                Application(plan: "silver", signedUp: day("2022-03-05"), billingDay: 5), try Self.terms(every: .week),
                .billingDayWithoutMonths
            ),
            (
                Application(plan: "silver", signedUp: day("2022-03-05"), billingDay: 32), plain, .invalidBillingDay
            ),
            (
                Application(plan: "silver", signedUp: day("2022-03-05"), trialEnds: day("2022-03-04")), plain,
                .trialEndsBeforeSignUp
            ),
            (
                Application(
                    plan: "silver", signedUp: day("2022-03-05"), starts: day("2022-03-09"),
                    trialEnds: day("2022-03-10")), plain, .startInTrial
            ),
            (
                Application(plan: "silver", anchor: day("2022-03-05"), ends: day("2022-03-05")), plain,
                .endNotAfterStart
            ),
            (
                Application(plan: "silver", signedUp: day("2022-03-05"), ends: day("2022-03-05")),
                try Self.terms(trial: .days(14)), .endNotAfterStart
            ),
            // Wrong twice.
            (
                Application(plan: "gold", anchor: day("2022-03-05"), ends: day("2022-03-01"), billingDay: 5), plain,
                .endNotAfterStart
            ),
            (
                Application(plan: "gold", anchor: day("2022-03-05"), trialEnds: day("2022-03-01"), billingDay: 5),
                plain, .secondAnchor
            ),
            (Application(plan: "gold", signedUp: day("2022-03-05")), plain, .unknownPlan),
            (Application(plan: "silver", anchor: day("2014-03-05")), plain, .planNotSold),
        ]
        for (application, catalog, reason) in rows {
            let refusal = #expect(throws: RatingCatalog.Refusal.self) { try catalog.admit(application) }
            #expect(refusal?.reason == reason)
        }
    }

    @Test("Periods of 10,000 subscriptions begin with the start, meet without a gap, and end on boundaries")
    func property() throws {
        var random = SeededGenerator()
        let cadences: [Cadence] = [
            .month, .months(2), .quarter, .halfYear, .year, .months(24), .day, .week, .days(14), .days(10),
        ]
        var wrong: [String] = []
        for _ in 0..<10_000 {
            let cadence = try #require(cadences.randomElement(using: &random))
            let align: Alignment = Bool.random(using: &random) ? .calendar : .anniversary
            let trial: Cadence? = [nil, .days(14), .month].randomElement(using: &random) ?? nil
            let catalog = try Self.terms(every: cadence, align: align, trial: trial)
            let signedUp = try #require(day("2018-01-01").adding(days: .random(in: 0..<3_000, using: &random)))
            var application = Application(plan: "silver", signedUp: signedUp)
            if case .months = cadence, Bool.random(using: &random) {
                application.billingDay = Int.random(in: 1...31, using: &random)
            } else if align == .anniversary, Bool.random(using: &random) {
                application.anchor = signedUp.adding(days: .random(in: -800...800, using: &random))
            }
            let admission = try catalog.admit(application)
            let terms = admission.terms
            var open = try #require(admission.open)
            var isRight = open.period.start == terms.starts
            isRight = isRight && (application.anchor != nil || terms.starts >= signedUp)
            isRight = isRight && !Self.hasBoundary(inside: open.period, terms.anchor, cadence)
            for _ in 0..<6 {
                let next = try #require(try catalog.openPeriod(of: terms, number: Int(open.number) + 1))
                isRight = isRight && next.period.start == open.period.end && next.number == open.number + 1
                isRight = isRight && Self.isBoundary(next.period.start, terms.anchor, cadence)
                open = next
            }
            if !isRight {
                wrong.append("\(application), every \(cadence), \(align), trial \(String(describing: trial))")
            }
        }
        #expect(wrong.prefix(3) == [])
    }

    /// From the words of the rule: a whole number of cadences away, on the anchor's day or on the last of a shorter month.
    private static func isBoundary(_ day: CivilDate, _ anchor: CivilDate, _ cadence: Cadence) -> Bool {
        switch cadence {
        case .days(let days):
            return (Int(day.daysSince1970) - Int(anchor.daysSince1970)).isMultiple(of: days)
        case .months(let months):
            let (from, to) = (anchor.components, day.components)
            return ((to.year - from.year) * 12 + to.month - from.month).isMultiple(of: months)
                && to.day == min(from.day, CivilDate.days(in: to.month, of: to.year))
        }
    }

    private static func hasBoundary(inside period: DateRange, _ anchor: CivilDate, _ cadence: Cadence) -> Bool {
        var current = period.start.adding(days: 1)
        while let day = current, day < period.end {
            if isBoundary(day, anchor, cadence) { return true }
            current = day.adding(days: 1)
        }
        return false
    }
}
