import Scaling
import TestKit
import Testing

extension RealServers.Airflow {
    @Test(arguments: AirflowShape.all)
    func `every shape that the chart renders scales with the work and to zero`(shape: AirflowShape) async throws {
        try await TestCluster.with { cluster in
            let database = try await AirflowDatabase.make(shape.backend)
            let connections = try database.connections(for: shape)
            try await cluster.apply(shape.workload(airflow: connections.airflow, keda: connections.keda))
            try await cluster.apply(shape.scaledObject)
            try await cluster.reach(.ready, .yes, of: shape.name)

            try await database.fill(for: shape)
            try await eventually("3 pods", within: .seconds(60)) {
                try await Self.replicas(shape, in: cluster) == "3"
            }
            try await database.finish()
            try await eventually("no pods", within: .seconds(60)) {
                try await Self.replicas(shape, in: cluster) == "0"
            }
            let log = try #require(SwellProcess.current).wholeLog
            for secret in ["POSTGRES_PASSWORD", "MARIADB_PASSWORD"] {
                let password = try TestServers.variable(secret)
                #expect(!log.contains(password))
            }
        }
    }

    /// The replicas that a shape's workload wants.
    private static func replicas(_ shape: AirflowShape, in cluster: TestCluster) async throws -> String {
        try await cluster.kubectl(
            "get",
            "\(shape.kind)/\(shape.name)",
            "-n",
            cluster.namespace,
            "-o",
            "jsonpath={.spec.replicas}"
        )
    }
}
