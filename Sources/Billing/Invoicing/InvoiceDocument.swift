/// An invoice as people and other systems read it: names instead of numbers, and nothing that depends on when or by which
/// run it was written. Two runs that bill the same write the same document, byte for byte; but for what sources lacked of it at
/// the time, which no amount depends on.
package struct InvoiceDocument: Hashable, Sendable {
    /// What an invoice was written for.
    package enum Kind: String, Hashable, Sendable {
        /// A billing period.
        case period
        /// A change of plan in the midst of a paid period.
        case change

        /// `northwind/2022-03-01`, and `northwind/2022-03-14/change`
        package func reference(_ subscription: String, _ day: CivilDate) -> String {
            "\(subscription)/\(day)" + (self == .period ? "" : "/\(rawValue)")
        }
    }

    /// `SUBSCRIPTION/PERIOD-END`, with `/change` behind it for that of a change: by this name an invoice is asked for.
    package var reference: String { kind.reference(subscription, period.end) }
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
    /// What sources and channels had not delivered of its period when it was written all the same. For the vendor, and none of
    /// what the customer is told.
    package var gaps: [PeriodGap] = []

    /// What was lacking of the days that a line counts; nothing of one that counts none.
    package func gaps(of line: Line) -> [PeriodGap] {
        guard line.line.kind == .usage else { return [] }
        let counted = line.countedDays ?? line.line.service
        return gaps.filter { $0.days.start < counted.end && counted.start < $0.days.end }
    }

    package enum Status: String, Hashable, Sendable, CaseIterable {
        /// Not yet given to the customer.
        case draft
        /// It has a number, and is never changed again.
        case finalized
        /// Taken back as a whole, with a reason; a number that it has stays its own.
        case voided
    }

    /// What an invoice gets when it is finalized; nothing of it changes later.
    package struct Issue: Hashable, Sendable {
        /// As it is printed.
        package var number: String
        package var date: CivilDate
        /// Minor units, without tax.
        package var net: Int64
        package var tax: Int64
        /// What is to be paid.
        package var gross: Int64
        /// By rate; empty where no tax is charged, and in a list.
        package var taxes: [Tax]
        /// What the law wants to be printed, in order.
        package var notes: [String]
        /// The seller's tax number.
        package var sellerNumber: String?
        /// What became of it; nobody has to have said so.
        package var payment: Payment
        /// What stood in the customer's billing details; nil where there were none, and in a list.
        package var billTo: BillTo?
        /// Which revised copy it is; nil for the original, and in a list.
        package var revision: InvoiceRevision?
        /// What of the customer's credit paid for it, in minor units; below zero what it asked for on top.
        package var credit: Int64 = 0
        /// What lowers it since, in the order of their dates; empty in a list.
        package var creditNotes: [CreditNote] = []
        /// Which of the invoice's issues it is, from 1.
        package var ordinal: Int16 = 1
        /// Why it was issued again; nil for the first issue, and in a list.
        package var reissue: Reissue?
        /// What took its place after it had been voided; nil where nothing did, and in a list.
        package var replacedBy: Replacement?
        /// What is to be paid when the credit and credit notes are taken off, in minor units; never below zero.
        package var due: Int64 {
            guard gross > 0 else { return 0 }
            return creditNotes.reduce(gross &- credit) { max(0, $0 &- $1.offDue) }
        }

        package init(
            number: String, date: CivilDate, net: Int64, tax: Int64, gross: Int64, taxes: [Tax] = [],
            notes: [String] = [], sellerNumber: String? = nil, payment: Payment = Payment(status: .unpaid),
            billTo: BillTo? = nil, revision: InvoiceRevision? = nil
        ) {
            self.number = number
            self.date = date
            self.net = net
            self.tax = tax
            self.gross = gross
            self.taxes = taxes
            self.notes = notes
            self.sellerNumber = sellerNumber
            self.payment = payment
            self.billTo = billTo
            self.revision = revision
        }
    }

    /// Why an invoice was issued again under another number.
    package struct Reissue: Hashable, Sendable {
        /// The number of the issue whose place it takes, as it is printed.
        package var replaces: String
        package var date: CivilDate
        package var reason: String
        package var author: String

        package init(replaces: String, date: CivilDate, reason: String, author: String) {
            self.replaces = replaces
            self.date = date
            self.reason = reason
            self.author = author
        }
    }

    /// The issue that took the place of one that was voided.
    package struct Replacement: Hashable, Sendable {
        /// As it is printed.
        package var number: String
        package var date: CivilDate

        package init(number: String, date: CivilDate) {
            self.number = number
            self.date = date
        }

        /// Reads `2022-03-04|INV-2022-000009`; nil for anything else.
        package init?(_ line: some StringProtocol) {
            let fields = line.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
            guard fields.count == 2, let date = CivilDate(String(fields[0])) else { return nil }
            self.init(number: String(fields[1]), date: date)
        }
    }

    /// A credit note as its invoice tells of it.
    package struct CreditNote: Hashable, Sendable {
        /// As it is printed.
        package var number: String
        package var date: CivilDate
        /// Minor units, positive.
        package var gross: Int64
        /// By how much less is owed since, in minor units.
        package var offDue: Int64

        /// Reads `CN-2022-000001|2022-03-04|5950|5950`; nil for anything else.
        package init?(_ line: some StringProtocol) {
            let fields = line.split(separator: "|", omittingEmptySubsequences: false)
            guard fields.count == 4, let date = CivilDate(String(fields[1])), let gross = Int64(fields[2]),
                let offDue = Int64(fields[3])
            else { return nil }
            (number, self.date, self.gross, self.offDue) = (String(fields[0]), date, gross, offDue)
        }
    }

    /// Whether a finalized invoice was paid. It is apart from what the invoice is, which nothing changes any more.
    package struct Payment: Hashable, Sendable {
        package enum Status: String, Hashable, Sendable, CaseIterable {
            case unpaid, paid
            /// Nobody expects it to be paid.
            case uncollectible
        }

        package var status: Status
        /// The day of it; nil where nobody has said anything.
        package var since: CivilDate?

        package init(status: Status, since: CivilDate? = nil) {
            self.status = status
            self.since = since
        }
    }

    /// The tax on the lines of one rate.
    package struct Tax: Hashable, Sendable {
        /// `taxed`, `reverse_charge`, `export` or `exempt`.
        package var treatment: String
        /// ISO 3166-1 alpha-2; empty where it is not known.
        package var country: String
        /// Empty for the whole country.
        package var region: String
        package var category: String
        /// `19` for 19 %.
        package var percent: String
        /// Minor units.
        package var net: Int64
        package var tax: Int64

        /// Reads `1|taxed|DE||standard|19|10000|1900`, as it is sealed; nil for anything else.
        package init?(sealed line: some StringProtocol) {
            let fields = line.split(separator: "|", omittingEmptySubsequences: false)
            guard fields.count == 8, let net = Int64(fields[6]), let tax = Int64(fields[7]) else { return nil }
            treatment = String(fields[1])
            country = String(fields[2])
            region = String(fields[3])
            category = String(fields[4])
            percent = String(fields[5])
            self.net = net
            self.tax = tax
        }
    }

    /// Whom an invoice is for, as the version of the billing details says that stands on it. Empty where they were erased.
    package struct BillTo: Hashable, Sendable {
        package var version: Int32
        package var legalName: String?
        /// Before the city.
        package var address: [String]
        package var postalCode: String?
        package var city: String?
        package var region: String?
        /// ISO 3166-1 alpha-2.
        package var country: String?
        package var taxNumber: String?
        /// The customer's number for the order.
        package var poNumber: String?

        package init(
            version: Int32, legalName: String?, address: [String], postalCode: String?, city: String?, region: String?,
            country: String?, taxNumber: String?, poNumber: String?
        ) {
            self.version = version
            self.legalName = legalName
            self.address = address
            self.postalCode = postalCode
            self.city = city
            self.region = region
            self.country = country
            self.taxNumber = taxNumber
            self.poNumber = poNumber
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

    /// The plans of its lines, each once, in their order.
    package var planNames: [String] {
        var plans: [String] = []
        for line in lines where line.line.manual == nil && !plans.contains(line.planName) {
            plans.append(line.planName)
        }
        return plans
    }

    package struct Line: Hashable, Sendable {
        /// From 1.
        package var number: Int
        package var line: InvoiceLine
        /// Empty for a manual line, as its name and the price.
        package var plan: String
        package var planName: String
        /// The key of the price.
        package var price: String
        /// What the price is called, or what a manual line says.
        package var name: String
        /// Of a manual line; nil for any other, whose price says it.
        package var taxCategory: String?
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
            unit: UnitName?, countedDays: DateRange? = nil, wording: String? = nil, hidesZero: Bool = false,
            taxCategory: String? = nil
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
            self.taxCategory = taxCategory
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
