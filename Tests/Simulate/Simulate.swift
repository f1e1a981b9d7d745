import Foundation
import Oracle
import Simulation
import Synchronization
import TestSupport

/// `make simulate`: plays the worlds of many seeds, or the world of one and tells all of it, or as many worlds as it takes
/// for so many runs to die in them.
@main
enum Simulate {
    private static let usage = """
        usage: simulate --seeds COUNT [--from SEED]
               simulate --seed SEED
               simulate --kills COUNT [--from SEED]

        """

    static func main() throws {
        guard let order = order(CommandLine.arguments.dropFirst()) else {
            FileHandle.standardError.write(Data(usage.utf8))
            exit(64)
        }
        let simulating = Simulating(order)
        simulating.run()
        exit(simulating.flawed.isEmpty ? 0 : 1)
    }

    private static func order(_ arguments: ArraySlice<String>) -> Order? {
        var options: [String: UInt64] = [:]
        var rest = arguments
        while let name = rest.popFirst() {
            guard ["--seeds", "--seed", "--kills", "--from"].contains(name),
                let number = rest.popFirst().flatMap({ UInt64($0) })
            else { return nil }
            options[name] = number
        }
        if let seed = options["--seed"] { return options.count == 1 ? Order(seeds: seed...seed, isTold: true) : nil }
        let first = options["--from"] ?? 1
        switch (options["--seeds"], options["--kills"].flatMap { Int(exactly: $0) }) {
        case (let count?, nil) where count > 0:
            let (last, overflow) = first.addingReportingOverflow(count - 1)
            return overflow ? nil : Order(seeds: first...last)
        case (nil, let kills?) where kills > 0: return Order(seeds: first...UInt64.max, kills: kills)
        default: return nil
        }
    }
}

/// What is asked for.
private struct Order {
    var seeds: ClosedRange<UInt64>
    /// Whether each world is printed.
    var isTold = false
    /// Runs die in all nights, until so many have died; nil for those of the worlds alone.
    var kills: Int?
}

/// Worlds under way, as many at a time as the tests have databases.
private final class Simulating: Sendable {
    private struct State {
        var next: UInt64?
        var done = 0
        var flawed: [UInt64] = []
    }

    private static let places = 4
    private let order: Order
    private let death = Death()
    private let state: Mutex<State>
    private let began = ContinuousClock.now
    private let hasTerminal = isatty(STDERR_FILENO) == 1

    init(_ order: Order) {
        self.order = order
        state = Mutex(State(next: order.seeds.lowerBound))
    }

    /// The seeds of worlds in which the program and the oracle differ.
    var flawed: [UInt64] { state.withLock { $0.flawed.sorted() } }

    func run() {
        let group = DispatchGroup()
        for _ in 0..<Self.places {
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
        let done = state.withLock(\.done)
        print("\(done) worlds in \(seconds) s, \(flawed.count) with differences\(flawed.isEmpty ? "" : ": \(flawed)")")
        tellDeaths()
    }

    /// How many runs have died, and where the most of them.
    private func tellDeaths() {
        let toll = death.toll.withLock { $0 }
        guard !toll.isEmpty else { return }
        print("\(toll.values.reduce(0, +)) runs were killed, at \(toll.count) different places; most of them")
        let most = toll.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        for (place, deaths) in most.prefix(order.kills == nil ? 5 : 30) { print("  \(deaths) \(place)") }
    }

    private func take() -> UInt64? {
        let isEnough = order.kills.map { kills in death.toll.withLock { $0.values.reduce(0, +) } >= kills } ?? false
        return isEnough
            ? nil
            : state.withLock { state in
                defer { state.next = state.next.flatMap { $0 < order.seeds.upperBound ? $0 + 1 : nil } }
                return state.next
            }
    }

    private func play(_ seed: UInt64) {
        var story: String?
        do {
            var world = try World(seed: seed)
            if order.kills != nil { world.kill(percent: 100) }
            if order.isTold { print(try world.written(because: nil)) }
            if let flaw = try Simulation.flaw(in: world, death: death) { story = try Simulation.story(of: world, flaw) }
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
        let (reached, all) = progress(done)
        let elapsed = ContinuousClock.now - began
        let rate = Double(reached) / max(0.001, elapsed / .seconds(1))
        let left = Int(Double(max(0, all - reached)) / max(0.001, rate))
        let bar = String(repeating: "█", count: min(20, reached * 20 / max(1, all)))
        write(
            "\r\u{1b}[K\(bar)\(String(repeating: "░", count: 20 - bar.count)) \(reached) of \(all) "
                + "\(order.kills == nil ? "worlds" : "kills"), \(String(format: "%.1f", rate))/s, "
                + "\(left / 60):\(left % 60 < 10 ? "0" : "")\(left % 60) left, \(flawed.count) differ")
    }

    private func progress(_ done: Int) -> (reached: Int, all: Int) {
        guard let kills = order.kills else { return (done, order.seeds.count) }
        return (death.toll.withLock { $0.values.reduce(0, +) }, kills)
    }

    private func clear() {
        if hasTerminal { write("\r\u{1b}[K") }
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

    private static func seconds(_ duration: Duration) -> Int64 { duration.components.seconds }
}
