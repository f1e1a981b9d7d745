/// A credit note as people and other systems read it. Amounts are positive: they are taken off.
package struct CreditNoteDocument: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        /// That of the line on the invoice.
        package var number: Int
        /// What the invoice's line is called; nil in a list.
        package var name: String?
        /// Minor units; negative of a discount.
        package var amount: Int64

        package init(number: Int, name: String?, amount: Int64) {
            self.number = number
            self.name = name
            self.amount = amount
        }
    }

    /// Its number as it is printed.
    package var number: String
    package var date: CivilDate
    /// `SUBSCRIPTION/PERIOD-END` of the invoice that it lowers, and that invoice's number.
    package var invoice: String
    package var invoiceNumber: String
    package var customer: String
    package var customerName: String
    package var currency: Currency
    /// Minor units.
    package var net: Int64
    package var tax: Int64
    package var gross: Int64
    /// Where the gross goes: the invoice is owed less by it …
    package var offDue: Int64
    /// … it goes to the customer's credit, for later invoices …
    package var carried: Int64
    /// … or it is paid back to him.
    package var refunded: Int64
    package var reason: String
    package var author: String
    /// Empty in a list.
    package var lines: [Line]
    /// By rate of the invoice; empty where it has none, and in a list.
    package var taxes: [InvoiceDocument.Tax]
    /// Whom it is for, as the invoice says; nil where that does not, and in a list.
    package var billTo: InvoiceDocument.BillTo?
    package var sellerNumber: String?

    package init(
        number: String, date: CivilDate, invoice: String, invoiceNumber: String, customer: String, customerName: String,
        currency: Currency, net: Int64, tax: Int64, gross: Int64, offDue: Int64, carried: Int64, refunded: Int64,
        reason: String, author: String, lines: [Line] = [], taxes: [InvoiceDocument.Tax] = [],
        billTo: InvoiceDocument.BillTo? = nil, sellerNumber: String? = nil
    ) {
        self.number = number
        self.date = date
        self.invoice = invoice
        self.invoiceNumber = invoiceNumber
        self.customer = customer
        self.customerName = customerName
        self.currency = currency
        self.net = net
        self.tax = tax
        self.gross = gross
        self.offDue = offDue
        self.carried = carried
        self.refunded = refunded
        self.reason = reason
        self.author = author
        self.lines = lines
        self.taxes = taxes
        self.billTo = billTo
        self.sellerNumber = sellerNumber
    }
}

/// An entry in the books of a customer's credit, with names instead of numbers.
package struct CreditEntryRecord: Hashable, Sendable {
    /// Why it moved.
    package enum Origin: String, Hashable, Sendable {
        case creditInvoice = "credit_invoice"
        case used
        case creditNote = "credit_note"
        case void
    }

    package var customer: String
    package var currency: Currency
    /// From 1.
    package var number: Int32
    package var date: CivilDate
    package var origin: Origin
    /// `SUBSCRIPTION/PERIOD-END`
    package var invoice: String
    /// The number of the credit note; nil where none moved it.
    package var creditNote: String?
    /// Minor units; negative for what was used.
    package var amount: Int64
    /// Up to this entry.
    package var balance: Int64

    package init(
        customer: String, currency: Currency, number: Int32, date: CivilDate, origin: Origin, invoice: String,
        creditNote: String?, amount: Int64, balance: Int64
    ) {
        self.customer = customer
        self.currency = currency
        self.number = number
        self.date = date
        self.origin = origin
        self.invoice = invoice
        self.creditNote = creditNote
        self.amount = amount
        self.balance = balance
    }
}
