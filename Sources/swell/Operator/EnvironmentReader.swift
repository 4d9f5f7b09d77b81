import ArgumentParser
import Foundation
import KubeModel
import Outbound

/// Reads variables of the environment; an empty one counts as not set.
///
/// - Source: KEDA, `pkg/util/env_resolver.go`, `pkg/util/watch.go` and `pkg/util/tls_config.go`.
struct EnvironmentReader {
    /// All variables.
    let variables: [String: String]
    /// What a user should know about values that were not taken as they are.
    private(set) var remarks: [Remark] = []

    /// Reads from these.
    init(_ variables: [String: String]) {
        self.variables = variables
    }

    /// A text.
    func text(_ name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A whole number.
    func integer(_ name: String) throws -> Int? {
        guard let text = text(name) else { return nil }
        guard let number = Int(text) else { throw ValidationError("\(name): \"\(text)\" is no whole number") }
        return number
    }

    /// A duration with its unit.
    func duration(_ name: String) throws -> Duration? {
        guard let text = text(name) else { return nil }
        do {
            return try OptionValues.duration(text)
        } catch {
            throw ValidationError("\(name): \(error)")
        }
    }

    /// A boolean; a text that is none counts as not set, and is remarked upon.
    mutating func boolean(_ name: String) -> Bool? {
        guard let text = text(name) else { return nil }
        let value = OptionValues.boolean(parsing: text)
        if value == nil { remark("\(name): \"\(text)\" is neither true nor false, and is not taken") }
        return value
    }

    /// A label selector; nothing, or a literal pair of quotes, selects everything.
    func selector(_ name: String) throws -> LabelSelector {
        guard let text = text(name), text != "\"\"" else { return LabelSelector() }
        do {
            return try LabelSelector(parsing: text)
        } catch {
            throw ValidationError("\(name): \(error)")
        }
    }

    /// The TLS of two variables; one that is not set falls back to another policy's.
    ///
    /// - Parameters:
    ///   - version: the variable of the oldest version.
    ///   - suites: the variable of the list of cipher suites.
    ///   - fallback: what is not set.
    ///   - present: the version where the variable is there and empty, or is none of the versions.
    /// - Returns: the policy.
    mutating func tls(
        version: String,
        suites: String,
        else fallback: TLSPolicy,
        present: TLSSettings.Version
    ) -> TLSPolicy {
        var policy = fallback
        if let text = variables[version] {
            policy.minimumVersion = TLSSettings.Version(rawValue: text) ?? present
            if !text.isEmpty, TLSSettings.Version(rawValue: text) == nil {
                remark("\(version): \"\(text)\" is none of TLS10 to TLS13; it is \(present.rawValue) now")
            }
        }
        if let text = variables[suites] {
            let list = CipherSuiteNames.parse(text)
            policy.cipherSuites = list.known
            if !list.unknown.isEmpty {
                remark("\(suites): unknown cipher suites are left out: \(list.unknown.joined(separator: ", "))")
            }
        }
        return policy
    }

    /// Whom to trust as a Vault.
    ///
    /// - Source: Vault, `api/client.go`, `ReadEnvironment`.
    mutating func vaultTLS() -> TLSSettings {
        var tls = TLSSettings(skipsVerification: boolean("VAULT_SKIP_VERIFY") ?? false)
        guard let path = text("VAULT_CACERT") else { return tls }
        do {
            tls.authorities = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            remark("VAULT_CACERT: \(path) cannot be read; Vault is trusted as any other server")
        }
        return tls
    }

    /// Keeps a warning.
    private mutating func remark(_ text: String) {
        remarks.append(Remark(isWarning: true, text: text))
    }
}
