import Outbound
import ScalerKit

extension ContractCase {
    /// Readings of a good source that are not finite or differ between equal scalers, and calls without the deadline.
    func readingFaults(_ scaler: S) async -> [Fault] {
        do {
            let (source, twinSource) = (goodSource, goodSource)
            let readings = try await readAll(scaler, world(source))
            let twin = try await readAll(make(texts), world(twinSource))
            var found = readings.values.flatMap(Self.faults(in:))
            if readings != twin { found.append("equal scalers read \(readings) and \(twin)") }
            if source.calls != twinSource.calls { found.append("equal scalers ask different questions") }
            return try await found.map { Fault(promise: .readings, observation: $0) } + deadlineFaults(scaler)
        } catch {
            return [Fault(promise: .readings, observation: "the sample's source is not understood: \(error)")]
        }
    }

    /// What a host could not use in a reading.
    static func faults(in reading: Reading) -> [String] {
        if reading.values.isEmpty { return ["a reading has no value"] }
        return reading.values.allSatisfy(\.isFinite) ? [] : ["a reading is not finite: \(reading.values)"]
    }

    /// Calls whose deadline is not the trigger's own or the world's; later calls of one read may have less.
    private func deadlineFaults(_ scaler: S) async throws -> [Fault] {
        var found: [Fault] = []
        for timeout in [Duration.milliseconds(1234), .milliseconds(2345)] {
            let source = goodSource
            _ = try await readAll(scaler, world(source, timeout: timeout))
            let (allowed, given) = (ownDeadline ?? timeout, source.calls.map(\.deadline))
            guard let longest = given.max(), let shortest = given.min() else { continue }
            if longest != allowed || shortest <= .zero {
                found.append(
                    Fault(promise: .deadlines, observation: "calls may take \(given) where \(allowed) is the limit")
                )
            }
        }
        return found
    }

    /// Failures of the source that become readings, or errors that cannot be shown.
    func failureFaults(_ scaler: S) async -> [Fault] {
        var found: [Fault] = []
        for code in OutboundError.Code.allCases where code != .cancelled {
            let source = ContractSource.failing(OutboundError(code, "the source failed", detail: "host:1"))
            do {
                _ = try await readAll(scaler, world(source))
                if !source.calls.isEmpty {
                    found.append(
                        Fault(promise: .failures, observation: "a source that fails as \(code) gives a reading")
                    )
                }
            } catch {
                found += Self.faults(in: error)
                    .map {
                        Fault(
                            promise: .failures,
                            observation: "a source that fails as \(code) gives an error that \($0)"
                        )
                    }
            }
        }
        return found
    }

    /// Why the error of a read could not be shown to people; they read it in Events and in conditions.
    static func faults(in error: any Error) -> [String] {
        guard error is ScalerError || error is OutboundError else { return ["is a \(type(of: error))"] }
        let text = String(describing: error)
        var found: [String] = []
        if text.isEmpty { found.append("says nothing") }
        if text.count > 1000 { found.append("is \(text.count) characters long") }
        if text.contains(where: \.isNewline) { found.append("has several lines") }
        return found
    }
}
