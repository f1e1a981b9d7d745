import Billing

extension SourcesBuilder {
    /// A rule for each field of the feed: the written ones, and for the others a column of the field's own name.
    func columns(_ node: YAMLNode?, _ feed: Feed) -> [SourceDefinition.Column]? {
        var written: Fields?
        if let node {
            let expected = "a mapping of fields to columns: 'ours: theirs'"
            guard let fields = reader.fields(node, SourcesFormat.columns(of: feed), expected: expected) else {
                return nil
            }
            written = fields
        }
        var columns: [SourceDefinition.Column] = []
        for field in feed.fields.map({ field(in: written, for: $0, feed) }) {
            let source: SourceDefinition.ColumnSource? =
                if let node = written?[field.name] {
                    column(node, field, feed)
                } else {
                    field.isRequired ? .column(field.name) : .optionalColumn(field.name)
                }
            if let source { columns.append(SourceDefinition.Column(field: field.name, source: source)) }
        }
        return columns.count == feed.fields.count ? columns : nil
    }

    /// The columns of readings that are counted from the samples of series: labels are columns, and the day and the quantity
    /// come from the counting.
    func labels(_ node: YAMLNode?, _ feed: Feed?) -> [SourceDefinition.Column]? {
        // Without a feed, or with another one, that has been reported.
        guard feed == .readings else { return nil }
        let counted = ["day", "quantity", Feed.instantField]
        if let node, case .mapping(let entries) = node.content {
            for entry in entries where counted.contains(entry.key) { reader.add(.countedField(entry.key), at: entry) }
        }
        guard let columns = columns(node, .readings) else { return nil }
        for column in columns where !counted.contains(column.field) {
            switch column.source {
            case .column(let label), .optionalColumn(let label):
                if let node, counted.prefix(2).contains(label) { reader.add(.takenLabel(label), at: node) }
            case .constant: break
            }
        }
        return columns
    }

    /// The field itself, or the one that stands in its place where that is written. Both together are a mistake: which of
    /// them holds is not for Meterbook to guess.
    private func field(in written: Fields?, for field: Feed.Field, _ feed: Feed) -> Feed.Field {
        guard let standIn = feed.standIns[field.name], let entry = written?.entry(standIn.name) else { return field }
        if let other = written?.entry(field.name) {
            let isLater = (other.position.line, other.position.column) < (entry.position.line, entry.position.column)
            reader.add(.bothFields(field.name, standIn.name), at: isLater ? entry : other)
        }
        return standIn
    }

    private func column(_ node: YAMLNode, _ field: Feed.Field, _ feed: Feed) -> SourceDefinition.ColumnSource? {
        guard case .mapping = node.content else {
            return columnName(node).map { .column($0) }
        }
        guard let rule = reader.fields(node, SourcesFormat.columnRule, expected: "a column") else { return nil }
        switch (rule["column"], rule["value"]) {
        case (let column?, nil):
            let name = columnName(column)
            let isOptional = rule["optional"].map { reader.flag($0) } ?? false
            if isOptional == true, field.isRequired, let node = rule["optional"] {
                reader.add(.requiredFieldOptional(field.name, feed: feed.rawValue), at: node)
            }
            guard let name, let isOptional else { return nil }
            return isOptional ? .optionalColumn(name) : .column(name)
        case (nil, let value?):
            if let entry = rule.entry("optional") {
                reader.add(.keyOfOtherKind("optional", belongsTo: "'column'"), at: entry)
            }
            return constant(value, field).map { .constant($0) }
        default:
            return reader.reject(.columnRule(found: rule.present(["column", "value"])), node)
        }
    }

    private func columnName(_ node: YAMLNode) -> String? {
        let expected = "the column's name, or {column: …} or {value: …}"
        // Spaces and all: a header is compared byte by byte, and some systems write ' Order ID'.
        guard let text = reader.scalar(node, expected: expected) else { return nil }
        guard !text.isEmpty else { return reader.reject(.emptyText, node) }
        if let control = text.unicodeScalars.first(where: Quoting.isControl) {
            return reader.reject(.controlCharacterInText(scalar: control.value), node)
        }
        let count = text.unicodeScalars.count
        let limit = SourcesFormat.longestColumn
        return count <= limit ? text : reader.reject(.textTooLong(count: count, limit: limit), node)
    }

    /// A constant is checked as its field's values will be: better one message now than one for every row.
    private func constant(_ node: YAMLNode, _ field: Feed.Field) -> String? {
        let text = reader.text(node, expected: field.meaning)
        guard let text else { return nil }
        let isSound =
            switch field.value {
            case .text: true
            case .identifier: reader.identifier(node, expected: field.meaning) != nil
            case .date: reader.date(node) != nil
            case .instant: isInstant(text, node)
            case .quantity: reader.wholeNumber(node) != nil
            case .billingDay: isBillingDay(node)
            case .email: EmailAddress(text) != nil || reader.reject(.notAnAddress(text), node) ?? false
            case .country: Country(code: text) != nil || reader.reject(.unknownCountry(text), node) ?? false
            case .language: LanguageTag(text) != nil || reader.reject(.notALanguage(text), node) ?? false
            case .cadence: reader.cadence(node) != nil
            case .currency: reader.currency(node) != nil
            }
        return isSound ? text : nil
    }

    private func isInstant(_ text: String, _ node: YAMLNode) -> Bool {
        let isSound = Array(text.utf8).withUnsafeBytes { (try? FieldText.instant($0)) != nil }
        if !isSound { reader.add(.notAnInstant(text), at: node) }
        return isSound
    }

    private func isBillingDay(_ node: YAMLNode) -> Bool {
        guard let day = reader.wholeNumber(node, least: 1, expected: "a day of the month, from 1 to 31") else {
            return false
        }
        if day > 31 { reader.add(.numberTooLarge("\(day)", limit: 31), at: node) }
        return day <= 31
    }
}
