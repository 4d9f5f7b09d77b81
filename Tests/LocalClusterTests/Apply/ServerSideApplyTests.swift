import KubeModel
import Testing

@testable import LocalCluster

/// What the suite shared with the real API server leaves out: it is of 1.20, which does these in an older way.
@Suite struct ServerSideApplyTests {
    /// A cluster with a ConfigMap path.
    private var world = World()
    /// Where the ConfigMap is.
    private let path = "/api/v1/namespaces/default/configmaps/c"
    /// Where Deployments are.
    private let deployments = "/apis/apps/v1/namespaces/default/deployments"

    /// Applies a configuration.
    private mutating func apply(_ path: String, _ config: JSONValue, by manager: String) -> World.Said {
        world.send(.patch, "\(path)?fieldManager=\(manager)", config, type: "application/apply-patch+yaml")
    }

    /// A ConfigMap.
    private func map(_ data: JSONValue) -> JSONValue {
        ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "c"], "data": data]
    }

    @Test mutating func `what a writer owns too stays when an applier gives it up`() {
        world.send(.post, "/api/v1/namespaces/default/configmaps?fieldManager=hand", map(["a": "1", "b": "1"]))
        #expect(apply(path, map(["a": "1"]), by: "one").status == 200)
        #expect(apply(path, map([:]), by: "one").json["data"] == ["a": "1", "b": "1"])
    }

    @Test mutating func `defaults go with the object that they were filled into`() {
        world.send(
            .post,
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
            [
                "metadata": ["name": "things.example.com"],
                "spec": [
                    "group": "example.com", "scope": "Namespaced", "names": ["kind": "Thing", "plural": "things"],
                    "versions": [
                        [
                            "name": "v1", "served": true, "storage": true,
                            "schema": [
                                "openAPIV3Schema": [
                                    "type": "object",
                                    "properties": [
                                        "spec": [
                                            "type": "object",
                                            "properties": [
                                                "fallback": [
                                                    "type": "object", "required": ["replicas"],
                                                    "properties": [
                                                        "replicas": ["type": "integer"],
                                                        "behavior": ["type": "string", "default": "static"],
                                                    ],
                                                ]
                                            ],
                                        ]
                                    ],
                                ]
                            ],
                        ]
                    ],
                ],
            ]
        )
        let path = "/apis/example.com/v1/namespaces/default/things/t"
        func thing(_ spec: JSONValue) -> JSONValue {
            ["apiVersion": "example.com/v1", "kind": "Thing", "metadata": ["name": "t"], "spec": spec]
        }
        let made = apply(path, thing(["fallback": ["replicas": 2]]), by: "one")
        #expect(made.json["spec"] == ["fallback": ["replicas": 2, "behavior": "static"]])
        let less = apply(path, thing([:]), by: "one")
        #expect(less.status == 200, "\(less.message)")
        #expect(less.json[path: "spec", "fallback"] == nil)
    }

    @Test mutating func `a change through scale has an owner of its own`() {
        let deployment: JSONValue = [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web"],
            "spec": [
                "replicas": 2, "selector": ["matchLabels": ["app": "web"]],
                "template": [
                    "metadata": ["labels": ["app": "web"]],
                    "spec": ["containers": [["name": "main", "image": "app:1"]]],
                ],
            ],
        ]
        #expect(apply(deployments + "/web", deployment, by: "one").status == 201)
        let merge = KubeRequest.PatchKind.merge.rawValue
        world.send(
            .patch,
            deployments + "/web/scale?fieldManager=scaler",
            ["spec": ["replicas": 5]],
            type: merge
        )
        let refused = apply(deployments + "/web", deployment, by: "one")
        #expect(
            refused.message == "Apply failed with 1 conflict: conflict with \"scaler\" with subresource \"scale\" "
                + "using apps/v1: .spec.replicas"
        )
    }

    @Test mutating func `what is not known here is refused with the reason`() {
        let hpa: JSONValue = [
            "apiVersion": "autoscaling/v1", "kind": "HorizontalPodAutoscaler", "metadata": ["name": "h"],
        ]
        let old = apply("/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers/h", hpa, by: "one")
        #expect(old.status == 415)
        #expect(
            old.message == "the local cluster knows server-side apply of HorizontalPodAutoscaler as autoscaling/v2 "
                + "only, not as autoscaling/v1"
        )
        let scale = apply(deployments + "/web/scale", ["kind": "Scale"], by: "one")
        #expect(scale.status == 415)
        let yaml = apply(path, ["a list, no object"], by: "one")
        #expect(yaml.message == "the configuration is not a JSON object")
    }

    @Test mutating func `what storing leaves out is not new each time`() {
        var config = map(["a": "1"])
        (config[path: "metadata", "labels"], config[path: "metadata", "finalizers"]) = ([:], [])
        let first = apply(path, config, by: "one")
        world.pass(5)
        #expect(apply(path, config, by: "one").json == first.json)
    }

    @Test(arguments: [
        ("kubectl/v1.33.1 (linux/amd64)", nil, "kubectl"), ("swell", nil, "swell"), ("", nil, "unknown"),
        ("kubectl/v1.33.1", "kubectl-create", "kubectl-create"),
    ])
    func `who writes is what the request says, else its client`(agent: String, said: String?, manager: String) {
        var request = APIRequest(request: KubeRequest(.post, path: []), userAgent: agent)
        if let said { request.request.query = [.init("fieldManager", said)] }
        #expect(request.manager == manager)
    }
}
