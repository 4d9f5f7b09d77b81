import KubeModel
import Scaling
import Testing

@testable import Operator

@Suite struct SpecProblemTests {
    /// What the Ready condition says of an object of this name, whose spec is in order.
    static func problem(named name: String) -> String? {
        ObjectReconciler.problem(
            of: ScaledObject(
                metadata: ObjectMeta(name: name, namespace: "default"),
                spec: .init(scaleTargetRef: .init(name: "web"), triggers: [.init(type: "cron", metadata: [:])])
            )
        )
    }

    @Test func `a name that no label can hold is told before anything is written`() {
        #expect(Self.problem(named: String(repeating: "a", count: 63)) == nil)
        let name = String(repeating: "a", count: 64)
        #expect(
            Self.problem(named: name) == """
                ScaledObject's name is too long: scaledobject name "\(name)" is 64 characters long; must be no more than \
                63 characters because it is used as the "scaledobject.keda.sh/name" label value
                """
        )
    }
}
