import Foundation
import Subprocess
import TestKit
import Testing

extension RealServers {
    /// `swell local`, the real program, as people use it with kubectl.
    @Suite(.serialized) struct Local {
        /// Runs `swell local` while a body uses kubectl on it.
        private static func with(_ program: String, _ body: (Command) async throws -> Void) async throws {
            let folder = FileManager.default.temporaryDirectory.appending(path: "swell-local-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let kubeconfig = folder.appending(path: "kubeconfig").path()
            let result = try await Subprocess.run(
                .path(SwellProcess.executable),
                arguments: ["local", "--kubeconfig-out", kubeconfig, "--hpa-sync", "1s"],
                input: .none,
                output: .discarded,
                error: .discarded
            ) { execution in
                do {
                    try await eventually("a kubeconfig", within: .seconds(60)) {
                        FileManager.default.fileExists(atPath: kubeconfig)
                    }
                    try await body(
                        Command(program: program, environment: ["KUBECONFIG": kubeconfig, "HOME": folder.path()])
                    )
                    try execution.send(signal: .terminate)
                } catch {
                    try execution.send(signal: .kill)
                    throw error
                }
            }
            #expect(result.terminationStatus == .exited(0))
        }

        @Test(arguments: APIBehaviourKubectl.programs)
        func `all of Swell is applied over what is there, and an object becomes ready`(program: String) async throws {
            try await Self.with(program) { kubectl in
                let config = "\(TestServers.root)/config"
                try await kubectl.run(["apply", "-k", "\(config)/default"])
                let again = try await kubectl.run(["apply", "-k", "\(config)/default"]).split(separator: "\n")
                #expect(again.count == 23 && again.allSatisfy { $0.hasSuffix(" unchanged") }, "\(again)")
                try await kubectl.run(["apply", "--server-side", "-k", "\(config)/default"])
                try await kubectl.run(["apply", "-f", "\(config)/samples/hello-cron.yaml"])
                try await kubectl.run(["wait", "--for=condition=Ready", "so/hello", "--timeout=60s"])
                let wrong = """
                    apiVersion: keda.sh/v1alpha1
                    kind: ScaledObject
                    metadata: {name: wrong}
                    spec:
                      scaleTargetRef: {name: hello}
                      minReplicaCount: -1
                    """
                let refused = await #expect(throws: Command.Failed.self) {
                    try await kubectl.run(["apply", "-f", "-"], input: wrong)
                }
                let output = refused?.output ?? ""
                #expect(output.contains("The ScaledObject \"wrong\" is invalid: "), "\(output)")
                #expect(output.contains("spec.triggers: Required value"), "\(output)")
                #expect(
                    output.contains("spec.minReplicaCount in body should be greater than or equal to 0"),
                    "\(output)"
                )
            }
        }
    }
}
