/// The content of a finalized invoice as text from which its digest is made.
///
/// It holds every figure of the invoice as it is stored, its number and date, and the digest of the number before it in the
/// series: a chain in which the first altered, missing or inserted invoice shows. No name and no address is in it, so
/// personal data can be erased without breaking it. Fields are separated by `|`, lines end with a line feed, nothing is
/// rounded or formatted for people: sql/README.md shows how to make the same in SQL.
///
///     meterbook.seal/1
///     number|7|INV-2022-000007|2022-03-01
///     invoice|12|34|2022-03-01|period|USD|17900|3
///     cause|2022-02-01|1|17|1
///     line|1|flat|3|2022-03-01|2022-04-01|1|0|0|1|4900||
///     line|2|usage|4|2022-02-01|2022-03-01|1500|15000|15000|1500|15000||
///     line|3|manual||2022-02-01|2022-03-01|1|0|0|1|-2000||
///     manual|1|standard|Goodwill
///     issue|17900|3401|21301|DE811907980|17|2|1f40fc92da241694750979ee6cf582f2d5d7d28e18335de05abc54d0560e0f53
///     tax|1|taxed|DE||standard|19|17900|3401
///     before|9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
package struct InvoiceSeal {
    /// What is sealed: an invoice by its numbers in the store.
    package struct Invoice: Hashable, Sendable {
        package var customerID: Int64
        package var subscriptionID: Int64
        /// Its date.
        package var periodEnd: CivilDate
        package var kind: String
        /// Which of its issues: an invoice that was voided may be issued again.
        package var issue: Int16
        package var currency: String
        /// Minor units.
        package var total: Int64
        package var lineCount: Int16
        /// What it was written for; nil where that is not stored, which is never so for a sound invoice.
        package var cause: Cause?
        package var lines: [Line] = []

        package struct Cause: Hashable, Sendable {
            package var starts: CivilDate
            package var catalog: Int32
            package var watermark: Int64
            package var engine: Int16

            package init(starts: CivilDate, catalog: Int32, watermark: Int64, engine: Int16) {
                self.starts = starts
                self.catalog = catalog
                self.watermark = watermark
                self.engine = engine
            }
        }

        package struct Line: Hashable, Sendable {
            package var number: Int16
            package var line: InvoiceLine
            /// What a manual line says; nil for any other.
            package var words: ManualLine.Words?

            package init(number: Int16, line: InvoiceLine, words: ManualLine.Words? = nil) {
                self.number = number
                self.line = line
                self.words = words
            }
        }

        package init(
            customerID: Int64, subscriptionID: Int64, periodEnd: CivilDate, kind: String, issue: Int16 = 1,
            currency: String, total: Int64, lineCount: Int16, cause: Cause?
        ) {
            self.customerID = customerID
            self.subscriptionID = subscriptionID
            self.periodEnd = periodEnd
            self.kind = kind
            self.issue = issue
            self.currency = currency
            self.total = total
            self.lineCount = lineCount
            self.cause = cause
        }
    }

    private var text: [UInt8] = []

    package init() {}

    /// What an invoice gets when it is finalized.
    package struct Issue: Hashable, Sendable {
        package var number: Int64
        package var label: String
        package var date: CivilDate
        /// Minor units.
        package var net: Int64
        package var tax: Int64
        package var gross: Int64
        /// By rate, as `taxLine` writes them.
        package var taxes: [String]
        package var notes: [String]
        package var sellerNumber: String?
        package var details: Details?
        package var catalog: Int32
        /// What of the customer's credit pays for it, in minor units; below zero what it asks for on top.
        package var credit: Int64 = 0
        /// Why it is issued again; nil for the first issue of an invoice.
        package var reissue: Reissue?

        package struct Reissue: Hashable, Sendable {
            /// The number of the issue before it, as it is printed.
            package var replaces: String
            package var reason: String
            package var author: String

            package init(replaces: String, reason: String, author: String) {
                self.replaces = replaces
                self.reason = reason
                self.author = author
            }
        }

        /// The version of the customer's billing details that stands on it.
        package struct Details: Hashable, Sendable {
            package var version: Int32
            package var digest: [UInt8]

            package init(version: Int32, digest: [UInt8]) {
                self.version = version
                self.digest = digest
            }
        }

        package init(
            number: Int64, label: String, date: CivilDate, net: Int64, tax: Int64, gross: Int64, taxes: [String],
            notes: [String], sellerNumber: String?, details: Details?, catalog: Int32, credit: Int64 = 0,
            reissue: Reissue? = nil
        ) {
            self.number = number
            self.label = label
            self.date = date
            self.net = net
            self.tax = tax
            self.gross = gross
            self.taxes = taxes
            self.notes = notes
            self.sellerNumber = sellerNumber
            self.details = details
            self.catalog = catalog
            self.credit = credit
            self.reissue = reissue
        }

        /// `1|taxed|DE||standard|19|10000|1900`
        package static func taxLine(_ subtotal: TaxAssessment.Subtotal, place: Int) -> String {
            "\(place)|\(subtotal.treatment.rawValue)|\(subtotal.place?.country.code ?? "")"
                + "|\(subtotal.place?.region?.code ?? "")|\(subtotal.category)|\(subtotal.percent)"
                + "|\(subtotal.net)|\(subtotal.tax)"
        }
    }

    /// - Parameter previous: the digest of the number before it in the series; empty for the first.
    package mutating func bytes(of invoice: Invoice, _ issue: Issue, previous: [UInt8]) -> [UInt8] {
        text.removeAll(keepingCapacity: true)
        write("meterbook.seal/1\nnumber|")
        write(issue.number)
        write("|\(issue.label)|")
        write(issue.date)
        write("\ninvoice|")
        write(invoice.customerID)
        field(invoice.subscriptionID)
        field(invoice.periodEnd)
        write("|\(invoice.kind)|\(invoice.currency)")
        field(invoice.total)
        field(Int64(invoice.lineCount))
        if let cause = invoice.cause {
            write("\ncause|")
            write(cause.starts)
            field(Int64(cause.catalog))
            field(cause.watermark)
            field(Int64(cause.engine))
        }
        for line in invoice.lines { write(line) }
        write("\nissue")
        field(issue.net)
        field(issue.tax)
        field(issue.gross)
        write("|\(issue.sellerNumber ?? "")")
        field(Int64(issue.catalog))
        write("|")
        if let details = issue.details {
            write(Int64(details.version))
            write("|")
            write(hexadecimal: details.digest)
        } else {
            write("|")
        }
        for line in issue.taxes { write("\ntax|\(line)") }
        for note in issue.notes { write("\nnote|\(note)") }
        if issue.credit != 0 {
            write("\ncredit")
            field(issue.credit)
        }
        if invoice.issue > 1 {
            write("\nreplaces")
            field(Int64(invoice.issue))
            write("|\(issue.reissue?.replaces ?? "")")
            write("\nreason|\(issue.reissue?.reason ?? "")\nby|\(issue.reissue?.author ?? "")")
        }
        return end(previous)
    }

    /// - Parameter previous: the digest of the number before it in the series; empty for the first.
    package mutating func bytes(of note: CreditNoteSeal, previous: [UInt8]) -> [UInt8] {
        text.removeAll(keepingCapacity: true)
        write("meterbook.seal/1\ncredit_note|")
        write(note.number)
        write("|\(note.label)|")
        write(note.date)
        write("\ninvoice|")
        write(note.customerID)
        field(note.subscriptionID)
        field(note.periodEnd)
        write("|\(note.kind)")
        field(Int64(note.entry))
        if note.issue > 1 { field(Int64(note.issue)) }
        for line in note.lines { write("\nline|\(line)") }
        write("\nissue")
        for amount in [note.net, note.tax, note.gross, note.offDue, note.carried, note.refunded] { field(amount) }
        for line in note.taxes { write("\ntax|\(line)") }
        write("\nreason|\(note.reason)\nby|\(note.author)")
        return end(previous)
    }

    private mutating func end(_ previous: [UInt8]) -> [UInt8] {
        write("\nbefore|")
        write(hexadecimal: previous)
        write("\n")
        return text
    }

    private mutating func write(hexadecimal bytes: [UInt8]) {
        for byte in bytes {
            text.append(Self.digits[Int(byte >> 4)])
            text.append(Self.digits[Int(byte & 15)])
        }
    }

    private mutating func write(_ numbered: Invoice.Line) {
        let line = numbered.line
        write("\nline|")
        write(Int64(numbered.number))
        write("|\(line.kind.label)")
        if line.manual == nil { field(Int64(line.price)) } else { write("|") }
        field(line.service.start)
        field(line.service.end)
        field(line.quantity)
        field(line.before)
        field(line.threshold)
        field(line.billable)
        field(line.amount)
        write("|")
        if let corrects = line.corrects { write(corrects.periodEnd) }
        write("|")
        if let corrects = line.corrects { write(Int64(corrects.line)) }
        guard let manual = line.manual else { return }
        write("\nmanual|")
        write(Int64(manual))
        write("|\(numbered.words?.taxCategory ?? "")|\(numbered.words?.text ?? "")")
    }

    private mutating func field(_ number: Int64) {
        text.append(UInt8(ascii: "|"))
        write(number)
    }

    private mutating func field(_ day: CivilDate) {
        text.append(UInt8(ascii: "|"))
        write(day)
    }

    private mutating func write(_ part: String) { text.append(contentsOf: part.utf8) }

    private mutating func write(_ day: CivilDate) { write(day.description) }

    /// Digit by digit: a million invoices have some tens of millions of numbers.
    private mutating func write(_ number: Int64) {
        if number < 0 { text.append(UInt8(ascii: "-")) }
        let first = text.count
        var rest = number.magnitude
        repeat {
            text.append(Self.digits[Int(rest % 10)])
            rest /= 10
        } while rest > 0
        text[first...].reverse()
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
