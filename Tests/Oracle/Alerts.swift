import Billing

extension SubscriptionAccount {
    /// A percentage of an allowance that is reached.
    struct Alert {
        var topic: String
        var period: Day
        var percent: Int
        var values: [String: String]
    }

    /// What is to be told on a day, before its close: of the allowance period under way, and of the one before it where that
    /// is not closed.
    func alerts(on day: Day, _ sold: Sold, _ counts: any Counted) throws -> [Alert] {
        guard day >= holding.starts, let open, day >= open.start, !holding.isOver(on: open.start) else { return [] }
        let current = periods.period(of: day)
        let isOver = holding.isOver(on: max(current.start, holding.starts))
        var alerts: [Alert] = []
        if open.start < current.start {
            alerts += try self.alerts(of: current.start + -1, sold, counts, asOf: day) { isOver || $0.end <= day }
        }
        if !isOver { alerts += try self.alerts(of: day, sold, counts, asOf: day) { _ in true } }
        return alerts
    }

    /// - Parameters:
    ///   - date: the day whose plan and prices are meant.
    ///   - isMeant: whether an allowance period is looked at.
    private func alerts(
        of date: Day, _ sold: Sold, _ counts: any Counted, asOf: Day, _ isMeant: (Span) -> Bool
    ) throws -> [Alert] {
        let held = holding.held(on: date)
        let plan = try sold.plan(held.plan)
        let version = plan.versions[try sold.version(for: held, on: date)]
        var alerts: [Alert] = []
        for price in version.prices {
            guard case .usage(let usage) = price.model, !usage.alerts.isEmpty else { continue }
            let meter = try sold.meter(usage.meter)
            let charge = Charge(
                usage: usage, unit: meter.partsOfUnit, minorUnits: sold.catalog.minorUnits,
                rounding: sold.catalog.rounding)
            let share = AllowanceShareBill(charge, held, on: date)
            // One that would begin behind the end is never under way.
            guard isMeant(share.period), !holding.isOver(on: share.period.start) else { continue }
            let threshold = share.threshold(
                since: sold.start(of: version, for: held), paid: { counts.count(meter, $0) })
            guard threshold > 0 else { continue }
            let counted: Int
            if meter.isPlainSum {
                counted = counts.count(meter, Span(share.countsFrom, min(share.period.end, asOf + 1)))
            } else {
                // It has one quantity for a period, which is known when that has ended.
                let first = max(share.period.start, holding.starts)
                let isKnown = share.period.end <= asOf
                counted = isKnown ? counts.quantity(meter, of: Span(first, share.period.end)) : 0
            }
            for percent in usage.alerts where counted * 100 >= Int(percent) * threshold {
                alerts.append(
                    Alert(
                        topic: "\(plan.key).\(price.key)", period: share.period.start, percent: Int(percent),
                        values: values(plan, price, meter, share.period, Int(percent), counted, threshold)))
            }
        }
        return alerts
    }

    private func values(
        _ plan: Plan, _ price: Price, _ meter: Meter, _ period: Span, _ percent: Int, _ counted: Int, _ threshold: Int
    ) -> [String: String] {
        let places = meter.partsOfUnit == 1 ? 0 : meter.places
        func number(_ parts: Int) -> String { NoticeTemplates.number(parts, places: places) }
        return [
            "plan": plan.name, "percent": "\(percent)", "price": price.name, "meter": meter.name,
            "unit": threshold == meter.partsOfUnit ? meter.unit.one : meter.unit.other, "counted": number(counted),
            "threshold": number(threshold), "left": number(max(0, threshold - counted)),
            "over": number(max(0, counted - threshold)), "period_start": "\(period.start)",
            "period_end": "\(period.end)", "last_day": "\(period.end + -1)",
        ]
    }
}
