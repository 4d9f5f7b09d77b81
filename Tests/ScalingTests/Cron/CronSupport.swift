import Foundation

@testable import Scaling

/// An instant from its ISO 8601 text, such as `2026-03-29T01:00:00Z`.
func instant(_ text: String) throws -> Date {
    try Date(text, strategy: .iso8601)
}

/// A small repeatable generator of random numbers (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    /// The state; the next number is a hash of it.
    private var state: UInt64

    /// Makes a generator that will give the same numbers for the same seed.
    init(seed: UInt64) { self.state = seed }

    /// The next number.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// The seed of this run's random tests: `SWELL_TEST_SEED` if set, else a fresh one.
///
/// It is printed, so that a failure can be repeated.
let testSeed: UInt64 = {
    let given = ProcessInfo.processInfo.environment["SWELL_TEST_SEED"].flatMap(UInt64.init)
    let seed = given ?? UInt64.random(in: 0...UInt64.max)
    print("random tests of ScalingTests use SWELL_TEST_SEED=\(seed)")
    return seed
}()
