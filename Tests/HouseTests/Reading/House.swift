import Foundation

/// The repository as text.
enum House {
    /// Its root, found from the place of this file.
    static let root: URL = {
        var folder = URL(filePath: #filePath).resolvingSymlinksInPath()
        for _ in ["House.swift", "Reading", "HouseTests", "Tests"] { folder.deleteLastPathComponent() }
        return folder
    }()

    /// Every Swift file of `Sources` and `Tests`.
    static let swift = paths(in: ["Sources", "Tests"]).filter { $0.hasSuffix(".swift") }.compactMap(read)

    /// Every committed text: sources, scripts, manifests, documents.
    static let texts = (paths(in: ["Sources", "Tests", "config", "charts", "docs", ".ci"]) + topLevel).compactMap(read)

    /// The text of `Package.swift`.
    static var manifest: Manifest {
        get throws { try Manifest(file("Package.swift").commentless) }
    }

    /// Texts that stand at the root; those that are not there yet are left out.
    private static let topLevel = [
        "Package.swift", "Makefile", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", ".gitignore", ".swift-format",
    ]

    /// One file.
    ///
    /// - Throws: what the file system says if it cannot be read.
    static func file(_ path: String) throws -> SourceFile {
        SourceFile(path: path, text: try String(contentsOf: root.appending(path: path), encoding: .utf8))
    }

    /// Whether there is such a file or folder.
    static func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    /// The names of the folders in a folder, in order.
    static func folders(in path: String) throws -> [String] {
        let entries = try FileManager.default.contentsOfDirectory(
            at: root.appending(path: path),
            includingPropertiesForKeys: nil,
            options: [.skipsHiddenFiles]
        )
        return entries.filter(\.hasDirectoryPath).map(\.lastPathComponent).sorted()
    }

    /// The files below some folders, in order, without what builds leave behind.
    private static func paths(in folders: [String]) -> [String] {
        folders.flatMap { folder -> [String] in
            let walk = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
            let names = walk?.compactMap { $0 as? String } ?? []
            return names.filter { !$0.split(separator: "/").contains(".build") }.sorted().map { "\(folder)/\($0)" }
        }
    }

    /// A file; `nil` for a folder, for what is not there, and for what is no text.
    private static func read(_ path: String) -> SourceFile? {
        FileManager.default.contents(atPath: root.appending(path: path).path)
            .flatMap { String(data: $0, encoding: .utf8) }.map { SourceFile(path: path, text: $0) }
    }
}
