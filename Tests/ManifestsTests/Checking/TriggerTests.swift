import Testing

@Suite struct TriggerTests {
    /// Findings of a ScaledObject with one trigger, whose lines begin at 9; `type` stands in line 9.
    private func findings(_ trigger: String, more: String = "") -> [String] {
        let lines = trigger.split(separator: "\n").enumerated().map { ($0 == 0 ? "    - " : "      ") + $1 }
        let head = "  scaleTargetRef:\n    name: web\n  triggers:\n"
        return check(scaledObject("", triggers: head + lines.joined(separator: "\n")) + more)
    }

    static let cron = "type: cron\nmetadata: {timezone: UTC, start: 0 9 * * *, end: 0 18 * * *, desiredReplicas: \"4\"}"
    static let prometheus =
        "type: prometheus\nmetadata:\n  serverAddress: http://prometheus:9090\n  query: up\n  threshold: \"5\"\n"
    static let postgres = "type: postgresql\nmetadata:\n  query: SELECT 1\n  targetQueryValue: \"5\"\n"

    @Test(arguments: [
        ("metadata: {}", ["9:7 error spec.triggers[0].type: is required"]),
        ("type: cron", ["9:7 error spec.triggers[0].metadata: is required"]),
        ("type: cron\nmetadata: []", ["10:7 error spec.triggers[0].metadata: must be an object, not a list"]),
        ("type: 5\nmetadata: {}", ["9:7 error spec.triggers[0].type: must be a text, not a number; put it in quotes"]),
        (
            "type: cronn\nmetadata: {}",
            ["9:7 error spec.triggers[0].type: no scaler found for type: cronn, did you mean \"cron\"?"]
        ),
        (
            "type: kafak\nmetadata: {}",
            ["9:7 error spec.triggers[0].type: no scaler found for type: kafak, did you mean \"kafka\"?"]
        ),
        (
            "type: carrier-pigeon\nmetadata: {}",
            ["9:7 error spec.triggers[0].type: no scaler found for type: carrier-pigeon"]
        ),
        (
            "type: predictkube\nmetadata: {a: b}",
            ["9:7 warning spec.triggers[0].type: predictkube triggers are not supported by this version of Swell"]
        ),
        (cron, []),
        (
            cron + "\nuseCachedMetrics: true",
            [
                "11:7 error spec.triggers[0].useCachedMetrics: property \"useCachedMetrics\" is not supported for \"cron\" scaler"
            ]
        ),
        (cron + "\nmetricType: Value", []),
        (
            cron + "\nmetricType: Utilization",
            [
                "11:7 error spec.triggers[0].metricType: must be AverageValue or Value; Utilization is for cpu and memory only"
            ]
        ),
        (
            cron + "\nmetricType: average",
            [
                "11:7 error spec.triggers[0].metricType: must be AverageValue or Value; Utilization is for cpu and memory only"
            ]
        ),
        (
            cron + "\nmetricType: 5",
            ["11:7 error spec.triggers[0].metricType: must be a text, not a number; put it in quotes"]
        ),
        (
            "type: cron\nmetadata:\n  timezone: Europe/Madird\n  start: 0 9 * *\n  end: 0 18 * * *\n  desiredReplica: \"4\"",
            [
                "10:7 error spec.triggers[0].metadata.desiredReplicas: missing required parameter \"desiredReplicas\" in [triggerMetadata]",
                "11:9 error spec.triggers[0].metadata.timezone",
                "12:9 error spec.triggers[0].metadata.start",
                "14:9 warning spec.triggers[0].metadata.desiredReplica: the cron trigger has no such setting, did you mean \"desiredReplicas\"?",
            ]
        ),
        (
            "type: cron\nmetadata:\n  timezone: UTC\n  start: 0 9 * * *\n  end: 0 9 * * *\n  desiredReplicas: \"4\"",
            [
                "13:9 error spec.triggers[0].metadata.end"
            ]
        ),
        (
            "type: cron\nmetadata:\n  timezone: UTC\n  start: 0 9 * * *\n  end: 0 9 * * *\n  desiredReplicas: 4",
            [
                "14:9 error spec.triggers[0].metadata.desiredReplicas: must be a text, not a number; put it in quotes"
            ]
        ),
    ])
    func `a trigger is checked against its scaler`(trigger: String, expected: [String]) {
        let found = findings(trigger)
        #expect(found.count == expected.count, "\(found)")
        // Messages of the scalers are their own tests' matter; the expectation may stop before them.
        for (line, start) in zip(found, expected) { #expect(line == start || line.hasPrefix(start + ": ")) }
    }

    @Test(arguments: [
        (prometheus, []),
        (prometheus + "  metricName: x\n", []),
        (
            prometheus + "  treshold: \"5\"\n",
            [
                "14:9 warning spec.triggers[0].metadata.treshold: the prometheus trigger has no such setting, did you mean \"threshold\"?"
            ]
        ),
        (
            prometheus + "  authModes: basic\n",
            [
                "14:9 error spec.triggers[0].metadata.username: missing required parameter \"username\" for authModes \"basic\""
            ]
        ),
        (prometheus + "  authModes: basic\nauthenticationRef: {name: a}", []),
        (
            prometheus + "  authModes: basic\nauthenticationRef: {}",
            ["15:7 error spec.triggers[0].authenticationRef.name: is required"]
        ),
        (postgres + "  connectionFromEnv: DB\n", []),
        (
            postgres + "  connectionFromEnv: 5\n",
            ["13:9 error spec.triggers[0].metadata.connectionFromEnv: must be a text, not a number; put it in quotes"]
        ),
        (postgres + "authenticationRef: {name: a}", []),
        (
            postgres,
            [
                "10:7 error spec.triggers[0].metadata.host: no host given: \"connection\" or all of host, port, userName, dbName and sslmode are needed"
            ]
        ),
    ])
    func `what comes from elsewhere is given, what nobody can give is missing`(trigger: String, expected: [String]) {
        let lines = findings(trigger)
        #expect(lines.map { $0.drop { $0 != " " } } == expected.map { $0.drop { $0 != " " } })
    }

    /// An authentication that gives one parameter.
    private static func authentication(_ parameter: String, kind: String = "TriggerAuthentication") -> String {
        """

        ---
        apiVersion: keda.sh/v1alpha1
        kind: \(kind)
        metadata: {name: a}
        spec: {secretTargetRef: [{parameter: \(parameter), name: s, key: k}]}
        """
    }

    @Test func `an authentication among the documents tells what it gives`() {
        let trigger = Self.postgres + "authenticationRef: {name: a}"
        let clusterTrigger = Self.postgres + "authenticationRef: {name: a, kind: ClusterTriggerAuthentication}"
        let cluster = "ClusterTriggerAuthentication"
        #expect(findings(trigger, more: Self.authentication("connection")) == [])
        #expect(findings(trigger, more: Self.authentication("password", kind: cluster)) == [])
        #expect(findings(clusterTrigger, more: Self.authentication("connection", kind: cluster)) == [])
        // With only a password known to come, nothing is certain but that the rest must be checked when it runs.
        #expect(findings(trigger, more: Self.authentication("password")) == [])
        #expect(findings(trigger, more: Self.authentication("conection")).map { $0.prefix(4) } == ["10:7"])
        let file = "\n---\napiVersion: keda.sh/v1alpha1\nkind: \(cluster)\nmetadata: {name: a}\nspec: {filePath: x}\n"
        #expect(findings(clusterTrigger, more: file) == [])
    }

    @Test func `a formula excuses missing targets`() {
        let trigger = "  advanced: {scalingModifiers: {formula: a, target: \"1\"}}\n"
        let head = "  scaleTargetRef:\n    name: web\n  triggers:\n"
        let postgres = "    - type: postgresql\n      name: a\n      metadata:\n        query: SELECT 1\n"
        let connection = ["host", "port", "userName", "dbName", "sslmode"].map { "        \($0): \"5\"\n" }.joined()
        #expect(check(scaledObject("", triggers: head + postgres + connection)).count == 1)
        #expect(check(scaledObject("", triggers: trigger + head + postgres + connection)) == [])
    }

    @Test func `triggers have their own names`() {
        let named =
            "    - type: cron\n      name: a\n      metadata: {timezone: UTC, start: 0 9 * * *, end: 0 18 * * *, desiredReplicas: \"4\"}\n"
        let text = scaledObject("", triggers: "  scaleTargetRef: {name: web}\n  triggers:\n" + named + named)
        #expect(
            check(text) == [
                "12:7 error spec.triggers[1].name: triggerName \"a\" is defined multiple times in the ScaledObject/ScaledJob, but it must be unique"
            ]
        )
    }

    @Test func `a ScaledJob's triggers are checked, and have no metricType`() {
        let text = """
            apiVersion: keda.sh/v1alpha1
            kind: ScaledJob
            metadata: {name: job}
            spec:
              jobTargetRef: {template: {spec: {containers: [{name: a, image: b, anything: 1}]}}}
              triggers:
                - type: cron
                  useCachedMetrics: true
                  metricType: Value
                  metadata: {timezone: UTC, start: 0 9 * * *, end: 0 18 * *, desiredReplicas: "4"}
            """
        #expect(
            check(text).map { $0.split(separator: ": ")[0] } == [
                "8:7 error spec.triggers[0].useCachedMetrics", "9:7 warning spec.triggers[0].metricType",
                "10:51 error spec.triggers[0].metadata.end",
            ]
        )
    }
}
