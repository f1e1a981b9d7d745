import Billing
package import Deployment
import Store

extension JobDefinition {
    /// The night's work: pulls everything, totals what no pull does, alerts, closes what is due, then decides on plans.
    package static let nightly = JobDefinition(
        name: "nightly",
        steps: [
            Step(.pull(source: nil)), Step(.meter), Step(.alert), Step(.review), Step(.close), Step(.finalize),
            Step(.decide),
        ])

    package static let close = JobDefinition(
        name: "close", steps: [Step(.meter), Step(.alert), Step(.review), Step(.close), Step(.finalize)])

    /// Pulls past days again and closes the periods that ended until then.
    package static let backfill = JobDefinition(
        name: "backfill", takesWindow: true,
        steps: [Step(.pull(source: nil)), Step(.meter), Step(.alert), Step(.close), Step(.finalize)])

    /// What a login has to be a member of for all of its steps.
    var roles: [BookRole] {
        let kinds = Set(steps.map(\.work.kind))
        let pulls = kinds.contains(.pull)
        // Who pulls may meter and alert, and so may who bills.
        let bills = !kinds.isSubset(of: [.pull, .meter, .alert]) || !pulls
        return (pulls ? [.ingest] : []) + (bills ? [.billing] : [])
    }
}

extension RunSummary {
    /// What the program returns to the shell: for a step that failed what that would have ended it with.
    package var status: ExitStatus {
        if let failure = failures.first { return ExitStatus(rawValue: failure.exitCode) ?? .software }
        return isIncomplete ? .badData : .ok
    }
}
