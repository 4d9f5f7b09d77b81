import Foundation
import Testing

@testable import Scaling

@Suite struct AutoscalerLimitsTests {
    @Test(arguments: [
        (1, 10, 4, "ScaleUpLimit"), (2, 10, 4, "ScaleUpLimit"), (3, 10, 6, "ScaleUpLimit"), (0, 10, 4, "ScaleUpLimit"),
        (10, 50, 20, "TooManyReplicas"), (10, 20, 20, "DesiredWithinRange"), (10, 1, 3, "TooFewReplicas"),
        (10, 3, 3, "DesiredWithinRange"),
    ])
    func `without behavior the replicas at most double, or reach 4`(
        current: Int,
        desired: Int,
        expected: Int,
        reason: String
    ) {
        let limited = externalSpec(min: 3, max: 20).limited(desired, from: current)
        #expect(limited.replicas == expected)
        #expect(limited.condition.reason == reason)
        #expect(limited.condition.isTrue == (expected != desired))
    }

    /// Rules, rescales so far, the limits from 10 replicas (upper, lower).
    static let policies: [(AutoscalerRules, [(age: Double, change: Int)], Int, Int)] = [
        (AutoscalerRules.defaultUp, [(age: Double, change: Int)](), 20, 0),
        (AutoscalerRules(policies: [.init(.pods(4), per: 60)]), [], 14, 6),
        (AutoscalerRules(policies: [.init(.percent(25), per: 60)]), [], 13, 7),  // 12.5 up, 7.5 cut
        (AutoscalerRules(policies: [.init(.percent(1), per: 60)]), [], 11, 9),
        (AutoscalerRules(policies: [.init(.pods(4), per: 60), .init(.percent(10), per: 60)]), [], 14, 6),
        (
            AutoscalerRules(policies: [.init(.pods(4), per: 60), .init(.percent(10), per: 60)], selection: .min), [],
            11, 9
        ),
        (AutoscalerRules(policies: [.init(.pods(4), per: 60)], selection: .disabled), [], 10, 10),
        // 3 were added within the period, so it began with 7.
        (AutoscalerRules(policies: [.init(.pods(4), per: 60)]), [(30, 3)], 11, 3),
        (AutoscalerRules(policies: [.init(.pods(4), per: 60)]), [(60, 3)], 14, 6),
        (AutoscalerRules(policies: [.init(.pods(4), per: 60)]), [(59.9, 3), (90, 5)], 11, 3),
        // More were added than the policy allows: the limit is the present count, not less.
        (AutoscalerRules(policies: [.init(.pods(4), per: 60)]), [(30, 7)], 10, -1),
        (AutoscalerRules(policies: [.init(.pods(4), per: 60)]), [(30, -7)], 21, 10),
        (AutoscalerRules(policies: [.init(.pods(4), per: 60)]), [(10, 5), (20, -2)], 11, 3),
        (AutoscalerRules(policies: []), [], 10, 10),
    ]

    @Test(arguments: policies)
    func `policies limit the change since the beginning of their period`(
        rules: AutoscalerRules,
        rescales: [(age: Double, change: Int)],
        up: Int,
        down: Int
    ) {
        let history = history([], rescales: rescales)
        #expect(rules.upperLimit(from: 10, history, now: noon) == up)
        #expect(rules.lowerLimit(from: 10, history, now: noon) == down)
    }

    @Test func `numbers out of all proportion do not overflow`() {
        let rules = AutoscalerRules(policies: [.init(.pods(.max), per: 60), .init(.percent(.max), per: 60)])
        let current = Int(Int32.max)
        #expect(rules.upperLimit(from: current, AutoscalerHistory(), now: noon) >= current)
        #expect(rules.lowerLimit(from: current, AutoscalerHistory(), now: noon) < current)
        #expect(AutoscalerObservation(replicas: .max, readings: []).replicas == current)
        #expect(AutoscalerObservation(replicas: .min, readings: []).replicas == 0)
    }

