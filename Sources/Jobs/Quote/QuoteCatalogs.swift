import Billing
import Deployment
import Foundation

/// The catalogs that a batch has met, ready for quoting and found again by their text or their name.
///
/// A batch of a million cases may hold a million catalogs, so only the latest are kept: two generations, of which the
/// older is dropped when the younger is full. What is used again moves to the younger one.
final class QuoteCatalogs {
    /// As many as a catalog has.
    static let mostMeters = 100
    private static let mostCatalogs = 256
    private static let mostBytes = 4 << 20

    /// A catalog's text, hashed as a whole and not byte by byte.
    private struct Text: Hashable {
        let bytes: [UInt8]

        func hash(into hasher: inout Hasher) {
            bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        }
    }

    private struct Entry {
        let text: Text
        let quoter: Quoter
    }

    private struct Generation {
        var byText: [Text: Entry] = [:]
        var byName: [String: Entry] = [:]
        var bytes = 0
    }

    private var young = Generation()
    private var old = Generation()
    private var latest: Entry?
    /// The catalog of the command line.
    let given: Quoter?

    init(given: Quoter?) {
        self.given = given
    }

    /// The length of the latest catalog, if these bytes begin with its text: an object's text ends with its last brace, so
    /// nothing need be scanned to know where it ends.
    func lengthOfLatest(at bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let text = latest?.text.bytes, bytes.count >= text.count, let start = bytes.baseAddress,
            memcmp(start, text, text.count) == 0
        else { return nil }
        return text.count
    }

    func quoter(for bytes: UnsafeBufferPointer<UInt8>) throws(QuoteProblem) -> Quoter {
        if let latest, latest.text.bytes.count == bytes.count, lengthOfLatest(at: bytes) != nil { return latest.quoter }
        let text = Text(bytes: Array(bytes))
        let entry: Entry
        if let known = young.byText[text] {
            latest = known
            young.byName[known.quoter.catalog.name] = known
            return known.quoter
        } else if let known = old.byText[text] {
            entry = known
        } else {
            entry = Entry(text: text, quoter: try Self.read(text.bytes))
        }
        keep(entry)
        return entry.quoter
    }

    /// The latest catalog of that name.
    func quoter(named name: String) throws(QuoteProblem) -> Quoter {
        if let known = young.byName[name] { return known.quoter }
        if let known = old.byName[name] {
            keep(known)
            return known.quoter
        }
        if let given, given.catalog.name == name { return given }
        let names = young.byName.keys.sorted()
        throw QuoteProblem(
            code: "unknown_catalog", place: "catalog_ref", found: Quoting.quoted(name),
            expected: "the name of the catalog of an earlier line",
            hint: Suggestion.text(for: name, among: names))
    }

    private func keep(_ entry: Entry) {
        if young.byText.count >= Self.mostCatalogs || young.bytes + entry.text.bytes.count > Self.mostBytes {
            (old, young) = (young, Generation())
        }
        young.byText[entry.text] = entry
        young.byName[entry.quoter.catalog.name] = entry
        young.bytes += entry.text.bytes.count
        latest = entry
    }

    private static func read(_ json: [UInt8]) throws(QuoteProblem) -> Quoter {
        switch CatalogReader.read(bytes: yaml(json), file: "catalog") {
        case .success(let catalog):
            guard let quoter = Quoter(catalog) else {
                throw QuoteProblem(
                    code: "unknown_meter", place: "catalog", found: "a price of an unknown meter",
                    expected: "a sound catalog")
            }
            return quoter
        case .failure(let diagnostics): throw QuoteProblem(diagnostics)
        }
    }

    /// JSON is YAML but for one thing: a character beyond U+FFFF is escaped as a pair of surrogates (RFC 8259, section 7),
    /// which YAML 1.1 does not know; there it is `\UXXXXXXXX`.
    static func yaml(_ json: [UInt8]) -> [UInt8] {
        var yaml: [UInt8] = []
        yaml.reserveCapacity(json.count)
        var index = 0
        while index < json.count {
            guard json[index] == UInt8(ascii: "\\"), index + 1 < json.count else {
                yaml.append(json[index])
                index += 1
                continue
            }
            if let lead = unit(json, at: index), UTF16.isLeadSurrogate(lead), let trail = unit(json, at: index + 6),
                UTF16.isTrailSurrogate(trail)
            {
                let scalar = 0x10000 + (UInt32(lead & 0x3FF) << 10 | UInt32(trail & 0x3FF))
                let digits = String(scalar, radix: 16)
                yaml += Array("\\U\(String(repeating: "0", count: 8 - digits.utf8.count))\(digits)".utf8)
                index += 12
            } else {
                yaml += json[index...(index + 1)]
                index += 2
            }
        }
        return yaml
    }

    /// The code unit of the `\uXXXX` at an index.
    private static func unit(_ json: [UInt8], at index: Int) -> UInt16? {
        guard index + 6 <= json.count, json[index] == UInt8(ascii: "\\"), json[index + 1] == UInt8(ascii: "u") else {
            return nil
        }
        return UInt16(String(decoding: json[(index + 2)..<(index + 6)], as: UTF8.self), radix: 16)
    }
}
