import Deployment
import Foundation
import Jobs

extension Settings {
    /// The flags of a command that stand for settings, as texts.
    typealias Flags = [Setting: String]

    /// The name of a configuration file where nobody names one.
    static let fileName = "meterbook.yaml"
    static let systemFile = "/etc/meterbook/meterbook.yaml"
    static let fileVariable = Setting.prefix + "CONFIG"
    /// Variables that belong to the tests of the program, not to it.
    private static let testPrefix = Setting.prefix + "TEST_"

    /// Reads all layers and checks them as a whole.
    ///
    /// - Parameters:
    ///   - file: the configuration file that a flag names; nil for none.
    ///   - flags: checked already, as flags are.
    ///   - job: the options of a job's file, and how the file is called.
    /// - Throws: `CommandError.configuration` with every mistake.
    static func read(
        file: String?, flags: Flags, job: (definition: JobDefinition, file: String)? = nil
    ) throws -> Settings {
        let environment = ProcessInfo.processInfo.environment.filter { !$0.value.isEmpty }
        let secrets = Secrets(environment: environment) { place in
            Console.complain(
                "meterbook: \(place) holds a secret that everybody on this machine may read: chmod o-r takes that away")
        }
        var mistakes: [String] = []
        var layers = [
            SettingLayer(kind: .flag, entries: flagEntries(flags), secrets: secrets),
            SettingLayer(kind: .environment, entries: environmentEntries(environment, &mistakes), secrets: secrets),
            SettingLayer(kind: .credential, entries: credentialEntries(secrets, &mistakes), secrets: secrets),
        ]
        if let job {
            layers.append(SettingLayer(kind: .job, entries: jobEntries(job.definition, job.file), secrets: secrets))
        }
        let deployment = flags[.deployment] ?? environment[Setting.deployment.variable]
        let found = try configurationFile(flag: file, environment, deployment: deployment, &mistakes)
        if let found, let layer = fileLayer(found, secrets, &mistakes) { layers.append(layer) }
        guard mistakes.isEmpty else { throw CommandError.configuration(mistakes) }
        let defaults = Setting.allCases.compactMap { setting in
            setting.defaultValue.map {
                (setting, SettingLayer.Entry(statement: .value($0), place: SettingLayer.Kind.standard.rawValue))
            }
        }
        layers.append(
            SettingLayer(kind: .standard, entries: Dictionary(uniqueKeysWithValues: defaults), secrets: secrets))
        let settings = Settings(file: found, layers: layers)
        try settings.armFailpoints()
        return settings
    }

    private static func flagEntries(_ flags: Flags) -> [Setting: SettingLayer.Entry] {
        var entries: [Setting: SettingLayer.Entry] = [:]
        for (setting, text) in flags {
            guard let flag = setting.flag else { continue }
            if setting == .noticeSecret {
                entries[setting] = SettingLayer.Entry(statement: .secret(.file(text)), place: flag)
            } else if let value = setting.value(of: text) {
                entries[setting] = SettingLayer.Entry(statement: .value(value), place: flag)
            }
        }
        return entries
    }

    /// An empty variable counts as one that is not set.
    private static func environmentEntries(
        _ environment: [String: String], _ mistakes: inout [String]
    ) -> [Setting: SettingLayer.Entry] {
        var entries: [Setting: SettingLayer.Entry] = [:]
        var known = [fileVariable]
        for setting in Setting.allCases {
            known.append(setting.variable)
            let text = environment[setting.variable]
            if let fileVariable = setting.fileVariable {
                known.append(fileVariable)
                if let path = environment[fileVariable] {
                    guard text == nil else {
                        mistakes.append("\(setting.variable) and \(fileVariable) are both set: leave one of them out")
                        continue
                    }
                    entries[setting] = SettingLayer.Entry(statement: .secret(.file(path)), place: fileVariable)
                }
            }
            guard let text else { continue }
            guard let value = setting.value(of: text) else {
                let found = setting.isShown ? Quoting.quoted(text) : "what cannot be used (not shown)"
                mistakes.append("\(setting.variable): found \(found), expected \(setting.expected)")
                continue
            }
            entries[setting] = SettingLayer.Entry(statement: .value(value), place: setting.variable)
        }
        let carriers = Setting.carriers.filter { entries[$0] != nil }
        if carriers.count > 1 {
            mistakes.append(
                "\(carriers.map(\.variable).joined(separator: " and ")) are set: a notice goes one way, leave the others out"
            )
        }
        for name in environment.keys.sorted() where name.hasPrefix(Setting.prefix) && !name.hasPrefix(testPrefix) {
            guard !known.contains(name) else { continue }
            mistakes.append(unknown("variable", name, among: known, prefix: Setting.prefix))
        }
        return entries
    }

    private static func credentialEntries(
        _ secrets: Secrets, _ mistakes: inout [String]
    ) -> [Setting: SettingLayer.Entry] {
        guard let directory = secrets.credentialsDirectory else { return [:] }
        // A directory that is another service's cannot be looked into, and holds nothing for this program.
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted()
        let known = Setting.allCases.compactMap { setting in setting.credential.map { (name: $0, setting: setting) } }
        var entries: [Setting: SettingLayer.Entry] = [:]
        for name in names where name.hasPrefix(Setting.credentialPrefix) {
            guard let match = known.first(where: { $0.name == name }) else {
                mistakes.append(
                    unknown("credential", name, among: known.map(\.name), prefix: Setting.credentialPrefix))
                continue
            }
            entries[match.setting] = SettingLayer.Entry(
                statement: .secret(.credential(name)), place: "credential \(name)")
        }
        return entries
    }

    private static func unknown(_ what: String, _ name: String, among known: [String], prefix: String) -> String {
        // What all of them begin with is no part of what they resemble each other in.
        let names = known.map { String($0.dropFirst(prefix.count)).lowercased() }
        let meant = Suggestion.closest(to: String(name.dropFirst(prefix.count)), among: names)
            .flatMap { name in known.first { $0.lowercased() == (prefix + name).lowercased() } }
        let hint = meant.map { "; did you mean \($0)?" } ?? "; 'meterbook config show' lists what there is"
        return "\(Quoting.quoted(name)): there is no such \(what)\(hint)"
    }

    private static func jobEntries(_ job: JobDefinition, _ file: String) -> [Setting: SettingLayer.Entry] {
        var entries: [Setting: SettingLayer.Entry] = [:]
        for (setting, number) in [(Setting.workers, job.workers), (.batch, job.batch)] {
            guard let number else { continue }
            entries[setting] = SettingLayer.Entry(statement: .value(.number(number)), place: file)
        }
        return entries
    }
}
