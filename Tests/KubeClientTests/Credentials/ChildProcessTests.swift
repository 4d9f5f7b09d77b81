import Testing

@testable import KubeClient

@Suite struct ChildProcessTests {
    /// A shell with a script.
    static func shell(_ script: String) -> ChildProcess {
        ChildProcess(program: "/bin/sh", arguments: ["-c", script], environment: ["PATH": "/usr/bin:/bin", "X": "y"])
    }

    @Test func `both outputs and the status come back`() async throws {
        let outcome = try await Self.shell("echo out $X; echo err >&2; exit 7").run(deadline: .seconds(30), limit: 100)
        #expect(outcome.status == 7)
        #expect(outcome.output == Array("out y\n".utf8) && outcome.errors == Array("err\n".utf8))
    }

    @Test func `what takes too long is killed`() async throws {
        let error = await #expect(throws: KubeError.self) {
            try await Self.shell("trap '' TERM; while true; do sleep 1; done")
                .run(deadline: .milliseconds(300), limit: 100)
        }
        #expect(error?.code == .timedOut)
    }

    @Test func `a grandchild that holds the pipes is not waited for`() async throws {
        let outcome = try await Self.shell("sleep 30 & echo done").run(deadline: .seconds(20), limit: 100)
        #expect(outcome.output == Array("done\n".utf8))
    }

    @Test func `a chatty standard error does not stall it`() async throws {
        let outcome = try await Self.shell("head -c 1000000 /dev/zero >&2; echo done")
            .run(deadline: .seconds(30), limit: 100)
        #expect(outcome.output == Array("done\n".utf8) && outcome.errors.count == 100)
    }

    @Test func `a program that cannot be started says so`() async throws {
        let child = ChildProcess(program: "/nowhere/at-all", arguments: [], environment: [:])
        let error = await #expect(throws: KubeError.self) { try await child.run(deadline: .seconds(5), limit: 10) }
        #expect(error?.code == .noCredentials)
    }

    @Test(arguments: [
        ("sh", "/nowhere:/bin", "/bin/sh"), ("sh", "", nil), ("/bin/sh", "", "/bin/sh"), ("./sh", "/bin", nil),
    ])
    func `a name is found in PATH, a path is taken as it is`(command: String, path: String, found: String?) {
        #expect(ChildProcess.find(command, path: path) == found)
    }
}
