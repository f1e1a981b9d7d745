package import Billing
import Documents
import Logging
import Postgres
import Store

/// Delivers what is due, notice by notice. Takes no hold of the books: a nightly run goes on beside it, and so does another
/// delivery, which finds other notices.
package struct NoticeDelivery {
    private let context: JobContext
    private let route: DeliveryRoute
    private let schedule: RetrySchedule
    private let clock: () -> Int64

    /// - Parameters:
    ///   - attempts: after so many a notice is given up.
    ///   - clock: the present instant, in microseconds since 1970-01-01 UTC.
    package init(
        _ context: JobContext, _ route: DeliveryRoute, attempts: Int = RetrySchedule.standard,
        clock: @escaping () -> Int64
    ) {
        self.context = context
        self.route = route
        schedule = RetrySchedule(attempts: attempts)
        self.clock = clock
    }

    /// Has notices delivered after all that were given up.
    ///
    /// - Parameters:
    ///   - ids: nil for all.
    ///   - subscription: its key; nil for all.
    /// - Returns: how many.
    package static func revive(_ ids: [String]?, subscription: String?, in database: Database) throws -> Int {
        let connection = try database.connect(for: "'notice retry'", as: [.billing])
        return try NoticeQueue.revive(ids, subscription: subscription, on: connection)
    }

    /// - Throws: `JobError.noCarrier` where nothing can be delivered that way; what was delivered before is marked.
    package func run() throws -> DeliverySummary {
        let connection = try context.database.connect(for: "'notice deliver'", as: [.billing])
        let catalogs = CatalogStore(connection, parse: DeploymentFolder.parseCatalog)
        let catalog = try catalogs.currentForRating().catalog
        let carrier = try carrier(vendor: catalog.name)
        let day = try context.asOf ?? RunJournal(connection).localDates(now: context.now).earliest
        let queue = NoticeQueue(
            connection,
            NoticeQueue.Terms(day: day, needsAddress: carrier.needsAddress, oneADay: catalog.notices.oneADay))
        var summary = DeliverySummary()
        while summary.stopped == nil {
            try context.stop.check()
            let now = clock()
            var stop: String?
            let result = try queue.next(now: now) { notice, attempts in
                let carried = try carrier.carry(notice, now: now)
                stop = carried.stop
                let outcome = outcome(carried, notice, attempt: attempts + 1, now: now)
                log(outcome, notice, attempt: attempts + 1)
                return outcome
            }
            switch result {
            case nil:
                return try finished(summary, queue)
            case .delivered: summary.delivered += 1
            case .retry: summary.failed += 1
            case .dead: summary.dead += 1
            }
            summary.stopped = stop
        }
        return try finished(summary, queue)
    }

    private func finished(_ summary: DeliverySummary, _ queue: NoticeQueue) throws -> DeliverySummary {
        var summary = summary
        (summary.waiting, summary.withoutAddress) = try queue.waiting()
        return summary
    }

    private func outcome(
        _ carried: Carried, _ notice: OutgoingNotice, attempt: Int, now: Int64
    ) -> NoticeQueue.Outcome {
        switch carried.result {
        case .delivered: return .delivered
        case .never(let reason): return .dead(reason: reason)
        case .later(let reason, let seconds):
            guard let next = schedule.next(after: attempt, id: notice.id, atLeast: seconds, now: now) else {
                return .dead(reason: reason)
            }
            return .retry(at: next, reason: reason)
        }
    }

    /// The reason stands in the books: another system has worded it, and may name the customer.
    private func log(_ outcome: NoticeQueue.Outcome, _ notice: OutgoingNotice, attempt: Int) {
        let metadata: Logger.Metadata = ["notice": "\(notice.id)", "attempt": .stringConvertible(attempt)]
        switch outcome {
        case .delivered: context.log.debug("notice delivered", metadata: metadata)
        case .retry: context.log.notice("notice failed, and is tried again later", metadata: metadata)
        case .dead: context.log.notice("notice given up", metadata: metadata)
        }
    }

    private func carrier(vendor: String) throws -> any NoticeCarrier {
        switch route {
        case .directory(let path, let from): try DirectoryCarrier(path, from: from)
        case .sendmail(let program, let from): SendmailCarrier(program, from: from, environment: context.environment)
        case .webhook(let url, let secretFile):
            try WebhookCarrier(url: url, secret: webhookSecret(secretFile), vendor: vendor)
        }
    }
}

extension NoticeDelivery {
    private func webhookSecret(_ file: String?) throws -> WebhookSecret {
        if let file { return try WebhookSecret(file: file) }
        guard let text = try context.noticeSecret() else {
            throw JobError.noCarrier(
                "the webhook", reason: "has no secret: name its file with 'secret_file', or set notice_secret")
        }
        return try WebhookSecret(text, from: "the setting notice_secret")
    }
}

extension DeliverySummary {
    /// 65 where something was given up, 75 where something that is due still waits.
    package var status: ExitStatus {
        dead > 0 ? .badData : waiting > 0 ? .temporary : .ok
    }
}
