import Billing
import Deployment
import Testing

/// Damaged catalogs, from a seed: whatever happens to a file, it is read or it is explained, and nothing crashes.
@Suite("Damaged catalogs")
struct MutationTests {
    private static let good = """
        catalog: connex
        currency: USD
        meters:
          orders:
            name: Orders synced
            aggregate: sum
            unit: {one: order, other: orders}
        plans:
          silver:
            name: Silver
            invoice: month
            versions:
              - from: 2015-01-01
                signed_up: {before: 2021-02-01}
                prices:
                  base: {flat: {month: 49.00, year: 490.00}, name: Silver plan}
                  orders: {usage: orders, name: Over the limit, allowance: 60000, per: year}
                entitlements:
                  channels: {name: Selling channels, limit: 2, meter: orders}
                eligible:
                  orders: {name: Orders in the last 30 days, meter: orders, days: 30, below: 500}
              - from: 2022-02-01
                prices:
                  orders: {usage: orders, name: Over, allowance: 12000, per: year, unit_price: 0.10, already_paid: yes}

        """

    /// SplitMix64: the same damages in every run.
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static let fragments = [
        "&a ", "*a", "<<: ", "!!int ", "---\n", "...\n", "\t", "? ", "- ", ": ", "{", "}", "[", "]", "|", ">", "'",
        "\"",
        "#", "%YAML 1.2\n", "@", "`", "~", "\u{0}", "\u{2028}", "\u{FEFF}", "💶", "é", "\r", "\"\\uD800\"",
        "9999999999999999999",
    ]

    private static let goodSources = """
        sources:
          customers: {feeds: customers, file: data/customers.csv, columns: {customer: id, name: {column: company}}}
          orders:
            feeds: readings
            postgres: {env: SHOP_DATABASE_URL}
            query: |
              SELECT account, channel, day, orders FROM daily WHERE day >= $1 AND day < $2
            columns: {meter: {value: orders}, quantity: orders}

        """

    private static func damaged(_ text: String, _ random: inout Seeded) -> [UInt8] {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.insert(contentsOf: (fragments.randomElement(using: &random) ?? "").utf8, at: place)
            case 2: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...20, using: &random)))
            case 3: bytes.removeSubrange(place...)
            case 4:
                var lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
                let line = lines.remove(at: Int.random(in: 0..<lines.count, using: &random))
                if Bool.random(using: &random) {
                    lines.insert(line, at: Int.random(in: 0...lines.count, using: &random))
                }
                bytes = Array(lines.joined(separator: [10]))
            default: bytes.swapAt(place, Int.random(in: 0..<bytes.count, using: &random))
            }
        }
        return bytes
    }

    @Test("A damaged catalog is read, or explained at places inside the file", arguments: 0..<8)
    func damage(_ seed: UInt64) {
        var random = Seeded(state: seed)
        for _ in 0..<500 {
            let bytes = Self.damaged(Self.good, &random)
            if case .failure(let diagnostics) = CatalogReader.read(bytes: bytes, file: "c.yaml") {
                check(diagnostics, of: bytes)
            }
        }
    }

    @Test("Damaged sources are read, or explained at places inside the file", arguments: 0..<4)
    func damageToSources(_ seed: UInt64) {
        var random = Seeded(state: seed)
        for _ in 0..<500 {
            let bytes = Self.damaged(Self.goodSources, &random)
            if case .failure(let diagnostics) = SourcesReader.read(bytes: bytes, file: "s.yaml") {
                check(diagnostics, of: bytes)
            }
        }
    }

    private func check(_ diagnostics: Diagnostics, of bytes: [UInt8]) {
        #expect(!diagnostics.all.isEmpty)
        // A Windows line end is one character and one line end.
        let lines = String(decoding: bytes, as: UTF8.self).split(omittingEmptySubsequences: false) {
            $0 == "\n" || $0 == "\r" || $0 == "\r\n"
        }
        for diagnostic in diagnostics.all {
            let isInside = lines.indices.contains(diagnostic.line - 1)
            #expect(isInside, "\(diagnostic)")
            guard isInside else { continue }
            let length = lines[diagnostic.line - 1].unicodeScalars.count
            #expect((1...(length + 1)).contains(diagnostic.column), "\(diagnostic)")
            #expect(!diagnostic.message.unicodeScalars.contains { $0.value < 0x20 })
        }
    }

    @Test("The undamaged ones are read")
    func undamaged() throws {
        #expect(try CatalogReader.read(text: Self.good, file: "c.yaml").get().plans.count == 1)
        #expect(try SourcesReader.read(text: Self.goodSources, file: "s.yaml").get().count == 2)
    }
}
