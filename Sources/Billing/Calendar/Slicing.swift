/// How a subscription's usage is cut into the totals that are kept.
///
/// A slice is the longest run of days that no boundary cuts: no boundary of a billing period, no first of a month, not
/// the subscription's first billed day, and no date on which a version of a plan takes effect. Any period, any calendar month and any part of a period under one
/// version is then a sum of whole slices, so nobody has to go back to single days.
///
///     periods        10 ──────────────── 10 ──────────────── 10
///     months              1 ─────────────────── 1
///     plan version                                    15
///     slices         10 ─ 1 ──────────── 10 ─── 1 ─── 15 ─── 10
///
/// Cuts are only ever added: a slice may be split later, and a sum over a range stays the same.
package struct Slicing: Sendable {
    package let calendar: BillingCalendar
    /// The first billed day: what was counted before it never shares a slice with what is billed.
    package let starts: CivilDate
    /// Ascending, without duplicates.
    private let cuts: [CivilDate]

    package init(calendar: BillingCalendar, starts: CivilDate, cuts: [CivilDate]) {
        self.calendar = calendar
        self.starts = starts
        self.cuts = Set(cuts).sorted()
    }

    /// The first day of the slice that contains `day`.
    package func start(containing day: CivilDate) throws(BillingError) -> CivilDate {
        let period = try calendar.boundary(calendar.index(containing: day))
        var start = max(period, day.startOfMonth)
        if starts <= day { start = max(start, starts) }
        return cuts.last(where: { $0 <= day }).map { max($0, start) } ?? start
    }
}
