package import Billing

/// Names what differs between an invoice and what was recomputed of it, by the members of their exports.
package enum InvoiceComparison {
    /// - Parameter lineCount: how many lines the stored invoice says that it has.
    /// - Returns: in the order of the export; nothing when the invoice is equal.
    package static func differences(
        stored left: InvoiceDocument, lineCount: Int, recomputed right: InvoiceDocument
    ) -> [ReplayReport.Difference] {
        var found: [ReplayReport.Difference] = []
        if lineCount != right.lines.count {
            found.append(.init(member: "line_count", stored: "\(lineCount)", recomputed: "\(right.lines.count)"))
        }
        found += compare(
            members { InvoiceJSON.writeHead(left, to: &$0) }, members { InvoiceJSON.writeHead(right, to: &$0) },
            line: nil)
        for number in Set(left.lines.map(\.number) + right.lines.map(\.number)).sorted() {
            let lines = (left.lines.first { $0.number == number }, right.lines.first { $0.number == number })
            switch lines {
            case (let stored?, let recomputed?):
                found += compare(stored, of: left, recomputed, of: right)
            case (let stored, let recomputed):
                found.append(
                    .init(
                        line: number, member: "line", stored: stored.map { summary($0, of: left) },
                        recomputed: recomputed.map { summary($0, of: right) }))
            }
        }
        return found
    }

    /// One that should be there, or that nothing gives a reason for.
    package static func whole(stored: InvoiceDocument?, recomputed: InvoiceDocument?) -> ReplayReport.Difference {
        .init(member: "invoice", stored: stored.map(summary), recomputed: recomputed.map(summary))
    }

    private static func compare(
        _ stored: InvoiceDocument.Line, of left: InvoiceDocument, _ recomputed: InvoiceDocument.Line,
        of right: InvoiceDocument
    ) -> [ReplayReport.Difference] {
        let found = compare(
            members { InvoiceJSON.write(stored, of: left, to: &$0) },
            members { InvoiceJSON.write(recomputed, of: right, to: &$0) }, line: stored.number)
        guard found.isEmpty, stored.line.price != recomputed.line.price else { return found }
        // Two catalogs may have a price of one key and name.
        return [
            .init(
                line: stored.number, member: "price", stored: "number \(stored.line.price)",
                recomputed: "number \(recomputed.line.price)")
        ]
    }

    private static func compare(
        _ stored: [Member], _ recomputed: [Member], line: Int?
    ) -> [ReplayReport.Difference] {
        var found: [ReplayReport.Difference] = []
        for (name, text) in stored {
            let other = recomputed.first { $0.key == name }?.value
            if other != text { found.append(.init(line: line, member: name, stored: text, recomputed: other)) }
        }
        for (name, text) in recomputed where !stored.contains(where: { $0.key == name }) {
            found.append(.init(line: line, member: name, stored: nil, recomputed: text))
        }
        return found
    }

    private typealias Member = (key: String, value: String)

    /// The members of what is written, with their values as they stand there.
    private static func members(_ write: (inout JSONWriter) -> Void) -> [Member] {
        var writer = JSONWriter(.compact)
        writer.object(write)
        return JSONScanner.members(of: String(decoding: writer.bytes, as: UTF8.self), asWritten: true) ?? []
    }

    private static func summary(_ document: InvoiceDocument) -> String {
        let total = document.currency.format(document.total)
        return
            "\(document.currency.code) \(total), \(document.lines.count == 1 ? "1 line" : "\(document.lines.count) lines")"
    }

    private static func summary(_ line: InvoiceDocument.Line, of document: InvoiceDocument) -> String {
        "\(line.line.kind.label) \(line.price), \(document.currency.format(line.line.amount))"
    }
}
