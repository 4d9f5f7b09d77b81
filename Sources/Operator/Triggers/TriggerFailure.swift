internal import KubeClient
internal import Outbound
internal import ScalerKit

/// Why a trigger gives no reading: a line for the user, and one for the log.
struct TriggerFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// May be shown to anyone.
    let description: String
    /// For the log only.
    let detail: String
    /// Whether the trigger could not be built, so that its source was not even asked.
    private(set) var isOfBuild = false

    /// Takes over an error; what was missing among the credentials is told with it.
    init(_ error: any Error, gaps: [String] = []) {
        self.description = Self.bounded(([Self.shown(error)] + gaps).joined(separator: "; "))
        self.detail = Self.bounded(String(reflecting: error))
    }

    /// A failure, after which the credentials could not be looked at again.
    init(_ first: TriggerFailure, then error: any Error) {
        let second = TriggerFailure(error)
        self.description = Self.bounded(
            "\(first.description); the credentials could not be looked at again: \(second.description)"
        )
        self.detail = Self.bounded("\(first.detail); then \(second.detail)")
    }

    /// A line of our own.
    init(_ description: String) {
        self.description = Self.bounded(description)
        self.detail = self.description
    }

    /// The same of a trigger that could not be built.
    var ofBuild: TriggerFailure {
        var failure = self
        failure.isOfBuild = true
        return failure
    }

    /// A text of bearable length: errors quote what users write, which may be a megabyte.
    private static func bounded(_ text: String) -> String {
        text.utf8.count > 2000 ? text.prefix(1997) + "..." : text
    }

    /// What may be shown of an error.
    ///
    /// Only our own types promise that their description may be.
    private static func shown(_ error: any Error) -> String {
        switch error {
        case let error as OutboundError: error.description
        case let error as ScalerError: error.description
        case let error as SettingsError: error.description
        case let error as CredentialError: error.description
        case let error as VaultError: error.description
        case let error as KubeError: error.description
        case let error as TargetError: error.description
        case let error as TriggerFailure: error.description
        default: "an unexpected error; the operator's log has it"
        }
    }
}
