import KubeClient
import Testing

@Suite struct TokenBucketTests {
    /// Whether a token is there, at a row of moments in milliseconds.
    static func take(_ bucket: inout TokenBucket, at moments: [Int]) -> [Bool] {
        moments.map { bucket.take(at: .milliseconds($0)) }
    }

    @Test func `a burst is free, then one token comes every so often`() {
        var bucket = TokenBucket(rate: 2, burst: 3, now: .zero)
        let moments = [0, 0, 0, 0, 499, 500, 999, 1000]
        #expect(Self.take(&bucket, at: moments) == [true, true, true, false, false, true, false, true])
    }

    @Test func `reservations queue up one behind the other`() {
        var bucket = TokenBucket(rate: 10, burst: 1, now: .zero)
        let waits = (0..<4).map { _ in bucket.reserve(at: .zero, waitingUpTo: .seconds(1)) }
        #expect(waits == [.zero, .milliseconds(100), .milliseconds(200), .milliseconds(300)])
    }

    @Test func `a reservation too far ahead is refused and costs nothing`() {
        var bucket = TokenBucket(rate: 1, burst: 1, now: .zero)
        let limits: [Duration] = [.zero, .milliseconds(999), .milliseconds(999), .seconds(1)]
        let waits = limits.map { bucket.reserve(at: .zero, waitingUpTo: $0) }
        #expect(waits == [.zero, nil, nil, .seconds(1)])
    }

    @Test(arguments: [1e-12, 1e-300, Double.leastNonzeroMagnitude])
    func `a rate next to nothing refuses what comes after the burst`(rate: Double) {
        var bucket = TokenBucket(rate: rate, burst: 1, now: .zero)
        #expect(bucket.reserve(at: .zero, waitingUpTo: .seconds(30)) == .zero)
        #expect(bucket.reserve(at: .seconds(1), waitingUpTo: .seconds(30)) == nil)
    }

    @Test func `no rate limit is no wait`() {
        var bucket = TokenBucket(rate: .infinity, burst: 1, now: .zero)
        #expect((0..<1000).allSatisfy { _ in bucket.reserve(at: .zero, waitingUpTo: .zero) == .zero })
    }

    @Test(arguments: [(burst: 3.0, wait: 2.0), (burst: 100, wait: 5.5)])
    func `what is drawn costs those who come next a burst, or five seconds`(burst: Double, wait: Double) {
        var bucket = TokenBucket(rate: 2, burst: burst, now: .zero)
        for _ in 0..<1000 { bucket.draw(at: .zero) }
        #expect(bucket.reserve(at: .zero, waitingUpTo: .seconds(10)) == .seconds(wait))
    }

    @Test func `it never saves up more than its burst, and time never runs backwards`() {
        var bucket = TokenBucket(rate: 1, burst: 2, now: .seconds(100))
        #expect(Self.take(&bucket, at: [200_000]) == [true])
        #expect(Self.take(&bucket, at: [9_000_000, 9_000_000, 9_000_000, 5_000]) == [true, true, false, false])
    }

    @Test func `the one that was used holds less, until it has filled up again`() {
        let full = TokenBucket(rate: 1, burst: 2, now: .zero)
        var used = full
        _ = used.take(at: .zero)
        #expect(used.holdsLess(than: full, at: .milliseconds(500)))
        #expect(!full.holdsLess(than: used, at: .milliseconds(500)))
        #expect(!used.holdsLess(than: full, at: .seconds(1)))
    }
}
