import Foundation
import Testing

@testable import Scaling

/// The rules for metrics of single pods.
@Suite struct ReplicaCalculatorPodsTests {
    /// The answer for pods and samples; `replicas` are as many as pods unless given.
    private func propose(
        _ pods: [AutoscalerPod],
        _ values: [String: Int64],
        _ target: AutoscalerMetric.PodTarget,
        replicas: Int? = nil,
        resource: String = "cpu",
        container: String? = nil
    ) throws(AutoscalerFailure) -> AutoscalerProposal {
        let calculator = ReplicaCalculator(
            seen: AutoscalerObservation(replicas: replicas ?? pods.count, pods: pods, readings: []),
            tolerance: AutoscalerTolerance(up: 0.1, down: 0.1),
            settings: AutoscalerSettings(),
            now: noon
        )
        let metric = AutoscalerMetric.resource(name: resource, container: container, target: target)
        return try calculator.propose(metric, .samples(values.mapValues { sample($0) }))
    }

    /// Usage of each pod (100 requested), target in percent, the answer and its reason.
    static let complete: [([Int64], Int, Int, AutoscalerProposal.Reason)] = [
        ([Int64(100), 100, 100], 50, 6, AutoscalerProposal.Reason.ratio),
        ([50, 50, 50], 50, 3, .withinTolerance), ([55, 55, 55], 50, 3, .withinTolerance),
        ([56, 56, 56], 50, 4, .ratio),
        ([45, 45, 45], 50, 3, .withinTolerance), ([44, 44, 44], 50, 3, .ratio), ([10, 10, 10], 50, 1, .ratio),
        // 55.67 percent is cut to 55, which is within.
        ([55, 56, 56], 50, 3, .withinTolerance),
        ([0, 0, 0], 50, 0, .ratio), ([300, 0, 0], 100, 3, .withinTolerance),
    ]

    @Test(arguments: complete)
    func `with all samples the pods are scaled by the ratio in whole percent`(
        usage: [Int64],
        percent: Int,
        expected: Int,
        reason: AutoscalerProposal.Reason
    ) throws {
        let values = Dictionary(uniqueKeysWithValues: usage.enumerated().map { ("p\($0)", $1) })
        let proposal = try propose(readyPods(usage.count), values, .utilization(percent: percent))
        #expect(proposal.replicas == expected)
        #expect(proposal.reason == reason)
    }

    @Test func `the status shows percent and average`() throws {
        let proposal = try propose(readyPods(3), ["p0": 55, "p1": 56, "p2": 56], .utilization(percent: 50))
        #expect(proposal.current == .utilization(percent: 55, averageValue: 55))
        let plain = try propose(readyPods(3), ["p0": 55, "p1": 56, "p2": 56], .averageValue(50))
        #expect(plain.current == .averageValue(55))
    }

    /// Three pods, p2 without a sample: usage of the others, target in percent, the answer and its reason.
    static let missing: [(Int64, Int, Int, AutoscalerProposal.Reason)] = [
        // 20 %, then (20 + 20 + 100) / 300 = 46 %: the missing pod is taken to be busy.
        (Int64(20), 80, 2, AutoscalerProposal.Reason.ratioWithAssumptions),
        // 20 %, then 46 %, within a tenth of 50.
        (20, 50, 3, .withinTolerance),
        // 20 % of 30 is less, 46 % of 30 is more.
        (20, 30, 3, .uncertain),
        // 90 %, then 60 %: the missing pod is taken to be idle.
        (90, 50, 4, .ratioWithAssumptions),
        (70, 50, 3, .withinTolerance),  // 46 of 50
        (60, 50, 3, .uncertain),  // 120 % of the target, then 80 %
        // Targets above 100 % are what a missing pod is taken to use: (150 + 150 + 200) / 300 = 166 %.
        (150, 200, 3, .ratioWithAssumptions),
        (100, 100, 3, .withinTolerance),
    ]

    @Test(arguments: missing)
    func `a missing pod is assumed to speak against the change`(
        usage: Int64,
        percent: Int,
        expected: Int,
        reason: AutoscalerProposal.Reason
    ) throws {
        let proposal = try propose(readyPods(3), ["p0": usage, "p1": usage], .utilization(percent: percent))
        #expect(proposal.replicas == expected)
        #expect(proposal.reason == reason)
    }

    /// The cases of the test that follows.
    static let missingPlain: [(Int64, Int64, Int, AutoscalerProposal.Reason)] = [
        (Int64(20), Int64(80), 2, AutoscalerProposal.Reason.ratioWithAssumptions),  // (20 + 20 + 80) / 3 = 40
        (20, 40, 2, .ratioWithAssumptions),  // 26 of 40
        (90, 50, 4, .ratioWithAssumptions),  // 60 of 50
        (50, 50, 3, .withinTolerance),  // a ratio of exactly 1 assumes nothing
    ]

