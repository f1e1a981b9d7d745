package import Billing
package import Deployment
import Documents
import Logging
import Postgres
package import Store

/// Runs the jobs: claims the books, does the steps in order, and journals what came of them.
///
/// A dry run does the very same in one transaction on one connection, and then takes it back.
package struct JobRunner {
    let context: JobContext

    package init(_ context: JobContext) {
        self.context = context
    }

    /// Pulls the sources of a deployment.
    ///
    /// - Parameters:
    ///   - source: the only one to pull; nil for all, in their order.
    ///   - from: the first day to take; nil for no bound.
    ///   - to: the first day after it; nil for no bound.
    package func pull(
        _ folder: DeploymentFolder, source: String? = nil, from: CivilDate? = nil, to: CivilDate? = nil
    ) throws -> RunSummary {
        let sources = try sources(folder, named: source)
        return try run("pull", as: [.ingest]) { run in
            try run.pull(sources, folder, window: window(from, to))
            try run.meter(asOf: run.asOf)
            try run.alert(asOf: run.asOf)
        }
    }

    /// Closes everything that is due.
    package func close() throws -> RunSummary {
        try run(.close, DeploymentFolder(path: "."))
    }

    /// Does the steps of a job in their order.
    ///
    /// - Parameters:
    ///   - folder: where the sources are, for a job that pulls.
    ///   - from: the first day to pull, for a job that takes a window.
    ///   - to: the first day after them, which the run takes for today unless that has not come yet.
    /// - Throws: `JobError.windowOfJob`, `.unknownSource`, and what a step throws whose failure ends the run.
    package func run(
        _ job: JobDefinition, _ folder: DeploymentFolder, from: CivilDate? = nil, to: CivilDate? = nil
    ) throws -> RunSummary {
        guard (from != nil) == job.takesWindow, (to != nil) == job.takesWindow else {
            throw JobError.windowOfJob(job.name, isNeeded: job.takesWindow)
        }
        guard job.takesWindow || !context.isBackfill else { throw JobError.notABackfill(job.name) }
        let window = try window(from, to)
        let sources = try job.steps.map { step in
            guard case .pull(let name, _) = step.work else { return [SourceDefinition]() }
            return try self.sources(folder, named: name)
        }
        return try run(job.name, as: job.roles, until: to) { run in
            for (step, sources) in zip(job.steps, sources) {
                // Before anything is closed: what the next close will bill is told beside what this one does.
                if step.work.kind.comesAfterMetering { try run.tellChanges() }
                try run.perform(step, sources, folder, window: window, chunk: job.takesWindow ? .month : nil)
            }
            try run.tellChanges()
            try run.endBackfills()
        }
    }

    /// Gives numbers to drafts.
    ///
    /// - Parameters:
    ///   - references: these; nil for all that are dated on or before a day.
    ///   - until: that day; nil for the as-of date.
    package func finalize(_ references: [InvoiceReference]?, until: CivilDate?) throws -> RunSummary {
        try run("finalize", as: [.billing]) { run in try run.finalize(references, until: until ?? run.asOf) }
    }

    /// Lets held invoices go, or voids them.
    ///
    /// - Parameters:
    ///   - note: why; nil for no words, which only a release may have.
    ///   - author: who does it.
    package func settle(
        _ references: [InvoiceReference], as settlement: FinalizeStore.Settlement, note: String?, author: String
    ) throws {
        _ = try judging("hold", step: settlement.rawValue, references, by: author) { step, reference in
            try step.settle(reference, as: settlement, note: note)
            return true
        }
    }

    /// Says what became of finalized invoices.
    ///
    /// - Parameter since: the day of it; nil for the as-of date.
    /// - Returns: of how many that was news.
    package func record(
        _ payment: InvoiceDocument.Payment.Status, of references: [InvoiceReference], since: CivilDate?, note: String?,
        author: String
    ) throws -> Int {
        try judging("payment", references, by: author) { step, reference in
            try step.record(payment, of: reference, since: since, note: note)
        }
    }

    /// Takes invoices back as a whole.
    ///
    /// - Parameters:
    ///   - reason: for whoever reads the books later.
    ///   - author: who does it.
    package func void(_ references: [InvoiceReference], reason: String, author: String) throws {
        _ = try judging("void", references, by: author) { step, reference in
            try step.void(reference, reason: reason)
            return true
        }
    }

    /// Takes finalized invoices back and issues them again, each under another number: all of them or none.
    ///
    /// - Throws: `ReissueRefusal`, `JobError.creditedInvoice`, `StoreError.unknownInvoice`.
    package func reissue(
        _ references: [InvoiceReference], reason: String, author: String
    ) throws -> [ReissuedInvoice] {
        try writing("reissue", as: .billing) { run in
            let step = ReissueStep(
                judgement: judgement(run, by: author),
                finalize: FinalizeStep(
                    context: context, connection: run.connection, runID: run.journal.runID,
                    catalog: try run.catalogs.currentForRating()))
            return try run.connection.transaction {
                try references.map { try step.reissue($0, reason: reason) }
            }
        }
    }

    private func judgement(_ run: Run, by author: String) -> JudgementStep {
        JudgementStep(
            store: FinalizeStore(run.connection), credits: CreditStore(run.connection), asOf: run.asOf,
            runID: run.journal.runID, author: author)
    }

    /// A run that carries a person's word on invoices out: on all of them or on none.
    ///
    /// - Parameter body: whether it was news.
    /// - Returns: of how many it was.
    private func judging(
        _ job: String, step: String? = nil, _ references: [InvoiceReference], by author: String,
        _ body: (JudgementStep, InvoiceReference) throws -> Bool
    ) throws -> Int {
        var news = 0
        _ = try run(job, as: [.billing]) { run in
            try run.step(step ?? job) {
                let judgement = judgement(run, by: author)
                news = try run.connection.transaction { try references.count { try body(judgement, $0) } }
                return (.succeeded, "{\"invoices\": \(news)}", ())
            }
        }
        return news
    }

    /// Issues a credit note, which lowers a finalized invoice.
    ///
    /// - Throws: `JobError.creditRefused`, `StoreError.unknownInvoice`.
    package func credit(_ reference: InvoiceReference, _ words: CreditWords) throws -> CreditNoteDocument {
        try writing("credit", as: .billing) { run in
            let catalogs = try run.catalogs.all()
            return try run.connection.transaction {
                try CreditStep(
                    invoices: InvoiceStore(
                        run.connection, catalogs: catalogs, meterIDs: run.catalogs.meterIDs()),
                    finalized: FinalizeStore(run.connection), credits: CreditStore(run.connection),
                    catalog: run.catalogs.currentForRating(), catalogs: catalogs, asOf: run.asOf,
                    runID: run.journal.runID
                ).issue(off: reference, words)
            }
        }
    }

    /// Decides on the plans for which the catalog has rules, as the night does.
    package func decide() throws -> RunSummary {
        try run("decide", as: [.billing]) { run in try run.decide(asOf: run.asOf) }
    }

    /// Changes the plan of a subscription, or how often it is paid; what is at once is invoiced at once.
    ///
    /// - Parameters:
    ///   - plan: nil for the present one.
    ///   - paysEvery: nil for as now.
    ///   - day: nil for what the catalog says.
    package func change(
        _ key: String, plan: String?, paysEvery: Cadence?, day: ChangeRequest.Day?
    ) throws -> RequestedChange {
        try changing("change") { try $0.change(key, plan: plan, paysEvery: paysEvery, day: day) }
    }

    /// Ends a subscription, by default with what is paid for.
    package func cancel(_ key: String, on day: CivilDate?) throws -> SubscriptionStatement {
        try changing("cancel") { try $0.cancel(key, on: day) }
    }

    /// Takes the end of a subscription back that has not come.
    package func reactivate(_ key: String) throws -> SubscriptionStatement {
        try changing("reactivate") { try $0.reactivate(key) }
    }

    /// Sets billing details of a customer: what is named, and the rest stays.
    ///
    /// - Throws: `DetailRefusal`, `StoreError.unknownCustomer`.
    package func setDetails(_ key: String, _ words: DetailWords) throws -> CustomerStatement {
        try writing("details", as: .ingest) { try DetailStep($0).set(key, words) }
    }

    /// Erases a customer's personal data.
    ///
    /// - Throws: `StoreError.unknownCustomer`.
    package func erase(_ key: String) throws -> CustomerStatement {
        try writing("erase", as: .ingest) { try DetailStep($0).erase(key) }
    }

    /// Adds a line to the next invoice of a subscription.
    ///
    /// - Throws: `ManualLineRefusal`, `StoreError.unknownSubscription`.
    package func addLine(_ request: ManualLineRequest, to key: String) throws -> ManualLineRecord {
        try writing("line", as: .billing) { try ManualLineStep($0).add(request, to: key) }
    }

    /// Takes a manual line back that no invoice has.
    ///
    /// - Throws: `ManualLineRefusal`, `StoreError.unknownSubscription`.
    package func withdrawLine(
        _ number: Int32, of key: String, reason: String, author: String
    ) throws -> ManualLineRecord {
        try writing("line", as: .billing) {
            try ManualLineStep($0).withdraw(number, of: key, reason: reason, author: author)
        }
    }

    /// Gives a finalized invoice a revised copy with the customer's billing details of now.
    ///
    /// - Returns: the invoice as it stands then.
    /// - Throws: `RevisionRefusal`, `StoreError.unknownInvoice`.
    package func revise(
        _ reference: InvoiceReference, reason: String, author: String
    ) throws -> InvoiceDocument {
        try writing("revise", as: .billing) { run in
            try RevisionStep(
                connection: run.connection, runID: run.journal.runID, catalogs: run.catalogs, asOf: run.asOf
            ).revise(reference, reason: reason, author: author)
        }
    }

    private func changing<R>(_ job: String, _ body: (ChangeStep) throws -> R) throws -> R {
        try writing(job, as: .billing) { run in
            try body(
                ChangeStep(
                    connection: run.connection, runID: run.journal.runID,
                    catalog: try run.catalogs.currentForRating(), catalogs: try run.catalogs.all(), asOf: run.asOf))
        }
    }

    /// A run of one step that has a result.
    private func writing<R>(_ job: String, as role: BookRole, _ body: (Run) throws -> R) throws -> R {
        var result: R?
        _ = try run(job, as: [role]) { run in
            result = try run.step(job) { (.succeeded, "{}", try body(run)) }
        }
        guard let result else { throw StoreError.inconsistent("a run without a result") }
        return result
    }

    /// Stores a catalog and puts it in use.
    package func apply(_ catalog: Catalog, document: String) throws -> (summary: RunSummary, applied: AppliedCatalog) {
        var result: AppliedCatalog?
        let summary = try run("catalog", as: [.owner]) { run in
            result = try run.step("apply catalog") {
                let applied = try run.catalogs.apply(catalog, document: document)
                return (
                    .succeeded, "{}",
                    AppliedCatalog(
                        id: applied.id, isNew: applied.isNew, changed: applied.changed,
                        dividedTotals: applied.dividedTotals)
                )
            }
        }
        guard let result else { throw StoreError.noCatalog }
        return (summary, result)
    }

    private func window(_ from: CivilDate?, _ to: CivilDate?) throws(JobError) -> PullStep.Window {
        if let from, let to, to <= from { throw .emptyWindow(from: from, to: to) }
        return PullStep.Window(from: from, to: to)
    }

    func sources(_ folder: DeploymentFolder, named name: String?) throws -> [SourceDefinition] {
        let all = try folder.sources()
        guard let name else { return all }
        guard let source = all.first(where: { $0.name == name }) else {
            throw JobError.unknownSource(name: name, known: all.map(\.name))
        }
        return [source]
    }

    /// - Parameters:
    ///   - roles: what the login has to be a member of, all of them: who may do half of a job does not begin it.
    ///   - until: the day that the run takes for today, unless that has not come yet.
    func run(
        _ job: String, as roles: [BookRole], until: CivilDate? = nil, _ body: (Run) throws -> Void
    ) throws -> RunSummary {
        let ping = context.isDryRun ? nil : context.healthURL.map(HealthPing.init)
        do {
            let summary = try claimed(job, as: roles, until: until, begun: { tell(ping?.begin()) }, body)
            writeMetrics()
            tell(ping?.end(summary.status))
            return summary
        } catch {
            // A failed run is when somebody looks. One that found the books taken says nothing: the other is at work.
            writeMetrics()
            if case StoreError.busy = error { throw error }
            tell(ping?.end(ExitStatus.of(error)))
            throw error
        }
    }

    private func tell(_ failure: String?) {
        guard let failure else { return }
        context.log.warning("the health check was not reached", metadata: ["reason": "\(failure)"])
    }

    private func writeMetrics() {
        guard let path = context.metricsFile, !context.isDryRun else { return }
        do {
            try MetricsFile(path: path).write(context.database, asOf: context.asOf, now: context.now)
        } catch {
            context.log.warning("the metrics were not written", metadata: ["error": "\(ExitStatus.words(error))"])
        }
    }

    private func claimed(
        _ job: String, as roles: [BookRole], until: CivilDate?, begun: () -> Void, _ body: (Run) throws -> Void
    ) throws -> RunSummary {
        try context.checkFiles()
        let connection = try context.database.connect(for: "the job '\(job)'", as: roles)
        let journal = RunJournal(connection)
        try journal.claim()
        begun()
        guard context.isDryRun else { return try journaled(job, journal, until, body) }
        do {
            return try connection.transaction {
                throw DryRunResult(summary: try journaled(job, journal, until, body))
            }
        } catch let result as DryRunResult {
            var summary = result.summary
            summary.runID = nil
            return summary
        }
    }

    private func journaled(
        _ job: String, _ journal: RunJournal, _ until: CivilDate?, _ body: (Run) throws -> Void
    ) throws -> RunSummary {
        try journal.takeOver()
        let today = try context.asOf ?? journal.localDates(now: context.now).earliest
        let asOf = until.map { min($0, today) } ?? today
        try journal.begin(
            job: job, asOf: asOf, programVersion: context.programVersion, origin: context.origin)
        let run = Run(context: context, journal: journal, asOf: asOf, today: today, job: job)
        // Not the other way round as well: the connection would never be let go.
        run.context.revive(journal.connection) { [weak journal] _ in try journal?.resume() }
        let start = context.clock()
        run.context.log.info(
            "run begins",
            metadata: [
                "as_of": "\(asOf)", "workers": .stringConvertible(context.workers),
                "batch": .stringConvertible(context.batchSize), "version": "\(context.programVersion)",
            ])
        do {
            try body(run)
            try run.connection.surviving { try look(at: run) }
            try journal.end(
                run.summary.isIncomplete ? .incomplete : .succeeded, exitCode: run.summary.status.rawValue,
                summary: RunSummaryJSON.text(run.summary))
        } catch {
            run.context.log.error("run failed", metadata: .failure(error))
            let status = ExitStatus.of(error).rawValue
            run.summary.failures.append(
                RunSummary.Failure(
                    step: journal.stepName ?? job, message: ExitStatus.words(error), exitCode: status))
            // The first error is the one to report; the journal entry is made if the connection still allows it.
            try? journal.end(.failed, exitCode: status, summary: RunSummaryJSON.text(run.summary))
            throw error
        }
        run.context.log.log(
            level: run.summary.isIncomplete ? .notice : .info, "run ends",
            metadata: [
                "exit": .stringConvertible(run.summary.status.rawValue),
                "milliseconds": .milliseconds(from: start, to: context.clock()),
            ])
        return run.summary
    }
}

