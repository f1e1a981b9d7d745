package import Billing
import Deployment
import Store

extension JobRunner {
    /// Reads a source again for past days and says what is otherwise than in the books. Nothing is stored: it is the pull
    /// itself, in a transaction that is taken back.
    ///
    /// - Throws: `JobError.unknownSource`, `.notReadings`, `.emptyWindow`.
    package func compare(_ folder: DeploymentFolder, source name: String, in window: DateRange) throws
        -> SourceComparison
    {
        let sources = try sources(folder, named: name)
        guard let source = sources.first, source.feeds == .readings else { throw JobError.notReadings(name) }
        var result: SourceComparison?
        var context = context
        context.isDryRun = true
        _ = try JobRunner(context).run("reconcile", as: [.ingest, .billing]) { run in
            try run.pull(
                sources, folder, window: PullStep.Window(from: window.start, to: window.end), isWhole: true)
            guard let pulled = run.summary.pulls.last?.counts else { return }
            let comparer = SourceComparer(run.connection)
            let differences = try comparer.differences(ofPull: pulled.id, source: name, in: window)
            result = SourceComparison(
                source: name, window: window, same: pulled.unchanged, rejected: pulled.rejected,
                differences: differences, invoices: try comparer.invoices(touchedBy: differences))
        }
        guard let result else { throw StoreError.inconsistent("a comparison without a result") }
        return result
    }
}
