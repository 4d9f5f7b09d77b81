import Logging
import ServiceLifecycle

/// Runs services for the length of a call, then shuts them down.
///
/// Not cancelled but shut down: NIO stops the process when a connection just accepted is dropped.
func withServices(_ services: [any Service], _ body: @escaping @Sendable () async throws -> Void) async throws {
    var logger = Logger(label: "services of a test")
    logger.logLevel = .critical
    let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: services, logger: logger))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        do {
            try await body()
            await group.triggerGracefulShutdown()
        } catch {
            await group.triggerGracefulShutdown()
            throw error
        }
        try await tasks.waitForAll()
    }
}

/// Work without an end of its own as a service, cancelled at shutdown.
struct EndlessWork: Service {
    /// The work.
    let work: @Sendable () async throws -> Void

    /// Works until shutdown.
    func run() async throws {
        try await cancelWhenGracefulShutdown {
            do {
                try await work()
            } catch is CancellationError {
                // Shutdown is its only end.
            }
        }
    }
}