extension JobRunner {
    /// What the run leaves beside the books.
    private func look(at run: Run) throws {
        if let path = context.invoiceFile {
            let invoices = try InvoiceStore(
                run.connection, catalogs: run.catalogs.all(), meterIDs: run.catalogs.meterIDs())
            try InvoiceFile(path: path).write(invoices, ofRun: run.journal.runID)
        }
        if let terms = context.comparison {
            run.summary.comparison = try ComparisonStep(connection: run.connection, terms: terms)
                .run(of: run.journal.runID)
        }
    }
}

/// What applying a catalog came to.
package struct AppliedCatalog: Sendable {
    package let id: Int32
    /// False when the same document had been applied before.
    package let isNew: Bool
    /// False when it was in use already: nothing has been written.
    package let changed: Bool
    package let dividedTotals: Int
}

extension DetailStep {
    fileprivate init(_ run: Run) {
        self.init(connection: run.connection, runID: run.journal.runID, asOf: run.asOf)
    }
}

extension ManualLineStep {
    fileprivate init(_ run: Run) throws {
        self.init(
            connection: run.connection, runID: run.journal.runID, catalog: try run.catalogs.currentForRating().catalog,
            asOf: run.asOf)
    }
}

/// Carries a dry run's result out of the transaction that is taken back.
private struct DryRunResult: Error {
    let summary: RunSummary
}
