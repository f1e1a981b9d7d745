import Deployment
import Foundation
import Jobs

extension Settings {
    /// The one configuration file that is read: what --config names, or METERBOOK_CONFIG, or else the first that is there,
    /// in the deployment's folder or the system's. Others are not looked into, so that one file tells it all.
    static func configurationFile(
        flag: String?, _ environment: [String: String], deployment: String?, _ mistakes: inout [String]
    ) throws -> String? {
        for (path, place) in [(flag, "--config"), (environment[fileVariable], fileVariable)] {
            guard let path else { continue }
            guard FileManager.default.fileExists(atPath: path) else {
                mistakes.append("\(place): \(Quoting.quoted(path)) is not there")
                return nil
            }
            return path
        }
        let near = deployment.map { "\($0)/\(fileName)" } ?? fileName
        for path in [near, systemFile] where FileManager.default.fileExists(atPath: path) {
            // Who stands in a folder of somebody else's has not chosen what lies there.
            if path == near, deployment == nil, let owner = stranger(path) {
                mistakes.append(
                    "\(path): it belongs to the user \(owner); name it with --config to use it all the same")
                return nil
            }
            return path
        }
        return nil
    }

    /// The number of the file's owner where that is neither this user nor root.
    private static func stranger(_ path: String) -> UInt32? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_uid != geteuid(), status.st_uid != 0 else { return nil }
        return status.st_uid
    }

    static func fileLayer(_ path: String, _ secrets: Secrets, _ mistakes: inout [String]) -> SettingLayer? {
        guard let data = FileManager.default.contents(atPath: path) else {
            mistakes.append("\(path): cannot be read")
            return nil
        }
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IWOTH != 0 {
            mistakes.append("\(path): everybody on this machine may write it: chmod o-w takes that away")
            return nil
        }
        let folder = (path as NSString).deletingLastPathComponent
        let base = folder.isEmpty ? "." : folder
        switch ConfigurationReader.read(bytes: Array(data), file: path) {
        case .failure(let problems):
            mistakes += problems.all.map(\.description)
            return nil
        case .success(let file):
            let entries = file.entries.map { setting, entry in
                (
                    setting,
                    SettingLayer.Entry(
                        statement: anchored(entry.statement, setting, in: base), place: "\(path):\(entry.line)")
                )
            }
            return SettingLayer(
                kind: .file, entries: Dictionary(uniqueKeysWithValues: entries), secrets: secrets, folder: base)
        }
    }

    /// A path of a file is relative to the file's folder, wherever the program is started.
    private static func anchored(
        _ statement: ConfigurationFile.Statement, _ setting: Setting, in folder: String
    ) -> ConfigurationFile.Statement {
        guard case .value(.text(let path)) = statement, !path.hasPrefix("/") else { return statement }
        switch setting.kind {
        case .path: break
        case .program where path.contains("/"): break
        default: return statement
        }
        if folder == "." { return statement }
        return .value(.text(path == "." ? folder : "\(folder)/\(path)"))
    }
}
