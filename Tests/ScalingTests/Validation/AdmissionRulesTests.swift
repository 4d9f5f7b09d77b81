import KubeModel
import Scaling
import Testing

@Suite struct AdmissionRulesTests {
    /// A good object as JSON, changed by the merge patch of a test.
    static func object(_ changes: JSONValue = [:]) throws -> ScaledObject {
        let good: JSONValue = [
            "metadata": ["name": "web", "namespace": "shop"],
            "spec": [
                "scaleTargetRef": ["name": "web"], "triggers": [["type": "cron", "metadata": [:]]],
            ],
        ]
        return try KubeJSON.decode(from: MergePatch.apply(changes, to: good))
    }

    /// One row of the table of rules.
    struct Row: Sendable, CustomTestStringConvertible {
        let changes: JSONValue
        let reasons: [SpecProblem.Reason]
        let testDescription: String

        init(_ name: String, _ changes: JSONValue, _ reasons: SpecProblem.Reason...) {
            (self.testDescription, self.changes, self.reasons) = (name, changes, reasons)
        }
    }

    static let cpu: JSONValue = [["type": "cpu", "metricType": "Utilization", "metadata": ["value": "50"]]]
    static let named: JSONValue = [["type": "cron", "name": "a", "metadata": [:]]]
    static let fallback: JSONValue = ["failureThreshold": 3, "replicas": 2]

    static let rows = [
        Row("a good object", [:]),
        Row("minimum above maximum", ["spec": ["minReplicaCount": 4, "maxReplicaCount": 3]], .replicas),
        Row("minimum at the maximum", ["spec": ["minReplicaCount": 3, "maxReplicaCount": 3]]),
        Row("idle without a minimum", ["spec": ["idleReplicaCount": 0]], .replicas),
        Row("idle below an explicit minimum of 0", ["spec": ["idleReplicaCount": 0, "minReplicaCount": 0]]),
        Row(
            "name of 63 with an HPA name",
            [
                "metadata": ["name": .string(String(repeating: "n", count: 63))],
                "spec": ["advanced": ["horizontalPodAutoscalerConfig": ["name": "h"]]],
            ]
        ),
        Row("name of 64", ["metadata": ["name": .string(String(repeating: "n", count: 64))]], .name),
        Row("name of 54", ["metadata": ["name": .string(String(repeating: "n", count: 54))]]),
        Row("name of 55", ["metadata": ["name": .string(String(repeating: "n", count: 55))]], .hpaName),
        Row("fallback", ["spec": ["fallback": fallback]]),
        Row("negative threshold", ["spec": ["fallback": ["failureThreshold": -1, "replicas": 2]]], .fallback),
        Row("negative replicas", ["spec": ["fallback": ["failureThreshold": 1, "replicas": -2]]], .fallback),
        Row("fallback with cpu alone", ["spec": ["fallback": fallback, "triggers": cpu]], .fallback),
        Row(
            "fallback with cpu and cron",
            [
                "spec": [
                    "fallback": fallback,
                    "triggers": [["type": "cpu", "metadata": [:]], ["type": "cron", "metadata": [:]]],
                ]
            ]
        ),
        Row(
            "fallback with a Value metric",
            [
                "spec": [
                    "fallback": fallback, "triggers": [["type": "prometheus", "metricType": "Value", "metadata": [:]]],
                ]
            ]
        ),
        Row(
            "fallback with cpu and modifiers",
            [
                "spec": [
                    "fallback": fallback, "triggers": cpu,
                    "advanced": ["scalingModifiers": ["formula": "1", "target": "1"]],
                ]
            ]
        ),
        Row(
            "fallback by a formula that is not there",
            [
                "spec": ["fallback": ["failureThreshold": 1, "replicas": 2, "behavior": "scalingModifiers"]]
            ],
            .modifiersFallback
        ),
        Row(
            "fallback by a formula",
            [
                "spec": [
                    "fallback": ["failureThreshold": 1, "replicas": 2, "behavior": "scalingModifiers"],
                    "advanced": ["scalingModifiers": ["formula": "1", "target": "1"]],
                ]
            ]
        ),
        Row(
            "modifiers over named triggers",
            ["spec": ["triggers": named, "advanced": ["scalingModifiers": ["formula": "a + 1", "target": "2"]]]]
        ),
        Row(
            "modifiers without a formula",
            ["spec": ["advanced": ["scalingModifiers": ["target": "2"]]]],
            .modifiers
        ),
        Row(
            "modifiers without a target",
            ["spec": ["triggers": named, "advanced": ["scalingModifiers": ["formula": "a"]]]],
            .modifiers
        ),
        Row(
            "modifiers with a target of 0",
            ["spec": ["triggers": named, "advanced": ["scalingModifiers": ["formula": "a", "target": "0"]]]],
            .modifiers
        ),
        Row(
            "modifiers with a target that is no number",
            ["spec": ["triggers": named, "advanced": ["scalingModifiers": ["formula": "a", "target": "two"]]]],
            .modifiers
        ),
        Row(
            "modifiers over a trigger without a name",
            ["spec": ["advanced": ["scalingModifiers": ["formula": "a", "target": "2"]]]],
            .modifiers
        ),
        Row(
            "modifiers with Utilization",
            [
                "spec": [
                    "triggers": named,
                    "advanced": ["scalingModifiers": ["formula": "a", "target": "2", "metricType": "Utilization"]],
                ]
            ],
            .modifiers
        ),
        Row("no trigger", ["spec": ["triggers": []]], .triggers),
        Row(
            "cached cron",
            [
                "spec": ["triggers": [["type": "cron", "metadata": [:], "useCachedMetrics": true]]]
            ],
            .triggers
        ),
        Row(
            "cached prometheus",
            [
                "spec": ["triggers": [["type": "prometheus", "metadata": [:], "useCachedMetrics": true]]]
            ]
        ),
        Row(
            "one name twice",
            [
                "spec": [
                    "triggers": [
                        ["type": "cron", "name": "a", "metadata": [:]],
                        ["type": "kafka", "name": "a", "metadata": [:]],
                    ]
                ]
            ],
            .triggers
        ),
        Row(
            "no name twice",
            [
                "spec": [
                    "triggers": [
                        ["type": "cron", "name": "", "metadata": [:]], ["type": "kafka", "name": "", "metadata": [:]],
                    ]
                ]
            ]
        ),
        Row(
            "what KEDA does not look at",
            [
                "spec": [
                    "triggers": [
                        [
                            "type": "nonsense", "metricType": "Nonsense", "metadata": ["x": "y"],
                            "authenticationRef": ["name": "nobody"],
                        ]
                    ]
                ]
            ]
        ),
    ]

