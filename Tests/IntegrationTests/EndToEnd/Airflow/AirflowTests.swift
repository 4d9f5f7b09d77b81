import Foundation
import KubeModel
import TestKit
import Testing

extension RealServers {
    /// What the Airflow chart makes of `workers.keda.enabled`, on a real PostgreSQL and a real HPA controller.
    @Suite(.serialized, .swellOperator) struct Airflow {
        /// Runs SQL in the test's own database.
        struct Database {
            let name: String

            /// Makes a database with Airflow's table and its 50 tasks that run or wait.
            static func make() async throws -> Database {
                let database = Database(name: "airflow_\(UUID().uuidString.lowercased().prefix(8))")
                try await Database(name: TestServers.variable("POSTGRES_DB")).run("CREATE DATABASE \(database.name)")
                try await database.run(TestServers.sample("airflow-metadb.sql"))
                return database
            }

            /// Runs statements.
            func run(_ sql: String) async throws {
                try await Command(
                    program: "/usr/bin/psql",
                    environment: ["PGPASSWORD": TestServers.variable("POSTGRES_PASSWORD")]
                )
                .run(
                    [
                        "-v", "ON_ERROR_STOP=1", "-q", "-h", TestServers.variable("POSTGRES_HOST"),
                        "-p", TestServers.variable("POSTGRES_PORT"), "-U", TestServers.variable("POSTGRES_USER"),
                        "-d", name,
                    ],
                    input: sql
                )
            }

            /// Adds tasks that wait.
            func queue(_ count: Int, named prefix: String) async throws {
                try await run(
                    """
                    INSERT INTO task_instance (task_id, dag_id, run_id, state, queue)
                    SELECT '\(prefix)_' || i, 'more', 'manual', 'queued', 'default' FROM generate_series(1, \(count)) AS i
                    """
                )
            }

            /// The connection as Airflow's chart puts it into its Secret.
            var connection: String {
                get throws {
                    let (user, password) = try (
                        TestServers.variable("POSTGRES_USER"), TestServers.variable("POSTGRES_PASSWORD")
                    )
                    let (host, port) = try (
                        TestServers.variable("POSTGRES_HOST"), TestServers.variable("POSTGRES_PORT")
                    )
                    return "postgresql+psycopg2://\(user):\(password)@\(host):\(port)/\(name)?sslmode=disable"
                }
            }
        }

        /// Makes the Secret and the workers that the chart makes.
        static func install(_ database: Database, in cluster: TestCluster) async throws {
            try await cluster.apply(
                """
                {"apiVersion":"v1","kind":"Secret","metadata":{"name":"airflow-metadata"},
                 "stringData":{"connection":"\(database.connection)"}}
                """
            )
            // Beside the one that counts: a variable whose Secret is not there, which is nobody's business here.
            try await cluster.deploy(
                "airflow-worker",
                replicas: 0,
                container: """
                    {"name":"worker","image":"none","env":[
                      {"name":"AIRFLOW_CONN_AIRFLOW_DB","valueFrom":{"secretKeyRef":{"name":"airflow-metadata","key":"connection"}}},
                      {"name":"OTHER","valueFrom":{"secretKeyRef":{"name":"not-there","key":"x"}}}]}
                    """
            )
        }

        @Test func `workers follow the number of tasks, down to the minimum and to zero, and wake again`() async throws
        {
            try await TestCluster.with { cluster in
                let database = try await Database.make()
                try await Self.install(database, in: cluster)
                try await cluster.apply(TestServers.sample("airflow-scaledobject.yaml"))

                // 50 tasks that run or wait: ceil(50/16) = 4 workers, which is also the minimum.
                try await eventually("4 workers", within: .seconds(60)) {
                    try await cluster.replicas("airflow-worker") == 4
                }
                try await database.queue(80, named: "rush")
                try await eventually("ceil(130/16) = 9 workers", within: .seconds(60)) {
                    try await cluster.replicas("airflow-worker") == 9
                }
                try await database.run("DELETE FROM task_instance WHERE dag_id = 'more'")
                try await eventually("the minimum", within: .seconds(90)) {
                    try await cluster.replicas("airflow-worker") == 4
                }

                try await cluster.kubectl(
                    "patch",
                    "scaledobject",
                    "airflow-worker",
                    "-n",
                    cluster.namespace,
                    "--type=merge",
                    "-p",
                    #"{"spec":{"minReplicaCount":0,"cooldownPeriod":2,"pollingInterval":1}}"#
                )
                try await database.run("UPDATE task_instance SET state = 'success'")
                try await eventually("zero after the cooldown", within: .seconds(90)) {
                    try await cluster.replicas("airflow-worker") == 0
                }
                try await eventually("the event", within: .seconds(30)) {
                    try await cluster.events("KEDAScaleTargetDeactivated", about: "airflow-worker")
                        .contains {
                            $0.contains("Deactivated apps/v1.Deployment")
                        }
                }
                try await database.queue(40, named: "again")
                try await eventually("ceil(40/16) = 3 workers from zero", within: .seconds(60)) {
                    try await cluster.replicas("airflow-worker") == 3
                }
                let swell = try #require(SwellProcess.current)
                let password = try TestServers.variable("POSTGRES_PASSWORD")
                #expect(try !swell.wholeLog.contains(password))
            }
        }

        @Test func `the query of the CeleryKubernetesExecutor leaves one queue out`() async throws {
            try await TestCluster.with { cluster in
                let database = try await Database.make()
                try await Self.install(database, in: cluster)
                let object = try TestServers.sample("airflow-ck-scaledobject.yaml")
                    .replacing("StatefulSet", with: "Deployment")
                try await cluster.apply(object)
                // Of 50 tasks, 5 are in the queue `kubernetes`: ceil(45/16) = 3.
                try await eventually("3 workers", within: .seconds(60)) {
                    try await cluster.replicas("airflow-worker") == 3
                }
            }
        }
    }
}
