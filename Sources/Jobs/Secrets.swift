package import Deployment
import Foundation

/// Finds the secrets that a deployment or a configuration names: in the environment, in files, and among the credentials
/// that a service manager hands over (systemd.exec(5), LoadCredential). A secret stands in no message.
package struct Secrets: Sendable {
    /// Why a secret cannot be had.
    package enum Flaw: Error, Hashable, Sendable {
        case unsetVariable(String)
        case unreadable(file: String)
        case noCredentials(name: String)
        case noCredential(name: String, directory: String)
        /// Empty, or longer than `longest`.
        case unusable(place: String)
    }

    /// In bytes; longer is no secret of ours.
    package static let longest = Setting.longest

    private let environment: [String: String]
    private let warn: @Sendable (_ place: String) -> Void

    /// - Parameter warn: told of a file with a secret that everybody on the machine may read. It is no error: Docker and
    ///   Kubernetes hand secrets over that way, to a container in which nobody else is.
    package init(environment: [String: String], warn: @escaping @Sendable (_ place: String) -> Void) {
        self.environment = environment
        self.warn = warn
    }

    /// Where a service manager has put credentials; nil for nowhere.
    package var credentialsDirectory: String? {
        environment["CREDENTIALS_DIRECTORY"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// - Parameter folder: what the path of a file is relative to.
    package func text(_ reference: SecretReference, in folder: String) throws(Flaw) -> String {
        switch reference {
        case .environment(let variable):
            guard let text = environment[variable], !text.isEmpty else { throw .unsetVariable(variable) }
            guard text.utf8.count <= Self.longest else { throw .unusable(place: "the variable \(variable)") }
            return text
        case .file(let path):
            return try text(ofFile: path.hasPrefix("/") ? path : "\(folder)/\(path)", place: path)
        case .credential(let name):
            guard let directory = credentialsDirectory else { throw .noCredentials(name: name) }
            let path = "\(directory)/\(name)"
            guard FileManager.default.fileExists(atPath: path) else {
                throw .noCredential(name: name, directory: directory)
            }
            return try text(ofFile: path, place: "the credential \(name)")
        }
    }

    private func text(ofFile path: String, place: String) throws(Flaw) -> String {
        let data: Data
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            // Nil is the end of the file.
            data = try file.read(upToCount: Self.longest + 1) ?? Data()
        } catch {
            throw .unreadable(file: place)
        }
        guard data.count <= Self.longest else { throw .unusable(place: place) }
        let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty else { throw .unusable(place: place) }
        if Self.isOpenToAll(path) { warn(place) }
        return text
    }

    /// Whether every user may read the file: by its mode, and through all the folders above it.
    static func isOpenToAll(_ path: String) -> Bool {
        guard let real = realpath(path, nil) else { return false }
        defer { free(real) }
        var place = String(cString: real)
        var status = stat()
        guard stat(place, &status) == 0, status.st_mode & S_IROTH != 0 else { return false }
        while place.count > 1 {
            place = (place as NSString).deletingLastPathComponent
            guard stat(place, &status) == 0, status.st_mode & S_IXOTH != 0 else { return false }
        }
        return true
    }
}

extension Secrets.Flaw: CustomStringConvertible {
    /// A clause that goes on after what needs the secret: `… the variable TOKEN, which is not set`.
    package var description: String {
        switch self {
        case .unsetVariable(let name): "the variable \(name), which is not set"
        case .unreadable(let file): "\(file), which cannot be read"
        case .noCredentials(let name):
            "the credential \(name), but no service manager has handed any over (CREDENTIALS_DIRECTORY is not set)"
        case .noCredential(let name, let directory): "the credential \(name), which is not in \(directory)"
        case .unusable(let place): "\(place), which is empty or longer than \(Secrets.longest) bytes"
        }
    }
}
