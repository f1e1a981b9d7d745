import Configuration
import Deployment
import Jobs

/// One place that says something about settings, such as the environment: what it says of which, and where exactly.
///
/// It is a provider of swift-configuration, which asks one layer after the other. A secret is fetched when it is asked
/// for, so a command that does not need one does not need to be allowed to read it.
struct SettingLayer: ConfigProvider, ConfigSnapshot {
    /// What kind of place it is, from the highest to the lowest.
    enum Kind: String, Sendable, CaseIterable {
        case flag, environment, credential, job, file, standard = "default"
    }

    struct Entry: Sendable {
        let statement: ConfigurationFile.Statement
        /// Where it stands: `--workers`, `METERBOOK_WORKERS`, `meterbook.yaml:3`.
        let place: String
    }

    /// Why a secret cannot be had.
    struct MissingSecret: Error {
        let setting: Setting
        let place: String
        let flaw: Secrets.Flaw
    }

    /// What a secret holds is nothing that its setting takes.
    struct WrongSecret: Error {
        let setting: Setting
        let place: String
    }

    let kind: Kind
    let entries: [Setting: Entry]
    let secrets: Secrets
    /// What the paths of secrets are relative to.
    var folder = "."

    var providerName: String { kind.rawValue }

    func value(forKey key: AbsoluteConfigKey, type: ConfigType) throws -> LookupResult {
        guard let setting = Setting(rawValue: key.description), let entry = entries[setting] else {
            return LookupResult(encodedKey: key.description, value: nil)
        }
        return LookupResult(encodedKey: entry.place, value: try value(setting, entry))
    }

    private func value(_ setting: Setting, _ entry: Entry) throws -> ConfigValue {
        switch entry.statement {
        case .value(.text(let text)): return ConfigValue(.string(text), isSecret: setting.isSecret)
        case .value(.number(let number)): return ConfigValue(.int(number), isSecret: setting.isSecret)
        case .value(.flag(let flag)): return ConfigValue(.bool(flag), isSecret: setting.isSecret)
        case .secret(let reference):
            let text: String
            do throws(Secrets.Flaw) {
                text = try secrets.text(reference, in: folder)
            } catch {
                throw MissingSecret(setting: setting, place: entry.place, flaw: error)
            }
            guard case .text(let sound) = setting.value(of: text) else {
                throw WrongSecret(setting: setting, place: entry.place)
            }
            return ConfigValue(.string(sound), isSecret: true)
        }
    }

    nonisolated(nonsending) func fetchValue(forKey key: AbsoluteConfigKey, type: ConfigType) async throws
        -> LookupResult
    {
        try value(forKey: key, type: type)
    }

    nonisolated(nonsending) func watchValue<Return: ~Copyable>(
        forKey key: AbsoluteConfigKey, type: ConfigType,
        updatesHandler:
            nonisolated(nonsending) (
                _ updates: ConfigUpdatesAsyncSequence<Result<LookupResult, any Error>, Never>
            ) async throws -> Return
    ) async throws -> Return {
        try await watchValueFromValue(forKey: key, type: type, updatesHandler: updatesHandler)
    }

    func snapshot() -> any ConfigSnapshot { self }

    nonisolated(nonsending) func watchSnapshot<Return: ~Copyable>(
        updatesHandler:
            nonisolated(nonsending) (_ updates: ConfigUpdatesAsyncSequence<any ConfigSnapshot, Never>) async throws ->
            Return
    ) async throws -> Return {
        try await watchSnapshotFromSnapshot(updatesHandler: updatesHandler)
    }
}
