import Foundation
import KubeModel
import Outbound
import TestKit
import Testing

@testable import KubeClient

/// Runs real programs: shell scripts in a folder of their own.
@Suite struct ExecPluginTests {
    static let key = ObjectKey(namespace: "n", name: "m")
    static let map = ScriptedTransport.Answer.json(#"{"metadata":{"name":"m"}}"#)
    static let refused = ScriptedTransport.Answer.json(#"{"kind":"Status","code":401}"#, status: 401)

    /// A folder with a script; removed with the last holder.
    final class Script: Sendable {
        /// Where it is.
        let folder: URL
        /// Writes a script; in it, `$HERE` is the folder, and `answer STATUS` prints an ExecCredential.
        init(_ body: String) throws {
            folder = FileManager.default.temporaryDirectory.appending(path: "swell-plugin-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            // Run by the shell: a file that was just written cannot always be executed (ETXTBSY).
            let text = """
                HERE='\(folder.path)'
                answer() { printf '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":%s}' "$1"; }
                echo run >> "$HERE/runs"
                \(body)
                """
            try Data(text.utf8).write(to: program)
        }
        deinit {
            // What is left in the temporary folder harms nobody.
            try? FileManager.default.removeItem(at: folder)
        }
        /// The script.
        var program: URL { folder.appending(path: "login") }
        /// How often it has run.
        var runs: Int { get throws { try text("runs").split(separator: "\n").count } }
        /// A file that it wrote.
        func text(_ name: String) throws -> String {
            try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        }
    }

    /// A client that logs in with a script.
    static func client(
        _ script: Script,
        _ server: ScriptedTransport,
        clock: ManualClock = ManualClock(),
        cluster: ExecPlugin.ClusterInfo? = nil
    ) -> KubeClient {
        let plugin = ExecPlugin(
            version: .v1,
            command: "/bin/sh",
            arguments: [script.program.path, "a b", "c"],
            environment: ["EXTRA": "e"],
            cluster: cluster
        )
        return KubeClient.scripted(server, identity: .init(plugin: plugin), clock: clock)
    }

    @Test func `a token is used until it expires`() async throws {
        let script = try Script(#"answer '{"token":"canary-1","expirationTimestamp":"2026-06-16T10:15:00Z"}'"#)
        let (server, clock) = (ScriptedTransport { _ in Self.map }, ManualClock())
        let client = Self.client(script, server, clock: clock)
        for _ in 0..<3 { _ = try await client.get(ConfigMap.self, Self.key) }
        #expect(server.requests.allSatisfy { $0.authorization == .bearer(Secret("canary-1")) })
        #expect(try script.runs == 1)
        clock.advance(by: .seconds(15 * 60 - 10))
        _ = try await client.get(ConfigMap.self, Self.key)
        #expect(try script.runs == 2)
    }

    @Test func `a refused token is asked for anew, once`() async throws {
        let script = try Script(#"answer "{\"token\":\"t$(wc -l < "$HERE/runs" | tr -d ' ')\"}""#)
        let server = ScriptedTransport { request in
            request.authorization == .bearer(Secret("t2")) ? Self.map : Self.refused
        }
        let client = Self.client(script, server)
        _ = try await client.get(ConfigMap.self, Self.key)
        #expect(try script.runs == 2 && server.requests.count == 2)
    }

    @Test func `a certificate is shown`() async throws {
        let script = try Script(#"answer '{"clientCertificateData":"C","clientKeyData":"K"}'"#)
        let server = ScriptedTransport { _ in Self.map }
        _ = try await Self.client(script, server).get(ConfigMap.self, Self.key)
        #expect(server.requests[0].tls.certificate == "C" && server.requests[0].tls.privateKey == Secret("K"))
        #expect(server.requests[0].authorization == nil)
    }

    @Test func `many who ask at once run it once`() async throws {
        let script = try Script(#"sleep 0.2; answer '{"token":"t"}'"#)
        let server = ScriptedTransport { _ in Self.map }
        let client = Self.client(script, server)
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 { group.addTask { _ = try await client.get(ConfigMap.self, Self.key) } }
            try await group.waitForAll()
        }
        #expect(try script.runs == 1)
    }

    @Test func `it is told what it needs, and nothing comes from our own input`() async throws {
        let script = try Script(
            #"printf '%s|' "$@" "$EXTRA" > "$HERE/args"; echo "$KUBERNETES_EXEC_INFO" > "$HERE/info"; cat > "$HERE/input"; answer '{"token":"t"}'"#
        )
        let cluster = ExecPlugin.ClusterInfo(
            server: "https://dev",
            serverName: "inner",
            skipsVerification: false,
            authorities: .text(Secret("CA")),
            settings: ["x": 1]
        )
        let server = ScriptedTransport { _ in Self.map }
        _ = try await Self.client(script, server, cluster: cluster).get(ConfigMap.self, Self.key)
        #expect(try script.text("args") == "a b|c|e|")
        #expect(try script.text("input").isEmpty)
        let info: JSONValue = try KubeJSON.decode(from: Array(try script.text("info").utf8))
        #expect(
            info == [
                "kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1",
                "spec": [
                    "interactive": false,
                    "cluster": [
                        "server": "https://dev", "tls-server-name": "inner", "certificate-authority-data": "Q0E=",
                        "config": ["x": 1],
                    ],
                ],
            ]
        )
    }

    @Test(arguments: [
        ("echo canary >&2; exit 3", "ended with status 3"),
        ("echo canary", "did not print an ExecCredential"),
        ("answer '{}'", "gave neither a token nor a certificate with its key"),
        (#"answer '{"clientCertificateData":"canary"}'"#, "gave neither a token nor a certificate with its key"),
        (
            #"answer '{"token":"canary"}' | sed s,k8s.io/v1,k8s.io/v1beta1,"#,
            "answered in another version than client.authentication.k8s.io/v1"
        ),
        ("head -c 3000000 /dev/zero", "printed too much"),
    ])
    func `a plug-in that fails says how, and nothing that it printed`(body: String, message: String) async throws {
        let script = try Script(body)
        let client = Self.client(script, ScriptedTransport())
        let error = try #require(
            await #expect(throws: KubeError.self) { try await client.get(ConfigMap.self, Self.key) }
        )
        #expect(error.code == .noCredentials && error.description.contains(message))
        #expect(!error.description.contains("canary"))
    }

    @Test func `a plug-in that is not there says how to get it`() async throws {
        let plugin = ExecPlugin(
            version: .v1,
            command: "no-such-plugin",
            arguments: [],
            environment: [:],
            installHint: "get it at example.org"
        )
        let client = KubeClient.scripted(ScriptedTransport(), identity: .init(plugin: plugin))
        let error = await #expect(throws: KubeError.self) { try await client.get(ConfigMap.self, Self.key) }
        #expect(error?.description == "the credential plugin no-such-plugin was not found: get it at example.org")
    }

    @Test func `a cancelled caller ends a plug-in that hangs`() async throws {
        let script = try Script("exec sleep 60")
        let client = Self.client(script, ScriptedTransport())
        let error = await withTaskGroup { group in
            group.addTask { () -> KubeError? in
                do throws(KubeError) {
                    _ = try await client.get(ConfigMap.self, Self.key)
                    return nil
                } catch {
                    return error
                }
            }
            // Only so that the plug-in has begun; without it the test proves less and still passes.
            try? await eventually { try script.runs == 1 }
            group.cancelAll()
            return await group.next() ?? nil
        }
        #expect(error?.code == .cancelled)
    }

    @Test func `a token wins over a plug-in`() async throws {
        let script = try Script("exit 1")
        let plugin = ExecPlugin(version: .v1, command: "/bin/sh", arguments: [script.program.path], environment: [:])
        let server = ScriptedTransport { _ in Self.map }
        let client = KubeClient.scripted(server, identity: .init(token: .text(Secret("t")), plugin: plugin))
        _ = try await client.get(ConfigMap.self, Self.key)
        #expect(server.requests[0].authorization == .bearer(Secret("t")))
    }
}
