import Foundation
import Outbound
import Synchronization
import Testing

/// A TCP server on loopback that plays a script for each connection, on a thread of its own.
///
/// The script may block; the server's end shuts every connection down, so that each script comes to its end too.
final class ScriptedServer: Sendable {
    /// What a connection does; the connection is closed when it returns.
    typealias Script = @Sendable (ServerConnection) -> Void

    /// The port that it listens on.
    let port: Int
    /// The listening socket.
    private let listener: Int32
    /// Connections so far, and those that are open.
    private let state = Mutex((accepted: 0, open: [ServerConnection](), isStopped: false))

    /// Connections accepted so far.
    var accepted: Int { state.withLock { $0.accepted } }

    /// Its address, as http.
    var url: WebAddress { WebAddress(host: "127.0.0.1", port: port) }

    /// Starts listening on a free port.
    init(_ script: @escaping Script) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(listener >= 0)
        port = try bindToLoopback(listener)
        try #require(listen(listener, 1024) == 0)
        let thread = Thread { self.acceptAll(script) }
        thread.start()
    }

    /// Ends every connection and the server.
    func stop() {
        let open = state.withLock { state in
            state.isStopped = true
            return state.open
        }
        shutdown(listener, Int32(SHUT_RDWR))
        for connection in open { connection.shutDown() }
    }

    /// Accepts until ``stop()``.
    private func acceptAll(_ script: @escaping Script) {
        while true {
            let descriptor = accept(listener, nil, nil)
            if descriptor < 0 { break }
            let connection = state.withLock { state in
                state.accepted += 1
                let connection = ServerConnection(descriptor, number: state.accepted)
                state.open.append(connection)
                if state.isStopped { connection.shutDown() }
                return connection
            }
            let thread = Thread {
                script(connection)
                self.state.withLock { state in
                    state.open.removeAll { $0 === connection }
                    connection.close()
                }
            }
            thread.start()
        }
        close(listener)
    }
}

/// Runs a body against a scripted server.
@discardableResult
func withServer<Answer>(
    _ script: @escaping ScriptedServer.Script,
    _ body: (ScriptedServer) async throws -> Answer
) async throws -> Answer {
    let server = try ScriptedServer(script)
    defer { server.stop() }
    return try await body(server)
}
