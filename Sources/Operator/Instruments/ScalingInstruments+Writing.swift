internal import KubeClient

extension ScalingInstruments {
    /// Writes to the API server, and counts how that ended.
    ///
    /// - Parameters:
    ///   - what: what is written.
    ///   - write: writes it.
    /// - Returns: what `write` returns.
    /// - Throws: what `write` throws.
    func writing<Answer, Failure: Error>(
        _ what: Written,
        _ write: () async throws(Failure) -> Answer
    ) async throws(Failure) -> Answer {
        do {
            let answer = try await write()
            wrote(what, .done)
            return answer
        } catch {
            wrote(what, Self.wasLate(error as? KubeError) ? .conflict : .failed)
            throw error
        }
    }

    /// Whether somebody else has changed, made or deleted the object before us.
    private static func wasLate(_ error: KubeError?) -> Bool {
        guard let error else { return false }
        return error.isConflict || error.isAlreadyExists || error.isNotFound
    }
}
