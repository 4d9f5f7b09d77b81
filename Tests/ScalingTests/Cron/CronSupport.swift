import Foundation

@testable import Scaling

/// An instant from its ISO 8601 text, such as `2026-03-29T01:00:00Z`.
func instant(_ text: String) throws -> Date {
    try Date(text, strategy: .iso8601)
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
