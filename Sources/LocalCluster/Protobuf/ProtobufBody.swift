import KubeModel

/// Bodies in Kubernetes' protocol buffers, which kubectl sends from 1.32 on for `create`, `autoscale` and `auth can-i`.
///
/// Only the kinds that those commands send are known. Answers are always JSON, which such clients accept too.
///
/// - Source: Kubernetes, `apimachinery/pkg/runtime/serializer/protobuf/protobuf.go`, for the envelope.
enum ProtobufBody {
    /// The media type.
    static let mediaType = "application/vnd.kubernetes.protobuf"

    /// What every such body begins with.
    private static let magic = [UInt8]("k8s\0".utf8)

    /// The object in a body, with its `apiVersion` and `kind`.
    ///
    /// - Throws: 400 for what is no such body, or holds more than is known here.
    static func object(_ body: [UInt8]) throws(APIFailure) -> JSONValue {
        guard body.starts(with: magic) else { throw .badRequest("the body does not begin as protocol buffers do") }
        do {
            let (version, kind, raw) = try envelope(body.dropFirst(magic.count))
            guard let message = ProtobufMessage.known["\(version) \(kind)"] else {
                throw ProtobufReader.Failure(
                    description: "\(kind) of \(version) is not supported in protocol buffers here; send JSON"
                )
            }
            var object = try ProtobufReader.object(raw, as: message)
            object["apiVersion"] = .string(version)
            object["kind"] = .string(kind)
            return object
        } catch {
            throw .badRequest("the body cannot be read as protocol buffers: \(error)")
        }
    }

    /// Reads a `runtime.Unknown`: what the object is, and its bytes.
    private static func envelope(
        _ bytes: ArraySlice<UInt8>
    ) throws(ProtobufReader.Failure) -> (version: String, kind: String, raw: ArraySlice<UInt8>) {
        var reader = ProtobufReader(bytes)
        var (type, raw): (JSONValue, ArraySlice<UInt8>) = ([:], [])
        while let (number, value) = try reader.next() {
            guard case .bytes(let bytes) = value else { continue }
            switch number {
            case 1:
                type = try ProtobufReader.object(
                    bytes,
                    as: ProtobufMessage([1: .text("apiVersion"), 2: .text("kind")])
                )
            case 2: raw = bytes
            default: break
            }
        }
        return (type["apiVersion"]?.string ?? "", type["kind"]?.string ?? "", raw)
    }
}
