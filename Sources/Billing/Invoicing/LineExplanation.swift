/// Why a line is what it is: everything from the readings to the rounding, for a person who doubts it.
package struct LineExplanation: Hashable, Sendable {
    package var line: InvoiceDocument.Line
    /// The plan version in whose terms the price stands; nil for a manual line, which has no price.
    package var terms: Terms?
    package var derivation: Derivation

    package struct Terms: Hashable, Sendable {
        /// The first day of the version.
        package var from: CivilDate
        package var cohort: Cohort

        package init(from: CivilDate, cohort: Cohort) {
            self.from = from
            self.cohort = cohort
        }
    }

    /// How the amount came about, by kind of price.
    package enum Derivation: Hashable, Sendable {
        case flat(Flat)
        case usage(Usage)
        /// What is missing from the cost of the allowance period to the least that it costs.
        case minimum(MinimumPrice)
        case discount(Discount)
        /// Somebody has added it.
        case manual(ManualLine)
    }

    /// A fixed amount for each period that is paid for.
    package struct Flat: Hashable, Sendable {
        package var paidEvery: Cadence
        /// What a whole period costs, in minor units.
        package var wholeAmount: Int64
        /// The whole period, of which a prorated line is a part; nil where the line is whole.
        package var partOf: DateRange?

        package init(paidEvery: Cadence, wholeAmount: Int64, partOf: DateRange? = nil) {
            self.paidEvery = paidEvery
            self.wholeAmount = wholeAmount
            self.partOf = partOf
        }
    }

    package struct Usage: Hashable, Sendable {
        package var terms: UsagePrice
        package var allowancePeriod: DateRange
        /// The subscription's part of it.
        package var share: AllowanceShare
        /// The allowance of a whole period, in the smallest parts of the meter's unit.
        package var wholeAllowance: Int64
        /// How far the threshold goes beyond the allowance, because it was paid already.
        package var alreadyPaid: Int64
        /// What was counted in the allowance period up to the end of the service period, by calendar month, as it was known
        /// when the invoice was written.
        package var readings: [MonthCount]
        /// For a meter that has one quantity for each billing period: what that is made of, as it was known then.
        package var counted: WindowCount?
        package var rounding: Rounding
        /// What the count cost before the service period, and after it: the line is the difference.
        package var before: RatingUsage.RunningAmount
        package var after: RatingUsage.RunningAmount
        /// For a correction: what had been billed for the service period before it, over all invoices.
        package var billedBefore: Billed?

        package init(
            terms: UsagePrice, allowancePeriod: DateRange, share: AllowanceShare, wholeAllowance: Int64,
            alreadyPaid: Int64, readings: [MonthCount],
            counted: WindowCount? = nil, rounding: Rounding, before: RatingUsage.RunningAmount,
            after: RatingUsage.RunningAmount,
            billedBefore: Billed?
        ) {
            self.terms = terms
            self.allowancePeriod = allowancePeriod
            self.share = share
            self.wholeAllowance = wholeAllowance
            self.alreadyPaid = alreadyPaid
            self.readings = readings
            self.counted = counted
            self.rounding = rounding
            self.before = before
            self.after = after
            self.billedBefore = billedBefore
        }
    }

    package struct Billed: Hashable, Sendable {
        package var quantity: Int64
        package var billable: Int64
        /// Minor units.
        package var amount: Int64

        package init(quantity: Int64, billable: Int64, amount: Int64) {
            self.quantity = quantity
            self.billable = billable
            self.amount = amount
        }
    }

    /// The readings of one calendar month.
    package struct MonthCount: Hashable, Sendable {
        /// The first of the month.
        package var month: CivilDate
        package var quantity: Int64
        /// How many readings it is the sum of.
        package var readings: Int64

        package init(month: CivilDate, quantity: Int64, readings: Int64) {
            self.month = month
            self.quantity = quantity
            self.readings = readings
        }
    }

    package init(line: InvoiceDocument.Line, terms: Terms?, derivation: Derivation) {
        self.line = line
        self.terms = terms
        self.derivation = derivation
    }
}
