import Foundation
import Outbound
import Synchronization

/// Runs a credential plug-in when its last answer has expired or was refused; never two runs at once.
final class PluginCredentials: Sendable {
    /// An answer of the plug-in, numbered so that an old refusal cannot drop a new answer.
    struct Issue: Sendable {
        /// Counts the runs.
        let number: Int
        /// What the run gave.
        let credential: ExecCredential
    }

    /// The longest run; GKE's plug-in may ask a metadata server.
    private static let deadline = Duration.seconds(60)

    /// What is run.
    private let plugin: ExecPlugin
    /// Our own environment, which the plug-in inherits.
    private let environment: [String: String]
    /// How the authorities' file is read.
    private let files: TextFiles
    /// The clocks.
    private let time: TimeSource
    /// One run at a time; who waited finds the answer there.
    private let gate = SerialGate()
    /// The last answer, and how many there were.
    private let state = Mutex<(runs: Int, latest: Issue?)>((0, nil))

    /// Nothing is run yet.
    init(_ plugin: ExecPlugin, environment: [String: String], files: TextFiles, time: TimeSource) {
        self.plugin = plugin
        self.environment = environment
        self.files = files
        self.time = time
    }

    /// The last answer if it is good, else a new one.
    ///
    /// - Throws: ``KubeError`` `.noCredentials`, `.cancelled`.
    func current() async throws(KubeError) -> Issue {
        if let issue = fresh() { return issue }
        return try await gate.inTurn { () throws(KubeError) in
            if let issue = self.fresh() { return issue }
            let credential = try await self.run()
            return self.state.withLock { state in
                let issue = Issue(number: state.runs + 1, credential: credential)
                state = (issue.number, issue)
                return issue
            }
        }
    }

    /// An answer was refused with 401.
    func refused(_ number: Int) {
        state.withLock { if $0.latest?.number == number { $0.latest = nil } }
    }

    /// The last answer, if it is still good.
    private func fresh() -> Issue? {
        let now = time.now()
        return state.withLock { $0.latest.flatMap { $0.credential.isFresh(at: now) ? $0 : nil } }
    }

    /// One run.
    private func run() async throws(KubeError) -> ExecCredential {
        var authorities: String?
        switch plugin.cluster?.authorities {
        case .text(let text): authorities = text.withValue { $0 }
        case .file(let path): authorities = try files.text(path, for: "the certificate authority")
        case nil: break
        }
        var environment = environment.merging(plugin.environment) { _, own in own }
        do {
            environment["KUBERNETES_EXEC_INFO"] = try plugin.info(authorities: authorities)
        } catch {
            throw KubeError(
                .noCredentials,
                "the cluster's settings for the credential plugin are not JSON",
                cause: error
            )
        }
        guard let program = ChildProcess.find(plugin.command, path: environment["PATH"] ?? "") else {
            let hint = plugin.installHint.map { ": \($0)" } ?? "; is it installed and in PATH?"
            throw KubeError(.noCredentials, "the credential plugin \(plugin.command) was not found\(hint)")
        }
        let child = ChildProcess(program: program, arguments: plugin.arguments, environment: environment)
        let outcome = try await child.run(deadline: Self.deadline, limit: 1 << 20)
        guard outcome.status == 0 else {
            throw KubeError(
                .noCredentials,
                "the credential plugin \(plugin.command) ended with status \(outcome.status)",
                detail: String(decoding: outcome.errors.suffix(500), as: UTF8.self)
            )
        }
        return try ExecCredential(output: outcome.output, version: plugin.version)
    }
}
