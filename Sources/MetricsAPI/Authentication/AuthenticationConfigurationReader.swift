import Foundation
public import KubeClient
public import Logging
public import Outbound
public import ServiceLifecycle
import KubeModel
import Synchronization

/// Keeps the authentication configuration as the cluster has it, so that a changed CA needs no restart.
///
/// The ConfigMap is read again every few seconds. While it cannot be read, or cannot be used, the last good one stays,
/// as in Kubernetes' own servers; before the first one nobody is trusted and ``unready`` says so.
public final class AuthenticationConfigurationReader: Service {
    /// What is in use and what was last told.
    private struct State {
        /// In use.
        var configuration = AuthenticationConfiguration()
        /// The ConfigMap's data that ``configuration`` comes from, or that could not be used.
        var data: [String: String]?
        /// Whether any could be used.
        var isReady = false
        /// The problem that was logged last, so that it is logged once.
        var problem: String?
    }

    /// See ``State``.
    private let state = Mutex(State())
    /// Reads the ConfigMap's data; `nil` where there is no such ConfigMap.
    private let read: @Sendable () async throws -> [String: String]?
    /// How often to read.
    private let interval: Duration
    /// The clocks.
    private let time: TimeSource
    /// Where to log.
    private let logger: Logger

    /// Makes a reader; nothing is read before ``run()`` or ``refresh()``.
    ///
    /// - Parameters:
    ///   - interval: how often to read.
    ///   - time: the clocks.
    ///   - logger: where to log.
    ///   - read: gives the ConfigMap's data; `nil` where there is no such ConfigMap.
    public init(
        every interval: Duration = .seconds(10),
        time: TimeSource = .system,
        logger: Logger,
        read: @escaping @Sendable () async throws -> [String: String]?
    ) {
        self.interval = interval
        self.time = time
        self.logger = logger
        self.read = read
    }

    /// Reads through a client of the cluster.
    public convenience init(
        _ client: KubeClient,
        every interval: Duration = .seconds(10),
        time: TimeSource = .system,
        logger: Logger
    ) {
        self.init(every: interval, time: time, logger: logger) {
            try await client.find(ConfigMap.self, AuthenticationConfiguration.key).map { $0.data ?? [:] }
        }
    }

    /// What is in use now.
    public var current: AuthenticationConfiguration { state.withLock { $0.configuration } }

    /// Why callers cannot be told apart yet; `nil` once they can.
    public var unready: String? {
        state.withLock { $0.isReady ? nil : "the ConfigMap \(AuthenticationConfiguration.key) has not been read yet" }
    }

    /// Reads until the graceful shutdown.
    public func run() async throws {
        try await cancelWhenGracefulShutdown {
            do {
                while true {
                    await self.refresh()
                    try await self.time.sleep(self.interval)
                }
            } catch is CancellationError {
                return
            }
        }
    }

    /// Reads once; called by ``run()``.
    public func refresh() async {
        do {
            guard let data = try await read() else {
                throw AccessError(.badConfiguration, "there is no ConfigMap \(AuthenticationConfiguration.key)")
            }
            try take(data)
        } catch {
            guard !Task.isCancelled else { return }
            let problem = "\(error)"
            let isNew = state.withLock { state in
                defer { state.problem = problem }
                return state.problem != problem
            }
            guard isNew else { return }
            logger.warning(
                "the authentication configuration cannot be used, the former stays",
                metadata: ["error": "\(String(reflecting: error))"]
            )
        }
    }

    /// Puts new data to use.
    private func take(_ data: [String: String]) throws(AccessError) {
        guard state.withLock({ $0.data != data || !$0.isReady }) else { return }
        let configuration = try AuthenticationConfiguration(data)
        state.withLock { $0 = State(configuration: configuration, data: data, isReady: true, problem: nil) }
        logger.info("the authentication configuration has been read")
    }
}
