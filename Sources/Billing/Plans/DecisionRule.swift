/// When a subscription moves to another plan by itself: a ladder of plans, each with the most that it holds of what was
/// counted in the complete calendar months, or billing periods, before the decision.
///
/// One decision a month is made for each subscription on one of the plans, and kept, also when nothing changes.
package struct DecisionRule: Hashable, Sendable {
    /// What is counted and compared: complete ones before the decision, 1 to 24.
    package enum Window: Hashable, Sendable {
        /// Calendar months, the same for everybody.
        case months(Int)
        /// Billing periods of the subscription, from boundary to boundary.
        case periods(Int)

        package var count: Int {
            switch self {
            case .months(let count), .periods(let count): count
            }
        }
    }

    /// How the months or periods of the window become the figure that is compared.
    package enum Aggregate: String, Hashable, Sendable, CaseIterable {
        case mean
        /// The largest month, or period.
        case max
        /// Every month, or period, has to say so: up goes what exceeds the plan in each, down what a lower plan holds in
        /// each.
        case eachMonth = "each_month"
    }

    /// What a figure that equals a threshold does.
    package enum Equal: String, Hashable, Sendable, CaseIterable {
        /// The plan still holds it.
        case stays
        /// It is too much for the plan.
        case moves
    }

    /// How far one decision goes.
    package enum Levels: String, Hashable, Sendable, CaseIterable {
        case several
        /// To the neighbouring plan of the ladder at most.
        case one
    }

    /// A plan and the most that it holds, in whole units of the meters; nil without a bound, in the last step alone.
    package struct Step: Hashable, Sendable {
        package var plan: String
        package var threshold: Int64?

        package init(plan: String, threshold: Int64?) {
            self.plan = plan
            self.threshold = threshold
        }
    }

    package var key: String
    /// What people call the figure.
    package var name: String
    /// The keys of the meters whose quantities are added, all with the same decimal places.
    package var meters: [String]
    package var window: Window
    package var aggregate: Aggregate
    /// Thresholds ascend strictly; no plan is in two ladders.
    package var ladder: [Step]
    package var equal: Equal
    package var goesUp: Bool
    package var goesDown: Bool
    package var levels: Levels
    /// Complete months, or periods, since the sign-up and the first count without which nothing is decided.
    package var history: Int
    /// Months after a change of this rule in which there is no other.
    package var coolDown: Int
    /// The day of the month from which on it is decided, 1 to 28: sources may need some days to complete a month.
    package var day: Int

    /// How many days before a change takes effect the customer is reminded of it; each number once.
    package var reminders: [Int]

    /// The longest window, history or cool-down.
    package static let most = 24

    package init(
        key: String, name: String, meters: [String], window: Window, aggregate: Aggregate, ladder: [Step],
        equal: Equal = .stays, goesUp: Bool = true, goesDown: Bool = true, levels: Levels = .several,
        history: Int? = nil, coolDown: Int = 0, day: Int = 1, reminders: [Int] = []
    ) {
        self.key = key
        self.name = name
        self.meters = meters
        self.window = window
        self.aggregate = aggregate
        self.ladder = ladder
        self.equal = equal
        self.goesUp = goesUp
        self.goesDown = goesDown
        self.levels = levels
        self.history = history ?? window.count
        self.coolDown = coolDown
        self.day = day
        self.reminders = reminders
    }

    /// The day on which the rule decides in the month of another: what has ended by it is complete. A run that comes later
    /// in the month decides by the same, so that no night which was missed gives two months the same window.
    package func due(inMonthOf date: CivilDate) -> CivilDate {
        date.startOfMonth.adding(days: day - 1) ?? date
    }

    /// Whether plans that are invoiced so often have, for the decision of each month, a period that ended since the one before.
    package static func endsEveryMonth(_ invoice: Cadence) -> Bool {
        switch invoice {
        case .months(let months): months == 1
        case .days(let days): days <= 28
        }
    }

    /// The latest `day` with a window of periods. Who is billed on the 31st has a period that ends on February 28th, and
    /// another on March 31st: a rule of the 28th would decide by the first of them in both months.
    package static let latestDayOfPeriods = 27
}

extension DecisionRule: CustomStringConvertible {
    /// `mean of orders in 3 months: small to 1,000, large beyond`, and what is not as usual.
    package var description: String {
        var text = "\(aggregate.rawValue) of \(meters.joined(separator: " + ")) in \(window): "
        text += ladder.map { step in
            step.threshold.map { "\(step.plan) to \(CatalogChange.Term.grouped($0))" } ?? "\(step.plan) beyond"
        }.joined(separator: ", ")
        if equal == .moves { text += "; equal moves" }
        if !goesUp { text += "; not up" }
        if !goesDown { text += "; not down" }
        if levels == .one { text += "; one level" }
        if history != window.count { text += "; history of \(history) \(window.unit)" }
        if coolDown > 0 { text += "; cool-down of \(coolDown) months" }
        if day > 1 { text += "; from day \(day)" }
        if !reminders.isEmpty { text += "; reminders \(reminders.map { "\($0)" }.joined(separator: ", ")) days before" }
        return text
    }
}

extension DecisionRule.Window: CustomStringConvertible {
    /// `3 months`, `3 periods`: the same words that are read.
    package var description: String { "\(count) \(unit)" }

    fileprivate var unit: String {
        switch self {
        case .months: "months"
        case .periods: "periods"
        }
    }
}
