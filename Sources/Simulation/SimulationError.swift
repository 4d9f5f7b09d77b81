/// Why there is nothing to simulate.
public struct SimulationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One line: what is wrong, where, and what to try.
    public let description: String

    /// Makes an error.
    public init(_ description: String) {
        self.description = description
    }
}
