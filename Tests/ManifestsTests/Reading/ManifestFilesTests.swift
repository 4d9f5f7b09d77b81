import Foundation
import Manifests
import Testing

@Suite struct ManifestFilesTests {
    /// Runs a body in a folder that is gone afterwards.
    private func inFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        for (name, text) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    private static let tree = [
        "b.yaml": "kind: B", "a.yml": "kind: A", "c.json": #"{"kind": "C"}"#, "d.txt": "kind: D",
        "sub/e.yaml": "kind: E",
    ]

    @Test func `a folder gives its manifests by name, deeper ones only when asked`() throws {
        try inFolder(Self.tree) { folder in
            #expect(ManifestFiles([folder]).read().manifests.map(\.kind) == ["A", "B", "C"])
            #expect(ManifestFiles([folder], isRecursive: true).read().manifests.map(\.kind) == ["A", "B", "C", "E"])
        }
    }

    @Test func `a file that is named is read whatever its ending, once`() throws {
        try inFolder(Self.tree) { folder in
            let file = "\(folder)/d.txt"
            let reading = ManifestFiles([file, file]).read()
            #expect(reading.manifests.map(\.kind) == ["D"])
            #expect(reading.files == [file])
        }
    }

    @Test func `what cannot be read is told, and the rest is read`() throws {
        try inFolder(["a.yaml": "kind: A", "empty/x.txt": ""]) { folder in
            let paths = ["\(folder)/none.yaml", "\(folder)/empty", "\(folder)/a.yaml"]
            let reading = ManifestFiles(paths).read()
            #expect(reading.manifests.map(\.kind) == ["A"])
            #expect(reading.problems.map(\.file) == Array(paths.prefix(2)))
            #expect(
                reading.problems.map(\.message) == [
                    "there is no such file or folder", "the folder holds no .yaml, .yml or .json file",
                ]
            )
        }
    }

    @Test func `files that are no text or too large are told`() throws {
        try inFolder([:]) { folder in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data([0x61, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: "\(folder)/a.yaml"))
            try Data(count: ManifestFiles.largest + 1).write(to: URL(fileURLWithPath: "\(folder)/b.yaml"))
            let reading = ManifestFiles([folder]).read()
            #expect(
                reading.problems.map(\.message) == ["it is not UTF-8 text", "it is larger than 16 MiB; split it"]
            )
        }
    }

    @Test func `a dash is standard input`() throws {
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data("kind: A\n---\nkind: [".utf8))
        try pipe.fileHandleForWriting.close()
        let reading = ManifestFiles(["-"]).read(standardInput: pipe.fileHandleForReading)
        #expect(reading.manifests.map(\.kind) == ["A"])
        #expect(reading.problems.map(\.file) == ["<stdin>"])
    }
}
