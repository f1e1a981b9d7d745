import Billing

/// What a vendor's interface is asked for, and how its answers hold records.
package struct HTTPSource: Sendable, Hashable {
    /// The address with `{{from}}`, `{{to}}`, `{{last}}` and `{{page}}` in it.
    package var address: String
    package var body: Body
    /// How one page leads to the next; nil where one answer holds everything.
    package var pages: Pages?

    package init(address: String, body: Body, pages: Pages? = nil) {
        self.address = address
        self.body = body
        self.pages = pages
    }

    package enum Body: Sendable, Hashable {
        /// A JSON text with an array of objects at these keys; none where the array is the whole text.
        case json(records: [String])
        /// An object a line.
        case ndjson
    }

    package enum Pages: Sendable, Hashable {
        /// A string or number at these keys of a JSON body goes into the parameter of the address.
        case cursor(keys: [String], parameter: String, canBeMissing: Bool)
        /// `{{page}}` counts from this number on, until a page is empty.
        case number(first: Int64)
        /// An address at these keys of a JSON body.
        case next(keys: [String], canBeMissing: Bool)
        /// The header `Link` with `rel="next"` (RFC 8288).
        case link
    }

    /// The address of the first page, or of a later one that is counted.
    ///
    /// - Parameters:
    ///   - days: the first day and the first day after.
    ///   - page: how many pages came before.
    func address(from days: (from: CivilDate, to: CivilDate), page: Int) -> HTTPAddress? {
        var number: Int64 = 1
        if case .number(let first) = pages {
            let (sum, overflow) = first.addingReportingOverflow(Int64(page))
            guard !overflow else { return nil }
            number = sum
        }
        let last = days.to.adding(days: -1) ?? days.to
        let values = ["from": "\(days.from)", "to": "\(days.to)", "last": "\(last)", "page": "\(number)"]
        let text = values.reduce(address) { $0.replacing("{{\($1.key)}}", with: $1.value) }
        return HTTPAddress(text)
    }
}
