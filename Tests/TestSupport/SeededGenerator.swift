import Foundation

/// A random number generator whose every run can be repeated: SplitMix64 (Steele, Lea and Flood 2014).
///
/// It prints its seed; set `METERBOOK_TEST_SEED` to that number to get the same numbers again.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    /// What the sequence follows from.
    package let seed: UInt64
    private var state: UInt64

    /// A generator with the seed of the environment, or a random one.
    package init() {
        let given = ProcessInfo.processInfo.environment["METERBOOK_TEST_SEED"].flatMap { UInt64($0) }
        self.init(seed: given ?? UInt64.random(in: 0...UInt64.max))
        print("seed \(seed) (rerun with METERBOOK_TEST_SEED=\(seed))")
    }

    /// A generator with this seed, which it does not print.
    package init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
