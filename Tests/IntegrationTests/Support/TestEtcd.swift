import Foundation
import KubeModel
import Outbound
import OutboundCurl
import ScalerKit
import Testing

/// The etcd of the tests, written to as root.
enum TestEtcd {
    /// A key that nobody else uses, among those that the user `swell` may read.
    static func key() -> String { "swell/\(UUID().uuidString.lowercased())" }

    /// Writes a key.
    static func put(_ key: String, _ value: String) async throws {
        try await ask("kv/put", ["key": .string(base64(key)), "value": .string(base64(value))])
    }

    /// Deletes a key.
    static func delete(_ key: String) async throws {
        try await ask("kv/deleterange", ["key": .string(base64(key))])
    }

    /// Starts or stops the server, or stops its processes.
    static func control(_ action: String) async throws {
        try await Command(program: TestServers.variable("ETCD_CTL")).run([action])
    }

    /// Metadata of a trigger on a key, over TLS or not.
    static func metadata(_ key: String, overTLS: Bool = false) throws -> [String: String] {
        let endpoint = try TestServers.variable(overTLS ? "ETCD_TLS_URL" : "ETCD_URL")
        return ["endpoints": endpoint, "watchKey": key, "value": "10"]
    }

    /// What lets the user `swell` in.
    static var login: [String: String] {
        get throws { ["username": "swell", "password": try TestServers.variable("ETCD_PASSWORD")] }
    }

    /// The same with what TLS needs.
    static var certificates: [String: String] {
        get throws {
            var parameters = ["tls": "enable"]
            for (name, file) in [("ca", "CA"), ("cert", "CLIENT_CERT"), ("key", "CLIENT_KEY")] {
                let path = try TestServers.variable("ETCD_\(file)")
                parameters[name] = try String(contentsOfFile: path, encoding: .utf8)
            }
            return parameters
        }
    }

    /// Asks the gateway, as root.
    private static func ask(_ path: String, _ body: JSONValue) async throws {
        let login: JSONValue = ["name": "root", "password": .string(try TestServers.variable("ETCD_PASSWORD"))]
        try await withCurlTransport(environment: [:]) { transport in
            let token = try #require(
                try await send("auth/authenticate", login, over: transport)["token"]?.string
            )
            _ = try await send(path, body, token, over: transport)
        }
    }

    /// Sends one request.
    private static func send(
        _ path: String,
        _ body: JSONValue,
        _ token: String? = nil,
        over transport: CurlTransport
    ) async throws -> JSONValue {
        let base = try WebAddress.parse(TestServers.variable("ETCD_URL")).address
        var request = HTTPRequest(
            .post,
            base.appending(segments: ["v3"] + path.split(separator: "/").map(String.init)),
            body: try KubeJSON.encode(body),
            deadline: .seconds(30)
        )
        if let token { request.headers.append(.init("Authorization", token)) }
        let response = try await transport.collect(request, upTo: 1 << 20)
        try #require(response.status == 200, "\(path): \(String(decoding: response.body, as: UTF8.self))")
        return try KubeJSON.decode(from: response.body)
    }

    /// Bytes as the gateway takes them.
    private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
}
