import Foundation
import TestSupport

extension Books {
    /// The folder of a vendor's example deployment.
    static func example(_ vendor: String) -> String { repository + "/jobs/examples/" + vendor }

    /// Copies a vendor's example into the books' folder, so that a test may change it, and applies its catalog.
    func deploy(example vendor: String) throws {
        for part in ["catalog.yaml", "sources.yaml", "data"] {
            try FileManager.default.copyItem(
                atPath: "\(Self.example(vendor))/\(part)", toPath: "\(folder.path)/\(part)")
        }
        try run("catalog", "apply", folder.path + "/catalog.yaml")
    }

    /// Rewrites a file of the deployment, line by line; nil leaves a line out.
    func rewrite(_ name: String, _ change: (Substring) throws -> String?) throws {
        let lines = try Self.text(of: "\(folder.path)/\(name)").split(separator: "\n")
        try folder.write(lines.compactMap(change).map { $0 + "\n" }.joined(), to: name)
    }

    /// The lines of an invoice as the export tells them, by the key of their price, amounts in cents.
    func amounts(of reference: String) throws -> [String: Int] {
        let line = try run("invoice", "export").split(separator: "\n").first { $0.contains("\"\(reference)\"") }
        guard let line else { throw TestFailure("no invoice \(reference)") }
        return try Dictionary(
            uniqueKeysWithValues: JSON(String(line)).list("lines").map {
                (try $0.text("price"), try $0.cents("amount"))
            })
    }
}
