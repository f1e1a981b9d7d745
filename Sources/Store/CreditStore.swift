package import Billing
package import Postgres
import SQL

/// Credit notes, and what customers have to their credit.
package struct CreditStore {
    private let connection: Connection

    package init(_ connection: Connection) {
        self.connection = connection
    }

    // MARK: Invoices to be credited

    /// What a finalized invoice came to, and what became of that.
    package struct Standing: Sendable {
        /// ISO 4217.
        package let currency: String
        /// The catalog whose tax rules it has.
        package let catalogID: Int32
        /// Minor units.
        package let gross: Int64
        /// What of the customer's credit paid for it; below zero what it asked for on top.
        package let used: Int64
        /// What credit notes have taken off what is due.
        package let offDue: Int64
        package let notes: Int32
        package let payment: InvoiceDocument.Payment.Status

        /// What was to be paid when all but the payment is looked at, in minor units.
        package var due: Int64 {
            get throws(BillingError) {
                guard gross > 0 else { return 0 }
                let (rest, isTooLarge) = gross.subtractingReportingOverflow(used)
                let (due, overflow) = rest.subtractingReportingOverflow(offDue)
                guard !isTooLarge, !overflow else { throw .creditOverflow }
                return max(due, 0)
            }
        }

        /// What can still be taken off it.
        package var open: Int64 {
            get throws(BillingError) { payment == .paid ? 0 : try due }
        }
    }

    /// - Returns: nil for a draft.
    package func standing(_ named: FinalizeStore.Named) throws -> Standing? {
        guard
            let row = try connection.first(
                Query(.readStanding, named.customerID, named.subscriptionID, named.date, named.kind),
                as: String.self, Int32.self, Int64.self, Int64.self, Int64.self, Int32.self, String.self)
        else { return nil }
        guard let payment = InvoiceDocument.Payment.Status(rawValue: row.6) else {
            throw StoreError.inconsistent("a payment '\(row.6)'")
        }
        return Standing(
            currency: row.0, catalogID: row.1, gross: row.2, used: row.3, offDue: row.4, notes: row.5, payment: payment)
    }

    /// - Parameter prices: what the amounts are in the catalog of the invoice.
    package func creditable(_ named: FinalizeStore.Named, prices: TaxRules.Prices) throws -> CreditableInvoice {
        let lines = try connection.query(
            Query(.readCreditable, named.customerID, named.subscriptionID, named.date, named.kind),
            as: Int16.self, Int64.self, String.self, Int64.self
        ).map {
            CreditableInvoice.Line(
                number: $0.0, amount: $0.1, category: $0.2.isEmpty ? TaxRules.standard : $0.2, credited: $0.3)
        }
        let rates = try connection.query(
            Query(.listInvoiceRates, named.customerID, named.subscriptionID, named.date, named.kind, named.issue),
            as: Int16.self, String.self, String.self
        ).map { row in
            guard let percent = try? ExactDecimal(parsing: row.2) else {
                throw StoreError.inconsistent("a rate of '\(row.2)' percent")
            }
            return CreditableInvoice.Rate(place: row.0, category: row.1, percent: percent)
        }
        return CreditableInvoice(lines: lines, rates: rates, prices: prices)
    }

    // MARK: Issuing

    /// What a credit note has beside its amounts.
    package struct Issue: Sendable {
        package var issuer: String
        package var numbering: InvoiceNumbering
        package var asOf: CivilDate
        /// Whether what is not owed any more is paid back, and not kept for later invoices.
        package var isRefunded: Bool
        package var reason: String
        package var author: String
        package var runID: Int64
        /// SHA-256.
        package var digest: @Sendable ([UInt8]) -> [UInt8]

        package init(
            issuer: String, numbering: InvoiceNumbering, asOf: CivilDate, isRefunded: Bool, reason: String,
            author: String, runID: Int64, digest: @escaping @Sendable ([UInt8]) -> [UInt8]
        ) {
            self.issuer = issuer
            self.numbering = numbering
            self.asOf = asOf
            self.isRefunded = isRefunded
            self.reason = reason
            self.author = author
            self.runID = runID
            self.digest = digest
        }
    }

    /// Numbers a credit note and writes it down, with what it leaves to the customer's credit: call it in a transaction.
    ///
    /// It first lowers what is due. What was paid already goes to the customer's credit, or back to him.
    ///
    /// - Returns: its number as it is printed.
    package func issue(
        _ credit: CreditAssessment, off named: FinalizeStore.Named, _ standing: Standing, _ terms: Issue
    ) throws -> String {
        _ = try connection.execute(Query(.lockNumbers))
        let date = try InvoiceSeries.date(terms.asOf, issuer: terms.issuer, terms.numbering, on: connection)
        var series = try InvoiceSeries(connection, issuer: terms.issuer, terms.numbering, on: date)
        let (number, label) = try series.next()
        let offDue = min(credit.gross, try standing.open)
        let rest = credit.gross - offDue
        let note = CreditNoteSeal(
            number: number, label: label, date: date, customerID: named.customerID,
            subscriptionID: named.subscriptionID, periodEnd: named.date, kind: named.kind, entry: standing.notes + 1,
            issue: named.issue,
            lines: credit.lines.map { "\($0.number)|\($0.amount)" },
            taxes: credit.subtotals.map { "\($0.place)|\($0.net)|\($0.tax)" }, net: credit.net, tax: credit.tax,
            gross: credit.gross, offDue: offDue, carried: terms.isRefunded ? 0 : rest,
            refunded: terms.isRefunded ? rest : 0, reason: terms.reason, author: terms.author)
        var seal = InvoiceSeal()
        let digest = terms.digest(seal.bytes(of: note, previous: series.digest))
        series.give(number, digest: digest)
        try write(note, credit, digest, series: series.id, runID: terms.runID)
        try series.advance(connection, on: date)
        var books = try CreditBooks(connection, customers: [named.customerID])
        try books.move(
            note.carried, standing.currency, .creditNote, CreditBooks.Cause(named, note: note.entry))
        try books.write(connection, on: date, runID: terms.runID)
        return label
    }

    private func write(
        _ note: CreditNoteSeal, _ credit: CreditAssessment, _ digest: [UInt8], series: Int32, runID: Int64
    ) throws {
        let (customer, subscription) = (note.customerID, note.subscriptionID)
        _ = try connection.execute(
            Query(
                .insertCreditNote, customer, subscription, note.periodEnd, note.kind, note.entry, series, note.number,
                note.label, note.date, note.net, note.tax, note.gross, note.offDue, note.carried, note.refunded,
                note.reason, note.author, digest, runID, note.issue))
        _ = try connection.execute(
            Query(
                .insertCreditNoteLines, customer, subscription, note.periodEnd, note.kind, note.entry,
                credit.lines.map(\.number), credit.lines.map(\.amount)))
        _ = try connection.execute(
            Query(
                .insertCreditNoteTaxes, customer, subscription, note.periodEnd, note.kind, note.entry,
                credit.subtotals.map(\.place), credit.subtotals.map(\.net), credit.subtotals.map(\.tax)))
    }

    /// What taking an invoice back means for the customer's credit: what it used of it is there again, and so is what was
    /// paid; what it left there is taken away. Call it in a transaction.
    package func takeBack(
        _ named: FinalizeStore.Named, _ standing: Standing, asOf: CivilDate, runID: Int64
    ) throws {
        let paid = standing.payment == .paid ? try standing.due : 0
        let (sum, isTooLarge) = standing.used.addingReportingOverflow(paid)
        let (amount, overflow) = sum.addingReportingOverflow(min(standing.gross, 0))
        guard !isTooLarge, !overflow else { throw BillingError.creditOverflow }
        _ = try connection.execute(Query(.lockNumbers))
        var books = try CreditBooks(connection, customers: [named.customerID])
        try books.move(
            amount, standing.currency, .void, CreditBooks.Cause(named))
        try books.write(connection, on: asOf, runID: runID)
    }

    // MARK: Looking

    /// What a customer has to his credit, in minor units.
    package func balance(ofCustomer customerID: Int64, in currency: Currency) throws -> Int64 {
        try connection.query(
            Query(.readCreditBalances, [customerID]), as: Int64.self, String.self, Int32.self, Int64.self
        ).first { $0.1 == currency.code }?.3 ?? 0
    }

    /// The credit notes of a series in the order of their numbers, each with the digest that is stored with it.
    func chain(ofSeries series: Int32) throws -> [(note: CreditNoteSeal, digest: [UInt8])] {
        try connection.query(
            Query(.readCreditChain, series), as: Int64.self, String.self, CivilDate.self, [UInt8].self, Int64.self,
            Int64.self, CivilDate.self, String.self, Int32.self, Int64.self, Int64.self, Int64.self, Int64.self,
            Int64.self, Int64.self, String.self, String.self, Int16.self, String.self, String.self
        ).map { row in
            (
                CreditNoteSeal(
                    number: row.0, label: row.1, date: row.2, customerID: row.4, subscriptionID: row.5,
                    periodEnd: row.6, kind: row.7, entry: row.8, issue: row.17, lines: Self.lines(row.18),
                    taxes: Self.lines(row.19),
                    net: row.9, tax: row.10, gross: row.11, offDue: row.12, carried: row.13, refunded: row.14,
                    reason: row.15, author: row.16), row.3
            )
        }
    }

    private static func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

    /// Which credit notes to list; nil is no restriction.
    package struct Filter: Sendable {
        package var customer: String?
        package var subscription: String?
        /// As it is printed.
        package var number: String?

        package init(customer: String? = nil, subscription: String? = nil, number: String? = nil) {
            self.customer = customer
            self.subscription = subscription
            self.number = number
        }
    }

    /// A credit note without its lines, and where it is stored.
    package struct Listed: Sendable {
        package let document: CreditNoteDocument
        package let reference: (subscription: String, day: CivilDate, kind: InvoiceDocument.Kind)
        fileprivate let key: (customer: Int64, subscription: Int64, kind: String, entry: Int32)
    }

    /// By date and number.
    package func list(_ filter: Filter, limit: Int64) throws -> [Listed] {
        try connection.query(
            Query(.listCreditNotes, filter.customer, filter.subscription, filter.number, limit),
            as: String.self, CivilDate.self, String.self, CivilDate.self, String.self, String.self, String.self,
            String.self, String.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self,
            String.self, String.self, Int64.self, Int64.self, Int32.self
        ).map { row in
            guard let currency = Currency(code: row.8), let kind = InvoiceDocument.Kind(rawValue: row.4) else {
                throw StoreError.inconsistent("a credit note in '\(row.8)' of an invoice of the kind '\(row.4)'")
            }
            return Listed(
                document: CreditNoteDocument(
                    number: row.0, date: row.1, invoice: kind.reference(row.2, row.3), invoiceNumber: row.5,
                    customer: row.6, customerName: row.7, currency: currency, net: row.9, tax: row.10, gross: row.11,
                    offDue: row.12, carried: row.13, refunded: row.14, reason: row.15, author: row.16),
                reference: (row.2, row.3, kind), key: (row.17, row.18, row.4, row.19))
        }
    }

    /// A listed credit note with its lines.
    ///
    /// - Parameter invoice: that which it lowers.
    package func document(_ listed: Listed, of invoice: InvoiceDocument) throws -> CreditNoteDocument {
        var document = listed.document
        document.billTo = invoice.issue?.billTo
        document.sellerNumber = invoice.issue?.sellerNumber
        let key = listed.key
        for (part, place, net, tax) in try connection.query(
            Query(.readCreditNote, key.customer, key.subscription, listed.reference.day, key.kind, key.entry),
            as: Int32.self, Int16.self, Int64.self, Int64.self)
        {
            if part == 1 {
                let line = invoice.lines.first { $0.number == Int(place) }
                document.lines.append(CreditNoteDocument.Line(number: Int(place), name: line?.name, amount: net))
            } else if let taxes = invoice.issue?.taxes, taxes.indices.contains(Int(place) - 1) {
                var subtotal = taxes[Int(place) - 1]
                (subtotal.net, subtotal.tax) = (net, tax)
                document.taxes.append(subtotal)
            }
        }
        return document
    }

    /// What moved customers' credits, in order.
    ///
    /// - Parameter customer: the customer's key; nil for all.
    package func entries(customer: String?, limit: Int64) throws -> [CreditEntryRecord] {
        try connection.query(
            Query(.listCreditEntries, customer, limit), as: String.self, String.self, Int32.self, CivilDate.self,
            String.self, String.self, CivilDate.self, String.self, String?.self, Int64.self, Int64.self
        ).map { row in
            guard let currency = Currency(code: row.1), let kind = InvoiceDocument.Kind(rawValue: row.7),
                let origin = CreditEntryRecord.Origin(rawValue: row.4)
            else { throw StoreError.inconsistent("an entry '\(row.4)' in a credit") }
            return CreditEntryRecord(
                customer: row.0, currency: currency, number: row.2, date: row.3, origin: origin,
                invoice: kind.reference(row.5, row.6), creditNote: row.8, amount: row.9, balance: row.10)
        }
    }
}
