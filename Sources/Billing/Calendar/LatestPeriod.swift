/// The periods that days fall into, with a memory of the last one: who asks for price after price of one billing period
/// mostly hears the same answer, and the calendar's arithmetic is done once.
struct LatestPeriod {
    private let anchor: CivilDate
    private var latest: (cadence: Cadence, period: DateRange)?

    init(anchor: CivilDate) { self.anchor = anchor }

    mutating func period(of cadence: Cadence, containing day: CivilDate) throws(BillingError) -> DateRange {
        if let latest, latest.cadence == cadence, latest.period.contains(day) { return latest.period }
        let period = try BillingCalendar(anchor: anchor, cadence: cadence).period(containing: day)
        latest = (cadence, period)
        return period
    }
}
