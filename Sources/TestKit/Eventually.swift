/// Something that a test waited for did not come.
public struct NeverHappened: Error, CustomStringConvertible {
    /// What was waited for, how long, and the last error on the way.
    public let description: String
}

/// Waits, in real time, until something is so.
///
/// The limit is only there so that a broken test ends; it says nothing about speed.
///
/// - Throws: ``NeverHappened`` after the limit, `CancellationError`.
public func eventually(
    _ what: String = "the condition",
    within limit: Duration = .seconds(10),
    _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    var last = ""
    while ContinuousClock.now < end {
        do {
            if try await condition() { return }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            last = "; last error: \(String(reflecting: error))"
        }
        try await Task.sleep(for: .milliseconds(2))
    }
    throw NeverHappened(description: "\(what) did not come within \(limit)\(last)")
}
