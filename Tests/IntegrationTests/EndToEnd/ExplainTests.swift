import Foundation
import KubeModel
import Scaling
import TestKit
import Testing

extension RealServers {
    /// `swell explain`: the real program asks the real program.
    @Suite(.serialized, .timeLimit(.minutes(5))) struct Explain {
        /// What `swell explain scaledobject` prints.
        static func explain(_ name: String, in namespace: String, _ more: String...) async throws -> String {
            let port = try #require(SwellProcess.current).healthPort
            return try await Command(program: "\(SwellProcess.executable)")
                .run(
                    ["explain", "scaledobject", name, "-n", namespace, "--server", "http://127.0.0.1:\(port)"] + more
                )
        }

        @Test func `one screen says why these replicas, and what comes next`() async throws {
            try await SwellProcess.with {
                try await TestCluster.with { cluster in
                    try await Neighbours.deploy("web", replicas: 0, in: cluster)
                    try await Neighbours.create("web", [Neighbours.always(3)], in: cluster)
                    try await eventually("the HPA's part", within: .seconds(60)) {
                        try await Self.explain("web", in: cluster.namespace).contains("it makes 3 pods")
                    }
                    let text = try await Self.explain("web", in: cluster.namespace)
                    #expect(text.contains("ScaledObject \(cluster.namespace)/web: "))
                    #expect(text.contains("s0-cron-") && text.contains("active: the HPA scales"), "\(text)")
                    #expect(text.contains("a trigger is active: 1 to begin with"), "\(text)")
                    let json = try await Self.explain("web", in: cluster.namespace, "-o", "json")
                    let report = try KubeJSON.decode(DecisionReport.self, from: Array(json.utf8))
                    #expect(report.entries.last?.decision.isActive == true)
                    let error = await #expect(throws: Command.Failed.self) {
                        try await Self.explain("none", in: cluster.namespace)
                    }
                    #expect(error?.output.contains("\(cluster.namespace)/none is not known here") == true)
                }
            }
        }
    }
}
