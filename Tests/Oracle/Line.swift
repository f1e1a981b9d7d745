/// A line of an invoice, as the oracle says that it has to be.
package struct Line: Hashable, Sendable {
    package var kind: String
    package var price: String
    package var service: Span
    package var quantity = 0
    package var before = 0
    package var threshold = 0
    package var billable = 0
    /// Minor units.
    package var amount = 0
    /// The end of the invoice and the number of the line that it corrects.
    package var corrects: Reference?
    /// The price among all that any catalog ever had.
    var terms: Terms

    package struct Reference: Hashable, Sendable {
        package var end: Day
        package var line: Int
    }

    struct Terms: Hashable, Sendable {
        var catalog: Int
        var plan: String
        var version: Int
        var price: String
    }

    /// What all lines of one price and one stretch of service share.
    struct Cause: Hashable {
        var terms: Terms
        var service: Span
    }

    var cause: Cause { Cause(terms: terms, service: service) }
}
