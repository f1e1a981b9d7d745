import ArgumentParser
import Deployment
import Documents
import Foundation
import Jobs

struct ScheduleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule", abstract: "Write jobs as files for cron, systemd or Kubernetes.",
        discussion: "Examples of what they write lie in jobs/schedules.",
        subcommands: [Cron.self, Systemd.self, Kubernetes.self])

    struct Cron: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "crontab", abstract: "Write a crontab with a line a job.",
            usage: "meterbook schedule crontab <job> ... [<options>]",
            discussion: "Example:\n\n  meterbook schedule crontab jobs/nightly.yaml jobs/hourly.yaml --user meterbook")

        @OptionGroup var jobs: ScheduleOptions
        @Option(help: "Who runs them, for a file in /etc/cron.d; without it, for a crontab of one's own.")
        var user: String?

        func validate() throws { if let user { try ScheduleOptions.check(user) } }

        func run() throws {
            try jobs.write([Crontab.file(jobs.scheduled("--quiet"), user: user)])
        }
    }

    struct Systemd: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "systemd", abstract: "Write a service and a timer a job.",
            usage: "meterbook schedule systemd <job> ... [<options>]",
            discussion: """
                What was missed while the machine was down is made up for, what another attempt may mend is tried again, and \
                the service may do little else than its work. Example:

                  meterbook schedule systemd jobs/nightly.yaml --into /etc/systemd/system
                """)

        @OptionGroup var jobs: ScheduleOptions
        @Option(help: "Who runs them.")
        var user = "meterbook"

        func validate() throws { try ScheduleOptions.check(user) }

        func run() throws {
            try jobs.write(SystemdUnits.files(jobs.scheduled(), user: user))
        }
    }

    struct Kubernetes: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "kubernetes", abstract: "Write a CronJob a job.",
            usage: "meterbook schedule kubernetes <job> ... --image <image> [<options>]",
            discussion: """
                The files come from the ConfigMaps meterbook-jobs and meterbook-deployment, the connection from the Secret \
                meterbook. Example:

                  meterbook schedule kubernetes jobs/nightly.yaml --image meterbook:0.1.0
                """)

        @OptionGroup var jobs: ScheduleOptions
        @Option(help: "The container image, made from jobs/Dockerfile.")
        var image: String

        func run() throws {
            try jobs.write(
                KubernetesJobs.files(
                    jobs.scheduled(), image: image, folders: (jobs.jobs, jobs.deployment)))
        }
    }
}

/// Which jobs, and where everything lies on the machine that runs them.
struct ScheduleOptions: ParsableArguments {
    @Argument(help: "The jobs' files.")
    var files: [String]
    @Option(help: "Where the program lies on the machine that runs them.")
    var program = "/usr/local/bin/meterbook"
    @Option(help: "The folder in which their files lie there.")
    var jobs = "/etc/meterbook/jobs"
    @Option(name: [.short, .long], help: "The deployment's folder there.")
    var deployment = "/etc/meterbook/deployment"
    @Option(help: "Write the files into this folder; without it, to standard output.")
    var into: String?

    /// What useradd takes (its manual, "CAVEATS"): the name goes into a line of others.
    static func check(_ user: String) throws {
        let bytes = Array(user.utf8)
        func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) || byte == UInt8(ascii: "_") }
        let isName =
            (1...32).contains(bytes.count) && isLetter(bytes[0])
            && bytes.dropFirst().allSatisfy { isLetter($0) || (48...57).contains($0) || "-.".utf8.contains($0) }
        guard isName else { throw ValidationError("--user takes the name of a user of the system, such as meterbook.") }
    }

    func validate() throws {
        let names = files.map { ($0 as NSString).lastPathComponent }
        guard Set(names).count == names.count else { throw ValidationError("Two of the jobs' files have one name.") }
        for (path, option) in [(program, "--program"), (jobs, "--jobs"), (deployment, "--deployment")] {
            guard path.hasPrefix("/"), !path.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) else {
                throw ValidationError("\(option) takes a path from the root, such as /etc/meterbook.")
            }
        }
    }

    /// - Parameter options: what a run is told beside its job and deployment.
    /// - Throws: `CommandError.unscheduled`.
    func scheduled(_ options: String...) throws -> [ScheduledJob] {
        let read = try files.map { file in (file, try DeploymentFolder.job(file)) }
        return try read.map { file, job in
            guard let schedule = job.schedule, !job.takesWindow else { throw CommandError.unscheduled(file) }
            guard read.count(where: { $0.1.name == job.name }) == 1 else { throw CommandError.sameJob(job.name) }
            let pulls = job.steps.contains { $0.work.kind == .pull }
            return ScheduledJob(
                name: job.name, about: job.about, cron: schedule.cron, zone: schedule.zone, program: program,
                arguments: ["run", "\(jobs)/\((file as NSString).lastPathComponent)"]
                    + (pulls ? ["--deployment", deployment] : []) + options)
        }
    }

    func write(_ written: [ScheduleFile]) throws {
        guard let into else {
            let isOne = written.count == 1
            for file in written { try Console.document(isOne ? file.text : "# \(file.name)\n\(file.text)\n") }
            return
        }
        for file in written {
            let path = "\(into)/\(file.name)"
            do {
                try Data(file.text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
            } catch {
                throw CommandError.unwritable(path)
            }
            try Console.print(path)
        }
    }
}