    /// All small cases against the rules written down once more, in another way.
    @Test func `exhaustively, the rate and one bound cut the recommendation`() {
        let amounts: [AutoscalerRules.Policy.Amount] = [
            .pods(0), .pods(1), .pods(3), .percent(0), .percent(50), .percent(100),
        ]
        for first in amounts {
            for second in amounts {
                for selection in [AutoscalerRules.Selection.max, .min, .disabled] {
                    let rules = AutoscalerRules(
                        policies: [.init(first, per: 60), .init(second, per: 60)],
                        selection: selection
                    )
                    for added in -2...2 {
                        for current in 0...8 {
                            for desired in 0...8 { check(rules, added: added, from: current, to: desired) }
                        }
                    }
                }
            }
        }
    }

    /// Compares one case: the answer is the desired count closest to what was asked that a searcher finds allowed.
    private func check(_ rules: AutoscalerRules, added: Int, from current: Int, to desired: Int) {
        let spec = externalSpec(min: 2, max: 7)
        let behavior = AutoscalerBehavior(scaleUp: rules, scaleDown: rules)
        let history = history([], rescales: [(30, added)])
        let limited = spec.limited(desired, from: current, by: behavior, history, now: noon)
        let start = Double(current - added)
        func allows(_ count: Int, _ policy: AutoscalerRules.Policy) -> Bool {
            let isUp = desired > current
            switch policy.amount {
            case .pods(let pods): return isUp ? count <= current - added + pods : count >= current - added - pods
            case .percent(let share):
                let change = start * Double(share) / 100
                return isUp ? Double(count) < start + change + 1 : Double(count) > start - change - 1
            }
        }
        func isAllowed(_ count: Int) -> Bool {
            if count == current { return true }
            guard (2...7).contains(count) else { return false }
            switch rules.selection {
            case .max: return rules.policies.contains { allows(count, $0) }
            case .min: return rules.policies.allSatisfy { allows(count, $0) }
            case .disabled: return false
            }
        }
        // The controller never gets here with a target beyond its bounds.
        guard (2...7).contains(current) else { return }
        let towardsCurrent = stride(from: desired, through: current, by: desired > current ? -1 : 1)
        let expected = desired == current ? current : towardsCurrent.first(where: isAllowed) ?? current
        #expect(
            limited.replicas == expected,
            "from \(current) to \(desired), \(added) added before, \(rules.policies.map(\.amount)), \(rules.selection)"
        )
        #expect(limited.condition.isTrue == (limited.replicas != desired))
    }

    @Test(arguments: [
        (10, 20, 14, "ScaleUpLimit"), (10, 13, 13, "DesiredWithinRange"), (18, 30, 20, "TooManyReplicas"),
        (16, 30, 20, "TooManyReplicas"), (10, 1, 6, "ScaleDownLimit"), (5, 1, 3, "TooFewReplicas"),
        (7, 1, 3, "TooFewReplicas"), (10, 10, 10, "DesiredWithinRange"),
    ])
    func `the condition names the bound or the rate that cut`(current: Int, desired: Int, expected: Int, reason: String)
    {
        let rules = AutoscalerRules(policies: [.init(.pods(4), per: 60)])
        let behavior = AutoscalerBehavior(scaleUp: rules, scaleDown: rules)
        let limited = externalSpec(min: 3, max: 20)
            .limited(desired, from: current, by: behavior, AutoscalerHistory(), now: noon)
        #expect(limited.replicas == expected)
        #expect(limited.condition.reason == reason)
    }

    @Test(
        arguments: [
            (nil, 5, 9), (5, 5, 9), (3, 5, 7), (7, 5, 11), (1, 5, 5), (0, 5, 9), (5, 0, 0),
        ] as [(former: Int?, now: Int, wanted: Int)]
    )
    func `what others have done to the target counts as its own change would, from rest and to rest apart`(
        former: Int?,
        now: Int,
        wanted: Int
    ) {
        let rules = AutoscalerRules(stabilization: 0, policies: [.init(.pods(4), per: 60)])
        let spec = externalSpec(behavior: AutoscalerBehavior(scaleUp: rules, scaleDown: rules))
        let seen = AutoscalerHistory().seeing(now, after: former, of: spec, at: ago(30))
        let load = AutoscalerObservation(replicas: now, readings: [.totals([1_000_000])])
        #expect(autoscale(spec, load, history: seen, now: noon).desiredReplicas == wanted)
    }
}
