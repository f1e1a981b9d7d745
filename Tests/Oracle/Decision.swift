package import Billing

/// What a rule made of a subscription in a month, as the oracle says.
package struct DecisionMade: Hashable, Sendable {
    package var month: Day
    package var rule: String
    package var decidedOn: Day
    package var plan: String
    package var outcome: String
    package var reason: String
    package var target: String?
    package var windowStarts: Day
    package var counted: [Int]
    /// The number that was compared, and in how many months or periods it was counted.
    package var figure: Figure?
    /// The day of the change that it announced.
    package var takesEffect: Day?
    package var status: String?
    package var settledOn: Day?

    package struct Figure: Hashable, Sendable {
        package var sum: Int
        package var count: Int
    }
}

/// A rule, asked of one subscription.
struct DecisionCase {
    let rule: DecisionRule
    let holding: Holding
    let sold: Sold
    let counts: SubscriptionTally
    let invoiceEvery: Cadence

    /// The months, or the billing periods of the subscription.
    private var calendar: Rhythm {
        switch rule.window {
        case .months: Rhythm(anchor: Day(first: 1970, 1), every: .months(1))
        case .periods: Rhythm(anchor: holding.anchor, every: invoiceEvery)
        }
    }

    private var window: Int {
        switch rule.window {
        case .months(let count), .periods(let count): count
        }
    }

    private var isOfPeriods: Bool { if case .periods = rule.window { true } else { false } }

    /// What the meters of the rule counted in spans, of all accounts that were linked on each day.
    func counted(from start: Day, _ number: Int) throws -> (counted: [Int], window: Span) {
        let calendar = calendar
        let first = calendar.number(of: start)
        var counted: [Int] = []
        for place in first..<(first + number) {
            let span = calendar.period(place)
            counted.append(
                try rule.meters.reduce(0) { sum, key in
                    let meter = try sold.meter(key)
                    return sum + (meter.isPlainSum ? counts.count(meter, span) : counts.sum(meter, span))
                })
        }
        return (counted, Span(calendar.boundary(first), calendar.boundary(first + number)))
    }

    /// - Parameters:
    ///   - countedSince: the first day of which anything is known.
    ///   - lastChange: when a decision last changed the plan.
    ///   - isPending: whether a change is announced.
    func decide(on day: Day, countedSince: Day?, lastChange: Day?, isPending: Bool) throws -> DecisionMade? {
        guard rule.ladder.contains(where: { $0.plan == holding.plan }) else { return nil }
        let calendar = calendar
        let due = day.firstOfMonth + (rule.day - 1)
        let end = calendar.number(of: due)
        var history = 0
        if let countedSince {
            let known = max(countedSince, holding.signedUp, isOfPeriods ? holding.starts : countedSince)
            while calendar.boundary(end - history - 1) >= known { history += 1 }
        }
        let length = min(history, window)
        let starts = calendar.boundary(end - length)
        let counted = length == 0 ? [] : try self.counted(from: starts, length).counted
        var made = DecisionMade(
            month: day.firstOfMonth, rule: rule.key, decidedOn: day, plan: holding.plan, outcome: "stays",
            reason: "short_history", windowStarts: starts, counted: counted)
        guard history >= rule.history, !counted.isEmpty else { return made }
        let judged = judge(counted, on: holding.plan)
        (made.reason, made.target, made.figure) = (judged.reason, judged.target, judged.figure)
        guard judged.outcome != "stays" else { return made }
        if judged.outcome == "up", !rule.goesUp {
            made.reason = "up_switched_off"
        } else if judged.outcome == "down", !rule.goesDown {
            made.reason = "down_switched_off"
        } else if let lastChange, months(from: lastChange, to: day) < rule.coolDown {
            made.reason = "cool_down"
        } else {
            let next = holding.payments.period(of: max(day, holding.starts)).end
            if isPending {
                made.reason = "pending"
            } else if holding.isOver(on: next) {
                made.reason = "ending"
            } else if !isSold(judged.target, on: next) {
                made.reason = "target_not_sold"
            } else {
                (made.outcome, made.takesEffect, made.status) = (judged.outcome, next, "announced")
            }
        }
        return made
    }

    private func months(from: Day, to: Day) -> Int { max(0, (to.year - from.year) * 12 + to.month - from.month) }

