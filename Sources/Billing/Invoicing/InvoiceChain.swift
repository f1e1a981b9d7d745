/// Follows the digests of a series of invoice numbers, until the first that does not follow from the one before it.
package struct InvoiceChain {
    /// What a finalized invoice says of itself.
    package struct Link: Hashable, Sendable {
        package var issue: InvoiceSeal.Issue
        package var digest: [UInt8]
        /// Whether there is an invoice with this number.
        package var isStored: Bool

        package init(issue: InvoiceSeal.Issue, digest: [UInt8], isStored: Bool) {
            self.issue = issue
            self.digest = digest
            self.isStored = isStored
        }
    }

    /// What the counter of the series says: the number given last, and its digest.
    private let last: Int64
    private let lastDigest: [UInt8]
    private let digest: ([UInt8]) -> [UInt8]
    private var seal = InvoiceSeal()
    private var previous: [UInt8] = []
    private var reached: Int64 = 0
    private var broken: ChainFinding.Break?

    /// - Parameter digest: SHA-256.
    package init(last: Int64, lastDigest: [UInt8], digest: @escaping ([UInt8]) -> [UInt8]) {
        self.last = last
        self.lastDigest = lastDigest
        self.digest = digest
    }

    /// Takes the next invoice of the series, in the order of the numbers.
    package mutating func follow(_ invoice: InvoiceSeal.Invoice, _ link: Link) {
        follow(link.issue.label, link.issue.number, link.digest, isStored: link.isStored) { seal, previous in
            seal.bytes(of: invoice, link.issue, previous: previous)
        }
    }

    /// Takes the next credit note of the series, in the order of the numbers.
    ///
    /// - Parameter digest: that which is stored with it.
    package mutating func follow(_ note: CreditNoteSeal, digest: [UInt8]) {
        follow(note.label, note.number, digest, isStored: true) { seal, previous in
            seal.bytes(of: note, previous: previous)
        }
    }

    private mutating func follow(
        _ label: String, _ number: Int64, _ stored: [UInt8], isStored: Bool,
        _ content: (inout InvoiceSeal, _ previous: [UInt8]) -> [UInt8]
    ) {
        guard broken == nil else { return }
        let (expected, overflow) = reached.addingReportingOverflow(1)
        guard !overflow, number == expected else {
            broken = number > reached ? .missing(number: expected) : .inserted(label: label, number: number)
            return
        }
        guard isStored else {
            broken = .gone(label: label, number: number)
            return
        }
        guard digest(content(&seal, previous)) == stored else {
            broken = .altered(label: label, number: number)
            return
        }
        (reached, previous) = (expected, stored)
    }

    /// What has come of it.
    package func finding(series: String, year: Int?, issuer: String) -> ChainFinding {
        var broken = broken
        if broken == nil, reached < last { broken = .missing(number: reached + 1) }
        if broken == nil, reached > last { broken = .beyond(number: last + 1) }
        if broken == nil, previous != lastDigest { broken = .counter }
        return ChainFinding(issuer: issuer, pattern: series, year: year, numbers: reached, broken: broken)
    }
}

/// How far the numbers of a series follow from each other.
package struct ChainFinding: Hashable, Sendable {
    /// The first thing that is wrong.
    package enum Break: Hashable, Sendable {
        /// The invoice does not say any more what it said when it was finalized.
        case altered(label: String, number: Int64)
        /// No invoice has the number.
        case missing(number: Int64)
        /// The number was given, and its invoice is gone.
        case gone(label: String, number: Int64)
        /// Another invoice has the number already.
        case inserted(label: String, number: Int64)
        /// Numbers stand behind the last one that the counter gave.
        case beyond(number: Int64)
        /// The counter remembers another digest of the last number than that has.
        case counter
        /// The revision does not say any more what it said when it was written, or one before it is gone.
        case revisionAltered(label: String, number: Int32)
        /// A revision that was written is gone.
        case revisionMissing
        /// It stands in the place of another.
        case revisionInserted(label: String, number: Int32)
        /// Its invoice has no number.
        case revisionAlone(number: Int32)
        /// The series remembers other revisions than there are.
        case revisionCounter
    }

    package var issuer: String
    package var pattern: String
    package var year: Int?
    /// How many numbers are sound, from the first on.
    package var numbers: Int64
    /// How many revisions are sound, from the first on; they are looked at when all numbers are.
    package var revisions: Int64
    package var broken: Break?

    package init(
        issuer: String, pattern: String, year: Int?, numbers: Int64, revisions: Int64 = 0, broken: Break?
    ) {
        self.issuer = issuer
        self.pattern = pattern
        self.year = year
        self.numbers = numbers
        self.revisions = revisions
        self.broken = broken
    }
}
