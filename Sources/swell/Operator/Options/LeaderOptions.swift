import ArgumentParser
import Serving

/// The flags of leader election.
struct LeaderOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Let one of several replicas lead, by a Lease; the others stand by; false unless given.",
            valueName: "bool"
        ),
        transform: OptionValues.boolean
    )
    var leaderElect = false

    @Option(help: ArgumentHelp("Name of the Lease, in the namespace POD_NAMESPACE.", valueName: "name"))
    var leaderElectionID = "operator.keda.sh"

    @Option(
        help: ArgumentHelp(
            "How long the others wait after the leader's last sign of life; 15s unless given.",
            valueName: "duration"
        ),
        transform: OptionValues.duration
    )
    var leaderElectLeaseDuration: Duration?

    @Option(
        help: ArgumentHelp(
            "How long the leader tries to renew the Lease before it gives up; 10s unless given.",
            valueName: "duration"
        ),
        transform: OptionValues.duration
    )
    var leaderElectRenewDeadline: Duration?

    @Option(
        help: ArgumentHelp("How often it, and who wants to lead, tries; 2s unless given.", valueName: "duration"),
        transform: OptionValues.duration
    )
    var leaderElectRetryPeriod: Duration?

    @Option(
        help: ArgumentHelp("Where other replicas reach this one; the variable POD_IP unless given.", valueName: "host")
    )
    var advertiseAddress: String?

    @Option(
        help: ArgumentHelp(
            "Where the leader answers the other replicas; 0.0.0.0:9666 unless given.",
            valueName: "address"
        ),
        transform: OptionValues.address
    )
    var metricsServiceBindAddress = ListenAddress.everywhere(port: 9666)
}
