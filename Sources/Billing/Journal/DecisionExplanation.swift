/// A decision on a plan with everything that it was made from: which months or billing periods, whose counts, which
/// thresholds, and what became of it.
package struct DecisionExplanation: Hashable, Sendable {
    package var subscription: String
    package var customer: String
    package var customerName: String
    /// The first of the month of the decision.
    package var month: CivilDate
    package var decidedOn: CivilDate
    /// The store's number of the catalog whose rule it was.
    package var catalog: Int32
    package var rule: DecisionRule
    /// The unit of the rule's first meter.
    package var unit: UnitName
    /// The decimal places of all quantities.
    package var places: Int
    package var plan: String
    package var planName: String
    package var target: String?
    package var targetName: String?
    package var decision: Decision
    /// The months, or periods, that counted, in order; empty where the subscription had no complete one.
    package var counted: [SpanCount]
    /// The same by account, as it was known when it was decided. Accounts without a count are left out.
    package var accounts: [AccountCount]
    /// Up to twelve months, or periods, before the decision, those that counted included, as they were known then.
    package var year: [SpanCount]
    /// The last pull that the decision could see.
    package var watermark: Int64
    /// Nil where nothing was announced.
    package var change: Change?

    package struct SpanCount: Hashable, Sendable {
        /// A calendar month, or a billing period.
        package var days: DateRange
        package var quantity: Int64

        package init(days: DateRange, quantity: Int64) {
            self.days = days
            self.quantity = quantity
        }
    }

    package struct AccountCount: Hashable, Sendable {
        package var account: String
        /// As many as months, or periods, that counted, in their order.
        package var quantities: [Int64]

        package init(account: String, quantities: [Int64]) {
            self.account = account
            self.quantities = quantities
        }
    }

    /// What the decision brought about.
    package struct Change: Hashable, Sendable {
        package enum Status: String, Hashable, Sendable, CaseIterable {
            case announced, applied, withdrawn, preempted
        }

        package var takesEffect: CivilDate
        package var status: Status
        package var settledOn: CivilDate?

        package init(takesEffect: CivilDate, status: Status, settledOn: CivilDate?) {
            self.takesEffect = takesEffect
            self.status = status
            self.settledOn = settledOn
        }
    }

    /// The most that the plan holds, in the smallest parts of the unit as all quantities; nil without a bound.
    package var threshold: Int64? {
        rule.ladder.first { $0.plan == plan }?.threshold.map { Tariff.parts($0, places: places) }
    }

    package init(
        subscription: String, customer: String, customerName: String, month: CivilDate, decidedOn: CivilDate,
        catalog: Int32, rule: DecisionRule, unit: UnitName, places: Int, plan: String, planName: String,
        target: String?, targetName: String?, decision: Decision, counted: [SpanCount], accounts: [AccountCount],
        year: [SpanCount], watermark: Int64, change: Change?
    ) {
        self.subscription = subscription
        self.customer = customer
        self.customerName = customerName
        self.month = month
        self.decidedOn = decidedOn
        self.catalog = catalog
        self.rule = rule
        self.unit = unit
        self.places = places
        self.plan = plan
        self.planName = planName
        self.target = target
        self.targetName = targetName
        self.decision = decision
        self.counted = counted
        self.accounts = accounts
        self.year = year
        self.watermark = watermark
        self.change = change
    }
}
