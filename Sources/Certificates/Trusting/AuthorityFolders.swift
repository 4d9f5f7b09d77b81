import Foundation
public import Logging
public import Outbound
public import ServiceLifecycle
import SwiftASN1
import Synchronization
import X509

/// Certificates in folders that a user wants to be trusted besides the system's.
///
/// Every file of a folder may hold some; folders in it are left out, and so is what begins with `..`, by which a mounted
/// ConfigMap keeps its versions. What is no certificate is told and left out, or it would spoil all of TLS.
///
/// - Source: KEDA, `pkg/util/certificates.go`.
public final class AuthorityFolders: Service {
    /// What has been read.
    private struct State {
        /// What the files were like.
        var stamp: [String]
        /// All certificates, PEM.
        var text: String?
    }

    /// See ``State``.
    private let state: Mutex<State>
    /// Where to look.
    private let folders: [String]
    /// The clocks.
    private let time: TimeSource
    /// Where to tell what is left out.
    private let logger: Logger

    /// How often to look for changes; a kubelet takes a minute to bring one.
    private static let interval = Duration.seconds(30)
    /// Bytes of one file; more is left out.
    private static let limit = 4 << 20

    /// Reads what is there; a folder that is not there may come later.
    public init(_ folders: [String], time: TimeSource, logger: Logger) {
        self.folders = folders
        self.time = time
        self.logger = logger
        let files = Self.files(in: folders)
        self.state = Mutex(State(stamp: files.map(\.stamp), text: Self.read(files, logger)))
    }

    /// All certificates, PEM; `nil` if there are none.
    public var text: String? { state.withLock { $0.text } }

    /// Reads anew what has changed, until the graceful shutdown.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            // Cancellation ends the loop; nothing else ends a sleep.
            while (try? await self.time.sleep(Self.interval)) != nil { self.reloadIfNeeded() }
        }
    }

    /// Looks once; called by ``run()``.
    func reloadIfNeeded() {
        let files = Self.files(in: folders)
        let stamp = files.map(\.stamp)
        guard state.withLock({ $0.stamp != stamp }) else { return }
        let text = Self.read(files, logger)
        state.withLock { $0 = State(stamp: stamp, text: text) }
        logger.info("the folders of trusted certificates have been read again")
    }

    /// Every file that may hold certificates, and what tells its states apart.
    private static func files(in folders: [String]) -> [(path: String, stamp: String)] {
        folders.flatMap { folder -> [(path: String, stamp: String)] in
            // A folder that cannot be listed has nothing for us.
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.filter { !$0.hasPrefix("..") }.sorted()
                .compactMap { name in
                    let path = folder + "/" + name
                    var found = stat()
                    guard stat(path, &found) == 0, found.st_mode & S_IFMT == S_IFREG else { return nil }
                    let times = "\(found.st_mtim.tv_sec).\(found.st_mtim.tv_nsec)"
                    return (path, "\(path) \(found.st_dev):\(found.st_ino):\(found.st_size):\(times)")
                }
        }
    }

    /// The good certificates of all files.
    private static func read(_ files: [(path: String, stamp: String)], _ logger: Logger) -> String? {
        let certificates = files.flatMap { file -> [String] in
            guard let text = text(of: file.path) else {
                logger.warning("a file of trusted certificates cannot be read", metadata: ["file": "\(file.path)"])
                return []
            }
            let blocks = blocks(of: text)
            let good = blocks.filter { (try? Certificate(pemEncoded: $0)) != nil }  // The rest is told below.
            if good.count < blocks.count || blocks.isEmpty {
                logger.warning(
                    "a file of trusted certificates holds what is none",
                    metadata: ["file": "\(file.path)", "good": "\(good.count)", "bad": "\(blocks.count - good.count)"]
                )
            }
            return good
        }
        return certificates.isEmpty ? nil : certificates.joined(separator: "\n") + "\n"
    }

    /// What a file holds; `nil` if it cannot be had, or is too large for what it should be.
    private static func text(of path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        // An error of the disk is the same to us as a file without the right to read it.
        guard let bytes = try? file.read(upToCount: limit + 1), bytes.count <= limit else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The parts of a text that call themselves certificates.
    private static func blocks(of text: String) -> [String] {
        text.matches(of: /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/).map { String($0.output) }
    }
}
