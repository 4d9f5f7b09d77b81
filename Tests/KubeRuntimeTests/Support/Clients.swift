import KubeClient
import Logging
import Outbound
import TestKit

extension KubeClient {
    /// A client of a scripted server at `https://api`, with a rate that never holds it up.
    static func scripted(_ transport: ScriptedTransport, clock: ManualClock) -> KubeClient {
        var settings = Settings()
        settings.burst = 1e9
        return KubeClient(
            KubeConfiguration(server: WebAddress(scheme: "https", host: "api")),
            over: transport,
            time: clock.source,
            settings: settings
        )
    }
}

extension Logger {
    /// Says nothing.
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
