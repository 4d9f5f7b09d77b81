import Foundation
import KubeModel
import Testing

@Suite struct ObjectsTests {
    /// Decodes and encodes again, as a JSON value.
    static func roundTrip<Value: Codable>(_ type: Value.Type, _ json: String) throws -> (Value, JSONValue) {
        let value: Value = try KubeJSON.decode(from: Array(json.utf8))
        return (value, try KubeJSON.value(of: value))
    }

    @Test func `unknown fields are passed over and known ones come back`() throws {
        let (lease, json) = try Self.roundTrip(
            Lease.self,
            """
            {"kind":"Lease","apiVersion":"coordination.k8s.io/v1","metadata":{"name":"l","namespace":"n","uid":"u",
            "resourceVersion":"7","managedFields":[{"manager":"x"}]},"spec":{"holderIdentity":"a","leaseDurationSeconds":15,
            "renewTime":"2026-06-16T10:48:17.250000Z","leaseTransitions":3,"strategy":"new"}}
            """
        )
        #expect(lease.key == ObjectKey(namespace: "n", name: "l"))
        #expect(lease.spec.leaseTransitions == 3)
        #expect(json[path: "metadata", "managedFields"] == nil)
        #expect(json[path: "spec", "renewTime"] == "2026-06-16T10:48:17.250000Z")
        #expect(json[path: "spec", "acquireTime"] == nil)
    }

    @Test func `a scale at zero has no replicas in Go's JSON`() throws {
        let (scale, _) = try Self.roundTrip(
            Scale.self,
            #"{"kind":"Scale","apiVersion":"autoscaling/v1","metadata":{"name":"w"},"spec":{},"status":{"replicas":0,"selector":"a=b"}}"#
        )
        #expect(scale.replicas == 0)
        #expect(scale.status?.selector == "a=b")
    }

    @Test func `a Secret shows nothing of what it holds`() throws {
        let secret: SecretObject = try KubeJSON.decode(
            from: Array(#"{"kind":"Secret","metadata":{"name":"s","namespace":"n"},"data":{"k":"Y2FuYXJ5"}}"#.utf8)
        )
        #expect(secret.data?["k"] == Data("canary".utf8))
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped] {
            #expect(!text.contains("canary") && !text.contains("Y2FuYXJ5"))
        }
    }

    @Test(arguments: [
        ("Running", "True", true), ("Running", "False", false), ("Pending", "True", false),
        ("Succeeded", "True", false),
    ])
    func `a pod is ready when it runs and says so`(phase: String, ready: String, isReady: Bool) throws {
        let pod: Pod = try KubeJSON.decode(
            from: Array(
                #"{"metadata":{"name":"p"},"status":{"phase":"\#(phase)","conditions":[{"type":"Ready","status":"\#(ready)"}]}}"#
                    .utf8
            )
        )
        #expect(pod.isReady == isReady)
    }

    @Test func `a Status with nothing but a code is read`() throws {
        let status: KubeStatus = try KubeJSON.decode(from: Array(#"{"code":410}"#.utf8))
        #expect(status.code == 410 && status.reason == nil)
    }
}
