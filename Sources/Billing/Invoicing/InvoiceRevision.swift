/// A revised copy of a finalized invoice: other billing details under the same number, date and amounts.
package struct InvoiceRevision: Hashable, Sendable {
    /// Which of the invoice's revisions it is, from 1; 0 is the original.
    package var number: Int32
    package var date: CivilDate
    /// One line each.
    package var reason: String
    package var author: String

    package init(number: Int32, date: CivilDate, reason: String, author: String) {
        self.number = number
        self.date = date
        self.reason = reason
        self.author = author
    }
}

/// The content of a revision as text from which its digest is made. As in the seal of an invoice there is no name and no
/// address in it.
///
///     meterbook.revision/1
///     entry|3
///     invoice|12|34|2022-03-01|period
///     revision|1|2022-04-02|2|1f40fc92da241694750979ee6cf582f2d5d7d28e18335de05abc54d0560e0f53
///     reason|moved
///     by|A. Clerk
///     of|9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
///     before|60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
package struct RevisionSeal: Hashable, Sendable {
    package var customerID: Int64
    package var subscriptionID: Int64
    /// The invoice's date.
    package var periodEnd: CivilDate
    package var kind: String
    package var revision: InvoiceRevision
    package var details: InvoiceSeal.Issue.Details
    /// The place among all revisions of the series, from 1.
    package var entry: Int64

    package init(
        customerID: Int64, subscriptionID: Int64, periodEnd: CivilDate, kind: String, revision: InvoiceRevision,
        details: InvoiceSeal.Issue.Details, entry: Int64
    ) {
        self.customerID = customerID
        self.subscriptionID = subscriptionID
        self.periodEnd = periodEnd
        self.kind = kind
        self.revision = revision
        self.details = details
        self.entry = entry
    }

    /// - Parameters:
    ///   - revised: the digest of the revision before it, or of the invoice.
    ///   - previous: the digest of the entry before it in the series; empty for the first.
    package func bytes(of revised: [UInt8], previous: [UInt8]) -> [UInt8] {
        Array(
            """
            meterbook.revision/1
            entry|\(entry)
            invoice|\(customerID)|\(subscriptionID)|\(periodEnd)|\(kind)
            revision|\(revision.number)|\(revision.date)|\(details.version)|\(Self.hexadecimal(details.digest))
            reason|\(revision.reason)
            by|\(revision.author)
            of|\(Self.hexadecimal(revised))
            before|\(Self.hexadecimal(previous))

            """.utf8)
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

/// Follows the revisions of a series of invoice numbers, until the first that does not follow from what it revises and from
/// the one before it.
package struct RevisionChain {
    /// What a revision says of itself.
    package struct Link: Hashable, Sendable {
        package var seal: RevisionSeal
        package var digest: [UInt8]
        /// The invoice's number as it is printed, and its digest; nil where it has none.
        package var label: String?
        package var invoiceDigest: [UInt8]?

        package init(seal: RevisionSeal, digest: [UInt8], label: String?, invoiceDigest: [UInt8]?) {
            self.seal = seal
            self.digest = digest
            self.label = label
            self.invoiceDigest = invoiceDigest
        }
    }

    private struct Key: Hashable {
        let customerID: Int64
        let subscriptionID: Int64
        let periodEnd: CivilDate
        let kind: String
        /// An invoice that was issued again has revisions of each number.
        let label: String
    }

    /// What the series says: how many revisions there are, and the digest of the last.
    private let last: Int64
    private let lastDigest: [UInt8]
    private let digest: ([UInt8]) -> [UInt8]
    private var revised: [Key: (revision: Int32, digest: [UInt8])] = [:]
    private var previous: [UInt8] = []
    private var reached: Int64 = 0
    private var broken: ChainFinding.Break?

    /// - Parameter digest: SHA-256.
    package init(last: Int64, lastDigest: [UInt8], digest: @escaping ([UInt8]) -> [UInt8]) {
        self.last = last
        self.lastDigest = lastDigest
        self.digest = digest
    }

    /// Takes the next revision of the series, in the order of their entries.
    package mutating func follow(_ link: Link) {
        guard broken == nil else { return }
        let (seal, number) = (link.seal, link.seal.revision.number)
        let (expected, overflow) = reached.addingReportingOverflow(1)
        guard let label = link.label, let original = link.invoiceDigest else {
            broken = .revisionAlone(number: number)
            return
        }
        guard !overflow, seal.entry == expected else {
            broken = seal.entry > reached ? .revisionMissing : .revisionInserted(label: label, number: number)
            return
        }
        let key = Key(
            customerID: seal.customerID, subscriptionID: seal.subscriptionID, periodEnd: seal.periodEnd,
            kind: seal.kind,
            label: label)
        let before = revised[key] ?? (0, original)
        guard Int64(number) == Int64(before.revision) + 1,
            digest(seal.bytes(of: before.digest, previous: previous)) == link.digest
        else {
            broken = .revisionAltered(label: label, number: number)
            return
        }
        revised[key] = (number, link.digest)
        (reached, previous) = (expected, link.digest)
    }

    /// What has come of it: how many are sound, and the first thing that is wrong.
    package var finding: (revisions: Int64, broken: ChainFinding.Break?) {
        if let broken { return (reached, broken) }
        if reached < last { return (reached, .revisionMissing) }
        return (reached, reached > last || previous != lastDigest ? .revisionCounter : nil)
    }
}
