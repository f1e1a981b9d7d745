import ArgumentParser
import Billing
import Deployment
import Documents
import Foundation
import Jobs

struct NoticeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notice", abstract: "Messages to customers: what was said, and its delivery.",
        subcommands: [Deliver.self, Retry.self, List.self])

    struct Deliver: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "deliver", abstract: "Deliver the notices that are due: another job for cron.",
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
        @Option(help: "Give a notice up after so many attempts. (default: \(RetrySchedule.standard))")
        var attempts: Int?
        @Option(help: ArgumentHelp("The day that the delivery takes for today.", valueName: "YYYY-MM-DD"))
        var asOf: CivilDate?
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var log: LogOptions
        @OptionGroup var output: JSONOption

        private var flags: Settings.Flags {
            Settings.flags(
                (.noticeDirectory, directory), (.noticeSendmail, sendmail), (.noticeWebhook, webhook),
                (.noticeFrom, from), (.noticeSecret, secretFile), (.noticeAttempts, attempts)
            ).merging(log.flags) { $1 }
        }

        func validate() throws {
            guard [directory, sendmail, webhook].compactMap(\.self).count <= 1 else {
                throw ValidationError("Give one of --directory, --sendmail and --webhook.")
            }
            guard webhook != nil || secretFile == nil else { throw ValidationError("--secret-file is for --webhook.") }
            if webhook != nil, from != nil { throw ValidationError("--from is for mail.") }
            try Settings.check(flags)
        }

        /// How notices go, by the highest layer that says so.
        private func route(_ settings: Settings) throws -> DeliveryRoute {
            let from = try settings.text(.noticeFrom).flatMap { EmailAddress($0) }
            guard let carrier = settings.chosen(of: Setting.carriers), let target = try settings.text(carrier) else {
                throw ValidationError("Give one of --directory, --sendmail and --webhook.")
            }
            switch carrier {
            case .noticeWebhook:
                guard settings.origin(of: .noticeSecret) != nil else {
                    throw ValidationError("--webhook takes a secret: by --secret-file or the setting notice_secret.")
                }
                return .webhook(target, secretFile: nil)
            case .noticeSendmail: return .sendmail(target, from: from)
            default: return .directory(target, from: from)
            }
        }

        func run() throws {
            let settings = try database.settings(flags)
            let route = try route(settings)
            let stop = StopFlag()
            Signals.raise(stop)
            var context = JobContext(
                database: try settings.open(), programVersion: Meterbook.version, asOf: asOf, now: Clock.now,
                reporter: Silence(), stop: stop, environment: ProcessInfo.processInfo.environment)
            context.log = try settings.logger(besides: nil)
            context.noticeSecret = { try settings.text(.noticeSecret) }
            let summary = try NoticeDelivery(
                context, route, attempts: settings.number(.noticeAttempts), clock: { Clock.now }
            ).run()
            try Console.document(output.json ? NoticeJSON.summary(summary) : NoticeText.summary(summary))
            if summary.status != .ok { throw summary.status.exitCode }
        }
    }

    struct Retry: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "retry", abstract: "Have notices delivered after all that were given up.",
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
            commandName: "list", abstract: "List notices, the latest first.",
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
