import Billing
import Deployment
import Foundation
import Jobs
import Oracle
import Postgres
import Store
import Synchronization
import TestSupport

/// Plays a world: the program on a database of its own, and the oracle beside it.
struct Play {
    private let world: World
    private let database: Jobs.Database
    private let conninfo: String
    private let folder: TemporaryDirectory
    private var oracle = OracleBooks()
    private var lastNight: Day?
    private var applied: String?
    private let death: Death

    init(_ world: World, conninfo: String, folder: TemporaryDirectory, death: Death) {
        (self.world, self.death, self.conninfo) = (world, death, conninfo)
        database = Jobs.Database(conninfo: conninfo)
        self.folder = folder
    }

    /// - Throws: `Flaw`, the first thing in which the program and the oracle do not agree; `Puzzle` where the world is none.
    mutating func run() throws {
        for night in world.nights {
            guard let vendor = world.vendor(on: night.day) else { continue }
            for event in world.events where event.day <= night.day && lastNight.map({ event.day > $0 }) ?? true {
                try ask(event)
            }
            try apply(vendor, on: night.day)
            for (name, text) in world.files(on: night, since: lastNight) { try folder.write(text, to: name) }
            try oracle.pull(world.delivery(on: night, since: lastNight))
            try oracle.alert(asOf: night.day)
            try oracle.close(asOf: night.day)
            if night.kind == .nightly { try oracle.decide(asOf: night.day) }
            try program("in the night of \(night.day)") { try run(night) }
            lastNight = night.day
        }
        try program("at the end") { try check() }
    }

    /// What the program throws is a flaw: none of this has anything wrong with it.
    private func program<R>(_ when: String, _ body: () throws -> R) throws -> R {
        do {
            return try body()
        } catch let flaw as Flaw {
            throw Flaw(flaw.kind, "\(when): \(flaw)")
        } catch {
            throw Flaw(.run, "\(when) the program says: \(error)")
        }
    }

    private mutating func apply(_ vendor: Vendor, on day: Day) throws {
        let text = vendor.yaml
        guard text != applied else { return }
        switch CatalogReader.read(text: text, file: "catalog.yaml") {
        case .success(let catalog):
            _ = try program("on \(day)") { try JobRunner(context(day)).apply(catalog, document: text) }
            oracle.apply(catalog)
        case .failure(let problems): throw Puzzle("\(problems)\n\(text)")
        }
        applied = text
    }

    /// Asks both, who have to do the same, or refuse it for the same reason.
    private mutating func ask(_ event: World.Event) throws {
        let key = event.subscription
        guard oracle.accounts[key] != nil else { return }
        let runner = JobRunner(context(event.day))
        let refusal = try program("on \(event.day)") { () -> String? in
            do {
                switch event.request {
                case .change(let plan, let every, let when):
                    _ = try runner.change(key, plan: plan, paysEvery: every, day: when.map(\.day))
                case .cancel(let day):
                    _ = try runner.cancel(key, on: day.flatMap { CivilDate(daysSince1970: Int32($0.number)) })
                case .reactivate: _ = try runner.reactivate(key)
                }
                return nil
            } catch let refusal as ChangeRefusal {
                return refusal.code
            }
        }
        let expected = try oracle.ask(event.request, of: key, on: event.day)
        guard refusal != expected else { return }
        func words(_ code: String?) -> String { code.map { "refuses it as \($0)" } ?? "does it" }
        throw Flaw(
            .requests, "\(event.command): the oracle \(words(expected)), the program \(words(refusal))")
    }

    private func context(_ day: Day, workers: Int = 1, batch: Int = 5_000) -> JobContext {
        let date = CivilDate(daysSince1970: Int32(day.number))
        return JobContext(
            database: database, programVersion: "simulated", asOf: date,
            now: (Int64(day.number) * 24 + 12) * 3_600_000_000, workers: workers, batchSize: batch,
            reporter: StoppingReporter(nil))
    }

    private func run(_ night: World.Night) throws {
        if let reports = night.isStoppedAfter {
            var context = context(night.day, workers: night.workers, batch: night.batch)
            context.reporter = StoppingReporter((context.stop, reports))
            do { try run(night, context) } catch JobError.interrupted {}
        }
        let context = context(night.day, workers: night.workers, batch: night.batch)
        try run(night, context, dyingAt: night.diesAt)
        guard night.isRepeated else { return }
        let before = try fingerprint()
        try run(night, context)
        if try fingerprint() != before { throw Flaw(.repetition, "a second run wrote something") }
    }

