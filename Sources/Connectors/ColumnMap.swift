/// Which columns the caller wants, in the caller's order; a page's field indexes follow it.
///
/// Source names are compared byte by byte: no trimming, no case folding, no Unicode normalization. What a file's header
/// says is what the map has to say.
package struct ColumnMap: Sendable, Hashable {
    /// Where a field's text comes from.
    package enum Source: Sendable, Hashable {
        /// A column (CSV, PostgreSQL) or key (NDJSON) that has to be there. A CSV header or a query result without it is
        /// an error of the whole source; a JSON object without it gives an absent field, because each object has keys of
        /// its own.
        case column(String)
        /// A column or key that may be missing; its field is then absent.
        case optionalColumn(String)
        /// The same text in every row, for what the deployment knows and the source does not say.
        case constant(String)
    }

    package struct Field: Sendable, Hashable {
        /// Our name, such as `day`, as defects tell it.
        package let name: String
        package let source: Source

        package init(name: String, source: Source) {
            self.name = name
            self.source = source
        }
    }

    package let fields: [Field]

    package init(_ fields: [Field]) {
        self.fields = fields
    }
}

/// A column map worked out for reading: each source column once, and for each field where its text is.
struct FieldPlan: Sendable {
    enum Origin: Sendable {
        /// The index in `columns`.
        case column(Int)
        /// The index in `constants`.
        case constant(Int)
    }

    struct Column: Sendable {
        let name: String
        let isOptional: Bool
        /// The name of the first field that wants the column, for defects.
        let field: String
    }

    private(set) var columns: [Column] = []
    private(set) var constants: [[UInt8]] = []
    private(set) var origins: [Origin] = []

    init(_ map: ColumnMap) {
        for field in map.fields {
            switch field.source {
            case .column(let name):
                add(name, isOptional: false, for: field.name)
            case .optionalColumn(let name):
                add(name, isOptional: true, for: field.name)
            case .constant(let text):
                origins.append(.constant(constants.count))
                constants.append(Array(text.utf8))
            }
        }
    }

    /// Two fields may read the same column; it is required when either requires it.
    private mutating func add(_ name: String, isOptional: Bool, for field: String) {
        // String equality follows canonical equivalence; columns are told apart by their bytes.
        guard let known = columns.firstIndex(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
            origins.append(.column(columns.count))
            columns.append(Column(name: name, isOptional: isOptional, field: field))
            return
        }
        origins.append(.column(known))
        if !isOptional {
            columns[known] = Column(name: name, isOptional: false, field: columns[known].field)
        }
    }
}
