import ArgumentParser
import CustomResources
import Foundation
import KubeClient
import KubeModel
import Manifests

/// What stands in the cluster at the start: our CRDs, then the user's manifests, then the demo's.
struct LocalSeed: Sendable {
    /// The cluster.
    let client: KubeClient
    /// The flags.
    let options: LocalCommand
    /// Gives the port of the demo's source; `nil` without a demo.
    let demoPort: AsyncStream<Int>?

    /// Creates our CRDs, before anybody looks for their objects.
    func define() async throws {
        var own = ManifestReading()
        for (name, bytes) in CustomResources.files.sorted(by: { $0.key < $1.key }) {
            own.add(String(decoding: bytes, as: UTF8.self), from: name)
        }
        try await create(own)
    }

    /// Creates the user's objects, then the demo's.
    ///
    /// - Throws: `ValidationError` that names the manifests that cannot be read; `KubeError` for one that the cluster
    ///   refuses.
    func plant() async throws {
        if !options.filenames.isEmpty { try await create(ManifestFiles(options.filenames).read()) }
        guard var ports = demoPort?.makeAsyncIterator(), let port = await ports.next() else { return }
        var demo = ManifestReading()
        demo.add(DemoSource.manifests(source: port), from: "demo")
        try await create(demo)
    }

    /// Creates the objects of some manifests, those first that others need.
    private func create(_ reading: ManifestReading) async throws {
        guard reading.problems.isEmpty else {
            throw ValidationError(reading.problems.map { "\($0.file): \($0.message)" }.joined(separator: "\n"))
        }
        let discovery = Discovery(client, missLifetime: .zero)
        let needed = ["CustomResourceDefinition", "Namespace"]
        let ordered =
            reading.manifests.filter { needed.contains($0.kind) }
            + reading.manifests.filter { !needed.contains($0.kind) }
        for manifest in ordered {
            let type = try await discovery.kind(manifest.kind, in: GroupVersion(apiVersion: manifest.apiVersion)).type
            let namespace = manifest.key.namespace.isEmpty ? "default" : manifest.key.namespace
            let request = try KubeRequest.create(manifest.content, as: type, in: type.isNamespaced ? namespace : nil)
            _ = try await client.send(request)
        }
    }
}

/// A file that only its owner may read.
enum PrivateFile {
    /// Writes a text in place of what was there.
    ///
    /// - Throws: an error that names the file.
    static func write(_ text: String, to path: String) throws {
        let manager = FileManager.default
        try? manager.removeItem(atPath: path)  // It may not be there.
        guard manager.createFile(atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600]) else {
            throw ValidationError("cannot write \(path)")
        }
    }
}

/// Standard output.
enum StandardOutput {
    /// Writes a text; a reader that has gone away ends the process by signal, as in any pipe.
    @Sendable static func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }
}
