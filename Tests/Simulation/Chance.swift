import TestSupport

/// Draws what a world is made of.
struct Chance {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// Whether something happens that happens so often in a hundred times.
    mutating func percent(_ times: Int) -> Bool { Int.random(in: 0..<100, using: &random) < times }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    /// One of several; of none there is nothing to draw.
    mutating func one<T>(of all: [T]) -> T {
        all[Int.random(in: 0..<all.count, using: &random)]
    }

    /// Some of several, in their order.
    mutating func some<T>(of all: [T], percent: Int = 50) -> [T] {
        var chosen: [T] = []
        for element in all where self.percent(percent) { chosen.append(element) }
        return chosen
    }

    mutating func shuffled<T>(_ all: [T]) -> [T] { all.shuffled(using: &random) }
}
