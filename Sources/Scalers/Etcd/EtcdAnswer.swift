internal import Foundation
internal import KubeModel
internal import Outbound
internal import ScalerKit

/// What etcd's JSON gateway answers: one object, or a line of a watch.
///
/// - Source: etcd, `api/etcdserverpb/rpc.proto`, as JSON: bytes are Base64, and what is empty is left out.
enum EtcdAnswer {
    /// What a line of a watch tells.
    enum News: Sendable, Hashable {
        /// From here on everything is told.
        case began
        /// Values that were written; none for a sign of life and for a key that was deleted.
        case written([String])
    }

    /// The object of an answer.
    ///
    /// - Throws: `.refused` with etcd's own words, `.unexpectedAnswer` for what is no answer of etcd.
    static func object(_ response: HTTPResponse) throws(ScalerError) -> JSONValue {
        // What is no JSON is told by its status, or as an answer that is none.
        let body = try? KubeJSON.decode(JSONValue.self, from: response.body)
        guard response.head.isSuccess else { throw refusal(response.status, body) }
        guard let body, body["header"]?.object != nil else { throw strange }
        return body
    }

    /// The text in the first key of a range; `nil` if there is none.
    ///
    /// - Throws: `.unexpectedAnswer`.
    static func value(in range: JSONValue) throws(ScalerError) -> String? {
        guard let pairs = range["kvs"] else { return nil }
        guard let first = pairs.array?.first else { throw strange }
        return try text(of: first)
    }

    /// What a line of a watch tells.
    ///
    /// - Throws: `.refused` when etcd ends the watch, `.unexpectedAnswer`.
    static func news(in line: [UInt8]) throws(ScalerError) -> News {
        // As above.
        let body = try? KubeJSON.decode(JSONValue.self, from: line)
        if let error = body?["error"] { throw ended(error["message"]?.string) }
        guard let result = body?["result"], result["header"]?.object != nil else { throw strange }
        if result["canceled"]?.bool == true { throw ended(result["cancel_reason"]?.string) }
        if result["created"]?.bool == true { return .began }
        var texts: [String] = []
        for event in result["events"]?.array ?? [] where event["type"]?.string != "DELETE" {
            texts.append(try text(of: event["kv"] ?? .null))
        }
        return .written(texts)
    }

    /// The token that a login gives; an empty one where etcd does not ask who we are, as its own client has it.
    ///
    /// - Throws: `.refused` with etcd's own words, `.unexpectedAnswer`.
    static func token(in response: HTTPResponse) throws(ScalerError) -> Secret<String> {
        do throws(ScalerError) {
            guard let token = try object(response)["token"]?.string, !token.isEmpty else { throw strange }
            return Secret(token)
        } catch {
            guard error.summary.contains("authentication is not enabled") else { throw error }
            return Secret("")
        }
    }

    /// Whether etcd refuses a token, which it forgets after five minutes without use, and when it is started anew.
    static func isAboutToken(_ error: ScalerError) -> Bool {
        error.code == .refused && error.summary.contains("invalid auth token")
    }

    /// Why an answer with a bad status is none, in etcd's words if it has any.
    static func refusal(_ status: Int, _ body: JSONValue?) -> ScalerError {
        if let words = words(body?["message"]?.string ?? body?["error"]?.string) {
            return ScalerError(.refused, "etcd answered with status \(status): \(words)")
        }
        let hint = status == 404 ? "; is its JSON gateway on (etcd 3.4 or later, --enable-grpc-gateway)?" : ""
        return ScalerError(.refused, "etcd answered with status \(status)\(hint)")
    }

    /// The text of a key and its value.
    private static func text(of pair: JSONValue) throws(ScalerError) -> String {
        guard let pair = pair.object else { throw strange }
        guard let value = pair["value"] else { return "" }
        guard let bytes = value.string.flatMap({ Data(base64Encoded: $0) }) else { throw strange }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A watch that etcd has ended.
    private static func ended(_ reason: String?) -> ScalerError {
        ScalerError(.refused, "etcd ended the watch" + (words(reason).map { ": \($0)" } ?? ""))
    }

    /// etcd's own words, without gRPC's around them.
    private static func words(_ text: String?) -> String? {
        guard let text, !text.isEmpty else { return nil }
        return String((text.firstRange(of: " desc = ").map { text[$0.upperBound...] } ?? text[...]).prefix(200))
    }

    /// What is no answer of etcd.
    private static let strange = ScalerError(
        .unexpectedAnswer,
        "the answer is not etcd's: do the endpoints name members of a cluster?"
    )
}
