/// What one evaluation comes to where Swell only recommends.
public struct RecommendationRecord: Codable, Sendable, Hashable {
    /// Replicas that Swell and its HPA would go to from those in place.
    public var replicas: Int
    /// The same beside what is in place, a line for people.
    public var text: String

    /// Compares what is recommended with what is in place.
    public init(_ evaluation: Evaluation) {
        let present = evaluation.seen.replicas
        self.replicas = evaluation.recommendation
        self.text =
            replicas == present
            ? "recommends \(present), as are in place" : "recommends \(replicas), in place are \(present)"
    }
}
