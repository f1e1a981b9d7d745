import ArgumentParser
import Foundation
import Jobs

/// The program. It parses, wires and translates errors into exit codes; everything else is done by the rooms behind it.
@main
struct Meterbook: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "meterbook",
        abstract: "Meters usage and bills it: counts in at night, invoices out.",
        discussion: """
            The database is named the libpq way: PGHOST, PGDATABASE, PGSERVICE … or --database with a URI. When nobody \
            names a server, Meterbook starts a private one of its own.

            Exit codes: 0 done, 64 usage, 65 rows rejected or subscriptions held, 69 database or source unreachable, \
            70 a mistake of the program, 75 another run is working or a notice waits, 78 configuration.
            """,
        version: version,
        groupedSubcommands: [
            CommandGroup(
                name: "Set up",
                subcommands: [
                    Migrate.self, DoctorCommand.self, CatalogCommand.self, ScheduleCommand.self, ConfigCommand.self,
                    Server.self,
                ]),
            CommandGroup(
                name: "Jobs",
                subcommands: [
                    RunCommand.self, Nightly.self, Pull.self, Close.self, Decide.self, Backfill.self,
                    NoticeCommand.self,
                    SubscriptionCommand.self, CustomerCommand.self, CreditCommand.self,
                ]),
            CommandGroup(
                name: "Look",
                subcommands: [
                    Usage.self, Entitlements.self, EligibilityCommand.self, QuoteCommand.self, Preview.self,
                    InvoiceCommand.self,
                    Explain.self, ReplayCommand.self, DecisionCommand.self,
                    MetricsCommand.self, RejectCommand.self, Gaps.self, HoldCommand.self, Reconcile.self,
                    Periods.self,
                ]),
        ])

    static func main() {
        CoreDump.switchOff()
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as ExitCode {
            exit(withError: error)
        } catch let error where isOurs(error) {
            Console.complain("meterbook: \(ExitStatus.words(error))")
            Foundation.exit(Int32(ExitStatus.ofAny(error).rawValue))
        } catch {
            // The parser words its own errors and help texts, and knows their exit codes.
            exit(withError: error)
        }
    }
}
