import Foundation
import Oracle
import Simulation
import TestSupport
import Testing

/// Made-up vendors, with all that may happen to them. `make simulate` plays as many more as one likes.
@Suite("Simulated vendors")
struct SimulationTests {
    /// Two hundred that are always the same, and fifty that nobody has played before; or the one of METERBOOK_TEST_SEED.
    static let seeds: [UInt64] = {
        if let given = ProcessInfo.processInfo.environment["METERBOOK_TEST_SEED"].flatMap({ UInt64($0) }) {
            return [given]
        }
        let fresh = (0..<50).map { _ in UInt64.random(in: 1_000_000...999_999_999) }
        print("fresh worlds: \(fresh.map { "\($0)" }.joined(separator: " "))")
        return Array(1...200) + fresh
    }()

    @Test("The program bills, decides and tells what the oracle does, to the cent and the byte", arguments: seeds)
    func agrees(seed: UInt64) async throws {
        let world = try World(seed: seed)
        let story = try await withDatabase(Simulation.template) { database -> String? in
            guard let flaw = try Simulation.flaw(in: world, conninfo: database.conninfo) else { return nil }
            return try Simulation.story(of: world, flaw)
        }
        if let story { Issue.record("\(story)") }
    }
}
