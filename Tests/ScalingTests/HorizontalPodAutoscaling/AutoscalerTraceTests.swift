import Foundation
import TestKit
import Testing

/// The rules against what a real controller did.
@Suite struct AutoscalerTraceTests {
    @Test func `the rules do what the real controller did, look by look`() throws {
        let traces = try AutoscalerTrace.all()
        #expect(traces.count == 50)
        for trace in traces {
            var replay = AutoscalerReplay(trace, replicas: trace.looks.first?.from ?? 0)
            for (index, look) in trace.looks.enumerated() {
                // Somebody else sets the replicas only where the controller leaves them at 0.
                if replay.replicas == 0 { replay.replicas = look.from }
                #expect(replay.replicas == look.from, "seed \(trace.seed), look \(index)")
                let status = replay.look(look.read, at: AutoscalerTrace.began.addingTimeInterval(look.at))
                #expect(status == look.status, "seed \(trace.seed), look \(index)")
            }
        }
    }

    @Test(arguments: [
        "SucceededGetScale", "ReadyForNewScale", "ScaleUpStabilized", "ScaleDownStabilized", "SucceededRescale",
        "ValidMetricFound", "!FailedGetExternalMetric", "!ScalingDisabled", "!DesiredWithinRange", "ScaleUpLimit",
        "ScaleDownLimit", "TooManyReplicas", "TooFewReplicas",
    ])
    func `the traces come by every reason that needs no broken cluster`(reason: String) throws {
        let statuses = try AutoscalerTrace.all().flatMap(\.looks).map(\.status)
        #expect(statuses.contains { [$0.able, $0.active, $0.limited].contains(reason) })
    }
}
