package import Billing

/// Reads a catalog from the YAML that a person wrote, into checked values.
///
/// Nothing is guessed and nothing is skipped: either the whole file is sound, or everything that is wrong with it is
/// listed. Meters and plans keep the order of the file; versions may stand in any order and are sorted by date.
package enum CatalogReader {
    /// `file` is only used in messages.
    package static func read(text: String, file: String) -> Result<Catalog, Diagnostics> {
        read(bytes: Array(text.utf8), file: file)
    }

    /// For what comes from a disk: also text that is not UTF-8 is told by its place.
    package static func read(bytes: [UInt8], file: String) -> Result<Catalog, Diagnostics> {
        let reader = YAMLReader(file: file)
        let document = reader.document(bytes)
        return reader.result(
            document.flatMap { root in
                guard let (first, currencies) = CatalogBuilder(reader).catalog(root) else { return nil }
                var catalog = first
                // What is wrong with any currency was reported with the first: only the amounts are still to be taken.
                for currency in currencies.dropFirst() where !reader.hasFindings {
                    guard let (edition, _) = CatalogBuilder(reader, in: currency).catalog(root) else { return nil }
                    catalog.editions.append(edition)
                }
                return catalog
            })
    }
}

/// Turns a document's nodes into a catalog with its amounts in one currency. A part that cannot be read is nil and has been
/// reported; its neighbours are read all the same.
struct CatalogBuilder {
    let reader: YAMLReader
    /// The currency whose amounts are taken; nil for the catalog's first.
    var chosen: Currency?
    /// What the prices refer to, known before any price is read. Empty where it could not be read.
    var currencies: [Currency] = []
    var meterKeys: [String] = []
    /// The keys of the prices beside the one that is read.
    var priceKeys: [String] = []
    var meters: [String: Meter] = [:]
    /// Whether the catalog has tax rules, and the categories that a price may then name; nil where there are none or they
    /// could not be read.
    var hasTax = false
    var taxCategories: [String]?

    init(_ reader: YAMLReader, in currency: Currency? = nil) {
        self.reader = reader
        chosen = currency
    }

    /// The currency of the amounts.
    var currency: Currency? { chosen ?? currencies.first }

    /// - Returns: the catalog without its editions, and all its currencies.
    func catalog(_ root: YAMLNode) -> (Catalog, [Currency])? {
        guard let fields = reader.fields(root, CatalogFormat.catalog, expected: "a mapping with 'catalog', 'plans' …")
        else { return nil }
        let name = fields["catalog"].flatMap { reader.identifier($0, expected: "the vendor's short name") }
        let currencies = fields["currency"].flatMap { self.currencies($0) }
        let rounding: Rounding? =
            fields["rounding"].map { reader.word($0, .rounding) } ?? .halfAwayFromZero
        let entries = fields["meters"].map {
            reader.namedEntries($0, "meters", limit: CatalogFormat.mostMeters, canBeEmpty: true)
        }
        let meters = entries.map { $0.map(self.meters) } ?? []

        var inner = self
        inner.currencies = currencies ?? []
        // Also meters with mistakes are there: a price that names one is not wrong for that.
        inner.meterKeys = (entries ?? [])?.map(\.key) ?? []
        inner.meters = Dictionary((meters ?? []).map { ($0.key, $0) }) { first, _ in first }
        let seller = fields["seller"].map { self.seller($0) }
        let tax = fields["tax"].map { self.tax($0, hasSeller: fields.has("seller")) }
        inner.hasTax = fields.has("tax")
        inner.taxCategories = (tax ?? nil)?.categories
        let plans = fields["plans"].flatMap { inner.plans($0) }
        let planKeys = fields["plans"].flatMap { $0.entries?.map(\.key) } ?? []
        let decisions = fields["decisions"].map { inner.decisions($0, planKeys: planKeys, plans: plans ?? []) } ?? []
        let changes: ChangePolicy?? = fields["changes"].map { inner.changes($0, planKeys: planKeys) } ?? .some(nil)
        let invoices = fields["invoices"].map { inner.invoices($0) } ?? InvoiceTerms()
        let notices = fields["notices"].map { self.notices($0) } ?? NoticeTerms()
        guard let name, let currencies, let currency = inner.currency, let rounding, let meters, let plans,
            let decisions, let changes, let invoices, let notices
        else { return nil }
        // Who is there but unreadable must not become nobody, nor a tax none.
        if case .some(.none) = seller { return nil }
        if case .some(.none) = tax { return nil }
        let catalog = Catalog(
            name: name, currency: currency, rounding: rounding, meters: meters, plans: plans, decisions: decisions,
            changes: changes, invoices: invoices, notices: notices, seller: seller ?? nil, tax: tax ?? nil)
        return (catalog, currencies)
    }
}
