import Foundation
import Outbound
import OutboundCurl
import Testing

/// They take port 53 and hide `/etc/resolv.conf`, in a mount namespace of their own, which only root may do.
@Suite(.enabled(if: geteuid() == 0, "needs root"))
struct NameServerTests {
    /// A request to a host that nobody will find.
    private func lost(_ name: String, _ deadline: Duration = .seconds(60)) -> HTTPRequest {
        HTTPRequest(.get, WebAddress(host: name), deadline: deadline)
    }

    @Test func `a silent name server ends at the deadline and delays nobody else`() async throws {
        let nameServer = try SilentNameServer()
        let transport = try await nameServer.transport()
        try await withServer(ConnectionTests.numbered) { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<50 {
                    group.addTask {
                        let error = try await expectFailure(.nameResolution) {
                            try await transport.collect(lost("nobody-\(index).example", .milliseconds(700)), upTo: 10)
                        }
                        #expect(error.isRetryable)
                    }
                }
                for _ in 0..<50 {
                    // Shorter than any wait for a name server.
                    let request = HTTPRequest(.get, server.url, deadline: .seconds(2))
                    let status = try await transport.collect(request, upTo: 10).status
                    #expect(status == 200)
                }
                try await group.waitForAll()
            }
        }
        #expect(nameServer.hasBeenAsked)
        await transport.close()
    }

    @Test func `the end does not wait for a silent name server`() async throws {
        let nameServer = try SilentNameServer()
        let transport = try await nameServer.transport()
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<10 {
                group.addTask {
                    try await expectFailure(.closed) {
                        try await transport.collect(lost("nobody-\(index).example"), upTo: 10)
                    }
                }
            }
            while !nameServer.hasBeenAsked { try await Task.sleep(for: .milliseconds(5)) }
            await transport.close()
            try await group.waitForAll()
        }
        // The C library asks for at least ten seconds.
        #expect(start.duration(to: .now) < .seconds(8))
    }

    @Test func `a name that hangs is not asked for again and again`() async throws {
        let nameServer = try SilentNameServer()
        let transport = try await nameServer.transport()
        for _ in 0..<4 {
            let error = try await expectFailure(.nameResolution) {
                try await transport.collect(lost("nobody.example", .milliseconds(1100)), upTo: 10)
            }
            #expect(error.summary == "the name server did not answer before the deadline")
        }
        let error = try await expectFailure(.nameResolution) {
            try await transport.collect(lost("nobody.example"), upTo: 10)
        }
        #expect(error.summary == "the name server has not answered lately; no more questions for now")
        await transport.close()
    }
}
