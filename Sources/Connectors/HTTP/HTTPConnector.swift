package import Billing

/// Records of a vendor's interface: JSON by GET, page after page.
///
/// Nothing is handed out of an answer before all of it is there and sound: its status, its length, its compression, its
/// JSON. In the pages' rows `line` is the number of the record in its answer; the origin names the answer's page.
package struct HTTPConnector: Connector {
    /// `http:` and the name of the source, as defects and errors show it.
    package let origin: String
    /// Whether the server says that nothing has changed since the answer of the given validators: then there are no rows.
    package private(set) var isUnchanged = false
    /// By what the one answer can be known again; nil for none, or before it came.
    package private(set) var validators: HTTPValidators?

    private let source: HTTPSource
    private let days: (from: CivilDate, to: CivilDate)
    private let known: HTTPValidators?
    private let exchange: HTTPExchange
    private let secrets: [[UInt8]]
    private let plan: FieldPlan
    private let limits: ConnectorLimits
    private let reader: RecordReader

    private var current: HTTPPage?
    private var next: HTTPAddress?
    /// Pages asked for by now.
    private var pages = 0
    private var recordsBefore = 0
    private var lastDigest: Int?
    private var circle = CircleGuard()
    private var scratch: [UInt8] = []
    private var isFinished = false
    private var failure: ConnectorError?

    /// Asks for nothing yet.
    ///
    /// - Parameters:
    ///   - days: the first day, and the first day after, for the placeholders of the address.
    ///   - known: the validators of an answer to the very same request whose rows have all been taken in; only a source
    ///     without pages has any use for them.
    package init(
        _ source: HTTPSource, days: (from: CivilDate, to: CivilDate), columns: ColumnMap, access: HTTPAccess,
        known: HTTPValidators? = nil, limits: ConnectorLimits = ConnectorLimits()
    ) {
        origin = "http:\(access.source)"
        self.source = source
        self.days = days
        // The unchanged first page of several says nothing of the others.
        self.known = source.pages == nil ? known : nil
        exchange = HTTPExchange(access, origin: "http:\(access.source)")
        secrets = access.credential?.secrets ?? []
        plan = FieldPlan(columns)
        self.limits = limits
        reader = RecordReader(plan: plan, limits: limits)
    }

    package mutating func nextPage() throws(ConnectorError) -> RawPage? {
        if let failure { throw failure }
        do throws(ConnectorError) {
            return try advance()
        } catch {
            failure = error
            current = nil
            throw error
        }
    }

    private mutating func advance() throws(ConnectorError) -> RawPage? {
        while true {
            if current == nil {
                guard !isFinished else { return nil }
                try fetch()
            }
            guard var answer = current else { continue }
            var page = PageBuilder(origin: answer.origin, plan: plan, limits: limits)
            recordsBefore += answer.read(reader, into: &page, &scratch)
            guard recordsBefore <= exchange.limits.records else {
                throw fail(.tooManyRecords(exchange.limits.records))
            }
            current = page.isFull ? answer : nil
            if !page.isEmpty { return page.finish() }
        }
    }

    /// The number of the page that was asked for last, where there are several.
    private var shownPage: Int? { source.pages == nil ? nil : pages }

    private func fail(_ problem: HTTPFailure.Problem) -> ConnectorError { exchange.failure(problem, page: shownPage) }

    // MARK: - An answer

    private mutating func fetch() throws(ConnectorError) {
        guard let address = pages == 0 ? source.address(from: days, page: 0) : next else {
            throw exchange.failure(.unusableAddress)
        }
        guard pages < exchange.limits.pages else { throw fail(.tooManyPages(exchange.limits.pages)) }
        pages += 1
        if let other = circle.hasMet(address, on: pages) { throw fail(.samePage(as: other)) }
        let accepted = source.body == .ndjson ? "application/x-ndjson, application/json;q=0.5" : "application/json"
        switch try exchange.get(address, validators: known, accepting: accepted, page: shownPage) {
        case .unchanged:
            (isUnchanged, isFinished) = (true, true)
            validators = known
        case .body(let headers, let sent):
            if source.pages == nil {
                validators = HTTPValidators(entityTag: headers["etag"], lastModified: headers["last-modified"])
            }
            try take(text(sent, headers), headers, of: address)
        }
    }

    private func text(_ sent: [UInt8], _ headers: HTTPFields) throws(ConnectorError) -> [UInt8] {
        do throws(HTTPFailure.Fault) {
            return try HTTPBody(headers: headers, limits: exchange.limits, secrets: secrets)
                .text(sent, isLines: source.body == .ndjson)
        } catch {
            throw fail(error.problem)
        }
    }

    private func records(_ text: [UInt8], _ keys: [String]) throws(ConnectorError) -> HTTPRecords {
        do throws(HTTPFailure.Fault) {
            return try HTTPRecords(in: text, at: keys, cursor: source.pages?.cursor, nesting: limits.nesting)
        } catch {
            throw fail(error.problem)
        }
    }

    private mutating func take(
        _ text: [UInt8], _ headers: HTTPFields, of address: HTTPAddress
    ) throws(ConnectorError) {
        let name = shownPage.map { "\(origin) page \($0)" } ?? origin
        var isEmpty = false
        var cursor: String?
        switch source.body {
        case .ndjson:
            isEmpty = text.allSatisfy { [Byte.space, Byte.tab, Byte.lineFeed, Byte.carriageReturn].contains($0) }
            current = HTTPPage(lines: text, origin: name)
        case .json(let keys):
            let found = try records(text, keys)
            isEmpty = found.first == nil
            cursor = found.cursor
            current = HTTPPage(text, found, nesting: limits.nesting, origin: name)
        }
        next = try following(cursor, isEmpty: isEmpty, headers, of: address, text)
        isFinished = next == nil
    }

    /// Where the next page is; nil at the end.
    private mutating func following(
        _ cursor: String?, isEmpty: Bool, _ headers: HTTPFields, of address: HTTPAddress, _ text: [UInt8]
    ) throws(ConnectorError) -> HTTPAddress? {
        switch source.pages {
        case nil: return nil
        case .cursor(_, let parameter, _):
            guard let cursor else { return nil }
            guard let next = source.address(from: days, page: 0)?.adding(parameter, cursor) else {
                throw fail(.unusableReference(.body))
            }
            return next
        case .next:
            return try cursor.map { reference throws(ConnectorError) in
                try exchange.target(reference, of: address, by: .body, page: shownPage)
            }
        case .link:
            return try LinkHeader.next(headers.all("link")).map { reference throws(ConnectorError) in
                try exchange.target(reference, of: address, by: .link, page: shownPage)
            }
        case .number:
            try checkAnother(text, isEmpty: isEmpty)
            guard !isEmpty else { return nil }
            guard let next = source.address(from: days, page: pages) else { throw fail(.unusableAddress) }
            return next
        }
    }

    /// A server that does not know the parameter of the page answers with the same one for ever.
    private mutating func checkAnother(_ text: [UInt8], isEmpty: Bool) throws(ConnectorError) {
        var hasher = Hasher()
        hasher.combine(text)
        let digest = hasher.finalize()
        if !isEmpty, digest == lastDigest { throw fail(.samePage(as: pages - 1)) }
        lastDigest = digest
    }
}

/// Notices when pages lead back to one that was there before, with one address kept: that of a page is compared with all up
/// to twice as many pages behind it (Brent 1980), so every circle is found in the end.
struct CircleGuard {
    private var kept: (address: HTTPAddress, page: Int)?
    private var until = 1

    /// - Returns: the page that had this address.
    mutating func hasMet(_ address: HTTPAddress, on page: Int) -> Int? {
        if let kept, kept.address == address { return kept.page }
        if page >= until {
            kept = (address, page)
            (until, _) = page.multipliedReportingOverflow(by: 2)
        }
        return nil
    }
}
