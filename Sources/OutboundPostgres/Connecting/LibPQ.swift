import CPQ
import Foundation

/// What there is to know about the libpq that we run with.
enum LibPQ {
    /// The keywords that it takes in a connection string.
    ///
    /// Empty only when memory has run out.
    static let keywords: Set<String> = {
        // Not PQconndefaults: that one reads the service file.
        guard let options = PQconninfoParse("", nil) else { return [] }
        defer { PQconninfoFree(options) }
        var names: Set<String> = []
        var option = options
        while let keyword = option.pointee.keyword {
            names.insert(String(cString: keyword))
            option += 1
        }
        return names
    }()

    /// Keeps OpenSSL from freeing everything when the process exits.
    ///
    /// A connecting call that hangs may still be computing then, on a thread that nobody can stop, and would take the
    /// exiting process down with it. Works if no other room has used OpenSSL before. By name, because a libpq may have
    /// been built without OpenSSL.
    ///
    /// - Source: OpenSSL, `OPENSSL_init_crypto(3)`, `OPENSSL_INIT_NO_ATEXIT`.
    static func keepOpenSSLToTheEnd() {
        #if os(Linux)
        typealias Initialise = @convention(c) (_ options: UInt64, _ settings: OpaquePointer?) -> Int32
        guard let initialise = dlsym(nil, "OPENSSL_init_crypto") else { return }
        _ = unsafeBitCast(initialise, to: Initialise.self)(0x8_0000, nil)
        #endif
    }
}
