import ArgumentParser

/// The flags of what goes out: to the API server, and to the triggers' sources.
struct OutsideOptions: ParsableArguments {
    @Option(
        name: .customLong("kube-api-qps"),
        help: ArgumentHelp(
            "Requests a second to the API server; 200 unless given, or 0. Below 0 there is no limit.",
            valueName: "number"
        ),
        transform: number
    )
    var kubeAPIQPS: Double?

    @Option(
        name: .customLong("kube-api-burst"),
        help: ArgumentHelp("Requests at once to the API server; 400 unless given, or 0.", valueName: "number"),
        transform: number
    )
    var kubeAPIBurst: Double?

    @Option(
        name: .customLong("ca-dir"),
        help: ArgumentHelp(
            "Folder of certificates that triggers trust besides the system's; may be repeated. /custom/ca unless given.",
            valueName: "folder"
        )
    )
    var caFolders: [String] = []

    @Option(
        name: .customLong("filepath-auth-root-path"),
        help: ArgumentHelp(
            "Folder that filePath of a ClusterTriggerAuthentication may read from; none unless given.",
            valueName: "folder"
        )
    )
    var filePathAuthRoot: String?

    @Option(
        name: .customLong("http-max-idle-conns"),
        help: ArgumentHelp(
            "Connections that triggers keep open for later; 256 unless given, as 0.",
            valueName: "number"
        )
    )
    var httpMaxIdleConnections = 0

    @Option(
        name: .customLong("http-idle-conn-timeout"),
        help: ArgumentHelp("How long they keep them.", valueName: "duration"),
        transform: OptionValues.duration
    )
    var httpIdleConnectionTimeout = Duration.seconds(90)

    @Option(
        name: .customLong("k8s-cluster-name"),
        help: ArgumentHelp("Name of the cluster, for what tells events to the outside.", valueName: "name")
    )
    var clusterName = "kubernetes-default"

    /// Rejects what no request could be sent within.
    func validate() throws {
        guard httpMaxIdleConnections >= 0 else { throw ValidationError("--http-max-idle-conns must not be negative") }
        guard httpIdleConnectionTimeout > .zero else {
            throw ValidationError("--http-idle-conn-timeout must be longer than 0")
        }
    }

    /// A number, but neither infinity nor what is none.
    @Sendable private static func number(_ text: String) throws -> Double {
        guard let number = Double(text), number.isFinite else { throw ValidationError("\"\(text)\" is no number") }
        return number
    }
}
