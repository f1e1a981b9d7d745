package import Billing
package import Postgres
import SQL

/// Invoices as they are read by people and exported.
package struct InvoiceStore {
    private let connection: Connection
    private let names: PriceNames

    /// - Parameter catalogs: every catalog that was ever applied.
    package init(_ connection: Connection, catalogs: [RatingCatalog], meterIDs: [String: Int32]) throws {
        self.connection = connection
        names = try PriceNames(connection, catalogs: catalogs, meterIDs: meterIDs)
    }

    /// Which invoices to list or export; nil is no restriction.
    package struct Filter: Sendable {
        package var customer: String?
        package var subscription: String?
        /// Invoices whose period ends on or after this day …
        package var from: CivilDate?
        /// … and before this one.
        package var to: CivilDate?

        package init(customer: String? = nil, subscription: String? = nil, from: CivilDate? = nil, to: CivilDate? = nil)
        {
            self.customer = customer
            self.subscription = subscription
            self.from = from
            self.to = to
        }
    }

    /// Invoices without their lines, by subscription and period.
    package func list(_ filter: Filter, limit: Int64) throws -> [InvoiceDocument] {
        try connection.query(
            Query(.listInvoices, filter.customer, filter.subscription, filter.from, filter.to, limit),
            as: String.self, String.self, String.self, CivilDate.self, CivilDate.self, String.self, String.self,
            Int64.self, Int16.self, String?.self, CivilDate?.self, Int64?.self, Int64?.self, Int64?.self,
            CivilDate?.self, String?.self, String?.self,
            String?.self, CivilDate?.self, String?.self
        ).map { row in
            var document = InvoiceDocument(
                kind: try documentKind(row.5), customer: row.0, customerName: row.1, subscription: row.2,
                period: try period(row.3, row.4),
                issue: try issue(
                    row.9, row.10, net: row.11, tax: row.12, gross: row.13, payment: payment(row.17, row.18)),
                void: void(row.14, row.15, row.16),
                currency: try currency(row.6),
                total: row.7, lines: [])
            document.gaps = try PeriodGap.list(row.19)
            return document
        }
    }

    /// An invoice, and what is needed to explain it.
    package struct Stored {
        package let document: InvoiceDocument
        package let customerID: Int64
        package let subscriptionID: Int64
        package let watermark: Int64
        /// By line; nil for a manual line, which has none.
        package let prices: [PriceNames.Place?]
    }

    /// - Throws: `StoreError.unknownInvoice`.
    ///
    /// - Parameters:
    ///   - kind: nil for that of the period, or where there is none for any other of the day.
    ///   - revision: which revised copy, 0 for the original; nil for the last. One that there is not is the original.
    ///   - issue: which of its issues, from 1; nil for the last. One that there is not is a draft.
    package func invoice(
        subscription: String, periodEnd: CivilDate, kind: InvoiceDocument.Kind? = nil, revision: Int32? = nil,
        issue: Int16? = nil
    ) throws -> Stored {
        guard
            let head = try connection.first(
                Query(.readInvoice, subscription, periodEnd, kind?.rawValue, issue),
                as: String.self, String.self, String.self, String.self, Int64.self, Int64.self, CivilDate.self,
                CivilDate.self, Int32.self, Int32.self, Int64.self, Int16.self, Int64.self, String.self, Int64.self,
                String.self, CivilDate?.self, String?.self, String?.self, String?.self)
        else {
            throw StoreError.unknownInvoice("\(subscription)/\(periodEnd)" + (kind.map { "/\($0.rawValue)" } ?? ""))
        }
        let currency = try currency(head.13)
        var prices: [PriceNames.Place?] = []
        let lines = try connection.query(
            Query(.readInvoiceLines, head.4, head.5, periodEnd, head.15),
            as: Int16.self, String.self, Int32?.self, CivilDate.self, CivilDate.self, Int64.self, Int64.self,
            Int64.self,
            Int64.self, Int64.self, CivilDate?.self, Int16?.self, Int32?.self, String?.self, String?.self
        ).map { row in
            let line = InvoiceLine(
                kind: try lineKind(row.1), price: row.2 ?? 0, service: try range(row.3, row.4), quantity: row.5,
                before: row.6,
                threshold: row.7, billable: row.8, amount: row.9, corrects: reference(row.10, row.11),
                manual: row.12)
            prices.append(line.manual == nil ? try names.place(line.price, in: currency) : nil)
            return try names.document(line, number: Int(row.0), in: currency, words: words(row.13, row.14))
        }
        var document = InvoiceDocument(
            kind: try documentKind(head.15), customer: head.0, customerName: head.1, subscription: head.2,
            period: try period(head.6, head.7),
            issue: try self.issue(
                customerID: head.4, subscriptionID: head.5, dated: periodEnd, kind: head.15, revision: revision,
                issue: issue),
            void: void(head.16, head.17, head.18),
            currency: currency,
            total: head.14, lines: lines,
            wording: prices.lazy.compactMap(\.self).first?.place.plan.wording)
        document.gaps = try PeriodGap.list(head.19)
        return Stored(
            document: document, customerID: head.4, subscriptionID: head.5, watermark: head.10, prices: prices)
    }

    /// Every invoice with its lines, by subscription and period, one at a time: memory does not grow with their number.
    ///
    /// - Parameter run: only those that this run wrote; nil for all.
    package func export(
        from: CivilDate?, to: CivilDate?, run: Int64? = nil, _ body: (InvoiceDocument) throws -> Void
    ) throws {
        try connection.transaction(readOnly: true) {
            // Few are asked for where a run is named.
            if run == nil { _ = try connection.query(Query(.joinWholeTables), as: String.self) }
            let query = Query(
                .exportInvoices,
                literals: [
                    "first_end": .day(from ?? .earliest), "last_end": .day(to ?? .latest), "run": .number(run ?? 0),
                ])
            try export(query, body)
        }
    }

    private func export(_ query: Query, _ body: (InvoiceDocument) throws -> Void) throws {
        var current: InvoiceDocument?
        try connection.copyOut(query) { row in
            let (subscription, end) = (try row.text(0), try row.day(4))
            let kind = try documentKind(row.text(20))
            let ordinal = row.isNull(51) ? nil : try row.int16(51)
            if current?.subscription != subscription || current?.period.end != end || current?.kind != kind
                || current?.issue?.ordinal != ordinal
            {
                if let done = current { try body(done) }
                current = InvoiceDocument(
                    kind: kind, customer: try row.text(1), customerName: try row.text(2), subscription: subscription,
                    period: try period(row.day(3), end),
                    issue: row.isNull(5) ? nil : try issue(row),
                    void: row.isNull(22) ? nil : void(try row.day(22), try row.text(23), try row.text(24)),
                    currency: try currency(row.text(6)), total: try row.int64(7), lines: [])
                current?.gaps = try PeriodGap.list(row.isNull(57) ? nil : row.text(57))
            }
            guard !row.isNull(8) else { return }
            let line = InvoiceLine(
                kind: try lineKind(row.text(9)), price: row.isNull(10) ? 0 : try row.int32(10),
                service: try range(row.day(11), row.day(12)),
                quantity: try row.int64(13), before: try row.int64(14), threshold: try row.int64(15),
                billable: try row.int64(16), amount: try row.int64(17),
                corrects: row.isNull(18) ? nil : LineReference(periodEnd: try row.day(18), line: try row.int16(19)),
                manual: row.isNull(42) ? nil : try row.int32(42))
            guard let currency = current?.currency else { return }
            if line.manual == nil, current?.lines.contains(where: { $0.line.manual == nil }) == false {
                current?.wording = try names.place(line.price, in: currency).place.plan.wording
            }
            let words = try words(row.isNull(43) ? nil : row.text(43), row.isNull(44) ? nil : row.text(44))
            current?.lines.append(
                try names.document(line, number: Int(try row.int16(8)), in: currency, words: words))
        }
        if let done = current { try body(done) }
    }

    /// The document of an invoice that has not been written.
    package func document(
        _ subscription: LookStore.StoredSubscription, _ period: DateRange, _ lines: [InvoiceLine], total: Int64,
        _ catalog: RatingCatalog, manual: [ManualLine] = []
    ) throws -> InvoiceDocument {
        let currency = try subscription.terms.currency.map(currency) ?? catalog.catalog.currency
        return InvoiceDocument(
            customer: subscription.customer, customerName: subscription.customerName, subscription: subscription.key,
            period: period, currency: currency, total: total,
            lines: try lines.enumerated().map { index, line in
                let words = manual.first { $0.number == line.manual }?.words
                return try names.document(line, number: index + 1, in: currency, words: words)
            },
            wording: try names.wording(of: lines, in: currency))
    }

    /// What all invoices up to a line have billed for its price and service period, before that line.
    package func billed(
        _ stored: Stored, price: Int32, service: DateRange, before periodEnd: CivilDate
    ) throws -> LineExplanation.Billed {
        let row = try connection.first(
            Query(
                .sumBilledBefore, stored.customerID, stored.subscriptionID, price, service.start, service.end, periodEnd
            ),
            as: Int64.self, Int64.self, Int64.self)
        return LineExplanation.Billed(quantity: row?.0 ?? 0, billable: row?.1 ?? 0, amount: row?.2 ?? 0)
    }

    /// The readings of a subscription by calendar month, as they were known at a watermark; nil is now.
    package func readingsByMonth(
        customerID: Int64, subscriptionID: Int64, meterID: Int32, in range: DateRange, watermark: Int64?
    ) throws -> [LineExplanation.MonthCount] {
        try connection.query(
            Query(.readReadingsByMonth, customerID, subscriptionID, meterID, range.start, range.end, watermark),
            as: CivilDate.self, Int64.self, Int64.self
        ).map { LineExplanation.MonthCount(month: $0.0, quantity: $0.1, readings: $0.2) }
    }

    private func issue(
        _ label: String?, _ day: CivilDate?, net: Int64?, tax: Int64?, gross: Int64?, payment: InvoiceDocument.Payment
    ) -> InvoiceDocument.Issue? {
        guard let label, let day, let net, let tax, let gross else { return nil }
        return InvoiceDocument.Issue(number: label, date: day, net: net, tax: tax, gross: gross, payment: payment)
    }

    /// Nil for a draft.
    private func issue(
        customerID: Int64, subscriptionID: Int64, dated day: CivilDate, kind: String, revision: Int32?,
        issue ordinal: Int16?
    ) throws -> InvoiceDocument.Issue? {
        guard
            let row = try connection.first(
                Query(.readIssue, customerID, subscriptionID, day, kind, revision, ordinal),
                as: String.self, CivilDate.self, Int64.self, Int64.self, Int64.self, String.self, String?.self,
                Int32?.self, String?.self, String?.self, String?.self, String?.self, String?.self, String?.self,
                String?.self, String?.self, String?.self, String?.self, CivilDate?.self, Int32?.self, CivilDate?.self,
                String?.self, String?.self, Int64.self, String?.self, Int16.self, String?.self, CivilDate?.self,
                String?.self, String?.self, String?.self, CivilDate?.self)
        else { return nil }
        var issue = InvoiceDocument.Issue(
            number: row.0, date: row.1, net: row.2, tax: row.3, gross: row.4, taxes: try taxes(row.16),
            notes: Self.lines(row.5), sellerNumber: row.6, payment: try payment(row.17, row.18),
            billTo: row.7.map { version in
                InvoiceDocument.BillTo(
                    version: version, legalName: row.8, address: Self.lines(row.9 ?? ""), postalCode: row.10,
                    city: row.11, region: row.12, country: row.13, taxNumber: row.14, poNumber: row.15)
            }, revision: self.revision(row.19, row.20, row.21, row.22))
        (issue.credit, issue.creditNotes) = (row.23, try creditNotes(row.24))
        issue.ordinal = row.25
        issue.reissue = reissue(row.26, row.27, row.28, row.29)
        if let number = row.30, let day = row.31 { issue.replacedBy = .init(number: number, date: day) }
        return issue
    }

    private func creditNotes(_ text: String?) throws -> [InvoiceDocument.CreditNote] {
        try Self.lines(text ?? "").map { line in
            guard let note = InvoiceDocument.CreditNote(line) else {
                throw StoreError.inconsistent("the credit note of an invoice cannot be read")
            }
            return note
        }
    }

    /// Of an exported row, which is one of a finalized invoice.
    private func issue(_ row: borrowing CopyRow) throws -> InvoiceDocument.Issue {
        var texts: [String?] = []
        for field in 31...39 { texts.append(row.isNull(field) ? nil : try row.text(field)) }
        var issue = InvoiceDocument.Issue(
            number: try row.text(5), date: try row.day(21), net: try row.int64(25), tax: try row.int64(26),
            gross: try row.int64(27), taxes: try taxes(texts[8]), notes: Self.lines(try row.text(28)),
            sellerNumber: row.isNull(29) ? nil : try row.text(29),
            payment: try payment(row.isNull(40) ? nil : row.text(40), row.isNull(41) ? nil : row.day(41)),
            billTo: row.isNull(30)
                ? nil
                : InvoiceDocument.BillTo(
                    version: try row.int32(30), legalName: texts[0], address: Self.lines(texts[1] ?? ""),
                    postalCode: texts[2], city: texts[3], region: texts[4], country: texts[5], taxNumber: texts[6],
                    poNumber: texts[7]),
            revision: try revision(
                row.isNull(45) ? nil : row.int32(45), row.isNull(46) ? nil : row.day(46),
                row.isNull(47) ? nil : row.text(47), row.isNull(48) ? nil : row.text(48)))
        issue.credit = try row.int64(49)
        issue.creditNotes = try creditNotes(row.isNull(50) ? nil : row.text(50))
        issue.ordinal = try row.int16(51)
        issue.reissue = reissue(
            row.isNull(52) ? nil : try row.text(52), row.isNull(53) ? nil : try row.day(53),
            row.isNull(54) ? nil : try row.text(54), row.isNull(55) ? nil : try row.text(55))
        if !row.isNull(56) {
            guard let by = InvoiceDocument.Replacement(try row.text(56)) else {
                throw StoreError.inconsistent("what an invoice was replaced by cannot be read")
            }
            issue.replacedBy = by
        }
        return issue
    }

    private func reissue(
        _ replaces: String?, _ day: CivilDate?, _ reason: String?, _ author: String?
    ) -> InvoiceDocument.Reissue? {
        guard let replaces, let day, let reason, let author else { return nil }
        return InvoiceDocument.Reissue(replaces: replaces, date: day, reason: reason, author: author)
    }

    private func revision(
        _ number: Int32?, _ day: CivilDate?, _ reason: String?, _ author: String?
    ) -> InvoiceRevision? {
        guard let number, let day, let reason, let author else { return nil }
        return InvoiceRevision(number: number, date: day, reason: reason, author: author)
    }

    private func payment(_ status: String?, _ since: CivilDate?) throws -> InvoiceDocument.Payment {
        guard let status else { return InvoiceDocument.Payment(status: .unpaid) }
        guard let known = InvoiceDocument.Payment.Status(rawValue: status) else {
            throw StoreError.inconsistent("a payment '\(status)'")
        }
        return InvoiceDocument.Payment(status: known, since: since)
    }

    private func taxes(_ text: String?) throws -> [InvoiceDocument.Tax] {
        try Self.lines(text ?? "").map { line in
            guard let tax = InvoiceDocument.Tax(sealed: line) else {
                throw StoreError.inconsistent("the tax of an invoice cannot be read")
            }
            return tax
        }
    }

    private static func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

    private func void(_ day: CivilDate?, _ reason: String?, _ author: String?) -> InvoiceDocument.Void? {
        guard let day, let reason, let author else { return nil }
        return InvoiceDocument.Void(date: day, reason: reason, author: author)
    }

    private func words(_ text: String?, _ taxCategory: String?) -> ManualLine.Words? {
        guard let text, let taxCategory else { return nil }
        return ManualLine.Words(text: text, taxCategory: taxCategory)
    }

    private func reference(_ periodEnd: CivilDate?, _ line: Int16?) -> LineReference? {
        guard let periodEnd, let line else { return nil }
        return LineReference(periodEnd: periodEnd, line: line)
    }

    private func period(_ start: CivilDate, _ end: CivilDate) throws -> DateRange {
        guard let period = DateRange(period: start, end) else {
            throw StoreError.inconsistent("a period runs backwards")
        }
        return period
    }

    private func range(_ start: CivilDate, _ end: CivilDate) throws -> DateRange {
        guard let range = DateRange(start: start, end: end) else { throw StoreError.inconsistent("a period is empty") }
        return range
    }

    private func currency(_ code: String) throws -> Currency {
        guard let currency = Currency(code: code) else { throw StoreError.inconsistent("'\(code)' is no currency") }
        return currency
    }

    private func documentKind(_ label: String) throws -> InvoiceDocument.Kind {
        guard let kind = InvoiceDocument.Kind(rawValue: label) else {
            throw StoreError.inconsistent("an invoice of kind '\(label)'")
        }
        return kind
    }

    private func lineKind(_ label: String) throws -> InvoiceLine.Kind {
        guard let kind = InvoiceLine.Kind(label: label) else {
            throw StoreError.inconsistent("a line of kind '\(label)'")
        }
        return kind
    }
}

