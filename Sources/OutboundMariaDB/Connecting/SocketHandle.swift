#if MariaDB
import Foundation
import Synchronization

/// A second descriptor of a connection's socket, by which any thread ends whatever waits for the server.
///
/// The library closes its own when it gives up, and the system may give that number to somebody else.
final class SocketHandle: Sendable {
    /// What is known of the socket.
    private struct State {
        /// -1 as long as there is none.
        var descriptor: Int32 = -1
        var isShutDown = false
    }

    /// See ``State``.
    private let state = Mutex(State())

    /// The descriptor; -1 as long as there is no socket.
    var descriptor: Int32 { state.withLock { $0.descriptor } }

    /// Takes a socket of the library's, instead of the one before.
    ///
    /// It is shut down at once if the connection has been given up by now.
    func take(_ socket: Int32) {
        let own = fcntl(socket, F_DUPFD_CLOEXEC, 0)
        state.withLock { state in
            if state.descriptor >= 0 { close(state.descriptor) }
            state.descriptor = own
            if state.isShutDown { shutdown(own, Int32(SHUT_RDWR)) }
        }
    }

    /// Ends every call that waits for the server, now and later.
    func shutDown() {
        state.withLock { state in
            state.isShutDown = true
            shutdown(state.descriptor, Int32(SHUT_RDWR))
        }
    }

    deinit {
        let descriptor = state.withLock { $0.descriptor }
        if descriptor >= 0 { close(descriptor) }
    }
}
#endif
