package import Billing

/// What a source says of a subscription, each field as its row has it.
package struct Application: Sendable {
    package var key: String
    package var customer: String
    package var plan: String
    package var anchor: Day?
    package var billingDay: Int?
    package var signedUp: Day?
    package var starts: Day?
    package var ends: Day?
    package var trialEnds: Day?
    package var paysEvery: Cadence?
    package var currency: String?
    package var contract: String?
    package var coupon: String?
    package var couponFrom: Day?
    package var zone = Zone.utc

    package init(key: String, customer: String, plan: String) {
        (self.key, self.customer, self.plan) = (key, customer, plan)
    }
}

extension Holding {
    /// What a subscription is when it becomes known: what the row says goes before what the plan says.
    package init(_ row: Application, _ catalog: Catalog) throws {
        let plan = try Sold(catalog, number: 0, in: catalog.currency.code).plan(row.plan)
        guard let signedUp = row.signedUp ?? row.anchor ?? row.starts else { throw Puzzle("\(row.key) never began") }
        var trialEnds = row.trialEnds
        if trialEnds == nil, let trial = plan.trial {
            switch trial {
            case .days(let days): trialEnds = signedUp + days
            case .months(let months): trialEnds = signedUp.later(months: months)
            }
        }
        let starts = row.starts ?? trialEnds ?? row.anchor ?? signedUp
        self.init(
            key: row.key, customer: row.customer, plan: row.plan,
            anchor: try Self.anchor(row, plan, starts: starts), signedUp: signedUp, starts: starts, ends: row.ends,
            paysEvery: row.paysEvery ?? plan.invoiceEvery, paidFrom: nil,
            currency: row.currency ?? catalog.currency.code,
            zone: row.zone, contract: row.contract,
            coupon: row.coupon.map { Coupon(code: $0, from: row.couponFrom ?? starts) })
    }

    private static func anchor(_ row: Application, _ plan: Plan, starts: Day) throws -> Day {
        if let anchor = row.anchor { return anchor }
        var day = starts
        if let billingDay = row.billingDay {
            while day.day != billingDay { day = day + -1 }
            return day
        }
        guard plan.alignment == .calendar else { return starts }
        switch plan.invoiceEvery {
        case .months:
            while day.month != 1 || day.day != 1 { day = day + -1 }
        case .days(let days) where days % 7 == 0:
            while day.weekday != 0 { day = day + -1 }
        case .days: break
        }
        return day
    }
}
