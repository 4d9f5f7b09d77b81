import Testing

@Suite struct ScaledObjectTests {
    @Test func `a good object has no findings`() {
        #expect(check(scaledObject("")) == [])
    }

    @Test(arguments: [
        (
            "  minReplicaCount: 5\n  maxReplicaCount: 3",
            [
                "6:3 error spec.minReplicaCount: minReplicaCount must be less than or equal to maxReplicaCount: MinReplicaCount=5 must be less than MaxReplicaCount=3"
            ]
        ),
        (
            "  minReplicaCount: 101",
            [
                "6:3 error spec.minReplicaCount: minReplicaCount must be less than or equal to maxReplicaCount: MinReplicaCount=101 must be less than MaxReplicaCount=100"
            ]
        ),
        (
            "  minReplicaCount: 2\n  idleReplicaCount: 2",
            ["7:3 error spec.idleReplicaCount: IdleReplicaCount=2 must be less than MinReplicaCount=2"]
        ),
        ("  minReplicaCount: 2\n  idleReplicaCount: 0", []),
        ("  minReplicaCount:\n  maxReplicaCount: ~", []),
        (
            "  minReplicaCount: many\n  maxReplicaCount: 0\n  idleReplicaCount: 0",
            [
                "6:3 error spec.minReplicaCount: must be a whole number, not a text",
                "7:3 error spec.maxReplicaCount: must be 1 or more",
            ]
        ),
        ("  maxReplicaCount: 010", []),
        ("  maxReplicaCount: 5.0", []),
        ("  maxReplicaCount: 3000000000", ["6:3 error spec.maxReplicaCount: is too large a number"]),
        ("  pollingInterval: 0", ["6:3 error spec.pollingInterval: must be 1 or more"]),
        (
            "  pollingIntervall: 5",
            [
                "6:3 warning spec.pollingIntervall: unknown field, which the API server drops; did you mean \"pollingInterval\"?"
            ]
        ),
        ("  replicas: 5", ["6:3 warning spec.replicas: unknown field, which the API server drops"]),
        ("  fallback:\n    replicas: 2", ["6:3 error spec.fallback.failureThreshold: is required"]),
        (
            "  fallback: {failureThreshold: 1, replicas: 1, behavior: currentReplica}",
            [
                "6:48 error spec.fallback.behavior: must be one of static, currentReplicas, currentReplicasIfHigher, currentReplicasIfLower, scalingModifiers, did you mean \"currentReplicas\"?"
            ]
        ),
        (
            "  advanced:\n    horizontalPodAutoscalerConfig:\n      behavior:\n        scaleUp:\n          tolerance: 0.05",
            [
                "10:11 error spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleUp.tolerance: must be a whole number or a text, not a number with a fraction"
            ]
        ),
        (
            "  advanced:\n    horizontalPodAutoscalerConfig:\n      behavior:\n        scaleUp:\n          tolerance: \"0.05\"",
            []
        ),
    ])
    func `the spec is checked`(spec: String, expected: [String]) {
        #expect(check(scaledObject(spec)) == expected)
    }

    @Test(arguments: [
        (63, "  advanced: {horizontalPodAutoscalerConfig: {name: h}}", []),
        (54, "", []),
        (
            55, "",
            [
                "4:3 error metadata.name: HPA name \"keda-hpa-\(String(repeating: "n", count: 55))\" derived from scaledobject is 64 characters long; must be no more than 63 characters; set spec.advanced.horizontalPodAutoscalerConfig.name to a shorter name or shorten the scaledobject name"
            ]
        ),
        (
            64, "",
            [
                "4:3 error metadata.name: scaledobject name \"\(String(repeating: "n", count: 64))\" is 64 characters long; must be no more than 63 characters because it is used as the \"scaledobject.keda.sh/name\" label value"
            ]
        ),
        (
            3, "  advanced: {horizontalPodAutoscalerConfig: {name: \(String(repeating: "h", count: 64))}}",
            [
                "6:46 error spec.advanced.horizontalPodAutoscalerConfig.name: HPA name \"\(String(repeating: "h", count: 64))\" derived from scaledobject is 64 characters long; must be no more than 63 characters; set spec.advanced.horizontalPodAutoscalerConfig.name to a shorter name or shorten the scaledobject name"
            ]
        ),
    ])
    func `names must leave room for the HPA`(length: Int, spec: String, expected: [String]) {
        let text = scaledObject(spec)
            .replacing("name: web\nspec", with: "name: \(String(repeating: "n", count: length))\nspec")
        #expect(check(text) == expected)
    }

