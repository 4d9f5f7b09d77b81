import Foundation
import KubeModel
import Scaling
import TestKit
import Testing

extension RealServers.BadInput {
    /// A real database that is not well, or answers what is no number.
    @Suite struct Database {
        /// What each view of the test's schema is until it is mended; `nil` for none.
        static let views: [(name: String, select: String?, cause: String)] = [
            ("nowhere", nil, "the query failed: relation \"SCHEMA.nowhere\" does not exist (42P01)"),
            ("slow", "pg_sleep(60) IS NULL", "trigger 0 (postgresql): the query did not finish in time"),
            ("nothing", "NULL::int", "the query gave NULL"),
            ("words", "'plenty'::text", "the query gave a text that is no number"),
            ("truth", "true", "the query must give a number, it gives"),
            ("rowless", "1 WHERE false", "the query gave no row"),
            ("broad", "1 AS a, 2 AS b", "the query must give one column, it gives 2"),
            ("nan", "'NaN'::float8", "the query gave nan"),
            ("broken", "1 / 0", "the query failed: division by zero (22012)"),
        ]

        /// Runs SQL as the database's owner.
        static func run(_ sql: String) async throws {
            try await Command(program: "/usr/bin/psql")
                .run(
                    ["-v", "ON_ERROR_STOP=1", "-q", "-d", TestServers.variable("POSTGRES_URI")],
                    input: sql
                )
        }

        /// A trigger whose connection is in a Secret of the name.
        static func trigger(_ query: String, connection secret: String) -> JSONValue {
            [
                "type": "postgresql", "metadata": ["query": .string(query), "targetQueryValue": "2"],
                "authenticationRef": ["name": .string(secret)],
            ]
        }

        /// A Secret with a connection, and a TriggerAuthentication of the same name.
        static func connection(_ name: String, _ uri: String) -> String {
            Settings.secret(name, "uri", uri) + "\n---\n"
                + Settings.authentication(name, "connection", from: name, "uri")
        }

        @Test func `a database that refuses, hangs, answers nonsense or goes away is told and waited for`() async throws
        {
            let canary = "canary\(UUID().uuidString.prefix(8))"
            let password = try TestServers.variable("POSTGRES_PASSWORD")
            let port = try TestServers.variable("POSTGRES_PORT")
            let uri = try TestServers.variable("POSTGRES_URI")
            try await TestCluster.with { cluster in
                let schema = "bad_\(cluster.namespace.suffix(8))"
                let neighbours = Neighbours(
                    in: cluster,
                    Self.views.map { view in
                        BadObject(
                            view.name,
                            saying: view.cause.replacing("SCHEMA", with: schema),
                            Self.trigger("SELECT * FROM \(schema).\(view.name)", connection: "good")
                        )
                    } + [
                        BadObject(
                            "stranger",
                            saying: "the database refused the credentials: password authentication failed",
                            Self.trigger("SELECT 6", connection: "bad")
                        ),
                        BadObject(
                            "down",
                            saying: "nothing accepts connections at the database's address",
                            Self.trigger("SELECT 6", connection: "down")
                        ),
                    ],
                    hiding: [canary, password]
                )
                let views = Self.views.compactMap { view in
                    view.select.map { "CREATE VIEW \(schema).\(view.name) AS SELECT \($0);" }
                }
                try await Self.run("CREATE SCHEMA \(schema); \(views.joined())")
                let closed = try SwellProcess.freePort()
                try await cluster.apply(
                    [
                        Self.connection("good", uri), Self.connection("bad", uri.replacing(password, with: canary)),
                        Self.connection("down", uri.replacing(":\(port)/", with: ":\(closed)/")),
                    ]
                    .joined(separator: "\n---\n")
                )
                try await neighbours.moveIn()
                try await neighbours.areTold()
                // The log tells more than the Event, so it is worth looking for secrets there.
                #expect(try #require(SwellProcess.current).wholeLog.contains("a trigger gives no reading"))
                try await neighbours.disturbNobody()

                for view in Self.views {
                    try await Self.run(
                        "DROP VIEW IF EXISTS \(schema).\(view.name); CREATE VIEW \(schema).\(view.name) AS SELECT 6;"
                    )
                }
                try await cluster.apply(Self.connection("bad", uri) + "\n---\n" + Self.connection("down", uri))
                try await neighbours.recover()

                try await Self.away(neighbours)
                try await Self.run("DROP SCHEMA \(schema) CASCADE")
            }
        }

        /// Takes the database away under objects that are well, and brings it back.
        static func away(_ neighbours: Neighbours) async throws {
            let control = Command(program: try TestServers.variable("POSTGRES_CTL"))
            let names = neighbours.bad.map(\.name)
            try await control.run(["stop"])
            do {
                try await neighbours.reach("not ready") { objects in
                    names.filter { objects[$0]?.status?[.ready]?.status != .no }
                }
                try await neighbours.reachReplicas(3, of: names)
                #expect(try await neighbours.cluster.condition(.active, of: "nowhere")?.status == .unknown)
            } catch {
                try await control.run(["start"])
                throw error
            }
            try await control.run(["start"])
            try await neighbours.recover()
        }
    }
}
