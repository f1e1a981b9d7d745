import Billing
import Deployment
import Foundation
import Jobs

/// What the pure core does a second on one core: subscriptions rated by the close's own `Closer`, without a database, and
/// cases answered by a batch of quotes.
struct CoreBench {
    /// By run, each a number a second.
    struct Result {
        var simple: [Double] = []
        var rich: [Double] = []
        var quotes: [Double] = []
    }

    private static let closes = 300_000
    private static let cases = 100_000

    let progress: Progress

    func run(runs: Int) throws -> Result {
        progress.show("core: making plans and cases")
        let simple = try RatedBook(CoreCatalog.simple, linesEach: 2)
        // Three meters in each of two parts, the plan in advance, the minimum, the discount.
        let rich = try RatedBook(CoreCatalog.rich, linesEach: 9)
        let file = FileManager.default.temporaryDirectory.appending(path: "bench-\(UUID().uuidString).ndjson")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(CoreCatalog.cases(Self.cases).utf8).write(to: file)

        var result = Result()
        for run in 1...runs {
            progress.show("core: run \(run) of \(runs)")
            result.simple.append(Double(Self.closes) / (try seconds { try simple.close(Self.closes) }))
            result.rich.append(Double(Self.closes) / (try seconds { try rich.close(Self.closes) }))
            result.quotes.append(Double(Self.cases) / (try seconds { try quote(file) }))
        }
        return result
    }

    private func quote(_ file: URL) throws {
        let batch = QuoteBatch(given: nil)
        var bytes = 0
        try batch.run(file: file.path(percentEncoded: false)) { bytes += $0.count }
        guard batch.answered == Self.cases, bytes > 0 else {
            throw BenchError("\(batch.failed) of \(Self.cases) cases were not quoted")
        }
    }
}

/// A thousand subscriptions of one plan, each with a period that has ended and what was counted in it.
private struct RatedBook {
    private struct Due {
        var subscription: Subscription
        var open: OpenPeriod
        var totals: [SliceTotal]
    }

    private static let size = 1_000

    private let closer: Closer
    private let asOf: CivilDate
    private let due: [Due]
    private let linesEach: Int

    init(_ text: String, linesEach: Int) throws {
        let catalog = try CatalogReader.read(text: text, file: "bench").get()
        func numbered(_ keys: [String]) -> [String: Int32] {
            Dictionary(zip(keys, 1...)) { first, _ in first }
        }
        let identifiers = RatingCatalog.Identifiers(
            plans: numbered(catalog.plans.map(\.key)), meters: numbered(catalog.meters.map(\.key)),
            prices: catalog.pricesInOrder.indices.map { Int32($0 + 1) })
        guard let rating = RatingCatalog(id: 1, catalog: catalog, identifiers: identifiers),
            let change = CivilDate(CoreCatalog.change), let asOf = CivilDate("2022-02-20")
        else { throw BenchError("the catalog of the core's bench is not sound") }
        self.asOf = asOf
        self.linesEach = linesEach
        closer = Closer(catalog: rating)
        due = try (0..<Self.size).map { number in
            // On days 1 to 14, so that every period is cut in two where the second version takes effect.
            guard let anchor = CivilDate("2021-03-01")?.adding(days: number % 14) else {
                throw BenchError("a day does not exist")
            }
            let subscription = Subscription(
                plan: 1, anchor: anchor, starts: anchor, signedUp: anchor, paysEvery: .month, ends: nil)
            guard let open = try rating.openPeriod(of: subscription, containing: change) else {
                throw BenchError("a subscription has no period")
            }
            let totals = rating.meters.flatMap { meter in
                [open.period.start, change].map { start in
                    SliceTotal(meter: meter.id, start: start, quantity: Int64(number * 7 % 3_000))
                }
            }
            return Due(subscription: subscription, open: open, totals: totals)
        }
    }

    func close(_ count: Int) throws {
        var outcome = CloseOutcome()
        var lines = 0
        for number in 0..<count {
            let next = due[number % Self.size]
            try closer.close(next.subscription, open: next.open, asOf: asOf, totals: next.totals, into: &outcome)
            lines += outcome.lines.count
        }
        guard lines == count * linesEach else {
            throw BenchError("\(count) closes made \(lines) lines in the place of \(count * linesEach)")
        }
    }
}
