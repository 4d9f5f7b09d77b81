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
        let page = (try? Page(response.body)) ?? Page()
        guard response.head.isSuccess, page.status != "error" else {
            let reason = page.error.map { ": \($0.prefix(200))" } ?? ""
            throw ScalerError(.refused, "Prometheus answered with status \(response.status)\(reason)")
        }
        guard let result = page.result else {
            throw ScalerError(
                .unexpectedAnswer,
                "the answer is not Prometheus's: is serverAddress its base URL?"
            )
        }
        switch page.resultType {
        case "scalar":
            self.sample = try Self.sample(in: result.scalar)
        case "vector", "matrix":
            guard result.scalar.count <= 1 else {
                throw ScalerError(
                    .unexpectedAnswer,
                    "the Prometheus query gave \(result.scalar.count) elements and must give one; aggregate it, as with sum()"
                )
            }
            self.sample = result.vector.count == 0 ? .none : try Self.sample(in: result.vector)
        case let other:
            throw ScalerError(
                .unexpectedAnswer,
                "the Prometheus query gave a \(other?.prefix(50) ?? "result without a type"), not a number"
            )
        }
    }

    /// The number in `[time, "value"]`.
    private static func sample(in pair: Pair) throws(ScalerError) -> Sample {
        guard pair.count >= 2 else {
            throw ScalerError(.unexpectedAnswer, "the Prometheus query gave a sample without a value")
        }
        if pair.isNull { return .none }
        guard let text = pair.text, let number = number(text) else {
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

extension PrometheusAnswer {
    /// A list as a pair of a time and a value, which it need not be.
    private struct Pair {
        /// How many elements it has.
        var count = 0
        /// The second one, if it is a text.
        var text: String?
        /// Whether the second one is `null`.
        var isNull = false
    }

    /// What is wanted of an answer's JSON.
    private struct Page {
        /// `success` or `error`.
        var status: String?
        /// What the server complains of.
        var error: String?
        /// What kind of result there is.
        var resultType: String?
        /// The result, which is a pair for a scalar and for a vector has a pair in its first element; `nil` for none.
        var result: (scalar: Pair, vector: Pair)?

        /// Nothing read.
        init() {}

        /// Reads it; of equal keys the last one counts.
        init(_ bytes: [UInt8]) throws(JSONSyntaxError) {
            try JSONReader.read(bytes) { page throws(JSONSyntaxError) in
                try page.object { key, value throws(JSONSyntaxError) in
                    switch key {
                    case "status": status = try value.string()
                    case "error": error = try value.string()
                    case "data": try takeData(&value)
                    default: try value.skip()
                    }
                }
            }
        }

        /// Reads `data`.
        private mutating func takeData(_ data: inout JSONReader) throws(JSONSyntaxError) {
            (resultType, result) = (nil, nil)
            try data.object { key, value throws(JSONSyntaxError) in
                switch key {
                case "resultType": resultType = try value.string()
                case "result": try takeResult(&value)
                default: try value.skip()
                }
            }
        }

        /// Reads `result`.
        private mutating func takeResult(_ result: inout JSONReader) throws(JSONSyntaxError) {
            var vector = Pair()
            let scalar = try Self.pair(&result) { first throws(JSONSyntaxError) in
                try first.object { key, value throws(JSONSyntaxError) in
                    if key == "value" { vector = try Self.pair(&value) ?? Pair() } else { try value.skip() }
                }
            }
            self.result = scalar.map { ($0, vector) }
        }

        /// Reads a pair; `nil` for what is no list.
        private static func pair(
            _ list: inout JSONReader,
            _ first: (inout JSONReader) throws(JSONSyntaxError) -> Void = { value throws(JSONSyntaxError) in
                try value.skip()
            }
        ) throws(JSONSyntaxError) -> Pair? {
            var pair = Pair()
            let count = try list.array { place, value throws(JSONSyntaxError) in
                switch place {
                case 0: try first(&value)
                case 1 where value.isString(): pair.text = try value.string()
                case 1: pair.isNull = try value.isNull()
                default: try value.skip()
                }
            }
            pair.count = count ?? 0
            return count == nil ? nil : pair
        }
    }
}
