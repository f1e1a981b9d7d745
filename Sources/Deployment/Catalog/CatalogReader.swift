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
        return reader.result(reader.document(bytes).flatMap { CatalogBuilder(reader).catalog($0) })
    }
}

/// Turns a document's nodes into a catalog. A part that cannot be read is nil and has been reported; its neighbours are
/// read all the same.
struct CatalogBuilder {
    let reader: YAMLReader
    /// What the prices refer to, known before any price is read.
    var currency: Currency?
    var meterKeys: [String] = []
    /// The keys of the prices beside the one that is read.
    var priceKeys: [String] = []
    var meters: [String: Meter] = [:]

    init(_ reader: YAMLReader) {
        self.reader = reader
    }

    func catalog(_ root: YAMLNode) -> Catalog? {
        guard let fields = reader.fields(root, CatalogFormat.catalog, expected: "a mapping with 'catalog', 'plans' …")
        else { return nil }
        let name = fields["catalog"].flatMap { reader.identifier($0, expected: "the vendor's short name") }
        let currency = fields["currency"].flatMap { reader.currency($0) }
        let rounding: Rounding? =
            fields["rounding"].map { reader.word($0, .rounding) } ?? .halfAwayFromZero
        let entries = fields["meters"].map {
            reader.namedEntries($0, "meters", limit: CatalogFormat.mostMeters, canBeEmpty: true)
        }
        let meters = entries.map { $0.map(self.meters) } ?? []

        var inner = self
        inner.currency = currency
        // Also meters with mistakes are there: a price that names one is not wrong for that.
        inner.meterKeys = (entries ?? [])?.map(\.key) ?? []
        inner.meters = Dictionary((meters ?? []).map { ($0.key, $0) }) { first, _ in first }
        let plans = fields["plans"].flatMap { inner.plans($0) }
        guard let name, let currency, let rounding, let meters, let plans else { return nil }
        return Catalog(name: name, currency: currency, rounding: rounding, meters: meters, plans: plans)
    }
}
