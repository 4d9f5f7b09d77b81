import KubeModel
import ScalerKit

extension ContractCase {
    /// Measures that cannot be used, change, or are asked for too early.
    func measureFaults(_ scaler: S) async -> [Fault] {
        let source = goodSource
        do {
            let measures = try await scaler.measures(world(source))
            var found = faults(in: measures)
            if !asksForMeasures, !source.calls.isEmpty {
                found.append(
                    Fault(promise: .quietStart, observation: "measures asks a source, and the sample says it does not")
                )
            }
            let again = try await scaler.measures(world(goodSource))
            let twin = try await make(texts).measures(world(goodSource))
            if again != measures || twin != measures {
                found.append(Fault(promise: .measures, observation: "they change: \(measures), \(again), \(twin)"))
            }
            return found
        } catch {
            return [Fault(promise: .measures, observation: "the sample's fail: \(error)")]
        }
    }

    /// What an HPA could not use.
    func faults(in measures: [Measure]) -> [Fault] {
        var found = measures.isEmpty ? ["there is none"] : []
        if Set(measures.map(Self.name)).count != measures.count { found.append("two have one name: \(measures)") }
        for measure in measures {
            let name = Self.name(of: measure)
            if name.isEmpty || name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
                found.append("the name \"\(name)\" is empty or has control characters")
            }
            switch measure {
            case .external(_, let target):
                if target <= Quantity(0) { found.append("the target of \(name) is \(target), not more than 0") }
            case .resource(_, let container, let target):
                if container?.isEmpty == true { found.append("the container of \(name) has an empty name") }
                if !Self.isUsable(target) { found.append("the target of \(name) is \(target)") }
            }
        }
        return found.map { Fault(promise: .measures, observation: $0) }
    }

    /// What a measure is told from others by.
    private static func name(of measure: Measure) -> String {
        switch measure {
        case .external(let name, _): name
        case .resource(let name, let container, _): container.map { "\(name)@\($0)" } ?? name
        }
    }

    /// Whether a resource's target is the one that its type names, and more than 0.
    private static func isUsable(_ target: MetricTarget) -> Bool {
        let zero = Quantity(0)
        switch (target.type, target.value, target.averageValue, target.averageUtilization) {
        case ("Value", let value?, nil, nil): return value > zero
        case ("AverageValue", nil, let value?, nil): return value > zero
        case ("Utilization", nil, nil, let percent?): return percent > 0
        default: return false
        }
    }
}
