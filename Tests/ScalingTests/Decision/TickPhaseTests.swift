import KubeModel
import Scaling
import Testing

@Suite struct TickPhaseTests {
    /// The phase of an object with such triggers.
    func phase(_ name: String, in namespace: String = "shop", _ triggers: ScaledObject.Trigger...) -> UInt64 {
        let spec = ScaledObject.Spec(scaleTargetRef: .init(name: name), triggers: triggers)
        return ScaledObject(metadata: ObjectMeta(name: name, namespace: namespace), spec: spec).tickPhase
    }

    /// A question for Prometheus.
    func prometheus(_ query: String, threshold: String = "10") -> ScaledObject.Trigger {
        ScaledObject.Trigger(
            type: "prometheus",
            metadata: ["serverAddress": "http://p:9090", "query": query, "threshold": threshold]
        )
    }

    @Test func `who asks the same of the same source is polled at the same time`() {
        let cron = ScaledObject.Trigger(type: "cron", metadata: ["timezone": "UTC"])
        #expect(phase("a", prometheus("up")) == phase("b", prometheus("up", threshold: "7")))
        #expect(phase("a", cron, prometheus("up")) == phase("b", prometheus("up"), prometheus("down")))
        #expect(phase("a", prometheus("up")) != phase("a", prometheus("down")))
        var other = prometheus("up")
        other.authenticationRef = ScaledObject.AuthenticationRef(name: "tenant")
        #expect(phase("a", prometheus("up")) != phase("a", other))
    }

    @Test(arguments: [("", false), ("TriggerAuthentication", false), ("ClusterTriggerAuthentication", true)])
    func `what is found in a namespace is another question in each`(kind: String, isSame: Bool) {
        var trigger = prometheus("up")
        #expect(phase("a", in: "shop", trigger) == phase("a", in: "bank", trigger))
        trigger.authenticationRef = ScaledObject.AuthenticationRef(name: "tenant", kind: kind.isEmpty ? nil : kind)
        #expect((phase("a", in: "shop", trigger) == phase("a", in: "bank", trigger)) == isSame)
        trigger.authenticationRef = nil
        trigger.metadata["passwordFromEnv"] = "PASSWORD"
        #expect(phase("a", in: "shop", trigger) != phase("a", in: "bank", trigger))
    }

    @Test(arguments: ["cron", "cpu", "memory", "etcd", "kubernetes-workload"]) func `who asks nobody is spread by name`(
        type: String
    ) {
        let trigger = ScaledObject.Trigger(type: type, metadata: ["type": "Utilization", "value": "50"])
        #expect(phase("a", trigger) != phase("b", trigger))
        #expect(phase("a", trigger) == phase("a", trigger))
    }
}
