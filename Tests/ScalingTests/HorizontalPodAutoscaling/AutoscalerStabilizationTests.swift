import Testing

@testable import Scaling

@Suite struct AutoscalerStabilizationTests {
    /// The cases of the test that follows.
    static let plainWindows: [([(age: Double, replicas: Int)], Int, Int)] = [
        ([(age: Double, replicas: Int)](), 3, 3), ([(10, 7)], 3, 7), ([(10, 2)], 3, 3), ([(300, 7)], 3, 7),
        ([(300.1, 7)], 3, 3), ([(10, 5), (20, 8), (400, 9)], 3, 8),
    ]

    @Test(arguments: plainWindows)
    func `without behavior the highest recommendation of the window holds, its edge included`(
        past: [(age: Double, replicas: Int)],
        desired: Int,
        expected: Int
    ) {
        #expect(history(past).stabilized(desired, window: 300, now: noon) == expected)
    }

    /// Past recommendations, current, desired, windows up and down, the answer.
    static let behaviorWindows: [([(age: Double, replicas: Int)], Int, Int, Double, Double, Int)] = [
        ([(age: Double, replicas: Int)](), 5, 8, 0.0, 300.0, 8), ([], 5, 2, 0, 300, 2),
        ([(10, 5)], 5, 2, 0, 300, 5), ([(10, 4)], 5, 2, 0, 300, 4), ([(300, 5)], 5, 2, 0, 300, 2),
        ([(299.9, 5)], 5, 2, 0, 300, 5), ([(0, 5)], 5, 2, 0, 0, 2),
        ([(10, 6)], 5, 8, 60, 300, 6), ([(10, 5)], 5, 8, 60, 300, 5), ([(60, 5)], 5, 8, 60, 300, 8),
        ([(10, 3)], 5, 8, 60, 300, 5), ([(10, 9)], 5, 8, 60, 300, 8),
        ([(10, 3), (20, 9)], 5, 6, 60, 300, 5), ([(10, 9)], 5, 3, 60, 300, 5),
    ]

    @Test(arguments: behaviorWindows)
    func `with behavior both windows hold the replicas, their edges excluded`(
        past: [(age: Double, replicas: Int)],
        current: Int,
        desired: Int,
        up: Double,
        down: Double,
        expected: Int
    ) {
        let stabilized = history(past).stabilized(desired, from: current, upWindow: up, downWindow: down, now: noon)
        #expect(stabilized == expected)
    }

    @Test func `what a shorter window left out counts again in a longer one`() {
        var memory = history([(50, 9), (40, 8)])
        memory.note(recommendation: 3, at: ago(20), keepingFor: 0)
        memory.note(recommendation: 2, at: ago(10), keepingFor: 0)
        #expect(memory.stabilized(1, window: 300, now: noon) == 9)
        #expect(memory.recommendations == [.init(replicas: 9, time: ago(50)), .init(replicas: 2, time: ago(10))])
    }

    @Test func `a change takes the place of an outdated one in its direction`() {
        var memory = history([], rescales: [(60, 4), (50, -2), (40, 1)])
        let behavior = AutoscalerBehavior()  // 15 s both ways
        memory.noteRescale(from: 7, to: 5, under: behavior, minReplicas: 1, at: ago(30))
        #expect(memory.rescales.map(\.change) == [4, -2, 1])
        memory.noteRescale(from: 5, to: 6, under: behavior, minReplicas: 1, at: ago(20))
        #expect(memory.rescales.map(\.change) == [4, -2, 1])
        #expect(memory.rescales.map(\.time) == [ago(60), ago(30), ago(20)])
        // 40 s before noon was outdated 20 s before noon, and stays so for a longer period; 60 s is still counted by it.
        let long = AutoscalerRules(policies: [.init(.pods(1), per: 600)])
        #expect(memory.change(within: 600, before: noon) == 3)
        memory.noteRescale(from: 6, to: 8, under: .init(scaleUp: long), minReplicas: 1, at: noon)
        #expect(memory.rescales.map(\.change) == [2, -2, 1])
    }

    @Test func `the history forgets what no window reaches, and stays bounded`() {
        var memory = AutoscalerHistory()
        memory.noteFirstSight(of: 3, at: ago(4000))
        memory.noteFirstSight(of: 9, at: ago(3999))
        #expect(memory.recommendations == [.init(replicas: 3, time: ago(4000))])
        for second in stride(from: 3000.0, through: 0, by: -1) {
            memory.note(recommendation: 5, at: ago(second), keepingFor: 300)
        }
        #expect(memory.recommendations.count == 301)
        let behavior = AutoscalerBehavior()
        for second in stride(from: 3000.0, through: 0, by: -1) {
            memory.noteRescale(from: 1, to: 2, under: behavior, minReplicas: 1, at: ago(second))
        }
        #expect(memory.rescales.count == 16)
        #expect(memory.change(within: 15, before: noon) == 15)
    }
}
