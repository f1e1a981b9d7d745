/// An invoice as people and other systems read it: names instead of numbers, and nothing that depends on when or by which
/// run it was written. Two runs that bill the same write the same document, byte for byte.
package struct InvoiceDocument: Hashable, Sendable {
    /// What an invoice was written for.
    package enum Kind: String, Hashable, Sendable {
        /// A billing period.
        case period
        /// A change of plan in the midst of a paid period.
        case change
    }

    /// `SUBSCRIPTION/PERIOD-END`, with `/change` behind it for that of a change: by this name an invoice is asked for.
    package var reference: String {
        "\(subscription)/\(period.end)" + (kind == .period ? "" : "/\(kind.rawValue)")
    }
    package var kind: Kind
    package var customer: String
    package var customerName: String
    package var subscription: String
    /// The billing period; of a change, empty on its day.
    package var period: DateRange
    /// Its number and date since it was finalized; nil for a draft.
    package var issue: Issue?
    /// How it was taken back, since when nobody owes it; nil where it was not.
    package var void: Void?
    /// Where it stands in its life.
    package var status: Status { void != nil ? .voided : issue == nil ? .draft : .finalized }
    package var currency: Currency
    /// Minor units.
    package var total: Int64
    package var lines: [Line]
    /// What the invoice says of itself, as a template; nil for nothing.
    package var wording: String?

    package enum Status: String, Hashable, Sendable, CaseIterable {
        /// Not yet given to the customer.
        case draft
        /// It has a number, and is never changed again.
        case finalized
        /// Taken back as a whole, with a reason; a number that it has stays its own.
        case voided
    }

    /// What an invoice gets when it is finalized.
    package struct Issue: Hashable, Sendable {
        /// As it is printed.
        package var number: String
        package var date: CivilDate

        package init(number: String, date: CivilDate) {
            self.number = number
            self.date = date
        }
    }

    /// Who took it back as a whole, when and why.
    package struct Void: Hashable, Sendable {
        package var date: CivilDate
        package var reason: String
        package var author: String

        package init(date: CivilDate, reason: String, author: String) {
            self.date = date
            self.reason = reason
            self.author = author
        }
    }

    package struct Line: Hashable, Sendable {
        /// From 1.
        package var number: Int
        package var line: InvoiceLine
        package var plan: String
        package var planName: String
        /// The key of the price.
        package var price: String
        /// What the price is called.
        package var name: String
        /// The meter's key, and what one of its units is called; nil for a flat price.
        package var meter: String?
        package var unit: UnitName?
        /// The days that were counted, where they are not those of the service; nil where they are.
        package var countedDays: DateRange?
        /// What stands below the name, as a template; nil for the sentence that Documents writes.
        package var wording: String?
        package var hidesZero: Bool

        /// Whether customers are shown the line.
        package var isShown: Bool { !hidesZero || line.amount != 0 }

        package init(
            number: Int, line: InvoiceLine, plan: String, planName: String, price: String, name: String, meter: String?,
            unit: UnitName?, countedDays: DateRange? = nil, wording: String? = nil, hidesZero: Bool = false
        ) {
            self.number = number
            self.line = line
            self.plan = plan
            self.planName = planName
            self.price = price
            self.name = name
            self.meter = meter
            self.unit = unit
            self.countedDays = countedDays
            self.wording = wording
            self.hidesZero = hidesZero
        }
    }

    package init(
        kind: Kind = .period, customer: String, customerName: String, subscription: String, period: DateRange,
        issue: Issue? = nil, void: Void? = nil, currency: Currency, total: Int64, lines: [Line], wording: String? = nil
    ) {
        self.kind = kind
        self.customer = customer
        self.customerName = customerName
        self.subscription = subscription
        self.period = period
        self.issue = issue
        self.void = void
        self.currency = currency
        self.total = total
        self.lines = lines
        self.wording = wording
    }
}
