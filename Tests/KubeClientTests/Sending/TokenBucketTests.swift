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

    @Test func `it tells how far it is behind, and takes nothing for it`() {
        var bucket = TokenBucket(rate: 2, burst: 3, now: .zero)
        #expect(!bucket.isBehind(by: .zero, at: .zero))
        for _ in 0..<7 { _ = bucket.reserve(at: .zero, waitingUpTo: .seconds(10)) }
        // Four are promised, and a fifth would come after two and a half seconds.
        #expect(bucket.isBehind(by: .seconds(2), at: .zero) && !bucket.isBehind(by: .milliseconds(2500), at: .zero))
        #expect(!bucket.isBehind(by: .seconds(2), at: .milliseconds(500)))
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
