import Foundation
import KubeModel
import Outbound
import ScalerKit
import Scalers
import Synchronization
import TestKit

/// An Amazon Managed Prometheus, those who lend credentials for it, and an operator with an environment and files.
final class AWSFixture: Sendable {
    /// Where the clock stands at the beginning, in seconds since 1970.
    static let start = 1_800_000_000

    /// What can be changed.
    private struct State {
        /// The operator's environment.
        var variables: [String: String]
        /// Its files, by path.
        var files: [String: String]
        /// Access keys that Prometheus refuses.
        var refused: Set<String> = []
    }

    /// See ``State``.
    private let state: Mutex<State>
    /// What triggers have fetched.
    private let tokens = AccessTokens()
    /// Answers queries by itself, and lenders by its script.
    private let server = Mutex<ScriptedTransport?>(nil)

    /// An operator with these.
    init(_ variables: [String: String] = [:], files: [String: String] = ["/token": "jwt"]) {
        self.state = Mutex(State(variables: variables, files: files))
        let transport = ScriptedTransport { [weak self] request in
            guard request.url.host == "aps" else { return nil }
            let isRefused = self?.state.withLock { $0.refused.contains(request.accessKey) } ?? false
            return .json(
                #"{"status":"success","data":{"resultType":"scalar","result":[0,"7"]}}"#,
                status: isRefused ? 403 : 200
            )
        }
        server.withLock { $0 = transport }
    }

    /// What stands for the network.
    var network: ScriptedTransport { server.withLock { $0 } ?? ScriptedTransport() }

    /// All requests so far, as access key (of queries) or `METHOD host/path`.
    var story: [String] {
        network.requests.map {
            $0.url.host == "aps" ? $0.accessKey : "\($0.method.rawValue) \($0.url.authority)\($0.url.path)"
        }
    }

    /// The requests to lenders.
    var loans: [HTTPRequest] { network.requests.filter { $0.url.host != "aps" } }

    /// Changes a file.
    func write(_ text: String?, to path: String) { state.withLock { $0.files[path] = text } }

    /// Has Prometheus refuse an access key.
    func refuse(_ key: String) { state.withLock { _ = $0.refused.insert(key) } }

    /// Has STS lend credentials for so many seconds from the start.
    func expectRole(_ key: String, until end: Int = 3600, of action: String = "AssumeRoleWithWebIdentity") {
        network.expect(.post, "/", .json(Self.role(key, end: "\(Self.start + end)", of: action)))
    }

    /// An answer of STS.
    static func role(_ key: String, end: String, of action: String = "AssumeRoleWithWebIdentity") -> String {
        """
        {"\(action)Response":{"\(action)Result":{"Credentials":{"AccessKeyId":"\(key)","SecretAccessKey":"s",\
        "SessionToken":"session-of-\(key)","Expiration":\(end)}}}}
        """
    }

    /// An answer of a container's agent.
    static func container(_ key: String) -> ScriptedTransport.Answer {
        .json(#"{"AccessKeyId":"\#(key)","SecretAccessKey":"s","Token":"t","Expiration":"2027-01-15T09:00:00Z"}"#)
    }

    /// A trigger that asks as the operator.
    static func scaler(
        _ more: [String: String] = [:],
        _ authentication: [String: Secret<String>] = [:]
    ) throws -> PrometheusScaler {
        try PrometheusScaler.make(
            [
                "serverAddress": "https://aps", "query": "q", "threshold": "1", "awsRegion": "eu-west-1",
                "identityOwner": "operator",
            ]
            .merging(more) { $1 },
            authentication
        )
    }

    /// Reads so many seconds after the start.
    func read(_ scaler: PrometheusScaler? = nil, at second: Int = 0) async throws -> Double {
        var world = ScalerWorld(
            now: Date(timeIntervalSince1970: Double(Self.start + second)),
            object: ObjectKey(namespace: "shop", name: "web"),
            http: network,
            sql: AnsweringSQL { _ in throw OutboundError.nothingListens },
            cluster: AnsweringCluster(
                pods: { _ in throw OutboundError.nothingListens },
                data: { _ in throw OutboundError.nothingListens }
            ),
            tokens: tokens
        )
        world.process = process
        return try await (scaler ?? Self.scaler()).readOnly(world).values[0]
    }

    /// What triggers see of the operator.
    var process: OwnProcess {
        OwnProcess(Secret(state.withLock { $0.variables })) { path throws(ScalerError) in
            guard let text = self.state.withLock({ $0.files[path] }) else {
                throw ScalerError(.refused, "the file \"\(path)\" cannot be read")
            }
            return Secret(text)
        }
    }
}

extension HTTPRequest {
    /// Whose signature it has; nothing if none.
    var accessKey: String {
        secretHeaders["Authorization"]?
            .withValue { text in text.firstMatch(of: /Credential=([^\/]*)\//).map { String($0.output.1) } } ?? ""
    }

    /// The body as text.
    var form: String { String(decoding: body, as: UTF8.self) }
}
