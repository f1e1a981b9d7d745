package import Billing

/// A job as data: which steps a run has, in their order, when it starts, and what the failure of a step means.
package struct JobDefinition: Hashable, Sendable {
    package var name: String
    /// What it is for, in a sentence; nil where nobody has said so.
    package var about: String?
    /// When it starts; nil for a job that a person starts.
    package var schedule: Schedule?
    /// Whether a run is told the days that it pulls, and takes the end of them for today.
    package var takesWindow: Bool
    /// Threads that work side by side, and subscriptions a transaction; nil for the program's own.
    package var workers: Int?
    package var batch: Int?
    package var steps: [Step]

    package init(
        name: String, about: String? = nil, schedule: Schedule? = nil, takesWindow: Bool = false, workers: Int? = nil,
        batch: Int? = nil, steps: [Step]
    ) {
        self.name = name
        self.about = about
        self.schedule = schedule
        self.takesWindow = takesWindow
        self.workers = workers
        self.batch = batch
        self.steps = steps
    }

    package struct Schedule: Hashable, Sendable {
        package var cron: CronSchedule
        /// An IANA name; nil for that of the machine.
        package var zone: String?

        package init(cron: CronSchedule, zone: String?) {
            self.cron = cron
            self.zone = zone
        }
    }

    package struct Step: Hashable, Sendable {
        package var work: Work
        package var onFailure: OnFailure

        package init(_ work: Work, onFailure: OnFailure = .stop) {
            self.work = work
            self.onFailure = onFailure
        }
    }

    /// What a step does.
    package enum Work: Hashable, Sendable {
        /// Reads sources: one, or all where none is named. A job that takes a window reads so many of its days at a time; nil
        /// for the program's own.
        case pull(source: String?, chunk: Cadence? = nil)
        case meter, alert, review, close, finalize, decide
        case deliver(Delivery)

        package var kind: Kind {
            switch self {
            case .pull: .pull
            case .meter: .meter
            case .alert: .alert
            case .review: .review
            case .close: .close
            case .finalize: .finalize
            case .decide: .decide
            case .deliver: .deliver
            }
        }
    }

    /// The steps in the order in which the data flows: no step reads what a later one writes.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case pull, meter, alert, review, close, finalize, decide, deliver

        /// Whether all totals are right before it.
        package var comesAfterMetering: Bool { ![.pull, .meter, .alert].contains(self) }
    }

    package enum OnFailure: String, Hashable, Sendable, CaseIterable {
        /// The run ends with the step.
        case stop
        /// The other sources and the later steps go on, and the run ends with the status of the failure.
        case goOn = "go_on"
    }

    /// How notices are delivered.
    package struct Delivery: Hashable, Sendable {
        package enum Carrier: Hashable, Sendable {
            case directory(String, from: EmailAddress?)
            case sendmail(String, from: EmailAddress?)
            /// Without a file the secret is that of the installation.
            case webhook(String, secretFile: String?)
        }

        package var carrier: Carrier
        /// After so many a notice is given up; nil for the program's own number.
        package var attempts: Int?

        package init(carrier: Carrier, attempts: Int? = nil) {
            self.carrier = carrier
            self.attempts = attempts
        }
    }
}
