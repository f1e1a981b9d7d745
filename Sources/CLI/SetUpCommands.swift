import ArgumentParser
import Documents
import Foundation
import Jobs
import PrivateServer
import Store

struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Create the schema, or bring it to what this program needs.",
        usage: "meterbook migrate [<options>]",
        discussion:
            "Each migration is applied once, in order, whole or not at all. Example:\n\n  meterbook migrate --status")

    @OptionGroup var database: DatabaseOptions
    @Flag(help: "Show what is applied and what is missing; change nothing.")
    var status = false
    @OptionGroup var output: JSONOption

    func run() throws {
        let connection = try database.open(create: !status).connect()
        let migrator = Migrator(connection)
        let done = status ? [] : try migrator.migrate()
        let states = try migrator.status()
        if output.json {
            try Console.document(MigrationJSON.text(states.map(\.entry)))
        } else if status {
            try Console.document(MigrationText.text(states.map(\.entry)))
        } else if !done.isEmpty {
            try Console.print("Applied \(done.count) migration(s); the schema is up to date.")
        }
    }
}

extension Migrator.State {
    /// The state as documents show it.
    var entry: MigrationEntry {
        MigrationEntry(version: version, name: name, sha256: sha256, appliedAt: appliedAt)
    }
}

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check configuration, server, settings, privileges, schema, clock and disk.",
        discussion: "Exits with 78 when something would make a run fail.")

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: JSONOption

    func run() throws {
        let settings = try database.settings()
        var findings = [
            Doctor.Finding(
                check: "configuration", verdict: .ok,
                detail: settings.file.map { "\($0); 'meterbook config show --origin' says what holds" } ?? "no file")
        ]
        findings += try Doctor(settings.open().connect()).examine(now: Clock.now)
        findings.append(Disk.finding)
        let entries = findings.map { ($0.check, $0.verdict.rawValue, $0.detail) }
        try Console.document(output.json ? DoctorJSON.text(entries) : DoctorText.text(entries))
        if findings.contains(where: { $0.verdict == .problem }) { throw ExitStatus.configuration.exitCode }
    }
}

/// Room on the disk of the working directory: that of the server is known to its owner alone.
private enum Disk {
    private static let little: Int64 = 1 << 30

    static var finding: Doctor.Finding {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: ".")
        guard let free = (attributes?[.systemFreeSize] as? NSNumber)?.int64Value else {
            return Doctor.Finding(check: "disk", verdict: .warning, detail: "the room on this disk cannot be told")
        }
        return Doctor.Finding(
            check: "disk", verdict: free >= little ? .ok : .warning, detail: "\(free / (1 << 30)) GiB free here")
    }
}

struct Server: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server", abstract: "The private PostgreSQL: used when no other server is named.",
        subcommands: [Start.self, Stop.self, Status.self], defaultSubcommand: Status.self)

    struct Start: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "start", abstract: "Start it, and create it first when it is missing.")

        @OptionGroup var configuration: ConfigurationOptions

        func run() throws {
            let endpoint = try configuration.settings.privateServer.start()
            try Console.print("export PGHOST='\(endpoint.host)' PGPORT=\(endpoint.port) PGUSER=\(endpoint.user)")
        }
    }

    struct Stop: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "stop", abstract: "Stop it; its data stay.")

        @OptionGroup var configuration: ConfigurationOptions

        func run() throws {
            try configuration.settings.privateServer.stop()
        }
    }

    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status", abstract: "Say where it is and whether it runs.")

        @OptionGroup var configuration: ConfigurationOptions

        func run() throws {
            let server = try configuration.settings.privateServer
            guard !server.isOutOfReach else { throw CommandError.outOfReach(server.location) }
            let state = server.isRunning ? "running" : server.exists ? "stopped" : "not created"
            try Console.print("\(state)\t\(server.location)")
        }
    }
}
