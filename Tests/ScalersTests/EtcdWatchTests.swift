import Foundation
import Outbound
import ScalerKit
import Scalers
import Synchronization
import TestKit
import Testing

/// How a key of etcd is listened to.
@Suite struct EtcdWatchTests {
    static let created = #"{"result":{\#(EtcdScalerTests.header),"created":true}}"#

    /// A line that tells of values that were written.
    static func written(_ values: String...) -> String {
        let events = values.map { #"{"kv":{"key":"b3JkZXJz","value":"\#(Data($0.utf8).base64EncodedString())"}}"# }
        return #"{"result":{\#(EtcdScalerTests.header),"events":[\#(events.joined(separator: ","))]}}"#
    }

    /// Listens to a server that answers so.
    ///
    /// - Returns: how often it was pushed, and what listening came to.
    static func listen(
        _ answer: ScriptedTransport.Answer,
        metadata: [String: String] = [:],
        memory: ScalerMemory = ScalerMemory(),
        _ check: @escaping @Sendable (HTTPRequest) -> Void = { _ in }
    ) async throws -> (pushes: Int, error: (any Error)?) {
        let scaler = try EtcdScaler.make(EtcdScalerTests.metadata.merging(metadata) { $1 })
        let plain = ScalerWorld.testing()
        let world = ScalerWorld(
            now: plain.now,
            object: plain.object,
            http: ScriptedTransport(world: { request in
                check(request)
                return answer
            }),
            sql: plain.sql,
            cluster: plain.cluster,
            memory: memory
        )
        let pushes = Mutex(0)
        do {
            try await scaler.listen(world) { pushes.withLock { $0 += 1 } }
            return (pushes.withLock { $0 }, nil)
        } catch {
            return (pushes.withLock { $0 }, error)
        }
    }

    /// A server that sends these lines and ends in good order.
    static func lines(_ lines: String...) -> ScriptedTransport.Answer {
        .stream(HTTPResponseHead(status: 200), ScriptedStream([Array(lines.map { $0 + "\n" }.joined().utf8)]))
    }

    @Test func `it pushes once the watch stands, and for each line with activity`() async throws {
        let deletion = #"{"result":{\#(EtcdScalerTests.header),"events":[{"type":"DELETE","kv":{"key":"b3JkZXJz"}}]}}"#
        let sign = #"{"result":{\#(EtcdScalerTests.header)}}"#
        for (line, pushes) in [
            (sign, 1), (Self.written("3"), 2), (Self.written("2"), 1), (Self.written("0", "3"), 2), (deletion, 1),
            (Self.written("text"), 1), (Self.written(""), 1), (Self.written("NaN"), 1),
        ] {
            let heard = try await Self.listen(Self.lines(Self.created, line), metadata: ["activationValue": "2"])
            #expect(heard.pushes == pushes && heard.error == nil, "\(line)")
        }
    }

    @Test func `the request is a watch of the one key, given up after twice the interval of silence`() async throws {
        _ = try await Self.listen(Self.lines(Self.created), metadata: ["watchProgressNotifyInterval": "30"]) {
            request in
            #expect(request.method == .post && request.url.description == "http://etcd:2379/v3/watch")
            #expect(
                String(decoding: request.body, as: UTF8.self)
                    == #"{"create_request":{"key":"b3JkZXJz","progress_notify":true}}"#
            )
            #expect(request.idleLimit == .seconds(60) && request.deadline == .seconds(5))
            #expect(request.headers.contains(.init("Grpc-Metadata-Hasleader", "true")))
        }
    }

    @Test(arguments: [
        (
            #"{"result":{\#(EtcdScalerTests.header),"watch_id":"-1","created":true,"canceled":true,"#
                + #""cancel_reason":"rpc error: code = PermissionDenied desc = etcdserver: permission denied"}}"#,
            "etcd ended the watch: etcdserver: permission denied"
        ),
        (
            #"{"error":{"grpc_code":14,"http_code":503,"message":"etcdserver: no leader"}}"#,
            "etcd ended the watch: etcdserver: no leader"
        ),
        ("nonsense", "the answer is not etcd's: do the endpoints name members of a cluster?"),
        (#"{"result":{}}"#, "the answer is not etcd's: do the endpoints name members of a cluster?"),
        (
            #"{"result":{\#(EtcdScalerTests.header),"events":[{"kv":{"value":5}}]}}"#,
            "the answer is not etcd's: do the endpoints name members of a cluster?"
        ),
    ])
    func `a watch that etcd ends is told in one line, and pushes nothing`(line: String, message: String) async throws {
        // An error at the end comes without an end of line.
        let heard = try await Self.listen(
            .stream(HTTPResponseHead(status: 200), ScriptedStream([Array(line.utf8)]))
        )
        #expect((heard.error as? ScalerError)?.summary == message)
        #expect(heard.pushes == 0)
    }

    @Test func `a line without end is not read without end`() async throws {
        let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 18)
        let heard = try await Self.listen(
            .stream(HTTPResponseHead(status: 200), ScriptedStream(Array(repeating: chunk, count: 5)))
        )
        #expect((heard.error as? OutboundError)?.code == .tooLarge)
    }

    @Test func `after a failure the next member is watched`() async throws {
        let memory = ScalerMemory()
        let hosts = Mutex<[String]>([])
        for _ in 0..<3 {
            let heard = try await Self.listen(
                .json("404 page not found", status: 404),
                metadata: ["endpoints": "a:1,b:2"],
                memory: memory
            ) { request in hosts.withLock { $0.append(request.url.host) } }
            #expect("\(heard.error ?? OutboundError.nothingListens)".contains("status 404"))
        }
        #expect(hosts.withLock { $0 } == ["a", "b", "a"])
    }
}
