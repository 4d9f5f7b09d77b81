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
            switch call {
            case .http(let request):
                guard let good = try? http(request) else { continue }  // It was good a moment ago.
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
    func spoilt(at place: Int, _ answer: OddAnswers.Spoilt) -> ContractSource {
        ContractSource(
            http: { request, index in
                guard index == place else { return try http(request) }
                switch answer {
                case .http(let response): return response
                case .failure(let error): throw error
                case .endless, .sql: return nil
                }
            },
            sql: { query, index in
                guard index == place else { return try sql(query) }
                switch answer {
                case .sql(let result): return result
                case .failure(let error): throw error
                case .endless, .http: return .empty
                }
            }
        )
    }
}
