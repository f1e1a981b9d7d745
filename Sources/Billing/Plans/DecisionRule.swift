/// When a subscription moves to another plan by itself: a ladder of plans, each with the most that it holds of what was
/// counted in the complete calendar months before the decision.
///
/// One decision a month is made for each subscription on one of the plans, and kept, also when nothing changes.
package struct DecisionRule: Hashable, Sendable {
    /// How the months of the window become the figure that is compared.
    package enum Aggregate: String, Hashable, Sendable, CaseIterable {
        case mean
        /// The largest month.
        case max
        /// Every month has to say so: up goes what exceeds the plan in each, down what a lower plan holds in each.
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
    /// Complete calendar months before the month of the decision: 1 to 24.
    package var months: Int
    package var aggregate: Aggregate
    /// Thresholds ascend strictly; no plan is in two ladders.
    package var ladder: [Step]
    package var equal: Equal
    package var goesUp: Bool
    package var goesDown: Bool
    package var levels: Levels
    /// Complete months since the sign-up and the first count without which nothing is decided.
    package var history: Int
    /// Months after a change of this rule in which there is no other.
    package var coolDown: Int
    /// The day of the month from which on it is decided, 1 to 28: sources may need some days to complete a month.
    package var day: Int

    /// How many days before a change takes effect the customer is reminded of it; each number once.
    package var reminders: [Int]

    package static let mostMonths = 24

    package init(
        key: String, name: String, meters: [String], months: Int, aggregate: Aggregate, ladder: [Step],
        equal: Equal = .stays, goesUp: Bool = true, goesDown: Bool = true, levels: Levels = .several,
        history: Int? = nil, coolDown: Int = 0, day: Int = 1, reminders: [Int] = []
    ) {
        self.key = key
        self.name = name
        self.meters = meters
        self.months = months
        self.aggregate = aggregate
        self.ladder = ladder
        self.equal = equal
        self.goesUp = goesUp
        self.goesDown = goesDown
        self.levels = levels
        self.history = history ?? months
        self.coolDown = coolDown
        self.day = day
        self.reminders = reminders
    }

    /// The complete months before the month of a day; nil where they leave the years 1 to 9999.
    package func window(before day: CivilDate) -> DateRange? {
        let end = day.startOfMonth
        guard let start = end.adding(months: -months) else { return nil }
        return DateRange(start: start, end: end)
    }
}

extension DecisionRule: CustomStringConvertible {
    /// `mean of orders in 3 months: small to 1,000, large beyond`, and what is not as usual.
    package var description: String {
        var text = "\(aggregate.rawValue) of \(meters.joined(separator: " + ")) in \(months) months: "
        text += ladder.map { step in
            step.threshold.map { "\(step.plan) to \(CatalogChange.Term.grouped($0))" } ?? "\(step.plan) beyond"
        }.joined(separator: ", ")
        if equal == .moves { text += "; equal moves" }
        if !goesUp { text += "; not up" }
        if !goesDown { text += "; not down" }
        if levels == .one { text += "; one level" }
        if history != months { text += "; history of \(history) months" }
        if coolDown > 0 { text += "; cool-down of \(coolDown) months" }
        if day > 1 { text += "; from day \(day)" }
        if !reminders.isEmpty { text += "; reminders \(reminders.map { "\($0)" }.joined(separator: ", ")) days before" }
        return text
    }
}
