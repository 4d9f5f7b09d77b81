import Testing

@Suite struct DuplicateTests {
    /// A ScaledObject of six lines and a separator.
    private func object(_ name: String, _ rest: String = "", namespace: String = "", target: String = "{name: web}")
        -> String
    {
        """
        apiVersion: keda.sh/v1alpha1
        kind: ScaledObject
        metadata: {name: \(name)\(namespace.isEmpty ? "" : ", namespace: \(namespace)")}
        spec:
          scaleTargetRef: \(target)
          triggers: [{type: cron, metadata: {timezone: UTC, start: 0 9 * * *, end: 0 18 * * *, desiredReplicas: "4"}}]
          \(rest)
        ---

        """
    }

    @Test func `two objects on one workload are told at the second`() {
        let expected =
            "13:20 error spec.scaleTargetRef.name: the workload 'web' of type 'apps/v1.Deployment' is already managed by "
            + "the ScaledObject 'a' in test.yaml:1"
        #expect(check(object("a") + object("b")) == [expected])
        #expect(
            check(object("a") + object("b", target: "{name: web, kind: Deployment, apiVersion: apps/v1}")) == [expected]
        )
    }

    @Test(arguments: [
        ("one", "two", "{name: web}"), ("", "two", "{name: web}"), ("", "", "{name: api}"),
        ("", "", "{name: web, kind: StatefulSet}"), ("", "", "{name: web, apiVersion: argoproj.io/v1alpha1}"),
    ])
    func `other namespaces, kinds and names do not meet`(first: String, second: String, target: String) {
        #expect(check(object("a", namespace: first) + object("b", namespace: second, target: target)) == [])
    }

    @Test func `two objects with one HPA are told`() {
        let named = "advanced: {horizontalPodAutoscalerConfig: {name: keda-hpa-a}}"
        #expect(
            check(object("a") + object("b", named, target: "{name: api}")) == [
                "15:46 error spec.advanced.horizontalPodAutoscalerConfig.name: the HPA 'keda-hpa-a' is already managed "
                    + "by the ScaledObject 'a' in test.yaml:1"
            ]
        )
        #expect(
            check(object("b", named, target: "{name: api}") + object("a")) == [
                "11:12 error metadata.name: the HPA 'keda-hpa-a' is already managed by the ScaledObject 'b' in test.yaml:1"
            ]
        )
    }

    @Test func `an object given twice is a warning`() {
        #expect(
            check(object("a") + object("a")) == [
                "11:12 warning metadata.name: this ScaledObject stands in test.yaml:1 too; the one applied last counts"
            ]
        )
    }

    /// An HPA of seven lines and a separator.
    private func hpa(_ metadata: String = "name: theirs", target: String = "{kind: Deployment, name: web}") -> String {
        """
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {\(metadata)}
        spec:
          scaleTargetRef: \(target)
          maxReplicas: 3
        ---

        """
    }

    @Test func `an HPA on the workload of an object is told`() {
        #expect(
            check(hpa() + object("a")) == [
                "12:20 error spec.scaleTargetRef.name: the workload 'web' of type 'apps/v1.Deployment' is already managed "
                    + "by the hpa 'theirs' in test.yaml:1"
            ]
        )
        let exempt = "name: theirs, annotations: {validations.keda.sh/hpa-ownership: \"false\"}"
        #expect(check(object("a") + hpa(exempt)) == [])
        #expect(check(object("a") + hpa(target: "{kind: StatefulSet, name: web}")) == [])
        #expect(check(object("a", namespace: "one") + hpa("name: theirs, namespace: two")) == [])
    }
}
