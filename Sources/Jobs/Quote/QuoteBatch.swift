package import Billing
import Documents

/// Answers a stream of cases, one a line, in their order. A case that cannot be quoted is answered with what is wrong with
/// it, and the next one is taken.
package final class QuoteBatch {
    /// A little more than the longest catalog.
    static let longestLine = 5 << 20
    private static let flushBytes = 1 << 20

    private let catalogs: QuoteCatalogs
    package private(set) var answered = 0
    package private(set) var failed = 0

    /// - Parameter given: for the cases that bring no catalog of their own.
    package init(given: Quoter?) {
        catalogs = QuoteCatalogs(given: given)
    }

    /// Answers all lines of a file, or of standard input for `-`.
    package func run(file: String, write: ([UInt8]) throws -> Void) throws {
        let input = try LineInput(path: file, longest: Self.longestLine)
        var bytes: [UInt8] = []
        while true {
            switch try input.next() {
            case .line(let line): answer(line, number: input.number, into: &bytes)
            case .tooLong:
                let problem = QuoteProblem(
                    code: "line_too_long", place: "", found: "a line of more than \(Self.longestLine) bytes",
                    expected: "at most so many")
                fail(problem, number: input.number, into: &bytes)
            case .nothingYet:
                // Whoever waits for an answer before asking on gets it.
                try write(bytes)
                bytes.removeAll(keepingCapacity: true)
                try input.fill()
            case .end:
                try write(bytes)
                return
            }
            if bytes.count >= Self.flushBytes {
                try write(bytes)
                bytes.removeAll(keepingCapacity: true)
            }
        }
    }

    private func answer(_ line: UnsafeBufferPointer<UInt8>, number: Int, into bytes: inout [UInt8]) {
        do throws(QuoteProblem) {
            guard let asked = try QuoteCase(line, known: catalogs.lengthOfLatest) else { return }
            let quoter = try quoter(asked, line)
            QuoteJSON.line(
                try quoter.quote(asked.request, use: asked.use, for: .batch), answering: number, into: &bytes)
            answered += 1
        } catch {
            fail(error, number: number, into: &bytes)
        }
    }

    private func quoter(_ asked: QuoteCase, _ line: UnsafeBufferPointer<UInt8>) throws(QuoteProblem) -> Quoter {
        switch asked.catalog {
        case .text(let range): return try catalogs.quoter(for: UnsafeBufferPointer(rebasing: line[range]))
        case .name(let name): return try catalogs.quoter(named: name)
        case .none:
            guard let given = catalogs.given else {
                throw QuoteProblem(
                    code: "missing_key", place: "", found: "no catalog",
                    expected: "'catalog', 'catalog_ref', or --catalog on the command line")
            }
            return given
        }
    }

    private func fail(_ problem: QuoteProblem, number: Int, into bytes: inout [UInt8]) {
        failed += 1
        let failure = QuoteJSON.Failure(
            code: problem.code, place: problem.place, found: problem.found, expected: problem.expected,
            hint: problem.hint)
        QuoteJSON.line(failure, answering: number, into: &bytes)
    }
}
