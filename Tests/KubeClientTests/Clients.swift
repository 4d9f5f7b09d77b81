import KubeClient
import Outbound
import TestKit

extension KubeClient {
    /// A client of a scripted server at `https://api`.
    static func scripted(
        _ transport: ScriptedTransport,
        identity: KubeConfiguration.Identity = .init(),
        clock: ManualClock = ManualClock(),
        files: TextFiles = .memory([:]),
        settings: Settings = Settings()
    ) -> KubeClient {
        let server = WebAddress(scheme: "https", host: "api")
        let configuration = KubeConfiguration(server: server, identity: identity, files: files)
        return KubeClient(configuration, over: transport, time: clock.source, settings: settings)
    }
}
