/// One statement with the values that it is run with.
///
/// Written in place, an interpolated value is bound and never becomes part of the text:
/// ```swift
/// let query: Query = "SELECT x FROM t WHERE id = \(id)"         // … WHERE id = $1
/// ```
/// `\(identifier: name)` quotes a name, and `\(raw: text)` splices text as it is; a reviewer looks for `raw:`.
/// Statements kept in .sql files come as ``init(name:text:binds:)``.
package struct Query: Sendable, ExpressibleByStringInterpolation {
    /// What errors call the statement. Never its text, which may hold spliced values.
    package let name: String
    package let text: String
    /// The values of $1, $2 …; nil is a NULL whose type the server infers from the statement. An Optional given to an
    /// initializer becomes such a nil; an interpolated one keeps its type.
    package let binds: [(any PostgresEncodable)?]

    /// Whether the connection may prepare the statement when it comes again. Statements with a fixed text gain from it;
    /// interpolated ones, whose text may be a new one each time, do not ask for it.
    package var isPreparable: Bool

    package init(name: String, text: String, binds: [(any PostgresEncodable)?]) {
        self.name = name
        self.text = text
        self.binds = binds
        self.isPreparable = true
    }

    package init(name: String, text: String, _ binds: (any PostgresEncodable)?...) {
        self.init(name: name, text: text, binds: binds)
    }

    package init(stringLiteral value: String) {
        self.init(name: "query", text: value, binds: [])
        isPreparable = false
    }

    package init(stringInterpolation: Interpolation) {
        self.init(name: "query", text: stringInterpolation.text, binds: stringInterpolation.binds)
        isPreparable = false
    }

    /// The same statement under a name for errors.
    package func named(_ name: String) -> Query {
        var query = Query(name: name, text: text, binds: binds)
        query.isPreparable = isPreparable
        return query
    }

    package struct Interpolation: StringInterpolationProtocol {
        var text: String
        var binds: [(any PostgresEncodable)?] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            text = ""
            text.reserveCapacity(literalCapacity + interpolationCount * 3)
            binds.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) { text += literal }

        /// Binds a value as the next parameter.
        package mutating func appendInterpolation<T: PostgresEncodable>(_ value: T) {
            binds.append(value)
            text += "$\(binds.count)"
        }

        /// Binds a value or a NULL of its type.
        package mutating func appendInterpolation<T: PostgresEncodable>(_ value: T?) {
            // As the Optional that it is: unwrapped into `binds`' own Optional, nil would lose its type.
            binds.append(.some(value as any PostgresEncodable))
            text += "$\(binds.count)"
        }

        /// Quotes a name (of a table, column, role), so that it means itself whatever characters it holds.
        package mutating func appendInterpolation(identifier name: String) {
            text += Query.quoted(identifier: name)
        }

        /// Splices text into the statement **unchecked**. Never for anything that came from outside.
        package mutating func appendInterpolation(raw text: String) { self.text += text }
    }

    /// A name in double quotes, its own doubled (PostgreSQL manual, 4.1.1).
    package static func quoted(identifier name: String) -> String {
        var quoted = "\""
        for character in name.unicodeScalars {
            if character == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(character)
        }
        return quoted + "\""
    }
}

/// Values are kept out of what is printed, since queries end up in test output and logs.
extension Query: CustomStringConvertible, CustomReflectable {
    package var description: String { "\(name) with \(binds.count) parameters" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
