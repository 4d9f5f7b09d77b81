import Outbound

/// Ten thousand objects with a Prometheus trigger each, and an operator that is started again.
struct RestartBenchmark: Sendable {
    /// Between two looks at the source.
    private static let look = Duration.milliseconds(100)

    /// The servers, of which only the way to the outside is used.
    let servers: Servers
    /// The executable.
    let swell: String
    /// The project's folder.
    let root: String
    /// How many objects, each with a question of its own.
    let objects: Int
    /// For how long memory is looked at.
    let minutes: Int

    /// Makes the objects, lets an operator make them ready, and starts another.
    func run() async throws -> [Measurement] {
        let made = Made()
        let many = ManyObjects(servers: servers, swell: swell, root: root, count: objects)
        try await many.ready { [root, swell, objects, minutes] servers, nginx in
            let requests = try await nginx.requests()
            try await OperatorProcess.with(swell, root: root, servers) { process in
                await made.add(try await polls(of: nginx, after: requests))
                var memory: [Double] = []
                for _ in 0..<minutes {
                    try await Task.sleep(for: .seconds(60))
                    memory.append(try await process.memory())
                }
                let what = "resident memory, \(objects) objects"
                await made.add([Measurement(name: "\(what), each minute", unit: "MiB", samples: memory, bound: 250)])
                guard memory.count > 6 else { return }
                // What the HPA's algorithm remembers, five minutes, fills at first.
                let growth = (memory.last ?? 0) / memory[5]
                await made.add([
                    Measurement(
                        name: "growth of it since the sixth minute",
                        unit: "",
                        samples: [growth],
                        bound: 1.05
                    )
                ])
            }
        }
        return await made.all
    }

    /// Waits until a process that was just started has asked the source for each object.
    private func polls(of nginx: Nginx, after first: Int) async throws -> [Measurement] {
        var (asked, connections): ([Int], Int) = ([0], 0)
        let seconds = try await time(until: "polls of all objects", every: Self.look) {
            let load = try await nginx.load()
            // nginx counts the pages that tell, and their connection.
            asked.append(load.requests - first - asked.count)
            connections = max(connections, load.connections - 1)
            return asked.last ?? 0 >= objects
        }
        let steps = zip(asked.dropFirst(), asked).map { Double($0 - $1) / (Self.look / .seconds(1)) }
        return [
            Measurement(
                name: "start until each of \(objects) objects is polled",
                unit: "s",
                samples: [seconds],
                bound: 20
            ),
            Measurement(name: "requests to the source meanwhile, each tenth of a second", unit: "1/s", samples: steps),
            Measurement(
                name: "connections to the source at once",
                unit: "",
                samples: [Double(connections)],
                bound: 100
            ),
        ]
    }

    /// What has been measured.
    private actor Made {
        /// In its order.
        var all: [Measurement] = []

        /// Adds some.
        func add(_ more: [Measurement]) { all += more }
    }
}
