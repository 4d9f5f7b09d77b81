import Foundation
import KubeClient
import KubeModel
import Scaling
import TestKit
import Testing

extension RealServers.BadInput {
    /// What is wrong in the ScaledObject itself, and what it names that is not there.
    @Suite struct Settings {
        /// A trigger.
        static func trigger(_ type: String, _ metadata: JSONValue, authentication: String? = nil) -> JSONValue {
            var trigger: JSONValue = ["type": .string(type), "metadata": metadata]
            trigger["authenticationRef"] = authentication.map { ["name": .string($0)] }
            return trigger
        }

        /// A cron trigger that is right but for what is given.
        static func cron(_ wrong: JSONValue) -> JSONValue {
            var trigger = Neighbours.always(3)
            for (key, value) in wrong.object ?? [:] { trigger[path: "metadata", key] = value }
            return trigger
        }

        /// What is wrong whatever the cluster holds; a new spec mends it.
        static let wrong: [BadObject] = [
            BadObject(
                "unknown-type",
                saying: "no scaler found for type: corn, did you mean \"cron\"?",
                trigger("corn", [:])
            ),
            BadObject(
                "missing-keys",
                saying: "missing required parameter \"start\" in [triggerMetadata]; missing required parameter \"end\"",
                trigger("cron", ["timezone": "UTC", "desiredReplicas": "3"])
            ),
            BadObject(
                "wrong-number",
                saying: "parameter \"desiredReplicas\" must be a whole number",
                cron(["desiredReplicas": "many"])
            ),
            BadObject(
                "wrong-truth",
                saying: "parameter \"ignoreNullValues\" must be true or false",
                trigger(
                    "prometheus",
                    [
                        "serverAddress": "http://127.0.0.1:1", "query": "up", "threshold": "1",
                        "ignoreNullValues": "perhaps",
                    ]
                )
            ),
            BadObject(
                "wrong-address",
                saying: "parameter \"serverAddress\" must be a URL",
                trigger("prometheus", ["serverAddress": "127.0.0.1 9090", "query": "up", "threshold": "1"])
            ),
            BadObject(
                "negative-target",
                saying: "parameter \"threshold\" must be at least 0.001",
                trigger("prometheus", ["serverAddress": "http://127.0.0.1:1", "query": "up", "threshold": "-1"])
            ),
            BadObject(
                "bad-cron",
                saying: "parameter \"start\" must be a cron expression with five fields: minute \"99\"",
                cron(["start": "99 * * * *"])
            ),
            BadObject(
                "bad-zone",
                saying: "parameter \"timezone\" must be a time zone: \"Mars/Olympus\"",
                cron(["timezone": "Mars/Olympus"])
            ),
            BadObject(
                "bad-bounds",
                saying: "MinReplicaCount=5 must be less than MaxReplicaCount=4",
                spec: ["minReplicaCount": 5, "maxReplicaCount": 4],
                Neighbours.always(3)
            ),
            BadObject(
                "same-name",
                saying: "triggerName \"twin\" is defined multiple times",
                named(Neighbours.always(3)),
                named(Neighbours.always(2))
            ),
        ]

        /// A trigger that is called twin.
        static func named(_ trigger: JSONValue) -> JSONValue {
            var trigger = trigger
            trigger["name"] = "twin"
            return trigger
        }

        @Test func `settings that cannot be are told one by one, and a better spec is taken up`() async throws {
            try await TestCluster.with { cluster in
                let neighbours = Neighbours(in: cluster, Self.wrong)
                try await neighbours.moveIn()
                try await neighbours.areTold()
                try await neighbours.disturbNobody()
                for bad in Self.wrong {
                    let spec: JSONValue = [
                        "minReplicaCount": 0, "maxReplicaCount": 9, "triggers": [Neighbours.always(3)],
                    ]
                    _ = try await cluster.client.patch(ScaledObject.self, cluster.key(bad.name), with: ["spec": spec])
                }
                try await neighbours.recover()
            }
        }

