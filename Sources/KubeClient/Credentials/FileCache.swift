import Outbound
import Synchronization

/// Texts of files, read again at most once a minute: tokens and certificates are rotated under our feet.
final class FileCache: Sendable {
    /// A text and when it was read, by uptime.
    private struct Entry {
        /// What the file held.
        let text: String
        /// When.
        let read: Duration
    }

    /// How long a text is taken as it is.
    ///
    /// The kubelet renews a token when a fifth of its hour is left.
    private static let lifetime = Duration.seconds(60)

    /// How files are read.
    private let files: TextFiles
    /// The clocks.
    private let time: TimeSource
    /// What was read, by path.
    private let entries = Mutex<[String: Entry]>([:])

    /// Nothing is read yet.
    init(_ files: TextFiles, time: TimeSource) {
        self.files = files
        self.time = time
    }

    /// The text of a file.
    ///
    /// When it cannot be read any more, what was read last stands.
    ///
    /// - Throws: ``KubeError`` `.noCredentials` when it has never been read.
    func text(_ path: String, for purpose: String) throws(KubeError) -> String {
        let now = time.uptime()
        let known = entries.withLock { $0[path] }
        if let known, now - known.read < Self.lifetime { return known.text }
        let text: String
        do {
            text = try files.text(path, for: purpose)
        } catch {
            guard let known else { throw error }
            text = known.text
        }
        entries.withLock { $0[path] = Entry(text: text, read: now) }
        return text
    }

    /// Has every file read again when it is next needed.
    func forget() {
        entries.withLock { entries in
            entries = entries.mapValues { Entry(text: $0.text, read: $0.read - Self.lifetime) }
        }
    }
}