    @Test(arguments: missingPlain)
    func `without percentages a missing pod is assumed to use the target or nothing`(
        usage: Int64,
        target: Int64,
        expected: Int,
        reason: AutoscalerProposal.Reason
    ) throws {
        let proposal = try propose(readyPods(3), ["p0": usage, "p1": usage], .averageValue(target))
        #expect(proposal.replicas == expected)
        #expect(proposal.reason == reason)
    }

    @Test func `a count against the direction keeps the replicas`() throws {
        // Seven pods are listed while only 2 are wanted: 85 % of the target for 7 pods is 6, which would add some.
        let low = try propose(readyPods(7), ["p0": 0], .averageValue(40), replicas: 2)
        #expect(low.replicas == 2)
        #expect(low.reason == .uncertain)
        // And the other way round: three pods at twice the target, while 20 are wanted.
        let high = try propose(readyPods(3), ["p0": 150, "p1": 150], .averageValue(50), replicas: 20)
        #expect(high.replicas == 20)
        #expect(high.reason == .uncertain)
    }

    @Test func `an unready pod is idle on the way up and nothing on the way down`() throws {
        let pods =
            readyPods(2) + [
                AutoscalerPod(name: "new", phase: .pending, containers: [.init(name: "main", requests: ["cpu": 100])])
            ]
        // 100 % of 50 alone would give 4; with the idle pod 66 %: ceil(1.32 × 3).
        let up = try propose(pods, ["p0": 100, "p1": 100, "new": 900], .utilization(percent: 50))
        #expect(up.replicas == 4)
        #expect(up.reason == .ratioWithAssumptions)
        let down = try propose(pods, ["p0": 10, "p1": 10, "new": 900], .utilization(percent: 50))
        #expect(down.replicas == 1)  // ceil(0.2 × 2 ready pods)
        #expect(down.reason == .ratio)
    }

    @Test func `pods on their way out do not count`() throws {
        var going = readyPod("going")
        going.isTerminating = true
        var failed = readyPod("failed")
        failed.phase = .failed
        let proposal = try propose(
            readyPods(2) + [going, failed],
            ["p0": 100, "p1": 100, "going": 0, "failed": 0],
            .utilization(percent: 50)
        )
        #expect(proposal.replicas == 4)
        #expect(proposal.reason == .ratio)
    }

    /// Readiness (nil: no condition), seconds since it changed, since the start (nil: not started), since the sample.
    static let starting: [(Bool?, Double, Double?, Double, Bool, String)] = [
        (nil as Bool?, 0.0, 100.0 as Double?, 0.0, false, "no condition"),
        (true, 50, nil, 0, false, "not started"),
        (true, 120, 200, 30, true, "young, and ready for a whole window before the sample"),
        (true, 60, 200, 0, true, "young, ready for exactly a window"),
        (true, 59, 200, 0, false, "young, ready for less than a window"),
        (false, 120, 200, 30, false, "young and not ready"),
        (true, 1, 301, 0, true, "past the start-up, ready"),
        (true, 1, 300, 0, true, "exactly past the start-up"),
        (false, 300, 400, 0, true, "past the start-up, was ready once"),
        (false, 370, 400, 0, true, "became unready exactly at the delay"),
        (false, 371, 400, 0, false, "never ready: unready since before the delay"),
    ]

    @Test(arguments: starting)
    func `a CPU sample of a starting pod is not trusted`(
        isReady: Bool?,
        since: Double,
        started: Double?,
        sampled: Double,
        isTrusted: Bool,
        why: String
    ) throws {
        let pod = AutoscalerPod(
            name: "p",
            readiness: isReady.map { .init(isReady: $0, since: ago(since)) },
            startTime: started.map(ago)
        )
        let calculator = ReplicaCalculator(
            seen: AutoscalerObservation(replicas: 1, pods: [pod], readings: []),
            tolerance: AutoscalerTolerance(up: 0.1, down: 0.1),
            settings: AutoscalerSettings(),
            now: noon
        )
        let samples = ["p": AutoscalerSample(value: 100, time: ago(sampled), window: 60)]
        let cpu = AutoscalerMetric.resource(name: "cpu", target: .averageValue(50))
        let memory = AutoscalerMetric.resource(name: "memory", target: .averageValue(50))
        let custom = AutoscalerMetric.pods(name: "queue", averageValue: 50)
        #expect((try? calculator.propose(cpu, .samples(samples)).replicas) == (isTrusted ? 2 : nil), "\(why)")
        #expect(try calculator.propose(memory, .samples(samples)).replicas == 2)
        #expect(try calculator.propose(custom, .samples(samples)).replicas == 2)
    }