        /// What names something that is not there, or not yet right; making that mends it.
        static func absent(in namespace: String) -> [BadObject] {
            let answer: JSONValue = ["query": "SELECT 6", "targetQueryValue": "2"]
            func asking(_ key: String, _ variable: String) -> JSONValue {
                var metadata = answer
                metadata[key] = .string(variable)
                return trigger("postgresql", metadata)
            }
            return [
                BadObject(
                    "no-variable",
                    saying: "container \"main\" has no environment variable \"NOT_THERE\"",
                    asking("connectionFromEnv", "NOT_THERE")
                ),
                BadObject(
                    "no-secret",
                    saying: "Secret \(namespace)/later does not exist",
                    asking("connectionFromEnv", "FROM_SECRET")
                ),
                BadObject(
                    "no-config",
                    saying: "ConfigMap \(namespace)/later does not exist",
                    asking("connectionFromEnv", "FROM_CONFIG")
                ),
                BadObject(
                    "no-authentication",
                    saying: "TriggerAuthentication \(namespace)/nowhere does not exist",
                    trigger("postgresql", answer, authentication: "nowhere")
                ),
                BadObject(
                    "no-key",
                    saying: "Secret \(namespace)/keyless has no key \"uri\"",
                    trigger("postgresql", answer, authentication: "keyless")
                ),
                BadObject(
                    "secret-nonsense",
                    saying: "parameter \"authModes\" has a mode that is none of",
                    trigger(
                        "prometheus",
                        ["serverAddress": "http://127.0.0.1:1", "query": "up", "threshold": "1"],
                        authentication: "nonsense"
                    )
                ),
                BadObject(
                    "secret-malformed",
                    saying: "trigger 0 (postgresql)",
                    trigger("postgresql", answer, authentication: "malformed")
                ),
            ]
        }

        /// A Secret as a user applies it.
        static func secret(_ name: String, _ key: String, _ value: String) -> String {
            """
            {"apiVersion":"v1","kind":"Secret","metadata":{"name":"\(name)"},"stringData":{"\(key)":"\(value)"}}
            """
        }

        /// A TriggerAuthentication with one parameter.
        static func authentication(_ name: String, _ parameter: String, from secret: String, _ key: String) -> String {
            """
            {"apiVersion":"keda.sh/v1alpha1","kind":"TriggerAuthentication","metadata":{"name":"\(name)"},
             "spec":{"secretTargetRef":[{"parameter":"\(parameter)","name":"\(secret)","key":"\(key)"}]}}
            """
        }

        @Test func `what is not there is named, is found once it is, and no secret is told`() async throws {
            let canary = "canary-\(UUID().uuidString)"
            let connection = try TestServers.variable("POSTGRES_URI")
            let password = try TestServers.variable("POSTGRES_PASSWORD")
            try await TestCluster.with { cluster in
                let neighbours = Neighbours(
                    in: cluster,
                    Self.absent(in: cluster.namespace),
                    hiding: [canary, password]
                )
                try await cluster.apply(
                    [
                        Self.secret("keyless", "other", canary),
                        Self.authentication("keyless", "connection", from: "keyless", "uri"),
                        Self.secret("nonsense", "mode", canary),
                        Self.authentication("nonsense", "authModes", from: "nonsense", "mode"),
                        Self.secret("malformed", "uri", "postgresql://swell:\(canary)@[::1/%zz"),
                        Self.authentication("malformed", "connection", from: "malformed", "uri"),
                    ]
                    .joined(separator: "\n---\n")
                )
                try await neighbours.moveIn(container: [
                    "name": "main", "image": "none",
                    "env": [
                        ["name": "OTHER", "value": .string(canary)],
                        ["name": "FROM_SECRET", "valueFrom": ["secretKeyRef": ["name": "later", "key": "uri"]]],
                        ["name": "FROM_CONFIG", "valueFrom": ["configMapKeyRef": ["name": "later", "key": "uri"]]],
                    ],
                ])
                try await neighbours.areTold()
                try await neighbours.disturbNobody()

                let template: JSONValue = [
                    "containers": [["name": "main", "env": [["name": "NOT_THERE", "value": .string(connection)]]]]
                ]
                _ = try await cluster.client.send(
                    .patch(
                        TestCluster.deployments,
                        cluster.key("no-variable"),
                        .strategicMerge,
                        with: ["spec": ["template": ["spec": template]]]
                    )
                )
                try await cluster.apply(
                    [
                        Self.secret("later", "uri", connection), Self.secret("keyless", "uri", connection),
                        #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"later"},"data":{"uri":"\#(connection)"}}"#,
                        Self.authentication("nowhere", "connection", from: "later", "uri"),
                        Self.secret("malformed", "uri", connection),
                    ]
                    .joined(separator: "\n---\n")
                )
                try await neighbours.recover(neighbours.bad.map(\.name).filter { $0 != "secret-nonsense" })
            }
        }

        @Test func `a key that means nothing is told once and harms nothing`() async throws {
            try await TestCluster.with { cluster in
                try await Neighbours.deploy("web", replicas: 0, in: cluster)
                try await Neighbours.create("web", [Self.cron(["timezoen": "UTC"])], in: cluster)
                try await eventually("3 pods", within: .seconds(60)) { try await cluster.replicas("web") == 3 }
                #expect(try await cluster.condition(.ready, of: "web")?.status == .yes)
                let told = try await cluster.events("KEDAScalerInfo", about: "web")
                #expect(told == ["trigger 0 (cron) does not know \"timezoen\" (did you mean \"timezone\"?)"])
            }
        }
    }
}