    private func isSold(_ plan: String?, on day: Day) -> Bool {
        guard let plan else { return false }
        var moved = holding
        moved.plan = plan
        guard let number = try? sold.version(for: moved, on: day), let terms = try? sold.plan(plan) else {
            return false
        }
        return terms.versions[number].prices.allSatisfy { price in
            guard case .flat(let flat) = price.model else { return true }
            return flat.amounts.contains { $0.cadence == holding.paysEvery }
        }
    }

    /// What the rule says of counts alone.
    func judge(
        _ counted: [Int], on plan: String
    ) -> (outcome: String, reason: String, target: String?, figure: DecisionMade.Figure) {
        let (least, most, sum) = (counted.min() ?? 0, counted.max() ?? 0, counted.reduce(0, +))
        let (upward, downward): (DecisionMade.Figure, DecisionMade.Figure) =
            switch rule.aggregate {
            case .mean: (.init(sum: sum, count: counted.count), .init(sum: sum, count: counted.count))
            case .max: (.init(sum: most, count: 1), .init(sum: most, count: 1))
            case .eachMonth: (.init(sum: least, count: 1), .init(sum: most, count: 1))
            }
        let unit = rule.meters.first.flatMap { try? sold.meter($0).partsOfUnit } ?? 1
        func step(_ figure: DecisionMade.Figure) -> Int? {
            rule.ladder.firstIndex { step in
                guard let threshold = step.threshold else { return true }
                let (mean, most) = (Fraction(figure.sum) / Fraction(figure.count), Fraction(Int(threshold) * unit))
                return rule.equal == .stays ? mean <= most : mean < most
            }
        }
        let present = rule.ladder.firstIndex { $0.plan == plan } ?? 0
        let (up, down) = (step(upward) ?? rule.ladder.count - 1, step(downward) ?? rule.ladder.count - 1)
        if up > present {
            return ("up", "above_threshold", rule.ladder[rule.levels == .one ? present + 1 : up].plan, upward)
        }
        if down < present {
            return ("down", "lower_plan_holds", rule.ladder[rule.levels == .one ? present - 1 : down].plan, downward)
        }
        return ("stays", step(upward) == nil ? "highest_plan" : "holds", nil, upward)
    }

    // MARK: Words

    /// Why a change was announced, as customers are told.
    func words(_ made: DecisionMade, target: Plan, was: Plan) throws -> String {
        guard let figure = made.figure else { return rule.name }
        let unit = rule.meters.first.flatMap { try? sold.meter($0) }
        let places = unit.map { $0.partsOfUnit == 1 ? 0 : $0.places } ?? 0
        var amount = NoticeTemplates.number(figure.sum / figure.count, places: places, grouped: true)
        if figure.sum % figure.count != 0 {
            amount = NoticeTemplates.number(figure.sum * 100 / figure.count, places: places + 2, grouped: true)
            if figure.sum * 100 % figure.count != 0 { amount += "…" }
        }
        let days = try counted(from: made.windowStarts, made.counted.count).window
        let last = days.end + -1
        func month(_ day: Day) -> String { String("\(day)".prefix(7)) }
        let what: String
        if window == 1 {
            what = isOfPeriods ? "from \(days.start) to \(last)" : "in \(month(days.start))"
        } else {
            let kind = isOfPeriods ? "period" : "month"
            let aggregate =
                switch rule.aggregate {
                case .mean: "mean"
                case .max: "largest \(kind)"
                case .eachMonth: made.outcome == "down" ? "largest \(kind)" : "smallest \(kind)"
                }
            let span =
                isOfPeriods
                ? "the billing periods from \(days.start) to \(last)" : "\(month(days.start)) to \(month(last))"
            what = "the \(aggregate) of \(span)"
        }
        let begin = window == 1 ? "\(rule.name): \(amount) \(what)." : "\(rule.name): \(amount), \(what)."
        let threshold = rule.ladder.first { $0.plan == made.plan }?.threshold
        guard made.outcome == "up", let threshold else { return "\(begin) \(target.name) holds that as well." }
        return "\(begin) \(was.name) holds up to \(NoticeTemplates.number(Int(threshold), places: 0, grouped: true))."
    }
}
