import Billing
import Deployment
import Documents
import Logging
import Postgres
import Store

/// A run under way: its steps add to its summary.
final class Run {
    /// Its log says which run, job and step a line is of.
    var context: JobContext
    let journal: RunJournal
    let catalogs: CatalogStore
    let asOf: CivilDate
    /// As the as-of date, for a run that goes on until then.
    let today: CivilDate
    var summary: RunSummary
    /// The backfills of the run, by their source.
    var backfills: [String: Begun] = [:]

    /// A backfill that the run has begun, or goes on with.
    struct Begun {
        var id: Int64
        var range: DateRange
        var source: BackfillStatement.Source
    }

    var connection: Connection { journal.connection }

    init(context: JobContext, journal: RunJournal, asOf: CivilDate, today: CivilDate, job: String) {
        self.context = context
        self.context.log[metadataKey: "job"] = "\(job)"
        // The number of a dry run is taken back with it.
        self.context.log[metadataKey: "run"] = context.isDryRun ? nil : .stringConvertible(journal.runID)
        self.context.log[metadataKey: "dry_run"] = context.isDryRun ? "yes" : nil
        self.journal = journal
        catalogs = CatalogStore(journal.connection, parse: DeploymentFolder.parseCatalog)
        self.asOf = asOf
        self.today = today
        summary = RunSummary(job: job, runID: journal.runID, asOf: asOf, pulls: [], close: nil)
    }

    /// - Parameters:
    ///   - sources: those that the step pulls.
    ///   - window: the days that it pulls.
    ///   - chunk: how many of them at a time; nil for a job that is not told which.
    func perform(
        _ step: JobDefinition.Step, _ sources: [SourceDefinition], _ folder: DeploymentFolder, window: PullStep.Window,
        chunk: Cadence?
    ) throws {
        switch step.work {
        case .pull(_, let own):
            if let chunk {
                return try backfill(step, sources, folder, window: window, chunk: context.chunk ?? own ?? chunk)
            }
            for source in sources {
                try attempt(step, "pull \(source.name)") { try pull([source], folder, window: window) }
            }
        case .meter: try attempt(step) { try meter(asOf: asOf) }
        case .alert: try attempt(step) { try alert(asOf: asOf) }
        case .review: try attempt(step) { try review(asOf: asOf) }
        case .close: try attempt(step) { try close(asOf: asOf) }
        case .finalize: try attempt(step) { try finalize(asOf: asOf) }
        case .decide: try attempt(step) { try decide(asOf: asOf) }
        case .deliver(let delivery): try attempt(step) { try deliver(delivery) }
        }
    }

    /// What fails is noted where the job says that the rest goes on; but without a connection, or when the run was asked to
    /// stop or has lost the books to another, nothing can.
    func attempt(_ step: JobDefinition.Step, _ name: String? = nil, _ body: () throws -> Void) throws {
        guard step.onFailure == .goOn else { return try body() }
        do {
            // Within the transaction of a dry run only what failed is taken back.
            if context.isDryRun { try connection.transaction { try body() } } else { try body() }
        } catch  where !context.stop.isRaised && !connection.isBroken && !ExitStatus.endsRun(error) {
            context.log.error("step failed, and the others go on", metadata: .failure(error))
            leaveStep()
            summary.failures.append(
                RunSummary.Failure(
                    step: name ?? step.work.kind.rawValue, message: ExitStatus.words(error),
                    exitCode: ExitStatus.of(error).rawValue))
        }
    }

    /// Left out of a dry run: what is sent cannot be taken back.
    private func deliver(_ delivery: JobDefinition.Delivery) throws {
        guard !context.isDryRun else { return }
        summary.delivering = try step("deliver") {
            var context = context
            context.asOf = asOf
            let delivering = try NoticeDelivery(
                context, DeliveryRoute(delivery.carrier), attempts: delivery.attempts ?? RetrySchedule.standard,
                clock: { context.now }
            ).run()
            return (delivering.dead > 0 ? .incomplete : .succeeded, RunSummaryJSON.text(delivering), delivering)
        }
    }

    func step<R>(
        _ name: String, _ body: () throws -> (outcome: RunJournal.Outcome, detail: String, result: R)
    ) throws -> R {
        try context.stop.check()
        context.log[metadataKey: "step"] = "\(name)"
        context.log.info("step begins")
        let start = context.clock()
        do {
            let result = try journal.step(name) {
                let (outcome, detail, result) = try body()
                log(outcome, result, since: start)
                return (outcome, detail, result)
            }
            leaveStep()
            return result
        } catch {
            // Why is said by whoever goes on after it, or ends the run for it.
            log(.failed, (), since: start)
            throw error
        }
    }

    private func leaveStep() {
        context.log[metadataKey: "step"] = nil
        context.log[metadataKey: "source"] = nil
    }

    private func log(_ outcome: RunJournal.Outcome, _ result: Any, since start: Int64) {
        var metadata = (result as? any StepFigures)?.figures ?? [:]
        metadata["outcome"] = "\(outcome.rawValue)"
        metadata["milliseconds"] = .milliseconds(from: start, to: context.clock())
        context.log.log(level: outcome == .incomplete ? .notice : .info, "step ends", metadata: metadata)
    }

    /// What has to be known before a step begins.
    func ask<R>(_ question: () throws -> R) throws -> R { try connection.surviving(question) }

    /// A run of the past takes in what that day could know; what came later is left to later runs.
    func bounded(_ window: PullStep.Window) -> PullStep.Window {
        guard let tomorrow = context.asOf?.adding(days: 1) else { return window }
        return PullStep.Window(from: window.from, to: window.to.map { min($0, tomorrow) } ?? tomorrow)
    }

