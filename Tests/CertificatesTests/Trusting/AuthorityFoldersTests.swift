import Foundation
import Logging
import Outbound
import Testing

@testable import Certificates

@Suite struct AuthorityFoldersTests {
    /// A folder of this test, which goes with its last reference.
    final class Folder {
        let url = FileManager.default.temporaryDirectory.appending(path: "swell-test-\(UUID().uuidString)")

        init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

        deinit { try? FileManager.default.removeItem(at: url) }  // else the system's own cleaning has it

        /// Makes a file.
        func write(_ text: String, _ name: String) throws {
            let file = url.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
    }

    /// A new authority's certificate, PEM.
    static func certificate() throws -> String {
        try CertificateAuthority(now: Date(timeIntervalSince1970: 1_781_604_000)).certificate
    }

    /// What folders of these paths hold.
    func folders(_ paths: String...) -> AuthorityFolders {
        AuthorityFolders(
            paths,
            time: .system,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
    }

    /// The certificates in a text.
    func count(_ text: String?) -> Int { (text ?? "").components(separatedBy: "BEGIN CERTIFICATE").count - 1 }

    @Test func `folders that are not there trust nobody`() throws {
        #expect(folders().text == nil)
        #expect(folders("/nowhere/\(UUID().uuidString)").text == nil)
        #expect(folders(try Folder().url.path).text == nil)
    }

    @Test func `every certificate of every file in every folder is taken`() throws {
        let (one, other) = (try Folder(), try Folder())
        let certificates = try (0..<4).map { _ in try Self.certificate() }
        try one.write("# ours\n" + certificates[0] + "\n" + certificates[1], "b.pem")
        try one.write(certificates[2], "a")
        try other.write(certificates[3], "ca.crt")
        let text = try #require(folders(one.url.path, other.url.path).text)
        let order = [2, 0, 1, 3].map { certificates[$0].trimmingCharacters(in: .whitespacesAndNewlines) }
        #expect(text == order.joined(separator: "\n") + "\n")
    }

    @Test func `folders, hidden versions of a mount, and what is no certificate are left out`() throws {
        let folder = try Folder()
        let good = try Self.certificate()
        try folder.write(good, "..2026_06_16/ca.crt")
        try folder.write(good, "deeper/ca.crt")
        try folder.write(good, "..ca.crt")
        try folder.write("no certificate", "README")
        try folder.write("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + good, "half")
        try folder.write(String(repeating: " ", count: 5 << 20) + good, "large")
        try FileManager.default.createSymbolicLink(
            atPath: folder.url.appending(path: "linked.crt").path,
            withDestinationPath: "..2026_06_16/ca.crt"
        )
        #expect(count(folders(folder.url.path).text) == 2, "the good half, and the link into the mount")
    }

    @Test func `a change is seen, and so is its end`() throws {
        let folder = try Folder()
        let folders = folders(folder.url.path)
        #expect(folders.text == nil)
        try folder.write(try Self.certificate(), "ca.crt")
        folders.reloadIfNeeded()
        #expect(count(folders.text) == 1)
        try FileManager.default.removeItem(at: folder.url.appending(path: "ca.crt"))
        folders.reloadIfNeeded()
        #expect(folders.text == nil)
    }
}