    private func run(_ night: World.Night, _ context: JobContext, dyingAt places: [Int] = []) throws {
        let runner = JobRunner(context)
        let folder = DeploymentFolder(path: folder.path)
        func run(_ words: [String], _ body: () throws -> RunSummary) throws {
            for place in places { try death.die(of: place, words + night.terms, self.folder, conninfo) }
            if let flaw = try death.outlast(body).flaw { throw Flaw(.run, flaw) }
        }
        switch night.kind {
        case .nightly: try run(["nightly"]) { try runner.run(.nightly, folder) }
        case .pullAndClose:
            try run(["pull"]) { try runner.pull(folder) }
            try run(["close"]) { try runner.close() }
        case .backfill:
            let (first, last) = (world.firstDelivered ?? night.day, night.day + 1)
            var context = context
            context.chunk = Cadence(night.chunk)
            let runner = JobRunner(context)
            try run(world.backfill(night)) {
                try runner.run(
                    .backfill, folder, from: CivilDate(daysSince1970: Int32(first.number)),
                    to: CivilDate(daysSince1970: Int32(last.number)))
            }
        }
    }

    /// What a second run of a night must not change.
    private func fingerprint() throws -> [String] {
        let connection = try database.connect()
        defer { connection.close() }
        return try connection.query(
            """
            SELECT t::text FROM meterbook.invoice AS t UNION ALL SELECT t::text FROM meterbook.invoice_line AS t
            UNION ALL SELECT t::text FROM meterbook.billing_period AS t
            UNION ALL SELECT t::text FROM meterbook.decision AS t
            UNION ALL SELECT t::text FROM meterbook.plan_change AS t
            UNION ALL SELECT t::text FROM meterbook.notice AS t ORDER BY 1
            """, as: String.self)
    }

    private func export() throws -> String {
        var bytes: [UInt8] = []
        try Look(database).export(from: nil, to: nil) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: - The end

    private func check() throws {
        try Comparison.invoices(of: oracle, in: export())
        let connection = try database.connect()
        try Comparison.decisions(of: oracle, on: connection)
        try Comparison.notices(of: oracle, on: connection)
        connection.close()
        guard let last = lastNight else { return }
        let balance = try Look(database).reconcile(limit: 5)
        guard balance.differences.isEmpty else { throw Flaw(.books, "the books do not agree: \(balance.differences)") }
        let replay = try Replay(context(last), limit: 5).replayAll(ReplayBooks.Scope())
        try checkWhatIf(on: last)
        guard replay.isEqual else { throw Flaw(.books, "a replay comes to something else: \(replay.findings)") }
    }
}

extension Play {
    /// The catalog that has billed everything would bill the same again.
    private func checkWhatIf(on day: Day) throws {
        guard oracle.catalogs.count == 1, let catalog = oracle.catalogs.first else { return }
        let report = try WhatIf(context(day), limit: 5).compare(
            catalog, scope: ReplayBooks.Scope(), plan: nil, file: nil)
        guard report.isComplete, report.unchanged == report.subscriptions else {
            throw Flaw(
                .books,
                "the catalog would bill \(report.subscriptions - report.unchanged) subscriptions otherwise than it has")
        }
    }
}

extension RunSummary {
    /// What a run of a simulated night never has.
    fileprivate var flaw: String? {
        if let failure = failures.first { return failure.message }
        if let pull = pulls.first(where: { $0.counts.rejected > 0 }) {
            return "\(pull.counts.rejected) rows of \(pull.counts.source) were rejected"
        }
        if let held = close?.held, held > 0 { return "\(held) subscriptions were held" }
        let failed = (metering?.failed ?? 0) + (alerting?.failed ?? 0) + (deciding?.failed ?? 0)
        return failed > 0 ? "\(failed) subscriptions failed" : nil
    }
}

/// Asks a run to stop after so many reports of its progress: wherever it stands then.
private final class StoppingReporter: Reporter {
    private let stop: StopFlag?
    private let left: Atomic<Int>

    init(_ stop: (flag: StopFlag, after: Int)?) {
        self.stop = stop?.flag
        left = Atomic(stop?.after ?? 0)
    }

    func begin(_ task: String, total: Int64?) { count() }
    func advance(to done: Int64) { count() }
    func end() { count() }

    private func count() {
        guard let stop else { return }
        if left.subtract(1, ordering: .relaxed).newValue == 0 { stop.raise() }
    }
}

extension Request.When {
    fileprivate var day: ChangeRequest.Day {
        switch self {
        case .now: .now
        case .renewal: .renewal
        case .on(let day): CivilDate(daysSince1970: Int32(day.number)).map { .on($0) } ?? .now
        }
    }
}
