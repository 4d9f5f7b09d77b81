import KubeRuntime
import Testing

@Suite struct RetryDelaysTests {
    @Test func `each key's rest doubles from 5 ms to the limit, and starts over after success`() {
        var delays = RetryDelays<String>(limit: .milliseconds(50))
        let row = (0..<6).map { _ in delays.failed("a") }
        #expect(row == [5, 10, 20, 40, 50, 50].map { .milliseconds($0) })
        let other = delays.failed("b")
        delays.succeeded("a")
        let again = delays.failed("a")
        #expect(other == .milliseconds(5) && again == .milliseconds(5))
    }
}
