/// What the open period of a subscription would be billed.
package struct InvoicePreview: Hashable, Sendable {
    /// The day until which was counted, the last one included.
    package var asOf: CivilDate
    /// The invoice if nothing more were counted.
    package var present: InvoiceDocument
    /// The invoice if the rest of the period counted as its days until now; nil where none of its days has begun, or all
    /// are over.
    package var forecast: InvoiceDocument?
    /// What the customer has to his credit in the currency of the invoice, in minor units: it pays for the invoice when that
    /// is finalized. Below zero what the invoice will ask for on top.
    package var credit: Int64

    package init(asOf: CivilDate, present: InvoiceDocument, forecast: InvoiceDocument?, credit: Int64) {
        self.asOf = asOf
        self.present = present
        self.forecast = forecast
        self.credit = credit
    }
}

extension SliceTotal {
    /// The totals of a period that is under way, as they will be if its other days count as those until now. What is no
    /// running sum is left as it is: a peak does not grow with the days.
    ///
    /// - Parameters:
    ///   - running: the meters whose totals grow day by day.
    ///   - day: the last day that has been counted.
    /// - Returns: nil where no day, or every day, of the period has been counted.
    package static func forecast(
        _ totals: [SliceTotal], of period: DateRange, running: Set<Int32>, until day: CivilDate
    ) throws(BillingError) -> [SliceTotal]? {
        let (passed, days) = (period.start.days(until: day) + 1, period.days)
        guard passed > 0, passed < days else { return nil }
        var forecast = totals
        for index in forecast.indices {
            let total = forecast[index]
            guard running.contains(total.meter), period.contains(total.start) else { continue }
            // Rounded down: half an order is none. Days of two calendars fit 128 bits with any quantity.
            let scaled = Int128(total.quantity) * Int128(days) / Int128(passed)
            guard let quantity = Int64(exactly: scaled) else {
                throw BillingError.quantityOverflow(meter: "\(total.meter)")
            }
            forecast[index] = SliceTotal(meter: total.meter, start: total.start, quantity: quantity)
        }
        return forecast
    }
}
