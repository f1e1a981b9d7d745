/// A finalized invoice that was taken back and issued again.
package struct ReissuedInvoice: Hashable, Sendable {
    /// `SUBSCRIPTION/PERIOD-END`, as it was named.
    package let invoice: String
    /// The number that is void, and the one that took its place; as they are printed.
    package let voided: String
    package let number: String

    package init(invoice: String, voided: String, number: String) {
        self.invoice = invoice
        self.voided = voided
        self.number = number
    }
}
