internal import KubeModel

/// What the API server asks a webhook: the request of an `admission.k8s.io/v1` AdmissionReview.
///
/// - Source: Kubernetes, `admission/v1/types.go`.
struct AdmissionQuestion: Sendable, Hashable {
    /// Goes back with the answer.
    let uid: String
    /// What is to be done.
    let operation: Operation
    /// Where the object is, or is to be; empty for cluster-wide kinds.
    let namespace: String
    /// As it is to be; `null` for a deletion.
    let object: JSONValue
    /// As it is; `null` for a creation.
    let oldObject: JSONValue
    /// Whether nothing will be stored.
    let isDryRun: Bool

    /// What may be done with an object.
    enum Operation: String, Sendable, Hashable {
        case create = "CREATE"
        case update = "UPDATE"
        case delete = "DELETE"
        case connect = "CONNECT"
    }

    /// Why a body is no question; the text holds nothing of it.
    struct Malformed: Error, Sendable, Hashable, CustomStringConvertible {
        /// What is missing.
        let description: String
    }

    /// Reads a body.
    ///
    /// - Throws: ``Malformed``.
    /// - Complexity: O(bytes), whatever they are.
    init(parsing body: [UInt8]) throws(Malformed) {
        let review: JSONValue
        do {
            review = try JSONValue(parsing: body)
        } catch {
            throw Malformed(description: "the body is not JSON")
        }
        guard review["kind"] == "AdmissionReview", review["apiVersion"] == "admission.k8s.io/v1" else {
            throw Malformed(description: "the body is not an AdmissionReview of admission.k8s.io/v1")
        }
        let request = review["request"]
        guard let uid = request?["uid"]?.string, !uid.isEmpty else {
            throw Malformed(description: "the AdmissionReview has no request with a uid")
        }
        guard let operation = request?["operation"]?.string.flatMap(Operation.init) else {
            throw Malformed(description: "the request has no operation")
        }
        self.uid = uid
        self.operation = operation
        self.namespace = request?["namespace"]?.string ?? ""
        self.object = request?["object"] ?? .null
        self.oldObject = request?["oldObject"] ?? .null
        self.isDryRun = request?["dryRun"]?.bool ?? false
        if operation == .create || operation == .update, object.object == nil {
            throw Malformed(description: "the request has no object")
        }
    }
}
