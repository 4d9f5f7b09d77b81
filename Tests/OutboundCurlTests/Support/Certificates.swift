import Foundation
import Testing

/// Certificates for one run of the tests, made by `openssl` (Debian's package of that name).
struct Certificates: Sendable {
    /// The name in the server's certificate; nothing resolves it.
    static let serverName = "good.test"
    /// The password of ``encryptedKey``.
    static let password = "canary-password"

    /// The authority that has signed the server and the client.
    let authority: String
    /// An authority that has signed nothing.
    let otherAuthority: String
    /// The server's certificate and key.
    let server: (certificate: String, key: String)
    /// A client's certificate and key.
    let client: (certificate: String, key: String)
    /// The client's key, encrypted.
    let encryptedKey: String
    /// A key that belongs to no certificate here.
    let otherKey: String

    /// The ones of this run.
    static func make() throws -> Certificates { try made.get() }

    /// Made once, when first asked for.
    private static let made = Result { try Certificates() }

    /// Makes all of them.
    private init() throws {
        let folder = try TemporaryFolder()
        /// Makes a key and a certificate, signed by itself or by another.
        func issue(_ name: String, by signer: String? = nil, _ more: [String] = []) throws -> (String, String) {
            let signing = signer.map { ["-CA", "\($0).pem", "-CAkey", "\($0).key"] } ?? []
            try openssl(
                ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"]
                    + ["-subj", "/CN=\(name)", "-keyout", "\(name).key", "-out", "\(name).pem"] + signing + more,
                in: folder
            )
            return (try folder.read("\(name).pem"), try folder.read("\(name).key"))
        }
        (authority, _) = try issue("authority")
        (otherAuthority, otherKey) = try issue("other")
        server = try issue("server", by: "authority", ["-addext", "subjectAltName=DNS:\(Self.serverName)"])
        client = try issue("client", by: "authority")
        try openssl(
            ["pkcs8", "-topk8", "-in", "client.key", "-out", "encrypted.key", "-passout", "pass:\(Self.password)"],
            in: folder
        )
        encryptedKey = try folder.read("encrypted.key")
    }
}

/// Runs `openssl` in a folder.
private func openssl(_ arguments: [String], in folder: TemporaryFolder) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = arguments
    process.currentDirectoryURL = folder.url
    let output = Pipe()
    process.standardError = output
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "openssl failed; is Debian's package openssl installed? \(text)")
}

/// A folder that goes with its last reference.
final class TemporaryFolder: Sendable {
    /// Where it is.
    let url: URL

    /// Makes it.
    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "swell-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        // What cannot be removed is left to the system's own cleaning.
        try? FileManager.default.removeItem(at: url)
    }

    /// A file's text.
    func read(_ name: String) throws -> String {
        try String(contentsOf: url.appending(path: name), encoding: .utf8)
    }

    /// Makes a file.
    func write(_ text: String, _ name: String) throws {
        try text.write(to: url.appending(path: name), atomically: false, encoding: .utf8)
    }
}
