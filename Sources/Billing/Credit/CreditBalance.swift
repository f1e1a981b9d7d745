/// What a customer has to his credit in one currency: left by invoices below zero and by credit notes, used by later
/// invoices, in the order of their numbers.
package struct CreditBalance: Hashable, Sendable {
    /// The number of the last entry; 0 for none.
    package var entries: Int32
    /// Minor units. Below zero where a credit was taken back that had been used: then the next invoice asks for it.
    package var amount: Int64

    package init(entries: Int32 = 0, amount: Int64 = 0) {
        self.entries = entries
        self.amount = amount
    }

    /// An entry in the books of a credit.
    package struct Entry: Hashable, Sendable {
        /// From 1.
        package var number: Int32
        /// Minor units; never zero.
        package var amount: Int64
        package var balance: Int64
    }

    /// What an invoice does to it: one below zero is carried forward, any other is paid for as far as it goes.
    ///
    /// - Parameter gross: minor units.
    /// - Returns: nil where nothing moves.
    /// - Throws: `BillingError.creditOverflow`.
    package mutating func settle(gross: Int64) throws(BillingError) -> Entry? {
        guard gross != 0 else { return nil }
        guard gross > 0 else {
            let (credit, overflow) = (0 as Int64).subtractingReportingOverflow(gross)
            guard !overflow else { throw .creditOverflow }
            return try move(credit)
        }
        return try move(amount < 0 ? Self.negative(amount) : -min(amount, gross))
    }

    /// - Parameter amount: minor units; negative for what is taken away.
    /// - Returns: nil where nothing moves.
    /// - Throws: `BillingError.creditOverflow`.
    package mutating func move(_ amount: Int64) throws(BillingError) -> Entry? {
        guard amount != 0 else { return nil }
        let (sum, overflow) = self.amount.addingReportingOverflow(amount)
        let (number, isFull) = entries.addingReportingOverflow(1)
        guard !overflow, !isFull else { throw .creditOverflow }
        (self.amount, entries) = (sum, number)
        return Entry(number: number, amount: amount, balance: sum)
    }

    private static func negative(_ amount: Int64) throws(BillingError) -> Int64 {
        let (negative, overflow) = (0 as Int64).subtractingReportingOverflow(amount)
        guard !overflow else { throw .creditOverflow }
        return negative
    }
}
