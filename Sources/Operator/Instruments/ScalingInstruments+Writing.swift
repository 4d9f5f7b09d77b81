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
            wrote(what, (error as? KubeError)?.isConflict == true ? .conflict : .failed)
            throw error
        }
    }
}
