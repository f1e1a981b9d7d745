/// What a run did: what the program prints at its end, and what the journal keeps.
package struct RunSummary: Hashable, Sendable {
    package var job: String
    /// Nil for a dry run, which leaves no trace.
    package var runID: Int64?
    package var asOf: CivilDate
    package var pulls: [Pull]
    /// What has changed, of a job that takes a window; nil for others.
    package var backfill: BackfillStatement?
    /// Nil where the catalog has no meter that needs it.
    package var metering: Metering?
    /// Nil where no price of the catalog has alerts.
    package var alerting: Alerting?
    package var close: Close?
    /// Nil where invoices are finalized by hand, or the job does not finalize.
    package var finalizing: Finalizing?
    /// Nil where the catalog has no rule to decide by, or the job does not decide.
    package var deciding: Deciding?
    /// Nil where the job does not deliver.
    package var delivering: DeliverySummary?
    /// The steps that failed while the others went on.
    package var failures: [Failure] = []
    /// Beside what was invoiced before; nil where nobody asked. The journal does not keep it.
    package var comparison: RunComparison?

    package var isDryRun: Bool { runID == nil }

    /// A step that failed, and was no reason for the run to end.
    package struct Failure: Hashable, Sendable {
        package var step: String
        /// As people are told.
        package var message: String
        /// What the program would have returned for it.
        package var exitCode: Int16

        package init(step: String, message: String, exitCode: Int16) {
            self.step = step
            self.message = message
            self.exitCode = exitCode
        }
    }

    /// What one source delivered.
    package struct Pull: Hashable, Sendable {
        package var counts: RunRecord.Pull
        /// Totals of closed periods that have changed: the next close bills the difference.
        package var lateTotals: Int64

        package init(counts: RunRecord.Pull, lateTotals: Int64) {
            self.counts = counts
            self.lateTotals = lateTotals
        }
    }

    /// What the meters came to that are no running sums.
    package struct Metering: Hashable, Sendable {
        package var subscriptions: Int64
        /// Totals that are new or have changed.
        package var totals: Int64
        /// Of them those of closed periods: the next close bills the difference.
        package var late: Int64
        /// Subscriptions that could not be totalled.
        package var failed: Int64

        package init(subscriptions: Int64, totals: Int64, late: Int64, failed: Int64) {
            self.subscriptions = subscriptions
            self.totals = totals
            self.late = late
            self.failed = failed
        }
    }

    /// Who was told that an allowance is used up to a share.
    package struct Alerting: Hashable, Sendable {
        /// Subscriptions that were looked at.
        package var subscriptions: Int64
        /// Notices that were written.
        package var notices: Int64
        /// Subscriptions that could not be computed; the next run looks at them again.
        package var failed: Int64

        package init(subscriptions: Int64, notices: Int64, failed: Int64) {
            self.subscriptions = subscriptions
            self.notices = notices
            self.failed = failed
        }
    }

    /// What was decided on plans.
    package struct Deciding: Hashable, Sendable {
        /// Subscriptions that have a decision now and had none this month.
        package var decided: Int64 = 0
        /// Of them those that will move up, or down.
        package var up: Int64 = 0
        package var down: Int64 = 0
        /// Announced changes whose reason restated counts have taken away.
        package var withdrawn: Int64 = 0
        /// Subscriptions that could not be decided on.
        package var failed: Int64 = 0

        package init() {}
    }

    /// What was closed.
    package struct Close: Hashable, Sendable {
        package var watermark: Int64
        package var subscriptions: Int64
        package var invoices: Int64
        package var lines: Int64
        package var corrections: Int64
        package var held: Int64
        /// Of the invoices those that a person has to see first.
        package var invoicesHeld: Int64
        /// Of the invoices those with days that a source had not delivered.
        package var flagged: Int64
        /// What the invoices come to, a sum a currency.
        package var sums: [Sum]

        package init(
            watermark: Int64, subscriptions: Int64, invoices: Int64, lines: Int64, corrections: Int64, held: Int64,
            invoicesHeld: Int64 = 0, flagged: Int64 = 0, sums: [Sum]
        ) {
            self.watermark = watermark
            self.subscriptions = subscriptions
            self.invoices = invoices
            self.lines = lines
            self.corrections = corrections
            self.held = held
            self.invoicesHeld = invoicesHeld
            self.flagged = flagged
            self.sums = sums
        }
    }

    /// What was finalized.
    package struct Finalizing: Hashable, Sendable {
        package var invoices: Int64 = 0
        /// Invoices whose tax could not be told; the next run tries them again.
        package var held: Int64 = 0

        package init() {}
    }

    /// The invoices in one currency.
    package struct Sum: Hashable, Sendable {
        package var currency: Currency
        package var invoices: Int64
        /// Minor units.
        package var total: Int128
        /// The invoices by the month in which their period ended.
        package var months: [Month]

        package init(currency: Currency, invoices: Int64, total: Int128, months: [Month]) {
            self.currency = currency
            self.invoices = invoices
            self.total = total
            self.months = months
        }
    }

    package struct Month: Hashable, Sendable {
        /// The first of the month.
        package var month: CivilDate
        package var invoices: Int64
        /// Minor units.
        package var total: Int128

        package init(month: CivilDate, invoices: Int64, total: Int128) {
            self.month = month
            self.invoices = invoices
            self.total = total
        }
    }

    package init(job: String, runID: Int64?, asOf: CivilDate, pulls: [Pull], metering: Metering? = nil, close: Close?) {
        self.job = job
        self.runID = runID
        self.asOf = asOf
        self.pulls = pulls
        self.metering = metering
        self.close = close
    }

    /// Something was set aside for a person: rows rejected, or subscriptions held; or a step failed.
    package var isIncomplete: Bool {
        pulls.contains { $0.counts.rejected > 0 } || (metering?.failed ?? 0) > 0 || (alerting?.failed ?? 0) > 0
            || (deciding?.failed ?? 0) > 0 || (close?.held ?? 0) > 0 || (close?.invoicesHeld ?? 0) > 0
            || (backfill?.corrections.failed ?? 0) > 0
            || (finalizing?.held ?? 0) > 0 || (delivering?.dead ?? 0) > 0 || !failures.isEmpty
    }
}