    /// The last day that has begun anywhere, or the as-of date where that is later.
    func latestDay() throws -> CivilDate {
        let latest = try ask { try journal.localDates(now: context.now) }.latest
        return context.asOf.map { max($0, latest) } ?? latest
    }

    /// - Parameter isWhole: as in `PullStep`.
    func pull(
        _ sources: [SourceDefinition], _ folder: DeploymentFolder, window: PullStep.Window, isWhole: Bool = false
    ) throws {
        let (window, today) = (bounded(window), try latestDay())
        try compareCatalog(of: folder)
        for source in sources {
            context.log[metadataKey: "source"] = "\(source.name)"
            let pulled = try step("pull \(source.name)") {
                let pull = try PullStep(
                    context: context, connection: connection, runID: journal.runID, catalogs: catalogs, folder: folder,
                    source: source, window: window, today: today, asOf: asOf, isWhole: isWhole
                ).run()
                return (pull.counts.rejected > 0 ? .incomplete : .succeeded, RunSummaryJSON.text(pull), pull)
            }
            summary.pulls.append(pulled)
        }
    }

    /// A run bills by the catalog in use. Who has edited the one in the folder and not applied it, or named the folder of other
    /// books, is told, once a run.
    private func compareCatalog(of folder: DeploymentFolder) throws {
        guard summary.pulls.isEmpty, let text = folder.catalogText, let current = try ask(catalogs.current),
            current.document != text
        else { return }
        context.log.warning(
            "the catalog in the folder is not the one in use",
            metadata: ["compare": "meterbook catalog diff \(folder.catalogPath)"])
    }

    /// Left out where no catalog has a meter that needs it.
    func meter(asOf: CivilDate) throws {
        let meters = try ask(catalogs.windowMeters)
        guard !meters.isEmpty else { return }
        summary.metering = try step("meter") {
            let metering = try MeterStep(
                context: context, connection: connection, runID: journal.runID,
                catalog: catalogs.currentForRating(), meters: meters
            ).run(asOf: asOf)
            return (metering.failed > 0 ? .incomplete : .succeeded, RunSummaryJSON.text(metering), metering)
        }
    }

    /// Left out where no price of the catalog has alerts, and of a run that goes on until a day of the past: of what is over
    /// nobody needs to be warned, and what it changes in a period that is under way, the next night finds.
    func alert(asOf: CivilDate) throws {
        guard asOf == today else { return }
        guard try ask({ try catalogs.current() }) != nil else { return }
        let catalog = try ask(catalogs.currentForRating)
        guard !catalog.alertedPlans.isEmpty else { return }
        summary.alerting = try step("alert") {
            let alerting = try AlertStep(
                context: context, connection: connection, runID: journal.runID, catalog: catalog
            ).run(asOf: asOf)
            return (alerting.failed > 0 ? .incomplete : .succeeded, RunSummaryJSON.text(alerting), alerting)
        }
    }

    /// Left out where no plan of the catalog has a limit that is counted.
    func review(asOf: CivilDate) throws {
        guard try ask({ try catalogs.current() }) != nil else { return }
        let catalog = try ask(catalogs.currentForRating)
        guard !catalog.limitedPlans.isEmpty else { return }
        try step("review") {
            let changes = try ReviewStep(connection: connection, catalog: catalog).run(asOf: asOf)
            return (.succeeded, "{\"changes\": \(changes)}", ())
        }
    }

    /// Left out where invoices are finalized by hand.
    func finalize(asOf: CivilDate) throws {
        let catalog = try ask(catalogs.currentForRating)
        guard catalog.catalog.invoices.finalize.days != nil else { return }
        try finalize(catalog) { try $0.run(asOf: asOf) }
    }

    func finalize(_ references: [InvoiceReference]?, until: CivilDate) throws {
        try finalize(ask(catalogs.currentForRating)) { step in
            if let references { return try step.run(references, asOf: asOf) }
            return try step.run(allBefore: until.adding(days: 1) ?? until, asOf: asOf)
        }
    }

    private func finalize(
        _ catalog: RatingCatalog, _ body: (FinalizeStep) throws -> RunSummary.Finalizing
    ) throws {
        summary.finalizing = try step("finalize") {
            let finalizing = try body(
                FinalizeStep(context: context, connection: connection, runID: journal.runID, catalog: catalog))
            return (finalizing.held > 0 ? .incomplete : .succeeded, RunSummaryJSON.text(finalizing), finalizing)
        }
    }

    /// Left out where the catalog has no rule to decide by.
    func decide(asOf: CivilDate) throws {
        let catalog = try ask(catalogs.currentForRating)
        guard !catalog.decisions.isEmpty else { return }
        summary.deciding = try step("decide") {
            let deciding = try DecideStep(
                context: context, connection: connection, runID: journal.runID, catalogs: catalogs, catalog: catalog
            ).run(asOf: asOf)
            return (deciding.failed > 0 ? .incomplete : .succeeded, RunSummaryJSON.text(deciding), deciding)
        }
    }

    func close(asOf: CivilDate) throws {
        summary.close = try step("close") {
            let close = try CloseStep(
                context: context, connection: connection, runID: journal.runID, catalogs: catalogs
            ).run(asOf: asOf)
            return (close.held + close.invoicesHeld > 0 ? .incomplete : .succeeded, RunSummaryJSON.text(close), close)
        }
    }
}
