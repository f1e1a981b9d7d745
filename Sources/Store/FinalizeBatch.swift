package import Billing
package import Postgres
import SQL

/// Gives numbers to drafts, batch after batch, and chains them to the ones before.
///
/// A batch is one transaction. It first waits until no other session gives numbers, then reads the drafts of one date in the
/// order of their customers, and writes a row for each with its number and digest; the counter moves with it. So what is
/// rolled back leaves no gap, and what is killed has given nothing away.
package final class FinalizeBatch {
    /// What all batches of a run have in common.
    package struct Terms: Sendable {
        /// Who sells, by which tax rules, and what numbers look like.
        package var catalog: Catalog
        /// The store's number of it.
        package var catalogID: Int32
        package var asOf: CivilDate
        package var runID: Int64
        /// Subscriptions a transaction.
        package var size: Int
        /// SHA-256.
        package var digest: @Sendable ([UInt8]) -> [UInt8]

        package init(
            catalog: Catalog, catalogID: Int32, asOf: CivilDate, runID: Int64, size: Int,
            digest: @escaping @Sendable ([UInt8]) -> [UInt8]
        ) {
            self.catalog = catalog
            self.catalogID = catalogID
            self.asOf = asOf
            self.runID = runID
            self.size = size
            self.digest = digest
        }

        var issuer: String { catalog.name }
        var numbering: InvoiceNumbering { catalog.invoices.numbering }
    }

    /// What a batch has come to.
    package struct Tally: Hashable, Sendable {
        package var invoices: Int64 = 0
        /// Those whose tax could not be told; they are tried again.
        package var held: Int64 = 0

        package init() {}
    }

    private let connection: Connection
    private let terms: Terms
    private var seal = InvoiceSeal()

    package init(_ connection: Connection, terms: Terms) {
        self.connection = connection
        self.terms = terms
    }

    /// Finalizes the next drafts of a date behind a place.
    ///
    /// - Parameter issuedOn: the date that they get, unless the number before theirs has a later one.
    /// - Returns: what came of them, and where to go on; nil when none was left.
    package func finalize(
        dated day: CivilDate, issuedOn: CivilDate, after place: CloseBatch.Place
    ) throws -> (tally: Tally, place: CloseBatch.Place)? {
        try connection.transaction {
            _ = try connection.execute(Query(.lockBatch))
            _ = try connection.execute(Query(.lockNumbers))
            guard
                let (count, first, last, isOurs) = try connection.first(
                    Query(.boundDrafts, day, place.customer, place.subscription, Int64(terms.size), terms.runID),
                    as: Int64.self, Int64?.self, [Int64]?.self, Bool?.self)
            else { return nil }
            // As in the close: the lock on the books hangs on another session.
            guard isOurs == true else { throw StoreError.claimLost }
            guard count > 0, let first, let last, last.count == 2 else { return nil }
            let end = CloseBatch.Place(customer: last[0], subscription: last[1])
            let drafts = try read(dated: day, after: place, from: first, upTo: end)
            let date = try InvoiceSeries.date(issuedOn, issuer: terms.issuer, terms.numbering, on: connection)
            let (ready, held, credits) = try assess(drafts, issuedOn: date)
            try hold(held)
            try number(ready, dated: day, issuedOn: date)
            try credits.write(connection, on: date, runID: terms.runID)
            var tally = Tally()
            (tally.invoices, tally.held) = (Int64(ready.count), Int64(held.count))
            return (tally, end)
        }
    }

    /// Finalizes one draft.
    ///
    /// - Returns: whether it was one.
    /// - Throws: `BillingError` where its tax cannot be told.
    package func finalize(
        customerID: Int64, subscriptionID: Int64, dated day: CivilDate, kind: String, issuedOn: CivilDate
    ) throws -> Bool {
        try connection.transaction {
            _ = try connection.execute(Query(.lockBatch))
            _ = try connection.execute(Query(.lockNumbers))
            let drafts = try read(
                dated: day, after: CloseBatch.Place(customer: customerID, subscription: subscriptionID - 1),
                from: customerID, upTo: CloseBatch.Place(customer: customerID, subscription: subscriptionID)
            ).filter { $0.invoice.kind == kind }
            return try !numberAll(drafts, dated: day, issuedOn: issuedOn).isEmpty
        }
    }

    /// Issues a finalized invoice that is void once more: what it bills stays, its number, date, tax and billing details are
    /// those of now.
    ///
    /// - Returns: its number as it is printed.
    /// - Throws: `BillingError` where its tax cannot be told.
    package func reissue(
        _ named: FinalizeStore.Named, replacing label: String, issuedOn: CivilDate, reason: String, author: String
    ) throws -> String {
        try connection.transaction {
            _ = try connection.execute(Query(.lockBatch))
            _ = try connection.execute(Query(.lockNumbers))
            let (issue, overflow) = named.issue.addingReportingOverflow(1)
            guard !overflow else { throw StoreError.inconsistent("an invoice has no room for another issue") }
            _ = try connection.execute(
                Query(
                    .insertReissue, named.customerID, named.subscriptionID, named.date, named.kind, issue, terms.asOf,
                    reason, author, terms.runID))
            let content = try read(
                Query(
                    .readIssued,
                    literals: [
                        "customer": .number(named.customerID), "subscription": .number(named.subscriptionID),
                        "day": .day(named.date), "issue": .number(Int64(issue)),
                    ])
            ).filter { $0.invoice.kind == named.kind }
            let labels = try numberAll(
                content, dated: named.date, issuedOn: issuedOn,
                reissue: InvoiceSeal.Issue.Reissue(replaces: label, reason: reason, author: author))
            guard let given = labels.first else { throw StoreError.inconsistent("invoice \(label) has no content") }
            return given
        }
    }

    /// Gives numbers to all of what a person named, or to none of it.
    ///
    /// - Returns: the numbers as they are printed.
    /// - Throws: `BillingError` where a tax cannot be told.
    private func numberAll(
        _ drafts: [Draft], dated day: CivilDate, issuedOn: CivilDate, reissue: InvoiceSeal.Issue.Reissue? = nil
    ) throws -> [String] {
        let date = try InvoiceSeries.date(issuedOn, issuer: terms.issuer, terms.numbering, on: connection)
        let (ready, held, credits) = try assess(drafts, issuedOn: date)
        if let first = held.first { throw first.error }
        let labels = try number(ready, dated: day, issuedOn: date, reissue: reissue)
        try credits.write(connection, on: date, runID: terms.runID)
        return labels
    }

    /// A draft, with the tax categories of its lines.
    private struct Draft {
        var invoice: InvoiceSeal.Invoice
        var categories: [String]
    }

    private struct Assessed {
        var draft: Draft
        var tax: TaxAssessment
        var details: BillingDetailStore.Current?
        /// What of the customer's credit pays for it, in minor units.
        var credit: Int64
    }

    /// The tax on each draft and what is left to pay of it, by what is known of its customer now.
    private func assess(
        _ drafts: [Draft], issuedOn: CivilDate
    ) throws -> (ready: [Assessed], held: [(draft: Draft, error: BillingError)], credits: CreditBooks) {
        let customers = Set(drafts.map(\.invoice.customerID)).sorted()
        var credits = try CreditBooks(connection, customers: customers)
        let details = try BillingDetailStore(connection).current(customers)
        var ready: [Assessed] = []
        var held: [(draft: Draft, error: BillingError)] = []
        ready.reserveCapacity(drafts.count)
        for draft in drafts {
            let own = details[draft.invoice.customerID]
            let lines = zip(draft.invoice.lines, draft.categories).map { line, category in
                TaxLine(amount: line.line.amount, category: category)
            }
            do throws(BillingError) {
                let tax = try terms.catalog.assessTax(on: lines, buyer: own?.buyer, on: issuedOn)
                let invoice = draft.invoice
                let credit = try credits.settle(
                    gross: tax.gross, invoice.currency,
                    CreditBooks.Cause(
                        customerID: invoice.customerID, subscriptionID: invoice.subscriptionID, date: invoice.periodEnd,
                        kind: invoice.kind, issue: invoice.issue))
                ready.append(Assessed(draft: draft, tax: tax, details: own, credit: credit))
            } catch {
                held.append((draft, error))
            }
        }
        return (ready, held, credits)
    }

    /// One customer that cannot be taxed does not keep the others from getting their invoices.
    private func hold(_ held: [(draft: Draft, error: BillingError)]) throws {
        guard !held.isEmpty else { return }
        let invoices = held.map(\.draft.invoice)
        _ = try connection.execute(
            Query(
                .insertInvoiceHolds, invoices.map(\.customerID), invoices.map(\.subscriptionID),
                invoices.map { PGDate($0.periodEnd) }, invoices.map(\.kind), held.map { _ in "tax_unknown" },
                held.map { _ in "" }, invoices.map { "\($0.total)" }, held.map { _ in "0" },
                held.map(\.error.description), terms.asOf, terms.runID))
    }

    private func read(
        dated day: CivilDate, after place: CloseBatch.Place, from first: Int64, upTo end: CloseBatch.Place
    ) throws -> [Draft] {
        let query = Query(
            .readDrafts,
            literals: [
                "day": .day(day), "after_customer": .number(place.customer),
                "after_subscription": .number(place.subscription), "first_customer": .number(first),
                "last_customer": .number(end.customer), "last_subscription": .number(end.subscription),
            ])
        return try read(query)
    }

    private func read(_ query: Query) throws -> [Draft] {
        var drafts: [Draft] = []
        var categories: [String] = []
        try SealReader.stream(
            connection, query, words: 23, { _ in },
            line: { row in categories.append(row.isNull(23) ? TaxRules.standard : try row.text(23)) }
        ) { invoice, _ in
            drafts.append(Draft(invoice: invoice, categories: Array(categories.prefix(invoice.lines.count))))
            categories.removeFirst(invoice.lines.count)
        }
        return drafts
    }

    /// Gives numbers to drafts in their order, and writes them down.
    ///
    /// - Returns: the numbers as they are printed.
    @discardableResult
    private func number(
        _ ready: [Assessed], dated day: CivilDate, issuedOn: CivilDate, reissue: InvoiceSeal.Issue.Reissue? = nil
    ) throws -> [String] {
        guard !ready.isEmpty else { return [] }
        var labels: [String] = []
        labels.reserveCapacity(ready.count)
        var series = try InvoiceSeries(connection, issuer: terms.issuer, terms.numbering, on: issuedOn)
        var (rows, taxes) = (CopyBuffer(), CopyBuffer())
        for assessed in ready {
            let (next, label) = try series.next()
            let (invoice, tax) = (assessed.draft.invoice, assessed.tax)
            let subtotals = tax.subtotals.filter { $0.treatment != .none }
            let issue = InvoiceSeal.Issue(
                number: next, label: label, date: issuedOn, net: tax.net, tax: tax.tax, gross: tax.gross,
                taxes: subtotals.enumerated().map { InvoiceSeal.Issue.taxLine($1, place: $0 + 1) },
                notes: tax.notes.map(\.text), sellerNumber: tax.sellerNumber,
                details: assessed.details.map { InvoiceSeal.Issue.Details(version: $0.version, digest: $0.digest) },
                catalog: terms.catalogID, credit: assessed.credit, reissue: reissue)
            let digest = terms.digest(seal.bytes(of: invoice, issue, previous: series.digest))
            series.give(next, digest: digest)
            labels.append(label)
            append(invoice, issue, digest, series: series.id, to: &rows)
            for (index, subtotal) in subtotals.enumerated() {
                append(subtotal, place: index + 1, of: invoice, to: &taxes)
            }
        }
        try copy(rows, .copyFinalizedInvoice)
        try copy(taxes, .copyInvoiceTax)
        try series.advance(connection, on: issuedOn)
        let invoices = ready.map(\.draft.invoice)
        _ = try connection.execute(
            Query(
                .releaseTaxHolds, invoices.map(\.customerID), invoices.map(\.subscriptionID), day,
                invoices.map(\.kind), terms.asOf, terms.runID))
        return labels
    }

    private func append(
        _ invoice: InvoiceSeal.Invoice, _ issue: InvoiceSeal.Issue, _ digest: [UInt8], series: Int32,
        to rows: inout CopyBuffer
    ) {
        rows.row(fields: 19)
        rows.int64(invoice.customerID)
        rows.int64(invoice.subscriptionID)
        rows.date(invoice.periodEnd.daysSince1970)
        rows.text(invoice.kind)
        rows.int16(invoice.issue)
        rows.int32(series)
        rows.int64(issue.number)
        rows.text(issue.label)
        rows.date(issue.date.daysSince1970)
        rows.int64(issue.net)
        rows.int64(issue.tax)
        rows.int64(issue.gross)
        rows.text(issue.notes.joined(separator: "\n"))
        rows.append(issue.sellerNumber)
        if let details = issue.details {
            rows.int32(details.version)
            rows.bytes(details.digest)
        } else {
            rows.null()
            rows.null()
        }
        rows.int32(issue.catalog)
        rows.bytes(digest)
        rows.int64(terms.runID)
    }

    private func append(
        _ subtotal: TaxAssessment.Subtotal, place: Int, of invoice: InvoiceSeal.Invoice, to rows: inout CopyBuffer
    ) {
        rows.row(fields: 13)
        rows.int64(invoice.customerID)
        rows.int64(invoice.subscriptionID)
        rows.date(invoice.periodEnd.daysSince1970)
        rows.text(invoice.kind)
        rows.int16(invoice.issue)
        rows.int16(Int16(clamping: place))
        rows.text(subtotal.treatment.rawValue)
        rows.append(subtotal.place?.country.code)
        rows.append(subtotal.place?.region?.code)
        rows.text(subtotal.category)
        if let percent = PGNumeric(subtotal.percent.description) { rows.numeric(percent) } else { rows.null() }
        rows.int64(subtotal.net)
        rows.int64(subtotal.tax)
    }

    private func copy(_ buffer: CopyBuffer, _ statement: Statement) throws {
        guard !buffer.isEmpty else { return }
        let written = try connection.copyIn(Query(statement), buffer)
        guard written == buffer.rowCount else {
            throw StoreError.changedUnderneath(
                statement: statement.name, expected: buffer.rowCount, found: written)
        }
    }
}