/// From the number of a price to its place in the catalog that it stands in.
package struct PriceNames: Sendable {
    /// By the code of a currency: amounts and rates are those of one edition of the catalog.
    private var places: [String: [Int32: Place]] = [:]

    package struct Place: Sendable {
        package let catalog: RatingCatalog
        package let place: Catalog.PricePlace
        /// What the price meters; nil for a flat price.
        package let meter: Meter?
        package let meterID: Int32?
    }

    init(_ connection: Connection, catalogs: [RatingCatalog], meterIDs: [String: Int32]) throws {
        var byID: [Int32: [(RatingCatalog, [Catalog.PricePlace])]] = [:]
        for catalog in catalogs {
            byID[catalog.id] = try catalog.catalog.currencies.map { currency in
                let edition = try catalog.edition(in: currency.code)
                return (edition, edition.catalog.pricesInOrder)
            }
        }
        for (price, catalogID, ordinal) in try connection.query(
            Query(.listPriceTerms), as: Int32.self, Int32.self, Int32.self)
        {
            for (catalog, order) in byID[catalogID] ?? [] where order.indices.contains(Int(ordinal)) {
                let place = order[Int(ordinal)]
                let meter = place.price.meter.flatMap { key in catalog.catalog.meters.first { $0.key == key } }
                places[catalog.catalog.currency.code, default: [:]][price] = Place(
                    catalog: catalog, place: place, meter: meter, meterID: meter.flatMap { meterIDs[$0.key] })
            }
        }
    }

    func place(_ price: Int32, in currency: Currency) throws -> Place {
        guard let place = places[currency.code]?[price] else {
            throw StoreError.inconsistent("price \(price) stands in no catalog with amounts in \(currency.code)")
        }
        return place
    }

    /// What an invoice says of itself by the plan of its first line that has one.
    func wording(of lines: [InvoiceLine], in currency: Currency) throws -> String? {
        try lines.first { $0.manual == nil }.flatMap { try place($0.price, in: currency).place.plan.wording }
    }

    /// - Parameter words: what a manual line says.
    func document(
        _ line: InvoiceLine, number: Int, in currency: Currency, words: ManualLine.Words?
    ) throws -> InvoiceDocument.Line {
        if let manual = line.manual {
            guard let words else { throw StoreError.inconsistent("there is no manual line \(manual)") }
            return InvoiceDocument.Line(
                number: number, line: line, plan: "", planName: "", price: "", name: words.text, meter: nil, unit: nil,
                taxCategory: words.taxCategory)
        }
        let place = try place(line.price, in: currency)
        return InvoiceDocument.Line(
            number: number, line: line, plan: place.place.plan.key, planName: place.place.plan.name,
            price: place.place.price.key, name: place.place.price.name, meter: place.meter?.key,
            unit: place.meter?.writtenUnit, countedDays: place.meter?.window.otherDays(for: line.service),
            wording: place.place.price.wording, hidesZero: place.place.price.hidesZero)
    }
}
