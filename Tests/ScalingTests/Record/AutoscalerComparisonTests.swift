import Foundation
import KubeModel
import Testing

@testable import Scaling

@Suite struct AutoscalerComparisonTests {
    /// A decision where 12 with a target of 5 make 3 pods of 2.
    static let decision = DecisionRecord(DecisionRecordTests.evaluation(12, replicas: 2))

    /// An HPA's status with what differs from a usual one.
    static func status(
        _ desired: Int?,
        current: Int = 2,
        scaled: TimeInterval = -60,
        _ conditions: [HPAStatus.Condition] = []
    ) -> HPAStatus {
        HPAStatus(
            currentReplicas: current,
            desiredReplicas: desired,
            conditions: conditions,
            lastScaleTime: Timestamp(DecisionRecordTests.now + scaled)
        )
    }

    /// A condition.
    static func condition(_ type: String, _ status: String, _ reason: String, _ message: String? = nil)
        -> HPAStatus.Condition
    {
        HPAStatus.Condition(type: type, status: status, reason: reason, message: message, lastTransitionTime: nil)
    }

    @Test func `an HPA that wants what its algorithm makes is in agreement`() {
        let comparison = AutoscalerComparison(Self.decision, Self.status(3))
        #expect(comparison.verdict == .same(3))
        #expect(comparison.lines == ["it wants 3 pods, as its algorithm does"])
    }

    @Test(
        arguments: [
            (
                status(4),
                ["it asks at other times than the poll (every 15 s as a rule), so it may have been told other values"]
            ),
            (status(4, scaled: 5), ["it has scaled after this decision, at 2027-01-15T08:00:05Z"]),
            (status(4, current: 1), ["it has seen 1 pod, this decision 2"]),
            (
                status(4, current: 4, scaled: 5),
                [
                    "it has scaled after this decision, at 2027-01-15T08:00:05Z",
                    "it has seen 4 pods, this decision 2",
                ]
            ),
            (
                status(4, [condition("ScalingActive", "False", "FailedGetExternalMetric")]),
                ["it is hindered, as it says below"]
            ),
        ] as [(HPAStatus, [String])]
    )
    func `a difference is flagged, with what may explain it`(status: HPAStatus, reasons: [String]) {
        let comparison = AutoscalerComparison(Self.decision, status)
        #expect(comparison.verdict == .different(wanted: 4, algorithm: 3, because: reasons))
        #expect(
            comparison.lines.first == "it DIFFERS: it wants 4 pods, its algorithm makes 3 pods of what it was told"
        )
        #expect(Array(comparison.lines.dropFirst().prefix(reasons.count)) == reasons)
    }

    @Test func `what limits or hinders the HPA is told in its own words, and what is well is not`() {
        let conditions = [
            Self.condition("AbleToScale", "True", "ReadyForNewScale"),
            Self.condition("ScalingActive", "False", "FailedGetExternalMetric", "no answer"),
            Self.condition("ScalingLimited", "True", "TooManyReplicas"),
        ]
        let told = [
            "ScalingActive is False, FailedGetExternalMetric: no answer", "ScalingLimited is True, TooManyReplicas",
        ]
        #expect(AutoscalerComparison(Self.decision, Self.status(3, conditions)).limits == told)
        let well = [
            Self.condition("AbleToScale", "True", "ReadyForNewScale"),
            Self.condition("ScalingActive", "True", "ValidMetricFound"),
            Self.condition("ScalingLimited", "False", "DesiredWithinRange"),
        ]
        #expect(AutoscalerComparison(Self.decision, Self.status(3, well)).limits.isEmpty)
    }

    @Test(arguments: [(0.0, 0), (12.0, 0), (0.0, 1)])
    func `an HPA has no say at 0, and while replicas are being set`(value: Double, replicas: Int) {
        let asleep = DecisionRecord(DecisionRecordTests.evaluation(value, replicas: replicas))
        let disabled = [Self.condition("ScalingActive", "False", "ScalingDisabled")]
        let comparison = AutoscalerComparison(asleep, Self.status(7, disabled))
        #expect(comparison.verdict == .noSay)
        #expect(comparison.lines == ["it has no say now"])
    }

    @Test func `an HPA that is silent, and one that looks at pods, cannot be compared`() {
        #expect(AutoscalerComparison(Self.decision, nil).verdict == .silent)
        #expect(AutoscalerComparison(Self.decision, Self.status(nil)).verdict == .silent)
        var evaluation = DecisionRecordTests.evaluation(12, replicas: 2)
        evaluation.outcome = nil
        let comparison = AutoscalerComparison(DecisionRecord(evaluation), Self.status(5))
        #expect(comparison.verdict == .unknown(wanted: 5))
        #expect(comparison.lines.first?.hasPrefix("it wants 5 pods; that cannot be checked here") == true)
    }
}
