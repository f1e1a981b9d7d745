/// What a customer sees on his account page: the plan, what it includes, what has been counted and what is left.
package struct UsageStatement: Hashable, Sendable {
    package var subscription: String
    package var customer: String
    package var customerName: String
    package var plan: String
    package var planName: String
    /// The day for which the statement holds.
    package var asOf: CivilDate
    package var currency: Currency
    /// The period that is open; nil when the subscription has ended.
    package var period: DateRange?
    package var allowances: [Allowance]
    package var entitlements: [Entitlement]

    /// One metered price, in the allowance period that contains the day.
    package struct Allowance: Hashable, Sendable {
        package var price: String
        package var name: String
        package var meter: String
        package var unit: UnitName
        /// What the plan includes in each allowance period.
        package var allowance: Int64
        package var period: DateRange
        /// The days that are counted for it, where they are not those of the allowance period; nil where they are.
        package var countedDays: DateRange?
        /// Everything counted in the allowance period so far.
        package var counted: Int64
        /// The count beyond which units are charged.
        package var threshold: Int64
        /// How far the threshold goes beyond the allowance, because it was paid already.
        package var alreadyPaid: Int64
        /// What may still be counted without a charge.
        package var left: Int64
        /// What was counted beyond the threshold since `chargedFrom`.
        package var over: Int64
        /// What `over` costs, in minor units; nil where nothing is sold beyond the allowance.
        package var overAmount: Int64?
        /// The first day of the plan and its terms, where they took effect within the period: what was counted before is
        /// charged on other terms. Nil where they hold for all of it.
        package var chargedFrom: CivilDate?
        /// Where the count came from.
        package var sources: [SourceCount]

        package init(
            price: String, name: String, meter: String, unit: UnitName, allowance: Int64, period: DateRange,
            countedDays: DateRange? = nil, counted: Int64, threshold: Int64, alreadyPaid: Int64, left: Int64,
            over: Int64, overAmount: Int64?,
            chargedFrom: CivilDate? = nil, sources: [SourceCount]
        ) {
            self.price = price
            self.name = name
            self.meter = meter
            self.unit = unit
            self.allowance = allowance
            self.period = period
            self.countedDays = countedDays
            self.counted = counted
            self.threshold = threshold
            self.alreadyPaid = alreadyPaid
            self.left = left
            self.over = over
            self.overAmount = overAmount
            self.chargedFrom = chargedFrom
            self.sources = sources
        }
    }

    /// What one channel of one account counted.
    package struct SourceCount: Hashable, Sendable {
        package var account: String
        package var channel: String
        package var quantity: Int64
        package var lastDay: CivilDate

        package init(account: String, channel: String, quantity: Int64, lastDay: CivilDate) {
            self.account = account
            self.channel = channel
            self.quantity = quantity
            self.lastDay = lastDay
        }
    }

    package init(
        subscription: String, customer: String, customerName: String, plan: String, planName: String, asOf: CivilDate,
        currency: Currency, period: DateRange?, allowances: [Allowance], entitlements: [Entitlement]
    ) {
        self.subscription = subscription
        self.customer = customer
        self.customerName = customerName
        self.plan = plan
        self.planName = planName
        self.asOf = asOf
        self.currency = currency
        self.period = period
        self.allowances = allowances
        self.entitlements = entitlements
    }
}
