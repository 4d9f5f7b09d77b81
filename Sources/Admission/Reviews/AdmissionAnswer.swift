internal import KubeModel
internal import Scaling

/// What the API server is answered: an AdmissionReview with a response.
///
/// - Source: Kubernetes, `admission/v1/types.go`; controller-runtime, `pkg/webhook/admission/response.go`, for how KEDA
///   words a refusal.
struct AdmissionAnswer: Encodable, Sendable, Hashable {
    /// `admission.k8s.io/v1`.
    private let apiVersion = "admission.k8s.io/v1"
    /// `AdmissionReview`.
    private let kind = "AdmissionReview"
    /// The answer.
    let response: Response

    /// Whether an object may be.
    struct Response: Encodable, Sendable, Hashable {
        /// That of the question.
        let uid: String
        /// Whether it may be.
        let allowed: Bool
        /// Why not.
        let status: KubeStatus?
        /// Lines that kubectl shows; `nil` for none.
        let warnings: [String]?
    }

    /// Answers a question with a verdict.
    init(to question: AdmissionQuestion, _ verdict: Verdict) {
        self.response = Response(
            uid: question.uid,
            allowed: verdict.isAllowed,
            status: verdict.isAllowed
                ? nil
                : KubeStatus(code: 403, reason: .forbidden, message: AnswerText.message(verdict.problems)),
            warnings: verdict.warnings.isEmpty ? nil : AnswerText.warnings(verdict.warnings)
        )
    }
}

/// Texts within what the API server passes on.
enum AnswerText {
    /// Bytes of a message.
    private static let longestMessage = 4096
    /// Bytes of a warning.
    ///
    /// - Source: Kubernetes, "Dynamic Admission Control", Response: longer ones may be cut.
    private static let longestWarning = 256
    /// Warnings in one answer; 4096 bytes in all are passed on.
    static let mostWarnings = 16

    /// Problems as one message: with one problem, exactly what KEDA says.
    static func message(_ problems: [SpecProblem]) -> String {
        line(problems.map(\.message).joined(separator: "; "), upTo: longestMessage)
    }

    /// Findings as lines.
    static func warnings(_ findings: [SpecProblem]) -> [String] {
        let lines = findings.prefix(mostWarnings).map { line("\($0.field): \($0.message)", upTo: longestWarning) }
        let rest = findings.count - lines.count
        return lines + (rest > 0 ? ["and \(rest) more"] : [])
    }

    /// A text on one line, cut where it is too long.
    private static func line(_ text: String, upTo limit: Int) -> String {
        let mark = "..."
        var line = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: line.unicodeScalars.append(" ")
            default: line.unicodeScalars.append(scalar)
            }
            if line.utf8.count > limit {
                while line.utf8.count > limit - mark.utf8.count { line.unicodeScalars.removeLast() }
                return line + mark
            }
        }
        return line
    }
}
