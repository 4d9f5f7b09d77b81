import ServiceLifecycle

/// A service that begins only when we lead, and is cancelled when we no longer do.
struct LeaderService: Service {
    /// Who knows.
    let elector: LeaderElector
    /// What begins.
    let service: any Service

    /// Waits, then runs.
    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await elector.waitUntilLeading() }
        } catch is CancellationError {
            // Shutdown came first: there is nothing to end.
            return
        }
        try await withThrowingTaskGroup { group in
            group.addTask { try await service.run() }
            group.addTask {
                for await isLeading in elector.leadership() where !isLeading { throw LeadershipLost() }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
