import Billing
import Crypto
import Deployment

extension SourceDefinition {
    /// Whether it is asked for days, so that a part of them can be pulled by itself. What says everything that it has, a file
    /// above all, is read once, however many days there are.
    var isAskedForDays: Bool {
        guard feeds == .readings else { return false }
        switch origin {
        case .file: return false
        case .postgres, .prometheus: return true
        case .http(let origin):
            // With one end alone every chunk would bring the days of all the others on that side.
            return origin.address.contains("{{from}}")
                && (origin.address.contains("{{to}}") || origin.address.contains("{{last}}"))
        }
    }

    /// SHA-256 of all that says what its rows are: not how it is asked for them, or how often.
    var meaningDigest: [UInt8] {
        let origin =
            switch origin {
            case .file(let path, let format, let delimiter):
                ["file", path, "\(format?.rawValue ?? "")", "\(delimiter?.rawValue ?? "")"]
            case .postgres(let connection, let query): ["postgres", "\(connection)", query]
            case .http(let origin): ["http", "\(origin.source)"]
            case .prometheus(let origin):
                ["prometheus", origin.address, origin.query, "\(origin.step) \(origin.fromZero)", origin.timeZone]
            }
        let meaning = ["\(feeds)", "\(columns)"] + origin
        return Array(SHA256.hash(data: Array(meaning.joined(separator: "\n").utf8)))
    }
}
