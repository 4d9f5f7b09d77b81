import Foundation
import Outbound

extension KubeConfiguration {
    /// Finds out where we are and who we are.
    ///
    /// In this order: the file named; the files of `KUBECONFIG`; the pod that we run in; `~/.kube/config`.
    ///
    /// - Parameters:
    ///   - path: what `--kubeconfig` names, if anything.
    ///   - context: what `--context` names, if anything.
    ///   - environment: the process's own.
    ///   - files: how files are read.
    /// - Returns: what the first of them says.
    /// - Throws: ``KubeError`` `.invalidConfiguration`, saying what to try.
    public static func load(
        kubeconfig path: String? = nil,
        context: String? = nil,
        environment: [String: String],
        files: TextFiles = .disk
    ) throws(KubeError) -> KubeConfiguration {
        if let path, !path.isEmpty {
            return try KubeConfiguration(try merged([path], mustExist: true, files), context: context, files: files)
        }
        let list = (environment["KUBECONFIG"] ?? "").split(separator: ":").map(String.init)
        if !list.isEmpty {
            return try KubeConfiguration(try merged(list, mustExist: false, files), context: context, files: files)
        }
        if context == nil, let inside = try inCluster(environment: environment, files: files) { return inside }
        let home = (environment["HOME"] ?? "") + "/.kube/config"
        return try KubeConfiguration(try merged([home], mustExist: false, files), context: context, files: files)
    }

    /// Several files as one.
    ///
    /// A missing file is an error of its own if it must exist; else it is passed over.
    private static func merged(
        _ paths: [String],
        mustExist: Bool,
        _ files: TextFiles
    ) throws(KubeError) -> Kubeconfig {
        var merged: Kubeconfig?
        for path in paths {
            guard let text = try text(of: path, files) else {
                guard mustExist else { continue }
                throw KubeError(.invalidConfiguration, "the kubeconfig \(path) is not there")
            }
            let file = try Kubeconfig.read(text, at: path)
            merged = merged?.merging(file) ?? file
        }
        guard let merged else {
            throw KubeError(
                .invalidConfiguration,
                """
                no way to a cluster: there is no \(paths.joined(separator: " and no ")); give --kubeconfig FILE, set \
                KUBECONFIG, or run inside a pod
                """
            )
        }
        return merged
    }

    /// A kubeconfig's text; `nil` when there is no such file.
    private static func text(of path: String, _ files: TextFiles) throws(KubeError) -> String? {
        do {
            return try files.bytes(path).map { String(decoding: $0, as: UTF8.self) }
        } catch {
            throw KubeError(.invalidConfiguration, "the kubeconfig \(path) cannot be read", cause: error)
        }
    }
}
