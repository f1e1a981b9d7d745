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
        let meters = entries.map { $0.map { $0.compactMap(meter) } } ?? []

        var inner = self
        inner.currency = currency
        // Also meters with mistakes are there: a price that names one is not wrong for that.
        inner.meterKeys = (entries ?? [])?.map(\.key) ?? []
        let plans = fields["plans"].flatMap { inner.plans($0) }
        guard let name, let currency, let rounding, let meters, let plans else { return nil }
        return Catalog(name: name, currency: currency, rounding: rounding, meters: meters, plans: plans)
    }

    private func meter(_ entry: YAMLEntry) -> Meter? {
        guard
            let fields = reader.fields(
                entry.value, CatalogFormat.meter, expected: "a meter: 'name', 'aggregate', 'unit'")
        else { return nil }
        let name = fields["name"].flatMap { reader.text($0, expected: "the meter's name") }
        let aggregate: Meter.Aggregate? = fields["aggregate"].flatMap { reader.word($0, .aggregate) }
        let unit = fields["unit"].flatMap(unit)
        guard let name, let aggregate, let unit else { return nil }
        return Meter(key: entry.key, name: name, aggregate: aggregate, unit: unit)
    }

    private func unit(_ node: YAMLNode) -> UnitName? {
        let example = "{one: order, other: orders}"
        guard let fields = reader.fields(node, CatalogFormat.unit, expected: example) else { return nil }
        let one = fields["one"].flatMap { reader.text($0, expected: "the word after 1") }
        let other = fields["other"].flatMap { reader.text($0, expected: "the word after any other number") }
        guard let one, let other else { return nil }
        return UnitName(one: one, other: other)
    }
}