    @Test(arguments: rows) func `an object is refused for KEDA's reasons and no others`(row: Row) throws {
        #expect(try Self.object(row.changes).admissionProblems.map(\.reason) == row.reasons)
    }

    @Test func `a group and version that cannot be read is refused without a reason for the counters`() throws {
        let object = try Self.object(["spec": ["scaleTargetRef": ["apiVersion": "a/b/c"]]])
        #expect(object.admissionProblems.map(\.message) == ["unexpected GroupVersion string: a/b/c"])
        #expect(object.admissionProblems.map(\.reason) == [nil])
    }

    @Test(
        arguments: [
            (["minReplicaCount": 1, "pollingInterval": 5, "cooldownPeriod": 5], 2),
            (["minReplicaCount": 0, "pollingInterval": 5, "cooldownPeriod": 5], 0),
            (["pollingInterval": 5, "cooldownPeriod": 5], 0),
            (["minReplicaCount": 2, "idleReplicaCount": 1, "pollingInterval": 5, "cooldownPeriod": 5], 0),
            (["minReplicaCount": 1], 0),
            (
                [
                    "minReplicaCount": 1, "pollingInterval": 5, "cooldownPeriod": 5,
                    "triggers": [["type": "prometheus", "metadata": [:], "useCachedMetrics": true]],
                ], 1
            ),
        ] as [(JSONValue, Int)]
    )
    func `settings without effect are told`(spec: JSONValue, count: Int) throws {
        #expect(try Self.object(["spec": spec]).ineffectiveSettings.count == count)
    }

    @Test(
        arguments: [
            ("paused-replicas", "3", 0, 0), ("paused-replicas", "", 1, 0), ("paused-replicas", "three", 1, 0),
            ("paused-replicas", "-1", 1, 0), ("paused-replicas", "3000000000", 1, 0), ("paused", "true", 0, 0),
            ("paused", "F", 0, 0), ("paused", "no", 0, 1), ("paused-scale-in", "", 0, 1),
            ("paused-scale-out", "yes", 0, 1), ("force-activation", "0", 0, 0), ("force-activation", "on", 0, 1),
        ]
    )
    func `annotations that cannot be read are told, without their text`(
        key: String,
        text: String,
        problems: Int,
        warnings: Int
    ) throws {
        let object = try Self.object(["metadata": ["annotations": [key: .string(text)].renamed]])
        #expect(object.annotationProblems.count == problems)
        #expect(object.annotationWarnings.count == warnings)
        #expect(
            (object.annotationProblems + object.annotationWarnings).map(\.field)
                .allSatisfy { $0 == "metadata.annotations[\"autoscaling.keda.sh/\(key)\"]" }
        )
    }

    @Test(arguments: [("recommend", 0), ("manage", 0), ("off", 1)])
    func `a mode that there is not is told`(text: String, problems: Int) throws {
        let object = try Self.object(["metadata": ["annotations": [OperatingMode.annotation: .string(text)]]])
        #expect(object.annotationProblems.count == problems)
    }

    @Test(arguments: [("true", 0), ("True", 1), ("1", 1), ("false", 0), ("no", 0)])
    func `a transfer that does not count is told`(text: String, warnings: Int) throws {
        let object = try Self.object([
            "metadata": ["annotations": ["scaledobject.keda.sh/transfer-hpa-ownership": .string(text)]]
        ])
        #expect(object.annotationWarnings.count == warnings)
    }

    @Test(
        arguments: [
            (["a", "b"], ["a"], true, true), (["a"], [], true, true), (["a"], ["a"], true, false),
            ([], ["a"], true, false), (["a"], [], false, false),
        ] as [([JSONValue], [JSONValue], Bool, Bool)]
    )
    func `only a change that takes finalizers and nothing else is never refused`(
        old: [JSONValue],
        new: [JSONValue],
        isSameSpec: Bool,
        isAll: Bool
    ) {
        let before: JSONValue = ["metadata": ["finalizers": .array(old)], "spec": ["a": 1]]
        let after: JSONValue = ["metadata": ["finalizers": .array(new)], "spec": ["a": isSameSpec ? 1 : 2]]
        #expect(FinalizerRemoval.isAll(from: before, to: after) == isAll)
    }
}

extension [String: JSONValue] {
    /// The same under KEDA's prefix.
    fileprivate var renamed: JSONValue {
        .object(Dictionary(uniqueKeysWithValues: map { ("autoscaling.keda.sh/\($0)", $1) }))
    }
}
