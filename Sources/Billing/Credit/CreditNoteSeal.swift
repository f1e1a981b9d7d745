/// What of a credit note is sealed with its number, as `InvoiceSeal` writes it: every figure, and why and by whom it was
/// issued.
///
///     meterbook.seal/1
///     credit_note|3|CN-2022-000003|2022-03-04
///     invoice|12|34|2022-03-01|period|1
///     line|2|5000
///     issue|5000|950|5950|5950|0|0
///     tax|1|5000|950
///     reason|counted twice
///     by|A. Clerk
///     before|9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
package struct CreditNoteSeal: Hashable, Sendable {
    package var number: Int64
    package var label: String
    package var date: CivilDate
    /// The invoice that it lowers, and its place among the credit notes of that.
    package var customerID: Int64
    package var subscriptionID: Int64
    package var periodEnd: CivilDate
    package var kind: String
    package var entry: Int32
    /// Which of the invoice's issues, from 1; sealed where it is not the first.
    package var issue: Int16
    /// `2|5000`: the invoice's line, and what is taken off it in minor units.
    package var lines: [String]
    /// `1|5000|950`: the place of the rate on the invoice, net and tax in minor units.
    package var taxes: [String]
    /// Minor units.
    package var net: Int64
    package var tax: Int64
    package var gross: Int64
    /// Where the gross goes: off what is due, to the customer's credit, or back to him.
    package var offDue: Int64
    package var carried: Int64
    package var refunded: Int64
    package var reason: String
    package var author: String

    package init(
        number: Int64, label: String, date: CivilDate, customerID: Int64, subscriptionID: Int64, periodEnd: CivilDate,
        kind: String, entry: Int32, issue: Int16 = 1, lines: [String], taxes: [String], net: Int64, tax: Int64,
        gross: Int64,
        offDue: Int64, carried: Int64, refunded: Int64, reason: String, author: String
    ) {
        self.number = number
        self.label = label
        self.date = date
        self.customerID = customerID
        self.subscriptionID = subscriptionID
        self.periodEnd = periodEnd
        self.kind = kind
        self.entry = entry
        self.issue = issue
        self.lines = lines
        self.taxes = taxes
        self.net = net
        self.tax = tax
        self.gross = gross
        self.offDue = offDue
        self.carried = carried
        self.refunded = refunded
        self.reason = reason
        self.author = author
    }
}
