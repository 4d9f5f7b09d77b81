import Scaling

extension KnownFlags {
    /// Those of what only a process serves, or writes, that manages objects.
    private static let managing: Set<String> = [
        "external-metrics-bind-address", "webhook-bind-address", "metrics-service-bind-address", "advertise-address",
        "cert-dir", "enable-cert-rotation", "cert-secret-name", "operator-service-name", "metrics-server-service-name",
        "webhooks-service-name", "k8s-cluster-domain", "enable-webhook-patching", "enable-apiservice-patching",
        "validating-webhook-name", "tls-min-version", "tls-cipher-suites",
    ]

    /// Whether a flag that works, or another word for it, changes nothing in a mode.
    static func isIdle(_ flag: KnownFlag, in mode: OperatingMode) -> Bool {
        guard mode == .recommend else { return false }
        switch flag.fate {
        case .works: return managing.contains(flag.name)
        case .alias(let other): return managing.contains(other)
        case .needless, .missing: return false
        }
    }
}
