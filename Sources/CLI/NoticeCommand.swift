import ArgumentParser
import Billing
import Documents
import Foundation
import Jobs

struct NoticeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notice", abstract: "Messages to customers: what was said, and its delivery.",
        subcommands: [Deliver.self, Retry.self, List.self])

    struct Deliver: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Deliver the notices that are due: another job for cron.",
            usage: "meterbook notice deliver [<options>]",
            discussion: """
                Takes one of --directory, --sendmail and --webhook. Each notice is marked behind its delivery, so one may be delivered twice, under the same id, and none is \
                lost. What fails is tried again by a later call, after a minute, four, sixteen … up to a day. Exits with \
                65 when a notice was given up, and with 75 when one that is due still waits. Example:

                  meterbook notice deliver --directory /var/spool/meterbook
                """)

        @Option(help: "Write each as a file ID.eml into this directory.")
        var directory: String?
        @Option(help: "Hand each to this program, which takes mail as sendmail does.")
        var sendmail: String?
        @Option(help: "Mail: the address of the sender.")
        var from: String?
        @Option(help: "Post each to this URL as a CloudEvent, signed by Standard Webhooks.")
        var webhook: String?
        @Option(help: "Webhook: the file with the secret, whsec_ and base64.")
        var secretFile: String?
        @Option(help: "Give a notice up after so many attempts.")
        var attempts = RetrySchedule.standard
        @Option(help: "The day that the delivery takes for today.")
        var asOf: CivilDate?
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: JSONOption

        func validate() throws {
            guard (1...1_000).contains(attempts) else {
                throw ValidationError("--attempts takes a number from 1 to 1000.")
            }
            guard [directory, sendmail, webhook].compactMap(\.self).count == 1 else {
                throw ValidationError("Give one of --directory, --sendmail and --webhook.")
            }
            guard (webhook == nil) == (secretFile == nil) else {
                throw ValidationError("--webhook and --secret-file belong together.")
            }
            if let from {
                guard webhook == nil else { throw ValidationError("--from is for mail.") }
                guard EmailAddress(from) != nil else {
                    throw ValidationError("--from takes one address such as billing@example.com.")
                }
            }
        }

        private var route: DeliveryRoute {
            let from = from.flatMap { EmailAddress($0) }
            if let webhook, let secretFile { return .webhook(webhook, secretFile: secretFile) }
            if let sendmail { return .sendmail(sendmail, from: from) }
            return .directory(directory ?? ".", from: from)
        }

        func run() throws {
            let stop = StopFlag()
            Signals.raise(stop)
            let context = JobContext(
                database: try database.open(), programVersion: Meterbook.version, asOf: asOf, now: JobOptions.now,
                reporter: Silence(), stop: stop, environment: ProcessInfo.processInfo.environment)
            let summary = try NoticeDelivery(context, route, attempts: attempts, clock: { JobOptions.now }).run()
            try Console.document(output.json ? NoticeJSON.summary(summary) : NoticeText.summary(summary))
            if summary.status != .ok { throw summary.status.exitCode }
        }
    }

    struct Retry: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Have notices delivered after all that were given up.",
            usage: "meterbook notice retry [<notice> ...] [<options>]",
            discussion: """
                The next 'notice deliver' takes them as if they had never been tried. Example:

                  meterbook notice retry --subscription northwind
                """)

        @Argument(help: "Their ids, as 'notice list' tells them.")
        var notices: [String] = []
        @Option(help: "All of this subscription's.")
        var subscription: String?
        @Flag(help: "All that were given up.")
        var all = false
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: JSONOption

        func validate() throws {
            guard !notices.isEmpty || subscription != nil || all else {
                throw ValidationError("Give ids, --subscription or --all.")
            }
            guard !all || (notices.isEmpty && subscription == nil) else {
                throw ValidationError("--all goes without ids and --subscription.")
            }
        }

        func run() throws {
            let count = try NoticeDelivery.revive(
                notices.isEmpty ? nil : notices, subscription: subscription, in: database.open())
            try Console.document(output.json ? NoticeJSON.revived(count) : NoticeText.revived(count))
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List notices, the latest first.",
            usage: "meterbook notice list [<options>]",
            discussion: "Example:\n\n  meterbook notice list --subscription northwind --status pending")

        @Option(help: "Only this subscription's.")
        var subscription: String?
        @Option(help: "Only these: pending, delivered, dead or withdrawn.")
        var status: NoticeRecord.Status?
        @Option(help: "At most so many.")
        var limit: Int64 = 100
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var output: JSONOption

        func validate() throws { try Limit.check(limit) }

        func run() throws {
            let notices = try Look(database.open()).notices(
                subscription: subscription, status: status, limit: limit)
            try Console.document(output.json ? NoticeJSON.list(notices) : NoticeText.list(notices))
        }
    }
}

extension NoticeRecord.Status: ExpressibleByArgument {}
