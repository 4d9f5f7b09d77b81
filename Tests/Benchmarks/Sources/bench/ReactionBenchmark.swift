/// From the event to the wanted replicas: a row changes in PostgreSQL, and the Deployment's `/scale` has the number.
///
/// Objects are polled every second, the fastest there is, so an event waits for half a second on average.
enum ReactionBenchmark {
    /// One evaluation after the event, and what the work itself may take, in seconds.
    static let bound = 1.2
    /// A scale-up and a scale-down that nothing slows.
    static let quick = """
        "minReplicaCount":1,"advanced":{"horizontalPodAutoscalerConfig":{"behavior":{
         "scaleUp":{"policies":[{"type":"Pods","value":1000,"periodSeconds":1}]},
         "scaleDown":{"stabilizationWindowSeconds":0,"policies":[{"type":"Pods","value":1000,"periodSeconds":1}]}}}},
        """

    /// Measures both engines.
    static func run(_ workloads: Workloads, rounds: Int) async throws -> [Measurement] {
        try await workloads.make(["direct"], engine: "direct")
        try await workloads.make(["steps"], engine: "direct", spec: quick)
        try await workloads.make(["hpa"], engine: "hpa")
        try await workloads.reach(1, "steps")
        return [
            Measurement(
                name: "direct engine: event to 0 -> 20 pods",
                unit: "s",
                samples: try await samples(of: "direct", from: 0, to: 20, rounds, workloads),
                bound: bound
            ),
            Measurement(
                name: "direct engine: event to 1 -> 20 pods, behavior allows it",
                unit: "s",
                samples: try await samples(of: "steps", from: 1, to: 20, rounds, workloads),
                bound: bound
            ),
            Measurement(
                name: "HPA (sync 1 s): event to 0 -> 4 pods",
                unit: "s",
                samples: try await samples(of: "hpa", from: 0, to: 4, max(3, rounds / 4), workloads)
            ),
        ]
    }

    /// How long a workload takes from an event on, each round.
    private static func samples(
        of name: String,
        from rest: Int,
        to pods: Int,
        _ rounds: Int,
        _ workloads: Workloads
    ) async throws -> [Double] {
        var samples: [Double] = []
        for round in 0..<rounds {
            // Events come at any moment between two polls, and every run has the same ones.
            try await Task.sleep(for: .milliseconds(137 * (round % 8)))
            try await workloads.set(name, pods)
            samples.append(try await workloads.reach(pods, name))
            try await workloads.set(name, rest)
            try await workloads.reach(rest, name)
        }
        return samples
    }
}
