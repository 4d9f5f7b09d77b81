import Foundation

/// How files are read; tests hand in their own.
public struct TextFiles: Sendable, Hashable {
    /// Gives a file's bytes; `nil` when there is no such file.
    let bytes: @Sendable (_ path: String) throws -> [UInt8]?
    /// Two sources are the same if they bear the same name.
    private let name: String

    /// A source of files.
    ///
    /// - Parameters:
    ///   - name: tells it from others.
    ///   - bytes: `nil` when there is no such file; throws when it cannot be read.
    public init(_ name: String, bytes: @escaping @Sendable (_ path: String) throws -> [UInt8]?) {
        self.name = name
        self.bytes = bytes
    }

    /// The machine's own.
    public static let disk = TextFiles("disk") { path in
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// Files that are only in memory.
    public static func memory(_ files: [String: String]) -> TextFiles {
        TextFiles("memory") { files[$0].map { Array($0.utf8) } }
    }

    /// A file's text.
    ///
    /// - Parameters:
    ///   - path: where it is.
    ///   - purpose: what it is for, such as `the service account token`.
    /// - Returns: the whole of it.
    /// - Throws: ``KubeError`` `.noCredentials` when it is not there or is no UTF-8 text.
    func text(_ path: String, for purpose: String) throws(KubeError) -> String {
        let found: [UInt8]?
        do {
            found = try bytes(path)
        } catch {
            throw KubeError(.noCredentials, "\(purpose) cannot be read", detail: path, cause: error)
        }
        guard let found else { throw KubeError(.noCredentials, "\(purpose) is not there", detail: path) }
        guard let text = String(validating: found, as: UTF8.self) else {
            throw KubeError(.noCredentials, "\(purpose) is not a text", detail: path)
        }
        return text
    }

    /// The same source.
    public static func == (one: TextFiles, other: TextFiles) -> Bool { one.name == other.name }

    /// By its name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
