import KubeRuntime
import Testing

@Suite struct BackoffTests {
    @Test(arguments: zip(0...9, [800, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000, 30_000]))
    func `the rest doubles up to its limit`(failures: Int, milliseconds: Int) {
        #expect(Backoff().limit(failures: failures) == .milliseconds(milliseconds))
    }

    @Test func `a row of any length stays in range`() {
        #expect(Backoff().limit(failures: .max) == .seconds(30))
    }

    @Test(arguments: [(0.0, 0.8), (0.5, 1.2), (1.0, 1.6)])
    func `chance decides on half of it`(random: Double, seconds: Double) {
        let delay = Backoff().delay(failures: 2, random: random)
        #expect(abs(delay / .seconds(1) - seconds) < 1e-9)
    }
}
