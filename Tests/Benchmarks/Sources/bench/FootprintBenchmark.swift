import Foundation

/// What the executable weighs, how soon it is ready, and what memory it takes with nothing to do.
enum FootprintBenchmark {
    /// How long a process is left alone before its memory counts.
    private static let rest = Duration.seconds(5)

    /// Measures the file, and starts it some times.
    static func run(_ executable: String, root: String, _ servers: Servers, rounds: Int) async throws -> [Measurement] {
        let size = try FileManager.default.attributesOfItem(atPath: executable)[.size] as? Int
        guard let size else { throw BenchmarkError("the size of \(executable) is unknown") }
        let samples = Samples()
        for _ in 0..<rounds {
            try await OperatorProcess.with(executable, root: root, servers) { process in
                let seconds = try await process.ready()
                try await Task.sleep(for: rest)
                await samples.add(seconds: seconds, memory: try await process.memory())
            }
        }
        return [
            Measurement(name: "executable, stripped", unit: "MiB", samples: [Double(size) / 1_048_576]),
            Measurement(name: "start to ready", unit: "s", samples: await samples.seconds),
            Measurement(name: "resident memory, no objects", unit: "MiB", samples: await samples.memory),
        ]
    }

    /// What the rounds have told.
    private actor Samples {
        /// From start to readiness.
        var seconds: [Double] = []
        /// In MiB.
        var memory: [Double] = []

        /// Adds a round.
        func add(seconds: Double, memory: Double) {
            self.seconds.append(seconds)
            self.memory.append(memory)
        }
    }
}
