import Billing

extension CatalogBuilder {
    func meters(_ entries: [YAMLEntry]) -> [Meter] {
        var read: [Meter] = []
        for entry in entries {
            guard let meter = meter(entry) else { continue }
            // A reading is read once, so all meters of a series must agree on what its digits mean.
            if let first = read.first(where: { $0.series == meter.series }), first.places != meter.places,
                first.aggregate != .peak, meter.aggregate != .peak
            {
                reader.add(
                    .placesOfSeries(meter.series, places: meter.places, first: first.places, meter: first.key),
                    at: entry)
            }
            read.append(meter)
        }
        return read
    }

    private func meter(_ entry: YAMLEntry) -> Meter? {
        guard
            let fields = reader.fields(
                entry.value, CatalogFormat.meter, expected: "a meter: 'name', 'aggregate', 'unit'")
        else { return nil }
        let name = fields["name"].flatMap { reader.text($0, expected: "the meter's name") }
        let aggregate: Meter.Aggregate? = fields["aggregate"].flatMap { reader.word($0, .aggregate) }
        let unit = fields["unit"].flatMap(unit)
        let places = fields["places"].map { self.places($0, aggregate) } ?? 0
        let series =
            fields["of"].map { reader.identifier($0, expected: "the key of what sources deliver") } ?? entry.key
        let channels = fields["channels"].map { names($0, "channels") } ?? []
        let categories = fields["categories"].map { names($0, "categories") } ?? []
        let pool: Meter.Pool? = fields["pool"].map { reader.word($0, .pool) } ?? .together
        let window = fields["window"].map(window) ?? .period
        guard let name, let aggregate, let unit, let places, let series, let channels, let categories, let pool,
            let window
        else { return nil }
        return Meter(
            key: entry.key, name: name, aggregate: aggregate, unit: unit, places: places, series: series,
            channels: channels, categories: categories, pool: pool, window: window)
    }

    private func places(_ node: YAMLNode, _ aggregate: Meter.Aggregate?) -> Int? {
        guard let number = reader.wholeNumber(node, expected: "a number of decimal places from 0 to 6") else {
            return nil
        }
        guard number <= Meter.mostPlaces else {
            return reader.reject(.numberTooLarge("\(number)", limit: Int64(Meter.mostPlaces)), node)
        }
        if aggregate == .peak, number > 0 { return reader.reject(.placesOfPeak, node) }
        return Int(number)
    }

    /// Names of other systems, each once.
    private func names(_ node: YAMLNode, _ what: String) -> [String]? {
        guard let items = reader.items(node, what, limit: CatalogFormat.mostNames) else { return nil }
        var names: [String] = []
        for item in items {
            guard let name = reader.text(item, expected: "a name") else { continue }
            if names.contains(name) { reader.add(.repeatedName(name), at: item) } else { names.append(name) }
        }
        return names.count == items.count ? names : nil
    }

    private func window(_ node: YAMLNode) -> MeterWindow? {
        guard let text = reader.scalar(node, expected: "a window, such as previous_month or 30 days") else {
            return nil
        }
        return MeterWindow(text) ?? reader.reject(.unknownWindow(text), node)
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
