import KubeModel
import Testing

extension RealServers {
    /// What an installation holds besides workloads.
    ///
    /// Tried without being kept: webhooks and APIs that nobody serves would get in the way of the other tests.
    @Suite(.serialized) struct APIBehaviourInstalling {
        /// A collection, an object of it, and what the server makes of a part of it.
        static let objects: [(path: String, object: JSONValue, part: [String], filled: JSONValue)] = [
            (
                "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
                [
                    "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
                    "metadata": ["name": "asks"],
                    "webhooks": [
                        [
                            "name": "asks.example.org", "sideEffects": "None", "admissionReviewVersions": ["v1"],
                            "clientConfig": ["service": ["name": "a", "namespace": "b"]],
                            "rules": [
                                [
                                    "apiGroups": ["x"], "apiVersions": ["v1"], "operations": ["CREATE"],
                                    "resources": ["nothing"],
                                ]
                            ],
                        ]
                    ],
                ],
                ["webhooks"],
                [
                    [
                        "name": "asks.example.org", "sideEffects": "None", "admissionReviewVersions": ["v1"],
                        "clientConfig": ["service": ["name": "a", "namespace": "b", "port": 443]],
                        "rules": [
                            [
                                "apiGroups": ["x"], "apiVersions": ["v1"], "operations": ["CREATE"],
                                "resources": ["nothing"], "scope": "*",
                            ]
                        ],
                        "failurePolicy": "Fail", "matchPolicy": "Equivalent", "namespaceSelector": [:],
                        "objectSelector": [:], "timeoutSeconds": 10,
                    ]
                ]
            ),
            (
                "/apis/apiregistration.k8s.io/v1/apiservices",
                [
                    "apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService",
                    "metadata": ["name": "v1.example.org"],
                    "spec": [
                        "group": "example.org", "version": "v1", "groupPriorityMinimum": 1, "versionPriority": 1,
                        "insecureSkipTLSVerify": true, "service": ["name": "a", "namespace": "b"],
                    ],
                ],
                ["spec"],
                [
                    "group": "example.org", "version": "v1", "groupPriorityMinimum": 1, "versionPriority": 1,
                    "insecureSkipTLSVerify": true, "service": ["name": "a", "namespace": "b", "port": 443],
                ]
            ),
            (
                "limitranges",
                [
                    "apiVersion": "v1", "kind": "LimitRange", "metadata": ["name": "small"],
                    "spec": ["limits": [["type": "Container", "max": ["cpu": "1"], "default": ["cpu": "1"]]]],
                ],
                ["spec", "limits"],
                [
                    [
                        "type": "Container", "max": ["cpu": "1"], "default": ["cpu": "1"],
                        "defaultRequest": ["cpu": "1"],
                    ]
                ]
            ),
            (
                "/api/v1/nodes",
                [
                    "apiVersion": "v1", "kind": "Node", "metadata": ["name": "machine"],
                    "spec": ["podCIDR": "10.0.0.0/24"],
                ],
                ["spec", "podCIDR"],
                "10.0.0.0/24"
            ),
            (
                "/apis/batch/v1/namespaces/{ns}/jobs", job([:]), ["spec", "completions"], 1
            ),
            (
                "/apis/batch/v1/namespaces/{ns}/jobs", job(["parallelism": 3]), ["spec", "parallelism"], 3
            ),
            (
                "/apis/batch/v1/namespaces/{ns}/jobs", job([:]), ["spec", "backoffLimit"], 6
            ),
        ]

        /// A Job with more in its spec.
        static func job(_ more: [String: JSONValue]) -> JSONValue {
            var spec: [String: JSONValue] = [
                "template": ["spec": ["restartPolicy": "Never", "containers": [["name": "main", "image": "app:1"]]]]
            ]
            spec.merge(more) { $1 }
            return ["apiVersion": "batch/v1", "kind": "Job", "metadata": ["name": "work"], "spec": .object(spec)]
        }

        @Test(arguments: APIServer.atHand)
        func `what is left out is filled in alike`(server: APIServer) async throws {
            try await server.withSession { api in
                for (path, object, part, filled) in Self.objects {
                    let made = try await api.send(.post, path, object, query: ["dryRun": "All"])
                    #expect(made.status == 201, "\(made.json)")
                    #expect(part.reduce(Optional(made.json)) { $0?[$1] } == filled, "\(path)")
                }
            }
        }

        @Test(arguments: APIServer.atHand)
        func `a Job with parallelism alone has no number of completions`(server: APIServer) async throws {
            try await server.withSession { api in
                let path = "/apis/batch/v1/namespaces/{ns}/jobs"
                let made = try await api.send(.post, path, Self.job(["parallelism": 3]), query: ["dryRun": "All"])
                #expect(made.json[path: "spec", "completions"] == nil, "\(made.json)")
            }
        }
    }
}
