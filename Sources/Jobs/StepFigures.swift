import Billing
import Logging

/// What a step came to, for its line in the log.
protocol StepFigures {
    var figures: Logger.Metadata { get }
}

extension RunSummary.Pull: StepFigures {
    var figures: Logger.Metadata {
        .counts([
            ("read", counts.read), ("new", counts.new), ("changed", counts.changed), ("unchanged", counts.unchanged),
            ("rejected", counts.rejected), ("late_totals", lateTotals),
        ])
    }
}

extension RunSummary.Metering: StepFigures {
    var figures: Logger.Metadata {
        .counts([("subscriptions", subscriptions), ("totals", totals), ("late_totals", late), ("failed", failed)])
    }
}

extension RunSummary.Alerting: StepFigures {
    var figures: Logger.Metadata {
        .counts([("subscriptions", subscriptions), ("notices", notices), ("failed", failed)])
    }
}

extension RunSummary.Close: StepFigures {
    var figures: Logger.Metadata {
        .counts([
            ("subscriptions", subscriptions), ("invoices", invoices), ("lines", lines), ("corrections", corrections),
            ("held", held), ("invoices_held", invoicesHeld),
        ])
    }
}

extension BackfillStatement: StepFigures {
    var figures: Logger.Metadata {
        .counts([
            ("new", readings.reduce(0) { $0 + $1.new }), ("restated", readings.reduce(0) { $0 + $1.restated }),
            ("totals", totals.reduce(0) { $0 + $1.count }), ("subscriptions", corrections.subscriptions),
            ("corrections", corrections.sums.reduce(0) { $0 + $1.lines }), ("failed", corrections.failed),
        ])
    }
}

extension RunSummary.Finalizing: StepFigures {
    var figures: Logger.Metadata { .counts([("invoices", invoices), ("held", held)]) }
}

extension RunSummary.Deciding: StepFigures {
    var figures: Logger.Metadata {
        .counts([
            ("decided", decided), ("up", up), ("down", down), ("withdrawn", withdrawn), ("failed", failed),
        ])
    }
}

extension DeliverySummary: StepFigures {
    var figures: Logger.Metadata {
        .counts([("delivered", delivered), ("failed", failed), ("dead", dead), ("waiting", waiting)])
    }
}

extension Logger.Metadata {
    static func counts(_ counts: [(String, Int64)]) -> Logger.Metadata {
        Dictionary(counts.map { ($0, .stringConvertible($1)) }) { first, _ in first }
    }

    /// Why something failed, in the words for people, and what the program would return for it.
    static func failure(_ error: any Error) -> Logger.Metadata {
        ["error": "\(ExitStatus.words(error))", "exit": .stringConvertible(ExitStatus.of(error).rawValue)]
    }
}

extension Logger.MetadataValue {
    /// Instants in microseconds. A clock that is set back counts as no time.
    static func milliseconds(from start: Int64, to end: Int64) -> Logger.MetadataValue {
        .stringConvertible(Swift.max(0, end.subtractingReportingOverflow(start).partialValue) / 1_000)
    }
}
