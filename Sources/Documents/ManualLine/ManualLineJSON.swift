package import Billing

/// Lines that people have added to invoices to come, as JSON.
package enum ManualLineJSON {
    /// `meterbook.manual-line/1`
    package static func render(_ record: ManualLineRecord) -> String {
        JSONWriter.document("meterbook.manual-line/1", .pretty) { write(record, to: &$0) }
    }

    /// `meterbook.manual-line-list/1`
    package static func list(_ records: [ManualLineRecord]) -> String {
        JSONWriter.document("meterbook.manual-line-list/1", .pretty) { writer in
            writer.array("lines", of: records) { write($1, to: &$0) }
        }
    }

    private static func write(_ record: ManualLineRecord, to writer: inout JSONWriter) {
        let line = record.line
        writer.member("subscription", record.subscription)
        writer.member("number", line.number)
        writer.member("text", line.words.text)
        writer.member("currency", record.currency.code)
        writer.member("amount", line.amount, in: record.currency)
        writer.member("tax_category", line.words.taxCategory)
        writer.member("from", line.from)
        writer.member("service", line.service)
        writer.member("reason", line.reason)
        writer.member("by", line.author)
        writer.member("added_on", line.addedOn)
        switch record.state {
        case .pending: writer.member("status", literal: "pending")
        case .billed(let day):
            writer.member("status", literal: "billed")
            writer.member("invoice", referenceTo: record.subscription, periodEnd: day)
        case .withdrawn(let withdrawal):
            writer.member("status", literal: "withdrawn")
            writer.object("withdrawal") { writer in
                writer.member("on", withdrawal.date)
                writer.member("reason", withdrawal.reason)
                writer.member("by", withdrawal.author)
            }
        }
    }
}