    @Test(arguments: [
        ("  fallback: {failureThreshold: 1, replicas: 1}", []),
        (
            "  fallback: {failureThreshold: -1, replicas: 1}",
            ["6:14 error spec.fallback.failureThreshold: must be 0 or more"]
        ),
        (
            "  fallback: {failureThreshold: 1, replicas: 1, behavior: scalingModifiers}",
            [
                "6:48 error spec.fallback.behavior: scalingModifiers fallback behavior requires scalingModifiers.formula to be defined"
            ]
        ),
        (
            "  advanced: {scalingModifiers: {formula: a}}",
            [
                "6:14 error spec.advanced.scalingModifiers.target: error validating formula in ScalingModifiers: formula is given but target is empty",
                "6:33 error spec.advanced.scalingModifiers.formula: error validating formula in ScalingModifiers: unknown name \"a\"; no trigger that gives numbers has a name (column 1)",
            ]
        ),
        (
            "  minReplicaCount: 1\n  pollingInterval: 5",
            [
                "7:3 warning spec.pollingInterval: PollingInterval is configured but is not relevant. PollingInterval is only relevant when minReplicaCount = 0, idleReplicaCount is set, or useCachedMetrics is enabled"
            ]
        ),
        (
            "  minReplicaCount: 1\n  cooldownPeriod: 5",
            [
                "7:3 warning spec.cooldownPeriod: CooldownPeriod is configured but is not relevant. CooldownPeriod is only relevant when minReplicaCount = 0 or idleReplicaCount is set"
            ]
        ),
    ])
    func `what fields say together is checked`(spec: String, expected: [String]) {
        #expect(check(scaledObject(spec)) == expected)
    }

    @Test(arguments: [
        ("paused-replicas: \"3\"", []),
        (
            "paused-replicas: three",
            [
                "6:5 error metadata.annotations[\"autoscaling.keda.sh/paused-replicas\"]: must be a whole number of replicas, 0 or more, such as \"0\""
            ]
        ),
        (
            "paused: \"yes\"",
            [
                "6:5 warning metadata.annotations[\"autoscaling.keda.sh/paused\"]: is neither \"true\" nor \"false\", and so counts as true"
            ]
        ),
    ])
    func `annotations are read as the operator reads them`(annotation: String, expected: [String]) {
        let text = scaledObject("")
            .replacing(
                "  name: web\nspec",
                with: "  name: web\n  annotations:\n    autoscaling.keda.sh/\(annotation)\nspec"
            )
        #expect(check(text) == expected)
    }

    @Test func `what is missing stands where it should be`() {
        #expect(
            check("apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata:\n  name: x\nspec:\n  triggers: []\n")
                == [
                    "5:1 error spec.scaleTargetRef: is required",
                    "6:3 error spec.triggers: must have at least 1 element",
                ]
        )
        #expect(
            check("apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata:\n  name: x\n") == [
                "1:1 error spec: is required"
            ]
        )
    }

    @Test func `annotations and labels are texts`() {
        let text = scaledObject("")
            .replacing(
                "  name: web\nspec",
                with: "  name: web\n  annotations:\n    autoscaling.keda.sh/paused: true\nspec"
            )
        #expect(
            check(text) == [
                "6:5 error metadata.annotations[\"autoscaling.keda.sh/paused\"]: must be a text, not true or false; put it in quotes"
            ]
        )
    }

    @Test func `everything is told in one go`() {
        let text = scaledObject(
            "  minReplicaCount: 9\n  maxReplicaCount: 3\n  cooldownPeriod: soon",
            triggers: goodTriggers.replacing("\"4\"", with: "4").replacing("0 18", with: "0 25")
        )
        #expect(
            check(text).map { $0.prefix { $0 != ":" } + $0.drop { $0 != " " }.prefix { $0 != ":" } } == [
                "6 error spec.minReplicaCount", "8 error spec.cooldownPeriod", "16 error spec.triggers[0].metadata.end",
                "17 error spec.triggers[0].metadata.desiredReplicas",
            ]
        )
    }
}
