import ArgumentParser
import Deployment
import Documents
import Jobs

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "The settings: what holds, and where it comes from.",
        subcommands: [Show.self, Check.self, Schema.self])

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Print every setting with its value; secrets are not shown.",
            usage: "meterbook config show [<options>]",
            discussion: """
                A flag goes before the environment, that before a credential, that before the configuration file, and that \
                before the default. Takes the flags of the jobs, to see what they would do. Examples:

                  meterbook config show --origin
                  meterbook config show --workers 4 --json
                """)

        @Flag(help: "Also say where each value comes from.")
        var origin = false
        @OptionGroup var database: DatabaseOptions
        @OptionGroup var deployment: DeploymentOptions
        @OptionGroup var work: WorkOptions
        @OptionGroup var output: JSONOption

        func run() throws {
            let settings = try database.settings(work.flags.merging(deployment.flags) { $1 })
            let report = settings.report
            try Console.document(
                output.json ? SettingDocuments.json(report) : SettingDocuments.text(report, withOrigin: origin))
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Report every mistake of the settings, wherever they come from.",
            usage: "meterbook config check [<options>]",
            discussion: """
                Looks at the environment, the credentials and the configuration file, and reads every secret that they name. \
                Exits with 78 when something is wrong. Example:

                  meterbook config check --config meterbook.yaml --json
                """)

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var deployment: DeploymentOptions
        @OptionGroup var output: JSONOption

        func run() throws {
            let found: (file: String?, mistakes: [String])
            do {
                found = try check()
            } catch CommandError.configuration(let mistakes) where output.json {
                found = (configuration.config, mistakes)
            }
            if output.json {
                try Console.document(SettingDocuments.json(file: found.file, mistakes: found.mistakes))
                if !found.mistakes.isEmpty { throw ExitStatus.configuration.exitCode }
            } else {
                guard found.mistakes.isEmpty else { throw CommandError.configuration(found.mistakes) }
                try Console.print("\(found.file ?? "no configuration file"): no mistakes")
            }
        }

        /// The file that was read, and the mistakes of the secrets.
        ///
        /// - Throws: `CommandError.configuration` with the mistakes of all else.
        private func check() throws -> (file: String?, mistakes: [String]) {
            let settings = try Settings.read(file: configuration.config, flags: deployment.flags)
            var mistakes: [String] = []
            for setting in Setting.allCases where setting.isSecret {
                do {
                    _ = try settings.text(setting)
                } catch CommandError.configuration(let found) {
                    mistakes += found
                }
            }
            return (settings.file, mistakes)
        }
    }
}

extension ConfigCommand {
    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "schema", abstract: "Print the JSON Schema of configuration files, for editors.",
            discussion: "An editor finds it by a first line such as\n\n"
                + "  # yaml-language-server: $schema=meterbook.schema.json")

        func run() throws { try Console.document(ConfigurationSchema.json) }
    }
}

extension Settings {
    /// What may be shown of the settings.
    fileprivate var report: SettingReport {
        SettingReport(
            file: file,
            entries: Setting.allCases.map { setting in
                let origin = origin(of: setting)
                return SettingReport.Entry(
                    key: setting.rawValue, value: origin.flatMap { _ in shown(setting) }, isSecret: setting.isSecret,
                    standard: setting.defaultText, origin: (origin?.kind ?? .standard).rawValue,
                    place: origin?.entry.place)
            })
    }

    /// The value as people may see it: of a connection all but its password, of another secret nothing, of an address
    /// where it leads.
    private func shown(_ setting: Setting) -> String? {
        do {
            switch setting.kind {
            case .number: return "\(try number(setting))"
            case .flag: return SettingValue.flag(try flag(setting)).description
            case .connection: return try text(setting).map(ConnectionText.redacted)
            case .address: return try text(setting).map(AddressText.redacted)
            default: return setting.isSecret ? "(not shown)" : try text(setting)
            }
        } catch {
            return "(cannot be read: see 'meterbook config check')"
        }
    }
}
