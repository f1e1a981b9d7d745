package import Billing

/// What following the numbers of finalized invoices has come to.
package enum ChainDocuments {
    /// `meterbook.chain/1`
    package static func json(_ findings: [ChainFinding]) -> String {
        JSONWriter.document("meterbook.chain/1", .pretty) { writer in
            writer.array("series", of: findings) { writer, finding in
                writer.member("issuer", finding.issuer)
                writer.member("pattern", finding.pattern)
                writer.member("year", finding.year)
                writer.member("sound_numbers", finding.numbers)
                writer.member("sound_revisions", finding.revisions)
                writer.member("is_sound", finding.broken == nil)
                guard let broken = finding.broken else { return }
                writer.object("broken") { writer in
                    writer.member("what", literal: word(broken))
                    switch broken {
                    case .altered(let label, let number), .gone(let label, let number),
                        .inserted(let label, let number):
                        writer.member("number", number)
                        writer.member("label", label)
                    case .missing(let number), .beyond(let number): writer.member("number", number)
                    case .revisionAltered(let label, let number), .revisionInserted(let label, let number):
                        writer.member("revision", number)
                        writer.member("label", label)
                    case .revisionAlone(let number): writer.member("revision", number)
                    case .counter, .revisionMissing, .revisionCounter: break
                    }
                }
            }
        }
    }

    private static func word(_ broken: ChainFinding.Break) -> StaticString {
        switch broken {
        case .altered: "altered"
        case .missing: "missing"
        case .gone: "invoice_gone"
        case .inserted: "inserted"
        case .beyond: "beyond_counter"
        case .counter: "counter_altered"
        case .revisionAltered: "revision_altered"
        case .revisionMissing: "revision_missing"
        case .revisionInserted: "revision_inserted"
        case .revisionAlone: "revision_without_invoice"
        case .revisionCounter: "revision_counter_altered"
        }
    }

    /// A paragraph a series.
    package static func text(_ findings: [ChainFinding]) -> String {
        var page = TextPage()
        if findings.isEmpty { page.paragraph("No invoice has been finalized.") }
        for finding in findings {
            let name = "\(finding.issuer) \(finding.pattern)" + (finding.year.map { " of \($0)" } ?? "")
            let numbers = "\(NumberText.grouped(finding.numbers)) number\(finding.numbers == 1 ? "" : "s")"
            guard let broken = finding.broken else {
                page.paragraph("\(name): \(numbers), each follows from the one before\(revisions(finding)).")
                continue
            }
            page.paragraph("\(name): \(numbers) sound\(revisions(finding)), then \(sentence(broken)).")
        }
        return page.text
    }

    /// `, and so do 2 revisions`; empty where there are none.
    private static func revisions(_ finding: ChainFinding) -> String {
        switch finding.revisions {
        case 0: ""
        case 1: finding.broken == nil ? ", and so does 1 revision" : ", and 1 revision"
        default:
            (finding.broken == nil ? ", and so do " : ", and ") + "\(NumberText.grouped(finding.revisions)) revisions"
        }
    }

    private static func sentence(_ broken: ChainFinding.Break) -> String {
        switch broken {
        case .altered(let label, _): "\(label) is not what was finalized: it, or its number, was altered"
        case .missing(let number): "number \(number) is missing"
        case .gone(let label, _): "\(label) has lost its invoice"
        case .inserted(let label, let number): "\(label) was put in: number \(number) was given before"
        case .beyond(let number): "number \(number) was put in: the counter has not given it"
        case .counter: "the counter remembers another digest of its last number"
        case .revisionAltered(let label, let number):
            "revision \(number) of \(label) is not what was written: it, or one before it, was altered or is missing"
        case .revisionMissing: "a revision is missing"
        case .revisionInserted(let label, let number): "revision \(number) of \(label) was put in"
        case .revisionAlone(let number): "there is a revision \(number) of an invoice without a number"
        case .revisionCounter: "the series remembers other revisions than there are"
        }
    }
}