    @Test func `no pods, no samples and no requests fail`() {
        #expect(throws: AutoscalerFailure.self) { try propose([], ["p0": 1], .averageValue(1)) }
        #expect(throws: AutoscalerFailure.self) { try propose(readyPods(2), [:], .averageValue(1)) }
        #expect(throws: AutoscalerFailure.self) { try propose([], ["other": 1], .averageValue(1)) }
        #expect(throws: AutoscalerFailure.self) { try propose(readyPods(2), ["other": 1], .utilization(percent: 1)) }
        #expect(throws: AutoscalerFailure.self) {
            try propose([readyPod("p0", request: 0)], ["p0": 1], .utilization(percent: 50))
        }
    }

    @Test(
        arguments: [
            ([], true, "no pods yet"), ([.init(name: "p", phase: .pending)], true, "pending"),
            ([.init(name: "p", startTime: ago(299))], true, "started a moment ago"),
            ([.init(name: "p", startTime: ago(301))], false, "running for long"),
            ([.init(name: "p", isTerminating: true, startTime: ago(900))], true, "on its way out"),
            ([.init(name: "p", phase: .failed, startTime: ago(900))], true, "failed"),
            ([.init(name: "p", phase: .pending), readyPod("q")], false, "one of two running for long"),
        ] as [([AutoscalerPod], Bool, String)]
    )
    func `that no pod has a sample may pass with their start`(pods: [AutoscalerPod], isOfStart: Bool, why: String) {
        let failure = #expect(throws: AutoscalerFailure.self) { try propose(pods, [:], .averageValue(1)) }
        #expect(failure?.isOfStart == isOfStart, "\(why)")
    }

    @Test func `every listed pod must say what it requests, even one that is ignored`() throws {
        var going = AutoscalerPod(name: "going", isTerminating: true, containers: [.init(name: "main")])
        let failure = #expect(throws: AutoscalerFailure.self) {
            try propose(readyPods(1) + [going], ["p0": 50], .utilization(percent: 50))
        }
        #expect(failure?.description == "container main of pod going requests no cpu")
        #expect(try propose(readyPods(1) + [going], ["p0": 50], .averageValue(50), replicas: 1).replicas == 1)
        going.ownRequests = ["cpu": 100]
        #expect(try propose(readyPods(1) + [going], ["p0": 50], .utilization(percent: 50), replicas: 1).replicas == 1)
    }

    @Test func `requests are summed over containers, or taken from the named one or the pod itself`() throws {
        var pod = readyPod("p0")
        pod.containers.append(.init(name: "side", requests: ["cpu": 300]))
        #expect(try pod.request(of: "cpu", container: nil) == 400)
        #expect(try pod.request(of: "cpu", container: "side") == 300)
        #expect(throws: AutoscalerFailure.self) { try pod.request(of: "cpu", container: "other") }
        #expect(throws: AutoscalerFailure.self) { try pod.request(of: "memory", container: nil) }
        pod.ownRequests = ["memory": 7]
        #expect(try pod.request(of: "memory", container: nil) == 7)
        #expect(try pod.request(of: "cpu", container: nil) == 400)
        #expect(try pod.request(of: "cpu", container: "main") == 100)
        pod.ownRequests = ["cpu": 1000]
        #expect(try pod.request(of: "cpu", container: nil) == 1000)
        #expect(throws: AutoscalerFailure.self) { try pod.request(of: "memory", container: nil) }
        let proposal = try propose([pod], ["p0": 300], .utilization(percent: 50), container: "side")
        #expect(proposal.replicas == 2)
    }

    /// Usage of p0, p1 and a pod that is not listed (nil: no sample), target a pod or in percent, the answer.
    static let strangers: [(Int64?, Int64?, Int64, AutoscalerMetric.PodTarget, Int)] = [
        // An average of 100 over three samples, for two listed pods.
        (120 as Int64?, 120 as Int64?, Int64(60), AutoscalerMetric.PodTarget.averageValue(50), 4),
        (nil, nil, 50, .averageValue(50), 2),
        // 150, then 100 with p1 idle, for three pods with a sample or an assumed one.
        (150, nil, 150, .averageValue(50), 6),
        // In percent it is in no sum, but counts as a pod once p1 is assumed to be idle: 160, then 80 of 50, of 3.
        (100, 100, 900, .utilization(percent: 50), 4), (160, nil, 900, .utilization(percent: 50), 5),
    ]

    @Test(arguments: strangers)
    func `a sample of a pod that is not listed counts where Kubernetes lets it`(
        first: Int64?,
        second: Int64?,
        stranger: Int64,
        target: AutoscalerMetric.PodTarget,
        expected: Int
    ) throws {
        let values = ["p0": first, "p1": second, "other": stranger].compactMapValues { $0 }
        #expect(try propose(readyPods(2), values, target).replicas == expected)
    }

    @Test func `huge quantities do not overflow`() throws {
        let pods = (0..<4).map { readyPod("p\($0)", request: .max / 2) }
        let values = Dictionary(uniqueKeysWithValues: pods.map { ($0.name, Int64.max / 2) })
        #expect(try propose(pods, values, .utilization(percent: 50)).replicas == 8)
        #expect(try propose(pods, values, .averageValue(1)).replicas == Int(Int32.max))
    }
}
