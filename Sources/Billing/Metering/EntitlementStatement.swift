/// What a plan lets a subscription do on a day, and how much of it is used.
package struct EntitlementStatement: Hashable, Sendable {
    package var subscription: String
    package var customer: String
    package var customerName: String
    package var plan: String
    package var planName: String
    /// The day for which the statement holds.
    package var asOf: CivilDate
    /// The billing period that the day lies in; nil before the first and after the last.
    package var period: DateRange?
    /// In the order of the catalog.
    package var entitlements: [Held]

    /// An entitlement of the plan version in force.
    package struct Held: Hashable, Sendable {
        package var entitlement: Entitlement
        /// What counts its use; nil where nothing does.
        package var meter: Meter?
        /// The meter's quantity for the billing period by the end of the day, in its smallest parts; nil where nothing counts
        /// it or there is no such period.
        package var use: Int64?

        package init(_ entitlement: Entitlement, meter: Meter?, use: Int64?) {
            self.entitlement = entitlement
            self.meter = meter
            self.use = use
        }

        /// What is used beyond the limit, in the meter's smallest parts; 0 beside a limit that is kept, and nil where there
        /// is none or nothing is counted.
        package var excess: Int64? {
            guard case .limit(let limit) = entitlement.value, let meter, let use else { return nil }
            let most = Tariff.parts(limit, places: meter.quantityPlaces)
            return use > most ? use - most : 0
        }
    }

    package init(
        subscription: String, customer: String, customerName: String, plan: String, planName: String, asOf: CivilDate,
        period: DateRange?, entitlements: [Held]
    ) {
        self.subscription = subscription
        self.customer = customer
        self.customerName = customerName
        self.plan = plan
        self.planName = planName
        self.asOf = asOf
        self.period = period
        self.entitlements = entitlements
    }
}
