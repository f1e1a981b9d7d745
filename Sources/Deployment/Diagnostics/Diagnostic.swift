/// One mistake in a file that a person wrote: where it is, what stands there, and what should.
///
/// Its text is one line that editors and terminals understand, for example
/// `catalog.yaml:12:15: plans.silver.versions[0].prices.orders.unit_price: found '0.1.0', expected a decimal …`.
package struct Diagnostic: Error, Hashable, Sendable {
    /// The file's name as the caller gave it.
    package let file: String
    /// From 1; a position always lies inside the file.
    package let line: Int
    /// From 1, counted in Unicode scalars, as YAML parsers count.
    package let column: Int
    /// Where in the document: keys joined by dots, list items numbered from 0. Empty for the document itself.
    package let path: String
    package let problem: Problem

    package init(file: String, line: Int, column: Int, path: String, problem: Problem) {
        self.file = file
        self.line = line
        self.column = column
        self.path = path
        self.problem = problem
    }

    /// The stable word under which scripts and tests know the mistake.
    package var code: String { problem.code }
    package var found: String { problem.found }
    package var expected: String { problem.expected }
    package var hint: String? { problem.hint }

    /// The message without the position.
    package var message: String {
        let subject = path.isEmpty ? "" : "\(path): "
        let advice = hint.map { " (\($0))" } ?? ""
        return "\(subject)found \(found), expected \(expected)\(advice)"
    }
}

extension Diagnostic: CustomStringConvertible {
    package var description: String { "\(file):\(line):\(column): \(message)" }
}

/// Everything that is wrong with one file, in the order of its lines. Never empty.
package struct Diagnostics: Error, Hashable, Sendable {
    package let all: [Diagnostic]

    init(_ collected: [Diagnostic]) {
        // Two mistakes of one position keep the order in which they were found, so a rerun says the same.
        all = collected.enumerated().sorted {
            ($0.element.line, $0.element.column, $0.offset) < ($1.element.line, $1.element.column, $1.offset)
        }.map(\.element)
    }
}

extension Diagnostics: CustomStringConvertible {
    /// One line a mistake.
    package var description: String { all.map(\.description).joined(separator: "\n") }
}
