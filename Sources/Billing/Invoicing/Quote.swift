/// What the use of a period would cost, rated by the code of the close: a quote is the invoice.
package struct Quote: Hashable, Sendable {
    /// The catalog's name.
    package var catalog: String
    package var plan: String
    package var planName: String
    /// The first day of the plan version in force when the quoted period begins.
    package var versionFrom: CivilDate
    package var contract: String?
    package var coupon: String?
    package var invoiceEvery: Cadence
    package var paysEvery: Cadence
    /// What was typed in, in the order in which it was.
    package var use: [MeterUse]
    /// The invoice of one billing period. Prices in advance stand on it for the period itself, and not, as on the close's,
    /// for the next one.
    package var invoice: InvoiceDocument
    /// The paid period, where it is longer than a billing period.
    package var paid: PaidPeriod?

    /// All invoices of a period that is paid at once, line by line summed.
    package struct PaidPeriod: Hashable, Sendable {
        package var billingPeriods: Int
        /// A line a price. The count before a usage line and its threshold are 0: its billing periods have their own.
        package var sum: InvoiceDocument
        /// Flat prices of the paid period that are not on the first billing period's invoice, by their place in the sum,
        /// with the date of the invoice that they stand on.
        package var dueLater: [DueLater]
    }

    package struct DueLater: Hashable, Sendable {
        package var line: Int
        package var due: CivilDate

        package init(line: Int, due: CivilDate) {
            self.line = line
            self.due = due
        }
    }

    package init(
        catalog: String, plan: String, planName: String, versionFrom: CivilDate, contract: String?, coupon: String?,
        invoiceEvery: Cadence, paysEvery: Cadence, use: [MeterUse], invoice: InvoiceDocument, paid: PaidPeriod?
    ) {
        self.catalog = catalog
        self.plan = plan
        self.planName = planName
        self.versionFrom = versionFrom
        self.contract = contract
        self.coupon = coupon
        self.invoiceEvery = invoiceEvery
        self.paysEvery = paysEvery
        self.use = use
        self.invoice = invoice
        self.paid = paid
    }
}

/// So much of a meter in one billing period.
package struct MeterUse: Hashable, Sendable {
    package var meter: String
    package var quantity: Int64

    package init(meter: String, quantity: Int64) {
        self.meter = meter
        self.quantity = quantity
    }
}

/// Whose invoice a quote imagines.
package struct QuoteRequest: Hashable, Sendable {
    package var plan: String
    /// The first day of the quoted period; nil for the first day of the newest version.
    package var on: CivilDate?
    /// Nil for the first day of the quoted period.
    package var signedUp: CivilDate?
    /// Nil for the plan's invoice cadence.
    package var paysEvery: Cadence?
    /// Of ISO 4217; nil for the catalog's own currency.
    package var currency: String?
    package var contract: String?
    package var coupon: String?

    package init(
        plan: String, on: CivilDate? = nil, signedUp: CivilDate? = nil, paysEvery: Cadence? = nil,
        currency: String? = nil, contract: String? = nil, coupon: String? = nil
    ) {
        self.plan = plan
        self.on = on
        self.signedUp = signedUp
        self.paysEvery = paysEvery
        self.currency = currency
        self.contract = contract
        self.coupon = coupon
    }
}

/// Why a catalog has no answer, in the order in which it is looked for.
package enum QuoteRefusal: Error, Hashable, Sendable {
    case unknownCurrency(String, known: [String])
    case unknownPlan(String, known: [String])
    case samePlan(String)
    case unknownMeter(String, known: [String])
    case repeatedMeter(String)
    case unknownContract(String, known: [String])
    case unknownCoupon(String, known: [String])
    /// - Parameter earliest: the first day of the plan's first version that is for this sign-up date and contract.
    case noVersion(plan: String, on: CivilDate?, signedUp: CivilDate?, earliest: CivilDate?)
    /// - Parameter known: the cadences at which every flat price of the version has an amount.
    case noCadence(Cadence, invoiceEvery: Cadence, known: [Cadence])
    case tooManyPeriods(Int, limit: Int)
    case dayOutsidePeriod(CivilDate, DateRange)
    /// The rating itself failed.
    case billing(BillingError)
}
