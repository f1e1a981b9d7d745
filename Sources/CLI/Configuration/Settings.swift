import Configuration
import Deployment
import Foundation
import Jobs

/// The settings as they hold for one command: flags before the environment, that before credentials, those before the
/// job's file and the configuration file, and all before the defaults.
struct Settings: Sendable {
    /// The configuration file that was read; nil for none.
    let file: String?
    let layers: [SettingLayer]
    private let reader: ConfigReader

    init(file: String?, layers: [SettingLayer]) {
        self.file = file
        self.layers = layers
        reader = ConfigReader(providers: layers)
    }

    /// Where the value comes from; nil where nobody says anything, and there is no default.
    func origin(of setting: Setting) -> (kind: SettingLayer.Kind, entry: SettingLayer.Entry)? {
        for layer in layers {
            if let entry = layer.entries[setting] { return (layer.kind, entry) }
        }
        return nil
    }

    /// - Throws: `CommandError.configuration` for a secret that cannot be had.
    func text(_ setting: Setting) throws -> String? {
        guard origin(of: setting) != nil else { return nil }
        do {
            return try reader.requiredString(forKey: ConfigKey([setting.rawValue]), isSecret: setting.isSecret)
        } catch let error as SettingLayer.MissingSecret {
            throw CommandError.configuration(["\(error.place): '\(setting.rawValue)' is taken from \(error.flaw)"])
        } catch let error as SettingLayer.WrongSecret {
            throw CommandError.configuration([
                "\(error.place): '\(setting.rawValue)': found what cannot be used (not shown), expected \(setting.expected)"
            ])
        }
    }

    /// A setting with a default.
    func number(_ setting: Setting) throws -> Int {
        try reader.requiredInt(forKey: ConfigKey([setting.rawValue]))
    }

    /// A setting with a default.
    func flag(_ setting: Setting) throws -> Bool {
        try reader.requiredBool(forKey: ConfigKey([setting.rawValue]))
    }

    /// The deployment's folder.
    var folder: DeploymentFolder {
        get throws { DeploymentFolder(path: try text(.deployment) ?? ".") }
    }

    /// What is set of settings of which only one may be, in the highest layer that says anything of them.
    func chosen(of settings: [Setting]) -> Setting? {
        for layer in layers {
            if let setting = settings.first(where: { layer.entries[$0] != nil }) { return setting }
        }
        return nil
    }
}
