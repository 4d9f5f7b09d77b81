import KubeModel
import TestKit
import Testing

@testable import LocalCluster

@Suite struct ProtobufTests {
    /// A field with a length.
    private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        [number << 3 | 2, UInt8(bytes.count)] + bytes
    }

    /// A field with a text.
    private static func field(_ number: UInt8, _ text: String) -> [UInt8] { field(number, [UInt8](text.utf8)) }

    /// A number below 128.
    private static func field(_ number: UInt8, _ value: UInt8) -> [UInt8] { [number << 3, value] }

    /// A body as kubectl sends it.
    private static func body(_ version: String, _ kind: String, _ raw: [UInt8]) -> [UInt8] {
        [UInt8]("k8s\0".utf8) + field(1, field(1, version) + field(2, kind)) + field(2, raw) + field(3, "")
            + field(4, "")
    }

    @Test func `a ConfigMap is read with its data`() throws {
        let metadata =
            Self.field(1, "one") + Self.field(2, "") + Self.field(8, [])
            + Self.field(11, Self.field(1, "k") + Self.field(2, "v"))
        let raw =
            Self.field(1, metadata) + Self.field(2, Self.field(1, "a") + Self.field(2, "1"))
            + Self.field(3, Self.field(1, "b") + Self.field(2, [0, 1]))
        let expected: JSONValue = [
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "one", "labels": ["k": "v"]],
            "data": ["a": "1"], "binaryData": ["b": "AAE="],
        ]
        #expect(try ProtobufBody.object(Self.body("v1", "ConfigMap", raw)) == expected)
    }

    @Test func `zero counts where it says something`() throws {
        let spec = Self.field(1, 0) + Self.field(5, 0) + Self.field(7, 0)
        let raw = Self.field(1, Self.field(1, "web")) + Self.field(2, spec) + Self.field(3, Self.field(1, 0))
        let object = try ProtobufBody.object(Self.body("apps/v1", "Deployment", raw))
        #expect(object["spec"] == ["replicas": 0])
        #expect(object["status"] == nil)
    }

    @Test func `negative numbers and either form of IntOrString are read`() throws {
        let minusOne = [UInt8](repeating: 0xFF, count: 9) + [1]
        let rolling = Self.field(1, Self.field(1, 1) + Self.field(3, "25%")) + Self.field(2, Self.field(2, 3))
        let spec = [UInt8(1 << 3)] + minusOne + Self.field(4, Self.field(2, rolling))
        let object = try ProtobufBody.object(Self.body("apps/v1", "Deployment", Self.field(2, spec)))
        #expect(object[path: "spec", "replicas"] == -1)
        #expect(object[path: "spec", "strategy", "rollingUpdate"] == ["maxUnavailable": "25%", "maxSurge": 3])
    }

    /// Bodies that cannot be read.
    private static let broken: [[UInt8]] = [
        [], [UInt8]("{}".utf8), body("v1", "Pod", []), body("v1", "ConfigMap", [0x0A, 50]),
        body("v1", "ConfigMap", field(9, "unknown")), body("v1", "ConfigMap", [0x0D, 1, 2, 3, 4]),
        body("v1", "ConfigMap", [UInt8](repeating: 0xFF, count: 12)), body("v1", "ConfigMap", field(1, 5)),
        [UInt8]("k8s\0".utf8) + [0x0A],
    ]

    @Test(arguments: broken)
    func `what cannot be read whole is refused whole`(body: [UInt8]) {
        let failure = #expect(throws: APIFailure.self) { try ProtobufBody.object(body) }
        #expect(failure?.status.code == 400)
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `no bytes make it fall over`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0...100, using: &random))
                .map { _ in
                    UInt8.random(in: .min ... .max, using: &random)
                }
            // Most are refused, some mean something by chance; neither matters here.
            _ = try? ProtobufBody.object(Self.body("apps/v1", "Deployment", bytes))
        }
    }
}
