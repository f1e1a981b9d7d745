/// Something that has to be true of a subscription on the day on which it chooses a plan: a meter, the days of it that are
/// looked at, and a bound.
///
///     days: 30    ├── 30 complete days ──┤ as-of date           what is counted day by day, the as-of date left out
///     (level)                            ├ as-of date ┤         what stands by its end, as `meterbook entitlements` has it
package struct EligibilityCondition: Hashable, Sendable {
    /// How a figure is held against a number.
    package enum Bound: String, Hashable, Sendable, CaseIterable {
        /// The number itself is too much.
        case below
        /// The number itself is allowed.
        case most
        /// The number itself suffices.
        case least
        /// The number itself is too little.
        case above
    }

    package var key: String
    /// What people call the figure.
    package var name: String
    /// The key of the meter. Its own window is that of an invoice, and says nothing here.
    package var meter: String
    /// The complete days before the as-of date that are counted: 1 to 366. Nil for a meter that is a level, which is taken
    /// as it stands.
    package var days: Int?
    package var bound: Bound
    /// In whole units of the meter.
    package var number: Int64

    package init(key: String, name: String, meter: String, days: Int?, bound: Bound, number: Int64) {
        self.key = key
        self.name = name
        self.meter = meter
        self.days = days
        self.bound = bound
        self.number = number
    }

    /// The days that are looked at; nil where they leave the years 1 to 9999.
    package func window(on asOf: CivilDate) -> DateRange? {
        if let days { return asOf.adding(days: -days).flatMap { DateRange(start: $0, end: asOf) } }
        return asOf.adding(days: 1).flatMap { DateRange(start: asOf, end: $0) }
    }

    /// Whether a figure keeps the bound.
    ///
    /// - Parameters:
    ///   - figure: in the smallest parts of the meter's unit.
    ///   - places: the decimal places of the meter's quantities.
    package func holds(for figure: Int64, places: Int) -> Bool {
        var number = Int128(number)
        for _ in 0..<min(max(places, 0), Meter.mostPlaces) { number *= 10 }
        switch bound {
        case .below: return Int128(figure) < number
        case .most: return Int128(figure) <= number
        case .least: return Int128(figure) >= number
        case .above: return Int128(figure) > number
        }
    }
}

extension EligibilityCondition: CustomStringConvertible {
    /// `orders in 30 days below 500`, `products at most 1,000`.
    package var description: String {
        let span = days.map { " in \($0) day\($0 == 1 ? "" : "s")" } ?? ""
        return "\(meter)\(span) \(bound.phrase) \(CatalogChange.Term.grouped(number))"
    }
}

extension EligibilityCondition.Bound {
    var phrase: String {
        switch self {
        case .below: "below"
        case .most: "at most"
        case .least: "at least"
        case .above: "above"
        }
    }
}

/// Whether a subscription may choose a plan on a day, and why not: every condition is looked at, also after one has failed.
package struct Eligibility: Hashable, Sendable {
    /// A condition with what was found.
    package struct Finding: Hashable, Sendable {
        package var condition: EligibilityCondition
        package var meter: Meter
        /// The days that were looked at.
        package var window: DateRange
        /// In the smallest parts of the meter's unit; nil where it is not known.
        ///
        /// Nothing counted for the accounts of a subscription is 0, as it is on its invoices and among its entitlements: a
        /// source that tells levels when they change says nothing of who never had any. But where nothing of the meter was
        /// ever delivered, for anybody, there is no such source, and a 0 would be made up.
        package var figure: Int64?

        package init(_ condition: EligibilityCondition, meter: Meter, window: DateRange, figure: Int64?) {
            self.condition = condition
            self.meter = meter
            self.window = window
            self.figure = figure
        }

        /// What is not known meets no condition: a plan is not given away because a source is missing.
        package var isMet: Bool {
            figure.map { condition.holds(for: $0, places: meter.quantityPlaces) } ?? false
        }
    }

    /// In the order of the catalog; none where anybody may choose the plan.
    package var findings: [Finding]

    package init(findings: [Finding]) {
        self.findings = findings
    }

    /// Whether all conditions are met.
    package var isEligible: Bool { findings.allSatisfy(\.isMet) }

    /// The conditions that are not met, in the order of the catalog.
    package var failing: [Finding] { findings.filter { !$0.isMet } }
}

/// Whether a subscription may choose a plan, by name: for a person who asks.
package struct EligibilityStatement: Hashable, Sendable {
    package var subscription: String
    package var customer: String
    package var customerName: String
    package var plan: String
    package var planName: String
    package var asOf: CivilDate
    package var eligibility: Eligibility

    package init(
        subscription: String, customer: String, customerName: String, plan: String, planName: String, asOf: CivilDate,
        eligibility: Eligibility
    ) {
        self.subscription = subscription
        self.customer = customer
        self.customerName = customerName
        self.plan = plan
        self.planName = planName
        self.asOf = asOf
        self.eligibility = eligibility
    }
}

extension RatingCatalog {
    /// A plan as it stands in the catalog, and the conditions under which a subscription may choose it on a day: those of
    /// the version that it would be under.
    ///
    /// - Returns: nil for a plan that is not in the catalog.
    /// - Throws: `noVersion` where the plan is not for the subscription on that day at all.
    package func eligibility(
        ofPlan key: String, for subscription: Subscription, on day: CivilDate
    ) throws(BillingError) -> (plan: Plan, conditions: [EligibilityCondition])? {
        guard let number = plans.first(where: { $0.value.key == key })?.key else { return nil }
        var moved = subscription
        moved.plan = number
        // What it holds on the day, and will hold, is not asked.
        moved.changes = []
        let (plan, version) = try terms(of: moved, on: day)
        return (plan, version.eligible)
    }
}
