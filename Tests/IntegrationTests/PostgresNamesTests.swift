import Foundation
import Outbound
import OutboundPostgres
import OutboundSQL
import Testing

/// A name server that takes questions and never answers, asked by the system's own look-up (of glibc).
@Suite struct PostgresNamesTests {
    /// A UDP socket on loopback that nobody reads.
    final class SilentNameServer: Sendable {
        let port: UInt16
        private let socket: Int32

        init() throws {
            (socket, port) = try bindToLoopback(Int32(SOCK_DGRAM.rawValue))
        }

        deinit { close(socket) }

        /// Whether it has been asked anything.
        var wasAsked: Bool {
            var byte: UInt8 = 0
            return recv(socket, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) > 0
        }

        /// Makes it the only name server of the calling thread, then looks up.
        ///
        /// - Source: glibc, `resolv.h`: each thread has a `__res_state`, which begins with two ints for times, options
        ///   (a long), the number of servers and their addresses.
        func lookUp(_ name: String) throws(OutboundError) -> [String] {
            typealias State = @convention(c) () -> UnsafeMutableRawPointer
            typealias Initialise = @convention(c) (UnsafeMutableRawPointer) -> Int32
            guard let state = dlsym(nil, "__res_state"), let initialise = dlsym(nil, "__res_ninit") else {
                throw OutboundError(.nameResolution, "this libc has no resolver state")
            }
            let settings = unsafeBitCast(state, to: State.self)()
            _ = unsafeBitCast(initialise, to: Initialise.self)(settings)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            address.sin_port = port.bigEndian
            settings.storeBytes(of: 1, toByteOffset: 16, as: Int32.self)
            settings.storeBytes(of: address, toByteOffset: 20, as: sockaddr_in.self)
            return try SystemLookUp.addresses(of: name)
        }
    }

    @Test func `a name server that never answers delays nobody else`() async throws {
        let nameServer = try SilentNameServer()
        let names = NameResolver(threads: 4) { name throws(OutboundError) in try nameServer.lookUp(name) }
        let client = try PostgresClient(PostgresSettings(environment: [:]), names: names)
        let database = try PostgresOddServer { _ in }
        try await withThrowingTaskGroup(of: OutboundError.Code.self) { group in
            for number in 0..<60 {
                // Three names, each asked for by twenty.
                let connection = Secret("host=db\(number % 3).swell.test dbname=\(number) password=canary-names")
                group.addTask {
                    try await client.failure("SELECT 1", connection, within: .seconds(5), hiding: "canary-names").code
                }
            }
            try await eventually { nameServer.wasAsked }
            for host in ["localhost", "127.0.0.1"] {
                let connection = Secret(
                    "host=\(host) port=\(database.port) sslmode=disable user=me password=canary-names"
                )
                let error = try await client.failure("SELECT 1", connection, hiding: "canary-names")
                #expect(error.code == .connectionLost || error.code == .cannotConnect)
            }
            group.addTask { .closed }
            #expect(try await group.next() == .closed, "all that wait for a name are still waiting")
            for try await code in group { #expect(code == .nameResolution) }
        }
        await client.close()
    }
}
