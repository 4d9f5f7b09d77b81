import Dispatch
import Outbound
import Synchronization
import Testing

@testable import OutboundSQL

@Suite struct NameResolverTests {
    /// A name server that answers for some names, and for others only when a test lets it.
    final class NameServer: Sendable {
        private let gate = DispatchSemaphore(value: 0)
        private let asked = Mutex<[String: Int]>([:])

        /// How often a name was asked for.
        func count(_ name: String) -> Int { asked.withLock { $0[name, default: 0] } }

        /// The look-up.
        func addresses(of name: String) throws(OutboundError) -> [String] {
            asked.withLock { $0[name, default: 0] += 1 }
            if name.hasPrefix("hangs") { gate.wait() }
            if name == "nowhere" { throw OutboundError(.nameResolution, "the host name has no address") }
            return ["10.0.0.\(name.utf8.count)"]
        }

        /// Lets look-ups that hang go on.
        func release(_ count: Int) {
            for _ in 0..<count { gate.signal() }
        }
    }

    let server = NameServer()
    /// Far enough.
    var later: ContinuousClock.Instant { .now.advanced(by: .seconds(60)) }
    /// Near enough for a test.
    var soon: ContinuousClock.Instant { .now.advanced(by: .milliseconds(30)) }

    /// A resolver over the server above.
    func resolver(threads: Int) -> NameResolver {
        NameResolver(threads: threads) { [server] name throws(OutboundError) in try server.addresses(of: name) }
    }

    @Test(arguments: ["127.0.0.1", "::1", "fe80::1%lo", "2001:db8::5"])
    func `an address is its own answer`(address: String) async throws {
        #expect(try await resolver(threads: 1).addresses(of: address, deadline: later) == [address])
        #expect(server.count(address) == 0)
    }

    @Test func `a name has its addresses`() async throws {
        #expect(try await resolver(threads: 1).addresses(of: "four", deadline: later) == ["10.0.0.4"])
    }

    @Test func `a name without addresses is an error`() async throws {
        let error = await #expect(throws: OutboundError.self) {
            try await resolver(threads: 1).addresses(of: "nowhere", deadline: later)
        }
        #expect(error?.code == .nameResolution)
    }

    @Test func `those who ask for a name at the same time share one look-up, its failure too`() async throws {
        let resolver = resolver(threads: 4)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask { _ = try await resolver.addresses(of: "hangs", deadline: later) }
            }
            while server.count("hangs") == 0 || resolver.waiting(for: "hangs") < 20 { await Task.yield() }
            server.release(20)
            try await group.waitForAll()
        }
        #expect(server.count("hangs") < 20, "one, unless somebody came late")
        _ = try? await resolver.addresses(of: "nowhere", deadline: later)  // tested above
        #expect(resolver.waiting(for: "hangs") == 0 && resolver.waiting(for: "nowhere") == 0, "nothing is remembered")
    }

    @Test func `a name that hangs is given up at the deadline, and holds one thread however many ask`() async throws {
        let resolver = resolver(threads: 2)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    let error = await #expect(throws: OutboundError.self) {
                        try await resolver.addresses(of: "hangs", deadline: soon)
                    }
                    #expect(error?.code == .nameResolution)
                }
            }
            for _ in 0..<50 {
                group.addTask {
                    let addresses = try await resolver.addresses(of: "fine", deadline: later)
                    #expect(addresses == ["10.0.0.4"])
                }
            }
            try await group.waitForAll()
        }
        #expect(server.count("hangs") == 1)
        server.release(1)
    }

    @Test func `when every thread hangs, the rest fail at their deadline and recover with the server`() async throws {
        let resolver = resolver(threads: 2)
        for name in ["hangs1", "hangs2", "fine"] {
            await #expect(throws: OutboundError.self) { try await resolver.addresses(of: name, deadline: soon) }
        }
        #expect(server.count("fine") == 0)
        server.release(2)
        #expect(try await resolver.addresses(of: "fine", deadline: later) == ["10.0.0.4"])
    }

    @Test func `a closed resolver says so`() async throws {
        let resolver = resolver(threads: 1)
        resolver.close()
        let error = await #expect(throws: OutboundError.self) {
            try await resolver.addresses(of: "four", deadline: later)
        }
        #expect(error?.code == .closed)
    }

    @Test func `the system knows this machine`() async throws {
        let addresses = try await NameResolver().addresses(of: "localhost", deadline: later)
        #expect(addresses.contains("127.0.0.1") || addresses.contains("::1"))
    }
}

extension NameResolver {
    /// How many wait for a name.
    fileprivate func waiting(for name: String) -> Int { flights.withLock { $0[name]?.users ?? 0 } }
}
