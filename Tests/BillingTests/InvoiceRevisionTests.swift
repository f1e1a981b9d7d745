import Billing
import Testing

@Suite("Revisions of invoices")
struct InvoiceRevisionTests {
    @Test("A revision is sealed with its details, reason and author, what it revises, and the entry before it")
    func seal() {
        let seal = RevisionSeal(
            customerID: 12, subscriptionID: 34, periodEnd: day("2022-03-01"), kind: "period",
            revision: InvoiceRevision(number: 2, date: day("2022-04-02"), reason: "moved | again", author: "A. Clerk"),
            details: InvoiceSeal.Issue.Details(version: 5, digest: [0x00, 0xFF]), entry: 3)
        #expect(
            String(decoding: seal.bytes(of: [0x1A], previous: [0xB2]), as: UTF8.self) == """
                meterbook.revision/1
                entry|3
                invoice|12|34|2022-03-01|period
                revision|2|2022-04-02|5|00ff
                reason|moved | again
                by|A. Clerk
                of|1a
                before|b2

                """)
    }
}
