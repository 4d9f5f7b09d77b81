import Simulation
import Testing

/// What becomes of a workload whose trigger pushes and that is polled every five minutes.
@Suite struct PushTests {
    /// A ScaledObject with an etcd trigger that wants a pod for each 10.
    static func manifest(_ engine: String) -> String {
        """
        apiVersion: keda.sh/v1alpha1
        kind: ScaledObject
        metadata: {name: worker, annotations: {autoscaling.swell.dev/engine: \(engine)}}
        spec:
          scaleTargetRef: {name: worker}
          pollingInterval: 300
          cooldownPeriod: 60
          triggers:
            - type: etcd
              name: queue
              metadata: {endpoints: "etcd:2379", watchKey: queue, value: "10", activationValue: "2"}
        """
    }

    @Test(arguments: [
        ("hpa", ["101 swell 0-1", "105 hpa 1-4"]), ("direct", ["101 swell 0-4"]),
    ])
    func `a number that is written is acted upon at once`(engine: String, steps: [String]) async throws {
        let samples = series([(0, 0), (50, 2), (101, 35), (110, 35)])
        let timeline = try await simulation(Self.manifest(engine), ["queue": samples], over: range(200)).run()
        #expect(told(timeline) == steps)
    }

    @Test func `pushes of one second make one poll, and rest waits for its tick`() async throws {
        let numbers = (0..<20).map { (101 + Double($0) / 20, Double(3 + $0)) }
        let timeline = try await simulation(
            Self.manifest("direct"),
            ["queue": series(numbers + [(103, 0)])],
            over: range(200)
        )
        .run()
        #expect(told(timeline).prefix(2) == ["101 swell 0-1", "102 swell 1-3"])
        let extra = timeline.points.filter { !($0.time - monday).truncatingRemainder(dividingBy: 15).isZero }
        #expect(extra.map { $0.time - monday } == [101, 102])
    }
}
