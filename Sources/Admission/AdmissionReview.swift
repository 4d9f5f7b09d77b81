internal import KubeModel

/// What the API server asks a webhook, and what it is answered: an `admission.k8s.io/v1` AdmissionReview.
///
/// - Source: Kubernetes, `admission/v1/types.go`.
struct AdmissionReview: Codable, Sendable {
    /// `admission.k8s.io/v1`.
    var apiVersion: String
    /// `AdmissionReview`.
    var kind: String
    /// The question; absent from an answer.
    var request: Request?
    /// The answer; absent from a question.
    var response: Response?

    /// One object that somebody wants to create or change.
    struct Request: Codable, Sendable {
        /// Goes back with the answer.
        var uid: String
        /// `CREATE`, `UPDATE` or `DELETE`.
        var operation: String
        /// Where the object is, or is to be.
        var namespace: String?
        /// Its name; may be absent when the API server is to make one up.
        var name: String?
        /// As it is to be; absent for a deletion.
        var object: JSONValue?
        /// As it is; absent for a creation.
        var oldObject: JSONValue?
        /// Whether nothing will be stored.
        var dryRun: Bool?
    }

    /// Whether it may be.
    struct Response: Codable, Sendable {
        /// That of the question.
        var uid: String
        /// Whether it may be.
        var allowed: Bool
        /// Why not.
        var status: Refusal?
        /// Lines that kubectl shows, whether it may be or not.
        var warnings: [String]?
    }

    /// Why an object may not be.
    struct Refusal: Codable, Sendable {
        /// As an HTTP status.
        var code: Int
        /// For programs.
        var reason: String
        /// For people.
        var message: String
    }
}
