package import Billing
package import Deployment
import Foundation

/// A deployment as it lies on disk: `catalog.yaml`, `sources.yaml` and the data that they name.
package struct DeploymentFolder: Sendable {
    package let path: String

    package init(path: String) {
        self.path = path
    }

    /// The sources, in the order in which they have to be read: what is referred to comes first.
    package func sources() throws -> [SourceDefinition] {
        let file = "sources.yaml"
        switch SourcesReader.read(bytes: try read(file), file: "\(path)/\(file)") {
        case .success(let sources):
            return sources.enumerated().sorted { left, right in
                (order(left.element), left.offset) < (order(right.element), right.offset)
            }.map(\.element)
        case .failure(let problems):
            throw JobError.invalidSources(file: file, diagnostics: problems.all.map(\.description))
        }
    }

    /// Where a catalog lies beside the sources.
    var catalogPath: String { "\(path)/catalog.yaml" }

    /// What is in it; nil where there is no such file, as on a machine that only runs jobs.
    var catalogText: String? {
        var status = stat()
        guard stat(catalogPath, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return try? String(decoding: NamedFile.bytes(catalogPath), as: UTF8.self)
    }

    /// Subscriptions refer to customers, memberships to both, readings to accounts: the feeds are declared in that order.
    private func order(_ source: SourceDefinition) -> Int {
        Feed.allCases.firstIndex(of: source.feeds) ?? 0
    }

    /// A path that a file of the deployment names.
    func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(self.path)/\(path)" }

    private func read(_ file: String) throws -> [UInt8] {
        do throws(JobError) {
            return try NamedFile.bytes("\(path)/\(file)")
        } catch .unreadableFile(_, let reason) {
            throw JobError.noDeployment(folder: path, file: file, reason: "cannot be read: \(reason)")
        }
    }

    /// Reads a job from its file, which may lie anywhere.
    ///
    /// - Throws: `JobError.invalidJob`, `.unreadableFile`.
    package static func job(_ path: String) throws -> JobDefinition {
        switch JobReader.read(bytes: try NamedFile.bytes(path), file: path) {
        case .success(let job): return job
        case .failure(let problems): throw JobError.invalidJob(diagnostics: problems.all.map(\.description))
        }
    }

    /// Reads the text of a catalog that was stored: it was checked when it was applied.
    @Sendable
    package static func parseCatalog(_ text: String) throws -> Catalog {
        switch CatalogReader.read(text: text, file: "stored catalog") {
        case .success(let catalog): return catalog
        case .failure(let problems):
            throw JobError.invalidSources(file: "stored catalog", diagnostics: problems.all.map(\.description))
        }
    }
}
