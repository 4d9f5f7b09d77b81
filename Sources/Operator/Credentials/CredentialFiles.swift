internal import Foundation
internal import KubeModel
internal import Outbound

/// Reads credentials from the operator's own files, and no other files of its.
///
/// Users name these files in objects, so every path is held to a folder or to a certain content, but for those that the
/// operator's own environment names. Sizes are bounded.
struct CredentialFiles: Sendable {
    /// Bytes of a file that are read.
    private static let limit = 1 << 20

    /// The folder that `filePath` is below; `nil` to refuse such sources.
    let root: String?

    /// The parameters in a JSON object of texts below the root.
    ///
    /// - Throws: ``CredentialError``, whose text never holds what the file does.
    func parameters(in path: String) throws(CredentialError) -> [String: Secret<String>] {
        guard let root, !root.isEmpty else {
            throw CredentialError("filePath is refused: the operator runs without --filepath-auth-root-path")
        }
        guard !path.isEmpty, !path.hasPrefix("/"), !path.contains("..") else {
            throw CredentialError("filePath \"\(path)\" must be relative and without \"..\"")
        }
        let top = Self.resolved(root)
        let file = Self.resolved(root + "/" + path)
        guard file.hasPrefix(top.hasSuffix("/") ? top : top + "/") else {
            throw CredentialError("filePath \"\(path)\" leads out of --filepath-auth-root-path")
        }
        let bytes = try Self.read(file, "filePath \"\(path)\"")
        do {
            let texts: [String: String] = try KubeJSON.decode(from: bytes)
            return texts.mapValues { Secret($0) }
        } catch {
            throw CredentialError("filePath \"\(path)\" is not a JSON object whose values are all texts")
        }
    }

    /// A service account's token in any file of the operator.
    ///
    /// - Throws: ``CredentialError`` for anything that is not such a token: a user who may write an authentication must
    ///   not be able to send other files to a server of theirs.
    func serviceAccountToken(in path: String) throws(CredentialError) -> Secret<String> {
        let name = "the service account token \"\(path)\""
        let text = String(decoding: try Self.read(Self.resolved(path), name), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard Self.subject(of: text)?.hasPrefix("system:serviceaccount:") == true else {
            throw CredentialError("\(name) is not the token of a service account")
        }
        return Secret(text)
    }

    /// The text, without space around it, of a file that the operator's own environment names, never a user.
    ///
    /// - Throws: ``CredentialError`` for what is no regular file of bounded size.
    func text(in path: String) throws(CredentialError) -> Secret<String> {
        let bytes = try Self.read(Self.resolved(path), "the file \"\(path)\"")
        return Secret(String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// Whom a JSON web token is about; its signature is for the server to check.
    private static func subject(of token: String) -> String? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var payload = parts[1].replacing("-", with: "+").replacing("_", with: "/")
        payload += String(repeating: "=", count: (4 - payload.count % 4) % 4)
        guard let data = Data(base64Encoded: String(payload)) else { return nil }
        // What is no JSON has no subject: nil says so.
        let claims: JSONValue? = try? KubeJSON.decode(from: [UInt8](data))
        return claims?["sub"]?.string
    }

    /// The path without links, as far as it exists.
    private static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
    }

    /// The bytes of a regular file of bounded size.
    private static func read(_ path: String, _ name: String) throws(CredentialError) -> [UInt8] {
        let found: Data?
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                throw CredentialError("\(name) is not a regular file")
            }
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }  // Nothing was written: a failing close loses nothing.
            found = try handle.read(upToCount: limit + 1)
        } catch let error as CredentialError {
            throw error
        } catch {
            throw CredentialError("\(name) cannot be read")
        }
        let bytes = [UInt8](found ?? Data())
        guard bytes.count <= limit else { throw CredentialError("\(name) is larger than \(limit) bytes") }
        return bytes
    }
}
