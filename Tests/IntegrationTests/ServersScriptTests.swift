import Foundation
import Subprocess
import SystemPackage
import TestKit
import Testing

/// `config/dev/servers/mariadb.sh`, without a server.
@Suite struct MariaDBFolderTests {
    @Test func `a data folder that was not made to its end is made again`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "swell-folder-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer {
            // What is left is a few empty files.
            try? FileManager.default.removeItem(at: folder)
        }
        let script = """
            set -euo pipefail
            run=$1
            declare -A listeners=() ports=()
            source "$2/config/dev/lib/say.sh"
            source "$2/config/dev/servers/mariadb.sh"
            mariadb_password=word
            as_unprivileged() { local -n words=$1; words=(); }
            pki() { printf '%s/%s' "$run" "$1"; }
            log_of() { printf '%s/log' "$run"; }
            pick_ports() { :; }
            give() { :; }
            show_log() { :; }
            printf '#!/bin/bash\necho >>../tries\nmkdir data && [[ ! -e ../fails ]]\n' >"$run/mariadb-install-db"
            chmod +x "$run/mariadb-install-db"
            PATH=$run:$PATH
            touch "$run/fails" "$run/mariadb.crt" "$run/mariadb.key"
            if (mariadb_configure); then exit 1; fi
            rm "$run/fails"
            mariadb_configure
            mariadb_configure
            wc --lines <"$run/tries"
            """
        let tries = try await Command(program: "/bin/bash")
            .run(["-c", script, "bash", folder.path(), TestServers.root])
        #expect(tries.trimmingCharacters(in: .whitespacesAndNewlines) == "2")
    }
}

extension RealServers {
    /// `config/dev/servers.sh`, which starts what the other suites run against.
    @Suite(.serialized, .timeLimit(.minutes(5))) struct ServersScript {
        /// The command lines of all processes that name a folder.
        static func processes(naming folder: String) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { $0.allSatisfy(\.isNumber) }
                .compactMap { pid in
                    // A process may end while we look.
                    guard let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else { return nil }
                    let text = String(decoding: line, as: UTF8.self).replacing("\0", with: " ")
                    return text.contains(folder) ? text : nil
                }
        }

        @Test func `nothing is left of it when it is killed outright`() async throws {
            let folder = FileManager.default.temporaryDirectory.appending(path: "swell-killed-\(UUID().uuidString)")
            try FileManager.default.createDirectory(
                at: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o711]
            )
            let marker = folder.appending(path: "ready").path()
            // The command ends with the script, since nobody else would end it.
            let command = "touch \(marker) && exec tail --pid=$PPID -f /dev/null"
            let result = try await Subprocess.run(
                .path(FilePath("\(TestServers.root)/config/dev/servers.sh")),
                arguments: ["run", "--", "bash", "-c", command],
                environment: .inherit.updating(["TMPDIR": folder.path()]),
                input: .none,
                output: .discarded,
                error: .discarded
            ) { execution in
                try await eventually("the servers", within: .seconds(180)) {
                    FileManager.default.fileExists(atPath: marker)
                }
                try #expect(Self.processes(naming: folder.path()).count > 5)
                try execution.send(signal: .kill)
            }
            #expect(result.terminationStatus == .signaled(SIGKILL))
            try await eventually("the end of the servers", within: .seconds(60)) {
                try Self.processes(naming: folder.path()).isEmpty
            }
            try await eventually("the end of their folder", within: .seconds(30)) {
                try FileManager.default.contentsOfDirectory(atPath: folder.path()) == ["ready"]
            }
            try FileManager.default.removeItem(at: folder)
        }
    }
}
