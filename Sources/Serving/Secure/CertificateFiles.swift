public import Certificates
public import Foundation
import Outbound

/// A certificate in two files of a directory, `tls.crt` and `tls.key`, as Kubernetes mounts a Secret of type TLS.
public struct CertificateFiles: CertificateSource {
    /// The two paths, certificate first.
    private let paths: [String]
    /// Reads them.
    private let files: FileView

    /// Names the directory; nothing is read yet.
    public init(directory: String, files: FileView = .disk) {
        self.paths = ["tls.crt", "tls.key"].map { directory.hasSuffix("/") ? directory + $0 : directory + "/" + $0 }
        self.files = files
    }

    /// Which files there are, links followed.
    ///
    /// A mounted Secret changes by one link, `..data`, so both files change at once.
    public func stamp(now: Date) throws -> String {
        try paths.map { try files.identity($0) }.joined(separator: " ")
    }

    /// What the files hold.
    public func pair(now: Date) throws -> CertificatePair {
        CertificatePair(
            certificates: String(decoding: try files.read(paths[0]), as: UTF8.self),
            privateKey: Secret(String(decoding: try files.read(paths[1]), as: UTF8.self))
        )
    }
}

/// The part of a file system that is needed here, handed in so that tests can do without one.
public struct FileView: Sendable {
    /// Tells one state of a file from another without reading it; links are followed.
    public let identity: @Sendable (String) throws -> String
    /// All that a file holds.
    public let read: @Sendable (String) throws -> [UInt8]

    /// Makes a view from its two functions.
    public init(
        identity: @escaping @Sendable (String) throws -> String,
        read: @escaping @Sendable (String) throws -> [UInt8]
    ) {
        self.identity = identity
        self.read = read
    }

    /// The machine's own files, up to 1 MiB each.
    public static let disk = FileView(
        identity: { path in
            var found = stat()
            guard stat(path, &found) == 0 else { throw ServingError(unreadable: path, errno) }
            return "\(found.st_dev):\(found.st_ino):\(found.st_size):\(found.st_mtim.tv_sec).\(found.st_mtim.tv_nsec)"
        },
        read: { path in
            guard let file = fopen(path, "rb") else { throw ServingError(unreadable: path, errno) }
            defer { fclose(file) }
            var bytes = [UInt8](repeating: 0, count: (1 << 20) + 1)
            let count = fread(&bytes, 1, bytes.count, file)
            guard ferror(file) == 0, count < bytes.count else { throw ServingError(unreadable: path, EFBIG) }
            return Array(bytes.prefix(count))
        }
    )
}

extension ServingError {
    /// A file that cannot be had, with the system's reason.
    fileprivate init(unreadable path: String, _ code: Int32) {
        self.init(.badCertificate, "cannot read \(path): \(String(cString: strerror(code)))")
    }
}
