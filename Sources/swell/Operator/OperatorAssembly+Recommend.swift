import Certificates
import Logging
import Operator
import ServiceLifecycle

extension OperatorAssembly {
    /// Runs what looks and decides, and nothing that others would be led to: their APIServices and webhooks are those of
    /// whoever manages the objects.
    func recommend(_ scaling: ScalingOperator, _ leadership: Leadership, _ authorities: AuthorityFolders) async throws {
        logger.notice(
            """
            only recommending: nothing is written to the cluster\(leadership.isElected ? " but Leases" : ""), and no \
            API and no webhook is served
            """
        )
        onAssembled(OperatorView(unready: { Self.unready(scaling) }, decisions: scaling.report))
        let services =
            ([authorities] + scaling.watches).map { .init(service: $0) } + leadership.working(scaling.works)
        try await ServiceGroup(
            configuration: ServiceGroupConfiguration(services: leadership.holding(services), logger: .lifecycle(logger))
        )
        .run()
    }
}
