public import Foundation
public import KubeModel
public import Outbound
internal import Synchronization

/// What a scaler may touch during one call.
public struct ScalerWorld: Sendable {
    /// The time of the tick.
    public let now: Date
    /// The ScaledObject that asks.
    public let object: ObjectKey
    /// How long one call to a source may take unless the trigger says otherwise; 3 s by default.
    public let timeout: Duration
    /// HTTP.
    public var http: any HTTPTransport
    /// Databases.
    public let sql: any SQLClient
    /// The cluster that the operator runs in.
    public let cluster: any ClusterReader
    /// What the trigger remembers between reads; owned by the host and dropped with the spec.
    public let memory: ScalerMemory
    /// Credentials that triggers have fetched, shared by all of them.
    public let tokens: AccessTokens
    /// The process that the scaler runs in; nothing is set in it unless the host says.
    public var process = OwnProcess()
    /// Takes down what the page of metrics tells besides readings; nobody listens unless the host does.
    public var note: @Sendable (ScalerNote) -> Void = { _ in }

    /// Makes a world.
    public init(
        now: Date,
        object: ObjectKey,
        timeout: Duration = .seconds(3),
        http: any HTTPTransport,
        sql: any SQLClient,
        cluster: any ClusterReader,
        memory: ScalerMemory = ScalerMemory(),
        tokens: AccessTokens = AccessTokens()
    ) {
        self.now = now
        self.object = object
        self.timeout = timeout
        self.http = http
        self.sql = sql
        self.cluster = cluster
        self.memory = memory
        self.tokens = tokens
    }
}

/// Tokens and other credentials that were fetched over HTTP, by the request that fetched them: equal words share them.
///
/// Its clock is the wall clock of the ticks, in seconds since 1970.
public typealias AccessTokens = SharedCache<HTTPRequest, Secret<String>>

/// What a scaler found that is neither a reading nor an error of its own.
public enum ScalerNote: Sendable, Hashable {
    /// The query gave an empty result; `isZero` if that counts as 0, else it is an error as well.
    case emptyAnswer(isZero: Bool)
}

/// Small texts that a trigger remembers between reads, such as offsets and ETags.
public final class ScalerMemory: Sendable {
    /// How many a trigger may keep; past it the memory starts anew.
    private static let limit = 10_000

    /// What is remembered.
    private let values = Mutex<[String: String]>([:])

    /// Remembers nothing yet.
    public init() {}

    /// One remembered text.
    public subscript(key: String) -> String? {
        get { values.withLock { $0[key] } }
        set {
            values.withLock {
                if $0.count >= Self.limit, $0[key] == nil { $0.removeAll() }
                $0[key] = newValue
            }
        }
    }
}
