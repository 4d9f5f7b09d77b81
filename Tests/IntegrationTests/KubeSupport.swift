import KubeClient
import KubeModel
import KubeRuntime
import Logging
import TestKit

extension TestCluster {
    /// A log that nobody reads.
    static let silence = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// A ConfigMap of this namespace with one value.
    func map(_ name: String, _ value: String) -> ConfigMap {
        ConfigMap(metadata: ObjectMeta(name: name, namespace: namespace), data: ["k": value])
    }

    /// Sets the value of a ConfigMap that is there.
    func set(_ name: String, to value: String) async throws {
        _ = try await client.patch(ConfigMap.self, key(name), with: ["data": ["k": .string(value)]])
    }

    /// Follows the ConfigMaps of this namespace for the length of a call, keeping their values.
    func following(_ body: (Store<String>) async throws -> Void) async throws {
        let reflector = Reflector<ConfigMap, String>(client, in: [namespace], logger: Self.silence) { $0.data?["k"] }
        try await withThrowingTaskGroup { group in
            group.addTask { await reflector.run() }
            defer { group.cancelAll() }
            try await eventually("the first list", within: .seconds(60)) { reflector.store.isSynced }
            try await body(reflector.store)
        }
    }

    /// Runs a body for numbers, some at once.
    static func concurrently(_ numbers: Range<Int>, _ body: @escaping @Sendable (Int) async throws -> Void) async throws
    {
        try await withThrowingTaskGroup { group in
            for start in 0..<16 {
                group.addTask {
                    for number in stride(from: numbers.lowerBound + start, to: numbers.upperBound, by: 16) {
                        try await body(number)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
