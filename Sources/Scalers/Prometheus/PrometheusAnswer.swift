internal import KubeModel
internal import Outbound
internal import ScalerKit

/// What a Prometheus instant query came to.
///
/// - Source: Prometheus, "HTTP API", instant queries and expression query result formats.
struct PrometheusAnswer: Sendable, Hashable {
    /// The one sample, if there is one.
    enum Sample: Sendable, Hashable {
        /// A number; may be NaN or infinite.
        case number(Double)
        /// An empty result, a null, or a range of samples, of which none is the value.
        case none
    }

    /// See ``Sample``.
    let sample: Sample

    /// Reads an answer.
    ///
    /// - Throws: `.refused` for an error of the server's, `.unexpectedAnswer` for several elements, texts and what is
    ///   no answer of Prometheus at all.
    init(_ response: HTTPResponse) throws(ScalerError) {
        // What is no JSON is told below by its status, or as an answer that is none.
        let body = try? KubeJSON.decode(JSONValue.self, from: response.body)
        guard response.head.isSuccess, body?["status"]?.string != "error" else {
            let reason = body?["error"]?.string.map { ": \($0.prefix(200))" } ?? ""
            throw ScalerError(.refused, "Prometheus answered with status \(response.status)\(reason)")
        }
        guard let data = body?["data"], let result = data["result"], let elements = result.array else {
            throw ScalerError(
                .unexpectedAnswer,
                "the answer is not Prometheus's: is serverAddress its base URL?"
            )
        }
        switch data["resultType"]?.string {
        case "scalar":
            self.sample = try Self.sample(in: elements)
        case "vector", "matrix":
            guard elements.count <= 1 else {
                throw ScalerError(
                    .unexpectedAnswer,
                    "the Prometheus query gave \(elements.count) elements and must give one; aggregate it, as with sum()"
                )
            }
            let values = elements.first?["value"]?.array ?? []
            self.sample = values.isEmpty ? .none : try Self.sample(in: values)
        case let other:
            throw ScalerError(
                .unexpectedAnswer,
                "the Prometheus query gave a \(other?.prefix(50) ?? "result without a type"), not a number"
            )
        }
    }

    /// The number in `[time, "value"]`.
    private static func sample(in pair: [JSONValue]) throws(ScalerError) -> Sample {
        guard pair.count >= 2 else {
            throw ScalerError(.unexpectedAnswer, "the Prometheus query gave a sample without a value")
        }
        if pair[1] == .null { return .none }
        guard let text = pair[1].string, let number = number(text) else {
            throw ScalerError(.unexpectedAnswer, "the Prometheus query gave a value that is no number")
        }
        return .number(number)
    }

    /// A number as Prometheus writes it.
    private static func number(_ text: String) -> Double? {
        switch text {
        case "NaN": .nan
        case "+Inf", "Inf": .infinity
        case "-Inf": -.infinity
        default: Double(text)
        }
    }
}
