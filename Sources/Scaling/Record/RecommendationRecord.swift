/// What one evaluation comes to where Swell only recommends.
public struct RecommendationRecord: Codable, Sendable, Hashable {
    /// Replicas that Swell and its HPA would go to from those in place; `nil` where that cannot be told.
    public var replicas: Int?
    /// The same beside what is in place, a line for people.
    public var text: String

    /// Compares what is recommended with what is in place.
    public init(_ evaluation: Evaluation) {
        let present = evaluation.seen.replicas
        self.replicas = evaluation.recommendation
        self.text =
            switch replicas {
            case present: "recommends \(present), as are in place"
            case let replicas?: "recommends \(replicas), in place are \(present)"
            case nil:
                "recommends nothing while \(present) are in place: the HPA would also look at cpu or memory, which a poll "
                    + "does not read"
            }
    }
}
