/// What one subscription was billed, and what it would have been billed by another catalog.
package struct WhatIfSubscription: Hashable, Sendable {
    package var key: String
    package var customer: String
    package var customerName: String
    package var currency: Currency
    /// In order of time; never empty.
    package var invoices: [Invoice]

    /// One of its invoices.
    package struct Invoice: Hashable, Sendable {
        /// The day that it is dated by.
        package var date: CivilDate
        /// The key of the plan that was held last in its period.
        package var plan: String
        /// Minor units: its lines, and what later invoices have corrected of them.
        package var billed: Int64
        package var wouldBe: Outcome

        package init(date: CivilDate, plan: String, billed: Int64, wouldBe: Outcome) {
            self.date = date
            self.plan = plan
            self.billed = billed
            self.wouldBe = wouldBe
        }
    }

    /// What the other catalog makes of an invoice.
    package enum Outcome: Hashable, Sendable {
        /// Minor units.
        case amount(Int64)
        case notComparable(Obstacle)
    }

    /// Why the other catalog cannot rate what was billed.
    package enum Obstacle: Hashable, Sendable {
        /// It has no plan of this key.
        case planMissing(String)
        /// It does not sell in the subscription's currency.
        case currencyMissing(known: [String])
        /// It invoices the plan in other periods.
        case otherPeriods(old: Cadence, new: Cadence)
        /// By what is known of the subscription it had no such period: it had ended.
        case periodMissing
        /// The rating itself fails.
        case failed(BillingError)

        /// The stable word for it.
        package var code: String {
            switch self {
            case .planMissing: "plan_missing"
            case .currencyMissing: "currency_missing"
            case .otherPeriods: "other_periods"
            case .periodMissing: "period_missing"
            case .failed(let error): error.code
            }
        }
    }

    package init(
        key: String, customer: String, customerName: String, currency: Currency, invoices: [Invoice]
    ) {
        self.key = key
        self.customer = customer
        self.customerName = customerName
        self.currency = currency
        self.invoices = invoices
    }

    /// The plan of its last invoice.
    package var plan: String { invoices.last?.plan ?? "" }

    /// What its comparable invoices come to.
    package var sum: WhatIfSum {
        var sum = WhatIfSum()
        for invoice in invoices {
            if case .amount(let amount) = invoice.wouldBe { sum.add(billed: invoice.billed, wouldBe: amount) }
        }
        return sum
    }

    /// What is in the way of its other invoices, each once, in order of time.
    package var obstacles: [Obstacle] {
        var found: [Obstacle] = []
        for case .notComparable(let obstacle) in invoices.map(\.wouldBe) where !found.contains(obstacle) {
            found.append(obstacle)
        }
        return found
    }
}

/// What some invoices were billed and would have been, in minor units of one currency.
package struct WhatIfSum: Hashable, Sendable {
    package private(set) var invoices: Int64 = 0
    package private(set) var billed: Int128 = 0
    package private(set) var wouldBe: Int128 = 0

    package init() {}

    package var difference: Int128 { wouldBe - billed }

    package mutating func add(billed: Int64, wouldBe: Int64) {
        invoices += 1
        self.billed += Int128(billed)
        self.wouldBe += Int128(wouldBe)
    }

    package mutating func add(_ other: WhatIfSum) {
        invoices += other.invoices
        billed += other.billed
        wouldBe += other.wouldBe
    }
}

extension WhatIfSubscription.Obstacle: CustomStringConvertible {
    package var description: String {
        switch self {
        case .planMissing(let plan): "the catalog has no plan '\(plan)'"
        case .currencyMissing(let known): "the catalog sells in \(known.joined(separator: ", ")) alone"
        case .otherPeriods(let old, let new):
            "the catalog invoices the plan every \(new), and it was invoiced every \(old)"
        case .periodMissing: "the subscription has no such period: it had ended"
        case .failed(let error): "\(error)"
        }
    }
}
