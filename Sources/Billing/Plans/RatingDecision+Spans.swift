// What a window counts: spans of days, each a calendar month or a billing period.

extension RatingDecision {
    /// The boundaries of what a window counts: months, or the billing periods that follow from an anchor date.
    package func calendar(anchor: CivilDate) -> BillingCalendar {
        switch rule.window {
        case .months: .calendarMonths
        case .periods: BillingCalendar(anchor: anchor, cadence: invoiceEvery)
        }
    }

    /// The months, or periods, that a window counts which begins on a day, in order.
    package func spans(
        from start: CivilDate, count: Int, anchor: CivilDate
    ) throws(BillingError) -> [DateRange] {
        let calendar = calendar(anchor: anchor)
        let first = try calendar.index(containing: start)
        return try spans(calendar, first, first + count)
    }

    /// The whole window of a decision in the month of a day, also where the subscription has less behind it.
    package func spans(before day: CivilDate, anchor: CivilDate) throws(BillingError) -> [DateRange] {
        let calendar = calendar(anchor: anchor)
        let end = try calendar.index(containing: rule.due(inMonthOf: day))
        return try spans(calendar, end - rule.window.count, end)
    }

    /// Twelve months, or periods, until the end of a window.
    package func year(until end: CivilDate, anchor: CivilDate) throws(BillingError) -> [DateRange] {
        let calendar = calendar(anchor: anchor)
        let last = try calendar.index(containing: end)
        return try spans(calendar, last - 12, last)
    }

    private func spans(_ calendar: BillingCalendar, _ first: Int, _ end: Int) throws(BillingError) -> [DateRange] {
        var spans: [DateRange] = []
        for index in first..<end { spans.append(try calendar.period(index)) }
        return spans
    }

    /// Days in which the windows of all subscriptions lie, whatever their anchor dates, that are decided on in the month of
    /// a day; nil where they leave the years 1 to 9999.
    package func reach(before day: CivilDate) -> DateRange? {
        let due = rule.due(inMonthOf: day)
        guard case .periods(let count) = rule.window else {
            return due.startOfMonth.adding(months: -rule.window.count).flatMap {
                DateRange(start: $0, end: due.startOfMonth)
            }
        }
        // The last period ended up to one of its lengths ago.
        let start =
            switch invoiceEvery {
            case .days(let days): due.adding(days: -days * (count + 1))
            case .months(let months): due.startOfMonth.adding(months: -months * (count + 1))
            }
        return start.flatMap { DateRange(start: $0, end: due) }
    }

    /// From when on what was counted is a subscription's whole use. Its billing periods begin where its billing does: what
    /// lies before it, as a short first period, is no complete one.
    func known(since countedSince: CivilDate, of subscription: Subscription) -> CivilDate {
        let known = max(countedSince, subscription.signedUp)
        switch rule.window {
        case .months: return known
        case .periods: return max(known, subscription.starts)
        }
    }
}

extension BillingCalendar {
    /// Calendar months.
    package static let calendarMonths = BillingCalendar(anchor: CivilDate(unchecked: 0), cadence: .month)

    /// How many of its periods lie whole between two days; 0 where the first lies behind the other.
    package func completePeriods(from first: CivilDate, before day: CivilDate) throws(BillingError) -> Int {
        let begun = try index(containing: first)
        let whole = try boundary(begun) == first ? begun : begun + 1
        return max(0, try index(containing: day) - whole)
    }
}
