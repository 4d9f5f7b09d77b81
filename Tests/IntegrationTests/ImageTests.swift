import Foundation
import Testing

/// The Dockerfile, as far as it can be looked at without a container engine.
@Suite struct ImageTests {
    /// What Debian's slim image has of what we link.
    static let ofBase: Set = ["libc6", "libgcc-s1", "libstdc++6"]

    /// The packages that the last stage installs.
    static func installed() throws -> Set<String> {
        let text = try String(contentsOfFile: "\(TestServers.root)/Dockerfile", encoding: .utf8)
        let stage = try #require(text.components(separatedBy: "\nFROM ").last)
        let line = try #require(stage.split(separator: "\n").first { $0.contains("apt-get install") })
        return Set(line.split(separator: " ").drop { $0 != "install" }.dropFirst().map(String.init))
            .filter { !$0.hasPrefix("--") && $0 != "\\" }
    }

    /// The libraries that the executable names, without those of Swift, which are inside a release build.
    static func linked() async throws -> [String] {
        let swift = ["libswift", "libFoundation", "lib_Foundation", "libdispatch", "libBlocksRuntime"]
        return try await Command(program: "/usr/bin/readelf").run(["--dynamic", "\(SwellProcess.executable)"])
            .split(separator: "\n").filter { $0.contains("(NEEDED)") }
            .compactMap { $0.split(separator: "[").last?.split(separator: "]").first.map(String.init) }
            .filter { library in !library.hasPrefix("ld-linux") && !swift.contains { library.hasPrefix($0) } }
    }

    @Test func `the image has what the executable links`() async throws {
        let (installed, libraries) = (try Self.installed(), try await Self.linked())
        #expect(libraries.contains("libpq.so.5") && libraries.contains("libcurl.so.4"), "\(libraries)")
        for library in libraries {
            // Such as `libpq5:amd64: /usr/lib/x86_64-linux-gnu/libpq.so.5`.
            let owners = try await Command(program: "/usr/bin/dpkg-query").run(["--search", "*/\(library)"])
            let package = try #require(owners.split(separator: ":").first.map(String.init))
            #expect(installed.union(Self.ofBase).contains(package), "\(library) is of \(package)")
        }
    }

    #if MariaDB
    @Test func `the image has MySQL and its ways of authentication`() async throws {
        #expect(try await Self.linked().contains("libmariadb.so.3"))
        let files = try await Command(program: "/usr/bin/dpkg-query").run(["--listfiles", "libmariadb3"])
        for way in ["caching_sha2_password", "sha256_password", "client_ed25519", "mysql_clear_password"] {
            #expect(files.contains("/plugin/\(way).so"))
        }
        #expect(try Self.installed().contains("libmariadb3"))
    }
    #endif
}
