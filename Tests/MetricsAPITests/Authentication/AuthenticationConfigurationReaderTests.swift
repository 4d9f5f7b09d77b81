import KubeModel
import Outbound
import Synchronization
import TestKit
import Testing

@testable import MetricsAPI

/// A ConfigMap that changes, vanishes or cannot be read.
final class MovingConfigMap: Sendable {
    /// What reading gives.
    private let state: Mutex<Result<[String: String]?, OutboundError>>

    /// Begins with this data.
    init(_ data: [String: String]?) {
        self.state = Mutex(.success(data))
    }

    /// What reading gives from now on.
    func set(_ result: Result<[String: String]?, OutboundError>) {
        state.withLock { $0 = result }
    }

    /// Reads.
    @Sendable func read() throws -> [String: String]? {
        try state.withLock { $0 }.get()
    }
}

@Suite(.timeLimit(.minutes(1))) struct AuthenticationConfigurationReaderTests {
    @Test func `nobody is trusted before the first reading, and that is told`() async throws {
        let map = MovingConfigMap(try TestCluster().data)
        let reader = AuthenticationConfigurationReader(logger: quiet, read: map.read)
        #expect(reader.current == AuthenticationConfiguration())
        #expect(reader.unready?.contains("extension-apiserver-authentication") == true)
        await reader.refresh()
        #expect(reader.current.requestHeader != nil)
        #expect(reader.unready == nil)
    }

    /// How a reading may fail.
    enum Fault: CaseIterable { case down, gone, broken }

    @Test(arguments: Fault.allCases)
    func `a reading that fails changes nothing, and a later one counts again`(fault: Fault) async throws {
        let (old, new) = (try TestCluster(), try TestCluster())
        let map = MovingConfigMap(old.data)
        let reader = AuthenticationConfigurationReader(logger: quiet, read: map.read)
        await reader.refresh()
        switch fault {
        case .down: map.set(.failure(OutboundError(.cannotConnect, "the API server is away")))
        case .gone: map.set(.success(nil))
        case .broken: map.set(.success(["client-ca-file": "garbage"]))
        }
        await reader.refresh()
        #expect(reader.current == (try AuthenticationConfiguration(old.data)))
        #expect(reader.unready == nil)
        map.set(.success(new.data))
        await reader.refresh()
        #expect(reader.current == (try AuthenticationConfiguration(new.data)))
    }

    @Test func `a running reader follows a changed authority`() async throws {
        let (old, new) = (try TestCluster(), try TestCluster())
        let map = MovingConfigMap(old.data)
        let clock = ManualClock()
        let reader = AuthenticationConfigurationReader(time: clock.source, logger: quiet, read: map.read)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await reader.run() }
            try await clock.waitForSleepers(1)
            #expect(reader.current == (try AuthenticationConfiguration(old.data)))
            map.set(.success(new.data))
            clock.advance(by: .seconds(10))
            try await clock.waitForSleepers(1)
            #expect(reader.current == (try AuthenticationConfiguration(new.data)))
            group.cancelAll()
        }
    }
}
