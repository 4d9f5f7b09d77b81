import Foundation
import Yams

extension Kubeconfig {
    /// Reads one file; paths in it are made absolute from where it stands.
    ///
    /// - Throws: ``KubeError`` `.invalidConfiguration`, which shows no line of the file: it may hold a token.
    static func read(_ text: String, at path: String) throws(KubeError) -> Kubeconfig {
        // An empty file is what `kubectl config unset` may leave.
        if text.allSatisfy(\.isWhitespace) { return Kubeconfig() }
        do {
            let directory = URL(fileURLWithPath: path).deletingLastPathComponent()
            return try YAMLDecoder().decode(Kubeconfig.self, from: text).absolute(from: directory)
        } catch let error as DecodingError where error.syntax == nil {
            throw KubeError(.invalidConfiguration, "the kubeconfig \(path) is not one: \(error.place)")
        } catch {
            let line = (error as? DecodingError)?.syntax?.line.map { " in line \($0)" } ?? ""
            throw KubeError(.invalidConfiguration, "the kubeconfig \(path) is not valid YAML\(line)")
        }
    }

    /// Two files as one: what the first one says stands.
    ///
    /// - Source: Kubernetes, "Organizing Cluster Access Using kubeconfig Files", merging.
    func merging(_ later: Kubeconfig) -> Kubeconfig {
        var merged = self
        let current = currentContext.flatMap { $0.isEmpty ? nil : $0 }
        merged.currentContext = current ?? later.currentContext
        merged.clusters = Self.merge(clusters, later.clusters)
        merged.users = Self.merge(users, later.users)
        merged.contexts = Self.merge(contexts, later.contexts)
        return merged
    }

    /// Entries of both, of one name the first.
    private static func merge<Value>(_ first: [Entry<Value>]?, _ later: [Entry<Value>]?) -> [Entry<Value>] {
        let known = Set((first ?? []).map(\.name))
        return (first ?? []) + (later ?? []).filter { !known.contains($0.name) }
    }

    /// The same with absolute paths.
    private func absolute(from directory: URL) -> Kubeconfig {
        func absolute(_ path: String) -> String {
            path.isEmpty ? path : URL(fileURLWithPath: path, relativeTo: directory).path
        }
        var config = self
        config.clusters = clusters?
            .map { entry in
                var entry = entry
                entry.value.certificateAuthority = entry.value.certificateAuthority.map(absolute)
                return entry
            }
        config.users = users?
            .map { entry in
                var entry = entry
                entry.value.clientCertificate = entry.value.clientCertificate.map(absolute)
                entry.value.clientKey = entry.value.clientKey.map(absolute)
                entry.value.tokenFile = entry.value.tokenFile.map(absolute)
                // A bare name is looked up in PATH; only a path stands relative to the file.
                if let command = entry.value.exec?.command, command.contains("/") {
                    entry.value.exec?.command = absolute(command)
                }
                return entry
            }
        return config
    }
}

extension DecodingError {
    /// What is wrong with the text itself, if that is the trouble.
    fileprivate var syntax: YamlError? {
        guard case .dataCorrupted(let context) = self else { return nil }
        return context.underlyingError as? YamlError
    }

    /// Which member does not fit, without what stands in it.
    fileprivate var place: String {
        let (context, what): (Context, String) =
            switch self {
            case .typeMismatch(_, let context): (context, "has the wrong type")
            case .valueNotFound(_, let context): (context, "is empty")
            case .keyNotFound(let key, let context): (context, "lacks \(key.stringValue)")
            case .dataCorrupted(let context): (context, "cannot be read")
            @unknown default: (Context(codingPath: [], debugDescription: ""), "cannot be read")
            }
        let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
        return path.isEmpty ? "it \(what)" : "\(path) \(what)"
    }
}

extension YamlError {
    /// The line of a syntax error.
    fileprivate var line: Int? {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        default: nil
        }
    }
}
