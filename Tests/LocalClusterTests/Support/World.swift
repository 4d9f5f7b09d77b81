import Foundation
import KubeModel

@testable import LocalCluster

/// A cluster state with a clock that stands still until it is turned, for tests without a shell.
struct World {
    /// The cluster.
    var state: ClusterState
    /// The time of the next request.
    var now = Date(timeIntervalSince1970: 1_781_604_000)

    /// What the cluster said.
    struct Said {
        /// The HTTP status.
        let status: Int
        /// The body.
        let json: JSONValue

        /// The reason of a refusal.
        var reason: String? { json["reason"]?.string }
        /// The message of a refusal.
        var message: String { json["message"]?.string ?? "" }
    }

    /// A cluster; without workloads unless the settings say otherwise.
    init(_ change: (inout ClusterSettings) -> Void = { $0.runsWorkloads = false }) {
        var settings = ClusterSettings()
        change(&settings)
        self.state = ClusterState(settings, now: now)
    }

    /// Sends a request; the path may hold a query.
    @discardableResult
    mutating func send(
        _ method: KubeRequest.Method,
        _ target: String,
        _ body: JSONValue? = nil,
        type: String = "application/json",
        accept: String = ""
    ) -> Said {
        switch answer(method, target, body, type: type, accept: accept) {
        case .watch: return Said(status: 0, json: "a watch")
        case .whole(let answer):
            guard case .json(let json) = answer.body else { return Said(status: answer.status, json: .null) }
            return Said(status: answer.status, json: json)
        }
    }

    /// Starts a watch.
    mutating func watch(_ target: String, accept: String = "") throws -> WatchMachine {
        switch answer(.get, target, nil, type: "", accept: accept) {
        case .watch(let machine): return machine
        case .whole(let answer): throw NoWatch(status: answer.status)
        }
    }

    /// A watch that was refused.
    struct NoWatch: Error {
        /// With what.
        let status: Int
    }

    /// Lets the time pass and does what is due.
    mutating func pass(_ seconds: TimeInterval) {
        now.addTimeInterval(seconds)
        state.tick(now: now)
    }

    /// What a watch has to tell, as `TYPE name` lines.
    func told(by machine: inout WatchMachine) -> [String] {
        var lines: [String] = []
        while case .send(let events) = machine.next(in: state, now: now) {
            lines += events.map { event in
                let object = event["object"] ?? [:]
                let name = object["kind"] == "Status" ? object["reason"]?.string ?? "" : object.name
                return "\(event["type"]?.string ?? "") \(name)"
            }
        }
        return lines
    }

    /// Carries out a request.
    private mutating func answer(
        _ method: KubeRequest.Method,
        _ target: String,
        _ body: JSONValue?,
        type: String,
        accept: String
    ) -> APIAnswer {
        let request = APIRequest(
            method,
            target: target,
            contentType: body == nil ? nil : type,
            accept: accept,
            body: body?.encoded() ?? []
        )
        return state.answer(request, now: now)
    }
}

/// Objects that many tests use.
enum Sample {
    /// A ConfigMap.
    static func configMap(_ name: String, _ data: [String: String] = ["a": "1"], labels: [String: String] = [:])
        -> JSONValue
    {
        var map: JSONValue = ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name)]]
        map["data"] = .object(data.mapValues(JSONValue.string))
        if !labels.isEmpty { map[path: "metadata", "labels"] = .object(labels.mapValues(JSONValue.string)) }
        return map
    }

    /// A Deployment with one container.
    static func deployment(_ name: String, replicas: Int64 = 1, image: String = "app:1") -> JSONValue {
        workload("Deployment", name, replicas, image)
    }

    /// A StatefulSet with one container.
    static func statefulSet(_ name: String, replicas: Int64 = 1, image: String = "app:1") -> JSONValue {
        workload("StatefulSet", name, replicas, image)
    }

    /// One of the apps kinds.
    private static func workload(_ kind: String, _ name: String, _ replicas: Int64, _ image: String) -> JSONValue {
        [
            "apiVersion": "apps/v1", "kind": .string(kind), "metadata": ["name": .string(name)],
            "spec": [
                "replicas": .integer(replicas), "selector": ["matchLabels": ["app": .string(name)]],
                "template": [
                    "metadata": ["labels": ["app": .string(name)]],
                    "spec": ["containers": [["name": "main", "image": .string(image)]]],
                ],
            ],
        ]
    }

    /// An HPA on a Deployment with one external metric and an average.
    static func autoscaler(_ name: String, target: String, average: String = "10", min: Int64 = 1, max: Int64 = 10)
        -> JSONValue
    {
        [
            "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": ["name": .string(name)],
            "spec": [
                "scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": .string(target)],
                "minReplicas": .integer(min), "maxReplicas": .integer(max),
                "metrics": [
                    [
                        "type": "External",
                        "external": [
                            "metric": ["name": "s0-test", "selector": ["matchLabels": ["so": .string(name)]]],
                            "target": ["type": "AverageValue", "averageValue": .string(average)],
                        ],
                    ]
                ],
            ],
        ]
    }

    /// A definition of `widgets.example.com` with status and scale.
    static func definition(hasStatus: Bool = true, hasScale: Bool = true) -> JSONValue {
        var version: JSONValue = [
            "name": "v1", "served": true, "storage": true,
            "schema": ["openAPIV3Schema": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]],
            "additionalPrinterColumns": [
                ["name": "Size", "type": "integer", "jsonPath": ".spec.size"],
                ["name": "Ready", "type": "string", "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status"],
                ["name": "Note", "type": "string", "jsonPath": ".spec.note", "priority": 1],
                ["name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"],
            ],
        ]
        if hasStatus { version[path: "subresources", "status"] = [:] }
        if hasScale {
            version[path: "subresources", "scale"] = [
                "specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas",
                "labelSelectorPath": ".status.selector",
            ]
        }
        return [
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": ["name": "widgets.example.com"],
            "spec": [
                "group": "example.com", "scope": "Namespaced",
                "names": ["kind": "Widget", "plural": "widgets", "singular": "widget", "shortNames": ["wd"]],
                "versions": [version],
            ],
        ]
    }

    /// An object of that kind.
    static func widget(_ name: String, _ spec: JSONValue = ["size": 1]) -> JSONValue {
        ["apiVersion": "example.com/v1", "kind": "Widget", "metadata": ["name": .string(name)], "spec": spec]
    }
}

/// Where things are.
enum Place {
    static let configMaps = "/api/v1/namespaces/default/configmaps"
    static let pods = "/api/v1/namespaces/default/pods"
    static let deployments = "/apis/apps/v1/namespaces/default/deployments"
    static let replicaSets = "/apis/apps/v1/namespaces/default/replicasets"
    static let statefulSets = "/apis/apps/v1/namespaces/default/statefulsets"
    static let autoscalers = "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers"
    static let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    static let widgets = "/apis/example.com/v1/namespaces/default/widgets"
    static let events = "/api/v1/namespaces/default/events"
}
