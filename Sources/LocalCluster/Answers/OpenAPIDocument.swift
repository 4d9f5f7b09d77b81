import KubeModel

/// What the server says of its kinds' fields.
///
/// `/openapi/v2` is without definitions: kubectl asks for it before it applies anything, and checks less without them.
/// `/openapi/v3` has the schemas of custom kinds, for `kubectl explain`.
enum OpenAPIDocument {
    /// In the form that the client wants: kubectl's protocol buffers, or JSON.
    static func answer(accept: String) -> APIAnswer {
        guard accept.contains("proto-openapi") else {
            return .json([
                "swagger": "2.0", "info": ["title": .string(title), "version": .string(version)], "paths": [:],
                "definitions": [:],
            ])
        }
        return .whole(Answer(status: 200, body: .bytes(protobuf, type: mediaType)))
    }

    /// What kubectl asks for as `…spec.v2@v1.0+protobuf`: the answer says it without the `@`, which no media type may
    /// hold and newer kubectl refuses.
    ///
    /// - Source: kube-openapi, `pkg/handler/handler.go`.
    private static let mediaType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"

    /// The document's title.
    static let title = "Kubernetes"

    /// The document's version.
    static let version = "v\(ServerDocument.release.major).\(ServerDocument.release.minor).0"

    /// A `openapi.v2.Document` with `swagger` (1), `info` (2: `title` 1, `version` 2) and empty `paths` (8).
    ///
    /// - Source: gnostic, `openapiv2/OpenAPIv2.proto`; Protocol Buffers, "Encoding".
    private static var protobuf: [UInt8] {
        let info = field(1, [UInt8](title.utf8)) + field(2, [UInt8](version.utf8))
        return field(1, [UInt8]("2.0".utf8)) + field(2, info) + field(8, [])
    }

    /// A length-delimited field; our lengths are all below 128, where one byte says them.
    private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        [number << 3 | 2, UInt8(bytes.count)] + bytes
    }
}
