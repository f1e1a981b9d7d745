import Foundation
import Oracle
import Simulation
import Synchronization
import TestSupport

/// `make simulate`: plays the worlds of many seeds, or the world of one and tells all of it.
@main
enum Simulate {
    private static let usage = """
        usage: simulate --seeds COUNT [--from SEED]
               simulate --seed SEED

        """

    static func main() throws {
        guard let seeds = seeds(CommandLine.arguments.dropFirst()) else {
            FileHandle.standardError.write(Data(usage.utf8))
            exit(64)
        }
        let simulating = Simulating(seeds, isTold: seeds.count == 1)
        simulating.run()
        exit(simulating.flawed.isEmpty ? 0 : 1)
    }

    private static func seeds(_ arguments: ArraySlice<String>) -> ClosedRange<UInt64>? {
        var options: [String: UInt64] = [:]
        var rest = arguments
        while let name = rest.popFirst() {
            guard ["--seeds", "--seed", "--from"].contains(name), let number = rest.popFirst().flatMap({ UInt64($0) })
            else { return nil }
            options[name] = number
        }
        if let seed = options["--seed"], options.count == 1 { return seed...seed }
        guard let count = options["--seeds"], count > 0, options["--seed"] == nil else { return nil }
        let first = options["--from"] ?? 1
        let (last, overflow) = first.addingReportingOverflow(count - 1)
        return overflow ? nil : first...last
    }
}

/// Worlds under way, as many at a time as the tests have databases.
private final class Simulating: Sendable {
    private struct State {
        var next: UInt64?
        var done = 0
        var flawed: [UInt64] = []
    }

    private static let places = 4
    private let seeds: ClosedRange<UInt64>
    private let isTold: Bool
    private let state: Mutex<State>
    private let began = ContinuousClock.now
    private let hasTerminal = isatty(STDERR_FILENO) == 1

    /// - Parameter isTold: whether each world is printed.
    init(_ seeds: ClosedRange<UInt64>, isTold: Bool) {
        (self.seeds, self.isTold) = (seeds, isTold)
        state = Mutex(State(next: seeds.lowerBound))
    }

    /// The seeds of worlds in which the program and the oracle differ.
    var flawed: [UInt64] { state.withLock { $0.flawed.sorted() } }

    func run() {
        let group = DispatchGroup()
        for _ in 0..<min(Self.places, seeds.count) {
            group.enter()
            // A world blocks for its database.
            let thread = Thread { [self] in
                defer { group.leave() }
                while let seed = take() { play(seed) }
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
        group.wait()
        clear()
        let seconds = Self.seconds(ContinuousClock.now - began)
        print(
            "\(seeds.count) worlds in \(seconds) s, \(flawed.count) with differences\(flawed.isEmpty ? "" : ": \(flawed)")"
        )
    }

    private func take() -> UInt64? {
        state.withLock { state in
            defer { state.next = state.next.flatMap { $0 < seeds.upperBound ? $0 + 1 : nil } }
            return state.next
        }
    }

    private func play(_ seed: UInt64) {
        var story: String?
        do {
            let world = try World(seed: seed)
            if isTold { print(try world.written(because: nil)) }
            if let flaw = try Simulation.flaw(in: world) { story = try Simulation.story(of: world, flaw) }
        } catch {
            story = "seed \(seed): this is no world: \(error)"
        }
        let done = state.withLock { state in
            state.done += 1
            if story != nil { state.flawed.append(seed) }
            return state.done
        }
        if let story {
            clear()
            print(story + "\n")
            fflush(nil)
        }
        report(done)
    }

    // MARK: - Progress, on a terminal alone

    private func report(_ done: Int) {
        guard hasTerminal else { return }
        let elapsed = ContinuousClock.now - began
        let rate = Double(done) / max(0.001, elapsed / .seconds(1))
        let left = Int(Double(seeds.count - done) / rate)
        let bar = String(repeating: "█", count: done * 20 / seeds.count)
        write(
            "\r\u{1b}[K\(bar)\(String(repeating: "░", count: 20 - bar.count)) \(done) of \(seeds.count) worlds, "
                + "\(String(format: "%.1f", rate))/s, \(left / 60):\(left % 60 < 10 ? "0" : "")\(left % 60) left, "
                + "\(flawed.count) differ")
    }

    private func clear() {
        if hasTerminal { write("\r\u{1b}[K") }
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

    private static func seconds(_ duration: Duration) -> Int64 { duration.components.seconds }
}
