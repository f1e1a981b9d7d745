/// In what the program and the oracle do not agree.
package struct Flaw: Error, Sendable, CustomStringConvertible {
    package enum Kind: Sendable {
        /// The program ended with an error, or a run is not what a simulated one is: rows rejected, something held.
        case run
        /// A second run wrote something.
        case repetition
        /// A run that was to die ended in another way.
        case death
        /// What somebody asks for is done by one alone, or refused for another reason.
        case requests
        case invoices
        case decisions
        case notices
        /// The books do not agree with themselves, or an invoice does not come out again.
        case books
    }

    package var kind: Kind
    package var description: String

    init(_ kind: Kind, _ description: String) {
        (self.kind, self.description) = (kind, description)
    }
}
