import ArgumentParser
import Scaling
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

    @Option(
        help: ArgumentHelp(
            "Name of the Lease, in the namespace POD_NAMESPACE; \(ofKEDA) unless given, \(ofRecommending) with --mode recommend.",
            valueName: "name"
        )
    )
    var leaderElectionID: String?

    /// KEDA's Lease, which we take over with everything else.
    private static let ofKEDA = "operator.keda.sh"
    /// The Lease of those who only recommend, so that KEDA's stays with KEDA.
    private static let ofRecommending = "swell-recommend"

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

    /// Checks what makes sense together only.
    func validate() throws {
        if shards > 1, !leaderElect {
            throw ValidationError(
                "--shards deals the work out among replicas that know of each other: give --leader-elect too"
            )
        }
    }

    /// The name of the Lease.
    ///
    /// - Throws: `ValidationError` where it would be taken from whoever manages the objects.
    func lease(in mode: OperatingMode) throws -> String {
        guard mode == .recommend else { return leaderElectionID ?? Self.ofKEDA }
        guard leaderElectionID != Self.ofKEDA else {
            throw ValidationError(
                "--leader-election-id \(Self.ofKEDA) is the Lease of whoever manages the objects: leave it out with --mode recommend"
            )
        }
        return leaderElectionID ?? Self.ofRecommending
    }

    @Option(
        help: ArgumentHelp(
            """
            Let all replicas poll and write, each the objects of some of so many shards, by a Lease for each; needs \
            --leader-elect, and the right to list, create and update Leases in POD_NAMESPACE. A few for each replica share \
            the work well. 1 unless given: the leader does all.
            """,
            valueName: "count"
        ),
        transform: OptionValues.shards
    )
    var shards = 1

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
