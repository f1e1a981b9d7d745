import ArgumentParser
import Billing
import Documents
import Foundation
import Jobs
import Store

struct Usage: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage",
        abstract: "Show a subscription's plan, what was counted, what is left and what is paid already.",
        usage: "meterbook usage <subscription> [<options>]",
        discussion: "Example:\n\n  meterbook usage northwind --as-of 2022-03-15")

    @Argument(help: "The subscription's key.")
    var subscription: String
    @Option(help: ArgumentHelp("The day for which to show it; without it, today.", valueName: "YYYY-MM-DD"))
    var asOf: CivilDate?
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: JSONOption

    func run() throws {
        let usage = try Look(database.open()).usage(subscription, asOf: asOf, now: Clock.now)
        try Console.document(output.json ? UsageJSON.render(usage) : UsageText.render(usage, plain: Console.isPlain))
    }
}

struct Entitlements: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "entitlements",
        abstract: "Show what a subscription's plan lets it do, and how much of it is used.",
        usage: "meterbook entitlements <subscription> [<options>]",
        discussion: """
            For the plan version in force. Where the catalog names a meter beside a limit, its use is the meter's \
            quantity in the billing period so far, and the excess is what lies beyond the limit. Example:

              meterbook entitlements northwind --as-of 2022-03-15
            """)

    @Argument(help: "The subscription's key.")
    var subscription: String
    @Option(help: ArgumentHelp("The day for which to show it; without it, today.", valueName: "YYYY-MM-DD"))
    var asOf: CivilDate?
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: JSONOption

    func run() throws {
        let statement = try Look(database.open()).entitlements(subscription, asOf: asOf, now: Clock.now)
        try Console.document(
            output.json ? EntitlementsJSON.render(statement) : EntitlementsText.render(statement))
    }
}

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a job from its file; list and show what was run.",
        subcommands: [Start.self, List.self, Show.self], defaultSubcommand: Start.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List runs, the latest first.", usage: "meterbook run list [<options>]")

        @Option(help: "At most so many.")
        var limit: Int64 = 20
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: JSONOption

        func validate() throws { try Limit.check(limit) }

        func run() throws {
            let runs = try Look(database.open(), alsoAs: .ingest).runs(limit: limit)
            try Console.document(output.json ? RunJSON.list(runs) : RunText.list(runs))
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Show one run with its steps and sources.", usage: "meterbook run show <number> [<options>]")

        @Argument(help: "The run's number.")
        var number: Int64
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: JSONOption

        func run() throws {
            let record = try Look(database.open(), alsoAs: .ingest).run(number)
            try Console.document(output.json ? RunJSON.render(record) : RunText.render(record))
        }
    }
}

struct RejectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Rows that were not taken in, with their reasons.", subcommands: [List.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List rejected rows by source, file and line.",
            usage: "meterbook reject list [<options>]",
            discussion: "Example:\n\n  meterbook reject list --source orders --reason unknown_account")

        @Option(help: "Only of this source.")
        var source: String?
        @Option(help: "Only for this reason.")
        var reason: String?
        @Option(help: "At most so many.")
        var limit: Int64 = 100
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: JSONOption

        func validate() throws {
            try Limit.check(limit)
            if let reason, RejectReason(rawValue: reason) == nil {
                throw ValidationError(
                    "There is no reason '\(reason)'; the reasons are \(RejectReason.allCases.map(\.rawValue).joined(separator: ", "))."
                )
            }
        }

        func run() throws {
            let rejections = try Look(database.open(), alsoAs: .ingest).rejections(
                source: source, reason: reason, limit: limit)
            try Console.document(output.json ? RejectionTable.json(rejections) : RejectionTable.text(rejections))
        }
    }
}

struct Reconcile: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile", abstract: "Check that pulled, stored, totalled and billed agree.",
        usage: "meterbook reconcile [<options>]",
        discussion: """
            Every difference is listed, none is expected; exits with 65 when there is one. With --source that source of \
            readings is read again for past days, and compared with what the books have of it: nothing is stored. It is \
            a pull that is taken back, so no other run may be working. Example:

              meterbook reconcile --source orders --from 1997-01-01 --to 1997-02-01
            """)

    @Option(help: "The source to read again.")
    var source: String?
    @Option(help: ArgumentHelp("With --source: the first day.", valueName: "YYYY-MM-DD"))
    var from: CivilDate?
    @Option(help: ArgumentHelp("With --source: the first day after them.", valueName: "YYYY-MM-DD"))
    var to: CivilDate?
    @Option(help: ArgumentHelp("With --source: the date that the run takes for today.", valueName: "YYYY-MM-DD"))
    var asOf: CivilDate?
    @OptionGroup var deployment: DeploymentOptions
    @Option(help: "List at most so many differences of one kind.")
    var limit: Int64 = 20
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: JSONOption

    func validate() throws {
        try Limit.check(limit)
        guard (source == nil) == (from == nil), (source == nil) == (to == nil) else {
            throw ValidationError("--source, --from and --to go together.")
        }
        if source == nil, asOf != nil { throw ValidationError("--as-of goes with --source.") }
    }

    func run() throws {
        if let source, let from, let to { return try compare(source, from, to) }
        let books = try Look(database.open()).reconcile(limit: limit)
        try Console.document(output.json ? ReconciliationJSON.render(books) : ReconciliationText.render(books))
        if !books.differences.isEmpty { throw ExitStatus.badData.exitCode }
    }

    private func compare(_ source: String, _ from: CivilDate, _ to: CivilDate) throws {
        guard let window = DateRange(start: from, end: to) else { throw JobError.emptyWindow(from: from, to: to) }
        let settings = try database.settings(deployment.flags)
        var context = JobContext.brief(try settings.open(), asOf: asOf, isDryRun: true)
        context.environment = ProcessInfo.processInfo.environment
        let comparison = try JobRunner(context).compare(settings.folder, source: source, in: window)
        try Console.document(
            output.json
                ? SourceComparisonText.json(comparison)
                : SourceComparisonText.render(comparison, limit: Int(limit)))
        if !comparison.isEqual { throw ExitStatus.badData.exitCode }
    }
}

enum Limit {
    static func check(_ limit: Int64) throws {
        guard (1...1_000_000).contains(limit) else {
            throw ValidationError("--limit takes a number from 1 to 1000000.")
        }
    }
}
