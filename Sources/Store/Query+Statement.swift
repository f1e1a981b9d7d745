package import Billing
package import Postgres
package import SQL

extension Query {
    /// A statement of the program with its parameters.
    package init(_ statement: Statement, _ binds: (any PostgresEncodable)?...) {
        self.init(name: statement.name, text: statement.text, binds: binds)
    }

    /// A COPY statement, which takes no parameters: its `{name}` places are filled with typed literals. Only numbers,
    /// dates and quoted names can be written this way, so nothing from outside can become part of the text.
    init(_ statement: Statement, literals: KeyValuePairs<String, Literal>) {
        var text = statement.text
        for (name, literal) in literals {
            text = text.split(separator: "{\(name)}", omittingEmptySubsequences: false).joined(separator: literal.text)
        }
        self.init(name: statement.name, text: text, binds: [])
        isPreparable = false
    }
}

extension Connection {
    /// Makes room in the session for what lands there: a `create_landed_…` script, which runs once a session.
    func makeRoom(_ script: Statement) throws(PostgresError) {
        try executeOnce(name: script.name, script.text)
    }
}

/// A value that is safe to write into a statement's text, because of its type.
enum Literal {
    case number(Int64)
    case numbers([Int32])
    /// As one word, which the server reads faster than so many of them.
    case keys([Int64])
    case day(CivilDate)
    case name(String)

    var text: String {
        switch self {
        case .number(let number): "(\(number))::bigint"
        case .numbers(let numbers): "ARRAY[\(numbers.map { "\($0)" }.joined(separator: ","))]::integer[]"
        case .keys(let keys): "'{\(keys.map { "\($0)" }.joined(separator: ","))}'::bigint[]"
        case .day(let day): "'\(day)'::date"
        case .name(let name): Query.quoted(identifier: name)
        }
    }
}

extension CivilDate: PostgresEncodable, PostgresDecodable {
    package static var typeOID: UInt32 { PGDate.typeOID }

    package func encode(into buffer: inout ParameterBuffer) throws(EncodingReason) {
        try PGDate(self).encode(into: &buffer)
    }

    package static func decode(_ value: ColumnValue) throws(DecodingReason) -> CivilDate {
        let date = try PGDate.decode(value)
        guard let day = CivilDate(daysSince1970: date.daysSince1970) else { throw .malformed }
        return day
    }
}

extension PGDate {
    init(_ day: CivilDate) {
        self.init(daysSince1970: day.daysSince1970)
    }
}
