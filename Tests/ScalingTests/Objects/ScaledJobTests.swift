import KubeModel
import Scaling
import Testing

@Suite struct ScaledJobTests {
    /// A ScaledJob with these conditions.
    func job(_ conditions: [ScaledObjectStatus.Condition]?) -> ScaledJob {
        var status = ScaledObjectStatus()
        status.conditions = conditions
        return ScaledJob(
            metadata: ObjectMeta(name: "batch", namespace: "n"),
            spec: .init(triggers: []),
            status: conditions == nil ? nil : status
        )
    }

    @Test func `a new ScaledJob gets the four conditions, and is not ready`() {
        let status = job(nil).statusNotSupported
        #expect(status.conditions?.map(\.type) == [.ready, .active, .fallback, .paused])
        #expect(status[.ready]?.status == .no)
        #expect(status[.ready]?.reason == "NotSupported")
        #expect(status[.ready]?.message?.contains("ScaledObject instead") == true)
        #expect(status[.paused]?.status == .no)
    }

    @Test func `what KEDA left is kept, but for Ready and Active`() {
        let left: [ScaledObjectStatus.Condition] = [
            .init(.ready, .yes, reason: "ScaledJobReady", message: "ScaledJob is defined correctly"),
            .init(.active, .yes, reason: "ScalerActive"), .init(.fallback, .unknown),
            .init(.paused, .yes, reason: "ScaledJobPaused"),
        ]
        let status = job(left).statusNotSupported
        #expect(status[.ready]?.reason == "NotSupported")
        #expect(status[.active]?.status == .unknown)
        #expect(status[.paused] == left[3])
        #expect(status.conditions?.count == 4)
    }

    @Test func `a status that says so already stays`() {
        let status = job([]).statusNotSupported
        #expect(job(status.conditions).statusNotSupported == status)
    }
}
