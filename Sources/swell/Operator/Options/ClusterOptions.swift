import ArgumentParser
import Scaling

/// The flags of the cluster: where it is, what of it is looked after, how much it is asked.
struct ClusterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Path of a kubeconfig.", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("Context of the kubeconfig; its current one unless given.", valueName: "name"))
    var context: String?

    @Option(
        name: .customLong("watch-namespace"),
        help: ArgumentHelp(
            "Namespace to look after; may be repeated. All of them unless given. WATCH_NAMESPACE is read too.",
            valueName: "name"
        )
    )
    var watchNamespaces: [String] = []

    @Option(
        name: .customLong("kube-api-qps"),
        help: ArgumentHelp(
            "Requests a second to the API server; 1000 unless given, or 0. Below 0 there is no limit.",
            valueName: "number"
        ),
        transform: number
    )
    var kubeAPIQPS: Double?

    @Option(
        name: .customLong("kube-api-burst"),
        help: ArgumentHelp("Requests at once to the API server; 1000 unless given, or 0.", valueName: "number"),
        transform: number
    )
    var kubeAPIBurst: Double?

    @Option(
        help: ArgumentHelp(
            "Who scales a workload while it is awake, unless its annotation \(ScalingEngine.annotation) says: hpa or direct.",
            valueName: "engine"
        ),
        transform: engine
    )
    var engine = ScalingEngine.hpa

    @Option(
        help: ArgumentHelp(
            """
            manage: do what is decided. recommend: tell it on the health port and the Prometheus page, and write nothing \
            but the Lease, beside KEDA for instance. manage unless given; an object may ask for recommend by its \
            annotation \(OperatingMode.annotation).
            """,
            valueName: "mode"
        ),
        transform: mode
    )
    var mode = OperatingMode.manage

    /// A mode by its name.
    @Sendable private static func mode(_ text: String) throws -> OperatingMode {
        guard let mode = OperatingMode(rawValue: text) else {
            throw ValidationError("\"\(text)\" is neither manage nor recommend")
        }
        return mode
    }

    /// An engine by its name.
    @Sendable private static func engine(_ text: String) throws -> ScalingEngine {
        guard let engine = ScalingEngine(rawValue: text) else {
            throw ValidationError("\"\(text)\" is neither hpa nor direct")
        }
        return engine
    }

    /// A number, but neither infinity nor what is none.
    @Sendable private static func number(_ text: String) throws -> Double {
        guard let number = Double(text), number.isFinite else { throw ValidationError("\"\(text)\" is no number") }
        return number
    }
}
