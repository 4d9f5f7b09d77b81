import Outbound
import ScalerKit

extension ContractCase {
    /// Odd answers that become readings, or errors that cannot be shown.
    ///
    /// Each call of a read is spoilt in turn, the others answered well.
    func oddAnswerFaults(_ scaler: S) async -> [Fault] {
        let source = goodSource
        // What is wrong with a good source is told elsewhere.
        guard (try? await readAll(scaler, world(source))) != nil else { return [] }
        var found: [Fault] = []
        for (place, call) in source.calls.enumerated() {
            guard let good = try? good(call) else { continue }  // It was good a moment ago.
            switch good {
            case .http(let good):
                for odd in OddAnswers.useless(insteadOf: good) {
                    found += await faults(scaler, spoilt(at: place, .http(odd.answer)), odd.name, mustThrow: true)
                }
                for odd in OddAnswers.twisted(good) {
                    found += await faults(scaler, spoilt(at: place, .http(odd.answer)), odd.name, mustThrow: false)
                }
                found += await faults(scaler, spoilt(at: place, .endless), "an endless answer", mustThrow: true)
            case .sql:
                for odd in OddAnswers.useless {
                    found += await faults(scaler, spoilt(at: place, .sql(odd.answer)), odd.name, mustThrow: true)
                }
            case .data(let good):
                for odd in OddAnswers.useless(insteadOf: good ?? [:]) {
                    found += await faults(scaler, spoilt(at: place, .data(odd.answer)), odd.name, mustThrow: true)
                }
                for odd in OddAnswers.twisted(good ?? [:]) {
                    found += await faults(scaler, spoilt(at: place, .data(odd.answer)), odd.name, mustThrow: false)
                }
            // A number of pods cannot be odd.
            case .pods, .endless, .failure: break
            }
        }
        return found
    }

    /// What is wrong with the reading, or the error, that a spoilt source gives.
    private func faults(_ scaler: S, _ source: ContractSource, _ name: String, mustThrow: Bool) async -> [Fault] {
        var found: [String] = []
        do {
            let readings = try await readAll(scaler, world(source))
            found = mustThrow ? ["gives the reading \(readings.values)"] : readings.values.flatMap(Self.faults(in:))
        } catch {
            found = Self.faults(in: error).map { "gives an error that \($0)" }
        }
        if source.wasReadTooFar { found.append("is read without end") }
        return found.map { Fault(promise: .oddAnswers, observation: "\(name) \($0)") }
    }

    /// A good source, but for its answer to one call.
    func spoilt(at place: Int, _ answer: ContractSource.Answer) -> ContractSource {
        ContractSource { call, index in index == place ? answer : try good(call) }
    }
}
