#if MariaDB
import Foundation

/// OpenSSL's queue of errors, of which each thread has one.
enum OpenSSLErrors {
    /// Forgets what other connections have left, which the library and OpenSSL itself would take for this one's.
    static func clear() {
        clearQueue?()
    }

    /// OpenSSL's function, by name, because a libmariadb may have been built without OpenSSL.
    private static let clearQueue = dlsym(nil, "ERR_clear_error")
        .map {
            unsafeBitCast($0, to: (@convention(c) () -> Void).self)
        }
}
#endif
