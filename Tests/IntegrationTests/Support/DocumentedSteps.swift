import Foundation
import Testing

/// The shell blocks of a document under `docs`, so that what users read is what is tested.
struct DocumentedSteps {
    /// The file's name.
    let name: String

    /// Takes a document by its file's name.
    init(_ name: String) { self.name = name }

    /// The commands under a heading, block by block.
    func steps(under heading: String) throws -> [String] {
        let text = try String(contentsOfFile: "\(TestServers.root)/docs/\(name)", encoding: .utf8)
        let section = text.components(separatedBy: "\n## ").first { $0.hasPrefix(heading + "\n") }
        let blocks = try #require(section, "\(name) has no \(heading)").components(separatedBy: "```sh\n").dropFirst()
        return blocks.compactMap { $0.components(separatedBy: "```").first }
    }

    /// The commands under a heading that need no Helm, no KEDA and no node.
    func kubectlSteps(under heading: String) throws -> [String] {
        try steps(under: heading)
            .filter { block in !["helm ", "rollout status", "keda-VERSION"].contains { block.contains($0) } }
    }

    /// Runs commands as a user does who stands in the project's folder.
    static func run(_ commands: String) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "swell-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: "kubectl"),
            withDestinationURL: URL(filePath: try TestServers.variable("KUBECTL"))
        )
        let path = "\(folder.path()):\(ProcessInfo.processInfo.environment["PATH"] ?? "")"
        let kubeconfig = try TestServers.variable("KUBECONFIG")
        try await Command(program: "/bin/bash", environment: ["KUBECONFIG": kubeconfig, "PATH": path])
            .run(["-euo", "pipefail", "-c", "cd '\(TestServers.root)'\n\(commands)"])
    }
}
