/// Two replicas and thousands of objects: what one costs that works on a part of them, and one that stands by.
struct ShardsBenchmark: Sendable {
    /// Looks at each replica.
    private static let looks = 3
    /// Between two looks: two polls of each object.
    private static let span = Duration.seconds(60)

    /// The servers, of which only the way to the outside is used.
    let servers: Servers
    /// The executable.
    let swell: String
    /// The project's folder.
    let root: String
    /// How many objects, each with a question of its own.
    let objects: Int

    /// Makes the objects, and runs two replicas with shards, and after them two of which one leads.
    func run() async throws -> [Measurement] {
        let made = Made()
        let many = ManyObjects(servers: servers, swell: swell, root: root, count: objects)
        try await many.ready { [root, swell, objects] servers, _ in
            for (what, flags) in [("12 shards", ["--shards=12"]), ("a leader", [])] {
                try await OperatorProcess.with(swell, root: root, servers, flags: try flags + replica()) { first in
                    try await OperatorProcess.with(swell, root: root, servers, flags: try flags + replica()) { second in
                        let both = [first, second]
                        try await owned(by: both, objects)
                        for _ in 0..<Self.looks {
                            let before = try await work(of: both)
                            try await Task.sleep(for: Self.span)
                            try await made.note(what, before, await work(of: both))
                        }
                    }
                }
            }
        }
        return await made.measurements(of: objects)
    }

    /// What makes a process one of several replicas on one machine.
    private func replica() throws -> [String] {
        [
            "--leader-elect", "--enable-cert-rotation", "--enable-webhook-patching=false",
            "--enable-apiservice-patching=false", "--advertise-address=127.0.0.1",
            "--metrics-service-bind-address=127.0.0.1:\(try OperatorProcess.freePort())",
        ]
    }

    /// Waits until two replicas have polled as often as there are objects, and what only the start needs is let go of.
    private func owned(by replicas: [OperatorProcess], _ objects: Int) async throws {
        for replica in replicas { _ = try await replica.ready() }
        try await time(until: "polls of all objects", within: .seconds(300), every: .seconds(1)) {
            try await work(of: replicas).map(\.polls).reduce(0, +) >= Double(objects)
        }
        try await Task.sleep(for: .seconds(90))
    }

    /// What each has done so far, and has.
    private func work(of replicas: [OperatorProcess]) async throws -> [Look] {
        var looks: [Look] = []
        for replica in replicas {
            let (cpu, polls) = try await replica.work()
            looks.append(Look(cpu: cpu, polls: polls, memory: try await replica.memory()))
        }
        return looks
    }

    /// One look at a process.
    private struct Look: Sendable {
        /// CPU time since its start, in seconds.
        var cpu: Double
        /// Polls since its start.
        var polls: Double
        /// Resident, in MiB.
        var memory: Double
    }

    /// What has been measured.
    private actor Made {
        /// Samples by what they are of, and their unit.
        private var samples: [String: (unit: String, values: [Double])] = [:]

        /// Adds what two replicas did between two looks.
        func note(_ what: String, _ before: [Look], _ after: [Look]) {
            for (before, after) in zip(before, after) {
                let polls = after.polls - before.polls
                let who = polls > 0 ? "a replica that works" : "a replica that stands by"
                let cpu = after.cpu - before.cpu
                add("\(what), \(who): resident memory", "MiB", after.memory)
                add("\(what), \(who): CPU", "% of a core", cpu / (ShardsBenchmark.span / .seconds(1)) * 100)
                if polls > 0 {
                    add("\(what), \(who): polls", "1/s", polls / (ShardsBenchmark.span / .seconds(1)))
                    add("\(what), \(who): CPU time of a poll", "us", cpu / polls * 1e6)
                }
            }
        }

        /// All of it.
        func measurements(of objects: Int) -> [Measurement] {
            samples.sorted { $0.key < $1.key }
                .map {
                    Measurement(name: "\(objects) objects, \($0.key)", unit: $0.value.unit, samples: $0.value.values)
                }
        }

        /// Adds a sample.
        private func add(_ what: String, _ unit: String, _ value: Double) {
            samples[what, default: (unit, [])].values.append(value)
        }
    }
}
