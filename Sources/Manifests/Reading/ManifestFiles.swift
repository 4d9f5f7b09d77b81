public import Foundation

/// Where manifests come from: files, folders and standard input, as with kubectl's `-f`.
public struct ManifestFiles: Sendable {
    /// Bytes of one file that are read; a whole cluster's manifests take less.
    public static let largest = 16 << 20
    /// What files in folders end with; a file that is named may end with anything.
    static let endings = ["yaml", "yml", "json"]

    /// Files, folders, and `-` for standard input.
    public var paths: [String]
    /// Whether folders in folders are read too.
    public var isRecursive: Bool

    /// Takes what the user named; a path that is named twice counts once.
    public init(_ paths: [String], isRecursive: Bool = false) {
        var seen: Set<String> = []
        self.paths = paths.filter { seen.insert($0).inserted }
        self.isRecursive = isRecursive
    }

    /// Reads everything; what cannot be read becomes a problem and keeps nothing else from being read.
    ///
    /// `-` stands for `standardInput`.
    public func read(standardInput: FileHandle = .standardInput) -> ManifestReading {
        var reading = ManifestReading()
        for path in paths {
            if path == "-" {
                Self.read(standardInput, as: "<stdin>", into: &reading)
            } else {
                read(path, into: &reading)
            }
        }
        return reading
    }

    /// Reads a file or a folder.
    private func read(_ path: String, into reading: inout ManifestReading) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            reading.addUnreadable(path, "there is no such file or folder")
            return
        }
        guard isFolder.boolValue else {
            Self.readFile(path, into: &reading)
            return
        }
        let count = reading.files.count
        readFolder(path, into: &reading)
        if reading.files.count == count {
            reading.addUnreadable(path, "the folder holds no .yaml, .yml or .json file")
        }
    }

    /// Reads the manifests in a folder, by name.
    ///
    /// - Source: kubectl, `-f` and `--recursive`.
    private func readFolder(_ folder: String, into reading: inout ManifestReading) {
        do {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
                let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
                let type = try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
                // Links to folders are not followed: they could lead back here.
                if type == .typeDirectory {
                    if isRecursive { readFolder(path, into: &reading) }
                } else if Self.endings.contains(where: { name.hasSuffix(".\($0)") }) {
                    Self.readFile(path, into: &reading)
                }
            }
        } catch {
            reading.addUnreadable(folder, "the folder cannot be read: \(Self.reason(error))")
        }
    }

    /// Reads one file.
    private static func readFile(_ path: String, into reading: inout ManifestReading) {
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            read(handle, as: path, into: &reading)
            try handle.close()
        } catch {
            reading.addUnreadable(path, "the file cannot be read: \(reason(error))")
        }
    }

    /// Reads up to the limit.
    private static func read(_ handle: FileHandle, as name: String, into reading: inout ManifestReading) {
        var bytes = Data()
        do {
            while bytes.count <= largest, let more = try handle.read(upToCount: largest + 1 - bytes.count),
                !more.isEmpty
            {
                bytes += more
            }
        } catch {
            reading.addUnreadable(name, "it cannot be read: \(reason(error))")
            return
        }
        guard bytes.count <= largest else {
            reading.addUnreadable(name, "it is larger than \(largest >> 20) MiB; split it")
            return
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            reading.addUnreadable(name, "it is not UTF-8 text")
            return
        }
        reading.add(text, from: name)
    }

    /// What the system says, without a repetition of the path.
    private static func reason(_ error: any Error) -> String {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
        guard underlying.domain == NSPOSIXErrorDomain else { return underlying.localizedDescription }
        return String(cString: strerror(Int32(underlying.code)))
    }
}
