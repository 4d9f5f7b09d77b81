import ArgumentParser

/// The flags of what goes out to the triggers' sources.
struct OutsideOptions: ParsableArguments {
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
            "Connections that triggers keep open for later; 256 unless given, or 0.",
            valueName: "number"
        )
    )
    var httpMaxIdleConnections: Int?

    @Option(
        name: .customLong("http-idle-conn-timeout"),
        help: ArgumentHelp("How long they keep them; 90s unless given.", valueName: "duration"),
        transform: OptionValues.duration
    )
    var httpIdleConnectionTimeout = Duration.seconds(90)

    /// Rejects what no request could be sent within.
    func validate() throws {
        guard httpMaxIdleConnections ?? 0 >= 0 else {
            throw ValidationError("--http-max-idle-conns must not be negative")
        }
        guard httpIdleConnectionTimeout > .zero else {
            throw ValidationError("--http-idle-conn-timeout must be longer than 0")
        }
    }
}
