import ArgumentParser
import Billing
import Documents
import Jobs

struct SubscriptionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subscription", abstract: "What a subscription is, and changes of its plan.",
        subcommands: [Show.self, Change.self, Cancel.self, Reactivate.self, Review.self])

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show the plan of a subscription, what became of it, and what is to come.",
            usage: "meterbook subscription show <subscription> [<options>]",
            discussion: "Example:\n\n  meterbook subscription show northwind")

        @Argument(help: "The subscription's key.")
        var subscription: String
        @Option(
            help: ArgumentHelp(
                "The day to look at; without it the latest that has begun anywhere.", valueName: "YYYY-MM-DD"))
        var asOf: CivilDate?
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: JSONOption

        func run() throws {
            let statement = try Look(database.open()).subscription(subscription, asOf: asOf, now: Clock.now)
            try Console.document(output.json ? SubscriptionJSON.render(statement) : SubscriptionText.render(statement))
        }
    }

    struct Change: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "change", abstract: "Change the plan of a subscription, or how often it is paid.",
            usage: "meterbook subscription change <subscription> [--plan <plan>] [<options>]",
            discussion: """
                At once, the rest of the paid period is credited on the old plan and charged on the new one, where prices \
                are prorated, on an invoice of its own; at the renewal nothing is divided. Without --at the catalog's \
                'changes' decide, or else it is the renewal. Another cadence begins at a renewal. A change that is \
                pending is given up for this one; asking for the present plan takes it back. Example:

                  meterbook subscription change northwind --plan professional --at now --dry-run
                """)

        @Argument(help: "The subscription's key.")
        var subscription: String
        @Option(help: "The key of the plan; without it the present one.")
        var plan: String?
        @Option(help: "How often flat prices are paid, such as month or year; without it as now.")
        var cadence: String?
        @Option(help: "now, renewal, or the first day on the new plan.")
        var at: ChangeRequest.Day?
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var change: ChangeOptions

        func validate() throws {
            guard plan != nil || cadence != nil else { throw ValidationError("Give --plan, --cadence or both.") }
            if let cadence, Cadence(cadence) == nil {
                throw ValidationError("--cadence takes month, year, 2 months …")
            }
        }

        func run() throws {
            let database = try database.open()
            let changed = try JobRunner(change.context(database)).change(
                subscription, plan: plan, paysEvery: cadence.flatMap { Cadence($0) }, day: at)
            try change.report(json: SubscriptionJSON.render(changed), text: SubscriptionText.render(changed))
            if changed.isHeld { throw ExitStatus.badData.exitCode }
        }
    }

    struct Cancel: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "cancel", abstract: "End a subscription where its paid period ends; nothing is given back.",
            usage: "meterbook subscription cancel <subscription> [<options>]",
            discussion: "Example:\n\n  meterbook subscription cancel northwind --dry-run")

        @Argument(help: "The subscription's key.")
        var subscription: String
        @Option(help: "renewal, or a day: no billing period begins from then on.")
        var at: ChangeRequest.Day = .renewal
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var change: ChangeOptions

        func validate() throws {
            if at == .now { throw ValidationError("--at takes renewal or a day: what is paid for is not cut short.") }
        }

        func run() throws {
            var day: CivilDate?
            if case .on(let date) = at { day = date }
            let statement = try JobRunner(change.context(try database.open())).cancel(subscription, on: day)
            try change.report(json: SubscriptionJSON.render(statement), text: SubscriptionText.render(statement))
        }
    }

    struct Reactivate: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reactivate", abstract: "Take back the end of a subscription that has not come.",
            usage: "meterbook subscription reactivate <subscription> [<options>]",
            discussion: "Example:\n\n  meterbook subscription reactivate northwind --dry-run")

        @Argument(help: "The subscription's key.")
        var subscription: String
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var change: ChangeOptions

        func run() throws {
            let statement = try JobRunner(change.context(try database.open())).reactivate(subscription)
            try change.report(json: SubscriptionJSON.render(statement), text: SubscriptionText.render(statement))
        }
    }

    struct Review: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "review",
            abstract: "Show what a subscription uses beyond another plan, and what would be paused.",
            usage: "meterbook subscription review <subscription> --plan <plan> [<options>]",
            discussion: "Example:\n\n  meterbook subscription review northwind --plan standard")

        @Argument(help: "The subscription's key.")
        var subscription: String
        @Option(help: "The key of the plan.")
        var plan: String
        @Option(
            help: ArgumentHelp(
                "The day to look at; without it the latest that has begun anywhere.", valueName: "YYYY-MM-DD"))
        var asOf: CivilDate?
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: JSONOption

        func run() throws {
            let review = try Look(database.open()).review(subscription, plan: plan, asOf: asOf, now: Clock.now)
            try Console.document(output.json ? SubscriptionJSON.render(review) : SubscriptionText.render(review))
        }
    }
}

/// What all changes of one subscription have in common.
struct ChangeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The date that the change takes for today; without it, the day that has begun in every subscription's zone.",
            valueName: "YYYY-MM-DD"))
    var asOf: CivilDate?
    @Flag(help: "Do everything, show what it came to, and take it back.")
    var dryRun = false
    @OptionGroup var output: JSONOption

    func validate() throws { try AsOf.check(asOf) }

    func context(_ database: Database) -> JobContext {
        .brief(database, asOf: asOf, isDryRun: dryRun)
    }

    /// Shows what has become of it, and for people that none of it was kept where that is so.
    func report(json: @autoclosure () -> String, text: @autoclosure () -> String) throws {
        try Console.document(
            output.json ? json() : text() + (dryRun ? "\nDry run: nothing of this has been kept.\n" : ""))
    }
}

extension ChangeRequest.Day: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }

    public var defaultValueDescription: String { text }
}
