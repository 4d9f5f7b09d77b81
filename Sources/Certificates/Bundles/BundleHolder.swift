import Foundation
import KubeModel

/// An object by which the API server learns which authority vouches for us.
public enum BundleHolder: Sendable, Hashable {
    /// An APIService.
    case apiService(String)
    /// A ValidatingWebhookConfiguration, in each of its webhooks.
    case webhooks(String)

    /// What is to be done with one of them.
    enum Finding: Sendable, Hashable {
        /// It holds the bundle already.
        case upToDate
        /// Send this merge patch, which somebody else's change makes void.
        case patch(JSONValue)
        /// Somebody has said that it is not wanted.
        case notWanted(String)
    }

    /// Where it is.
    var type: ResourceType {
        switch self {
        case .apiService:
            ResourceType(
                GroupVersion("apiregistration.k8s.io", "v1"),
                kind: "APIService",
                plural: "apiservices",
                isNamespaced: false
            )
        case .webhooks:
            ResourceType(
                GroupVersion("admissionregistration.k8s.io", "v1"),
                kind: "ValidatingWebhookConfiguration",
                plural: "validatingwebhookconfigurations",
                isNamespaced: false
            )
        }
    }

    /// What it is called.
    var name: String {
        switch self {
        case .apiService(let name), .webhooks(let name): name
        }
    }

    /// What is to be done.
    ///
    /// - Parameters:
    ///   - object: as the API server has it.
    ///   - authority: PEM.
    /// - Returns: what to do.
    func finding(_ object: JSONValue, authority: String) -> Finding {
        let bundle = JSONValue.string(Data(authority.utf8).base64EncodedString())
        var patch: JSONValue = ["metadata": ["resourceVersion": object[path: "metadata", "resourceVersion"] ?? .null]]
        switch self {
        case .apiService:
            guard object[path: "spec", "caBundle"] != bundle else { return .upToDate }
            guard object[path: "spec", "insecureSkipTLSVerify"]?.bool != true else {
                // The API server refuses both in one, and a user has asked for this one.
                return .notWanted("it says insecureSkipTLSVerify")
            }
            patch["spec"] = ["caBundle": bundle]
        case .webhooks:
            let webhooks = object["webhooks"]?.array ?? []
            // A merge patch replaces lists, so all of it goes back, as it came.
            let changed = webhooks.map { webhook in
                var webhook = webhook
                webhook[path: "clientConfig", "caBundle"] = bundle
                return webhook
            }
            guard changed != webhooks else { return .upToDate }
            patch["webhooks"] = .array(changed)
        }
        return .patch(patch)
    }
}

extension BundleHolder: CustomStringConvertible {
    /// `APIService v1beta1.external.metrics.k8s.io`.
    public var description: String { "\(type.kind) \(name)" }
}
