public import Foundation
import KubeModel
public import Outbound
public import ScalerKit

extension ScalerWorld {
    /// A world in which every source answers from a closure; unless said otherwise nothing listens anywhere.
    public static func testing(
        now: Date = Date(timeIntervalSince1970: 1_800_000_000),
        timeout: Duration = .seconds(3),
        http: @escaping @Sendable (HTTPRequest) throws -> HTTPResponse = { _ in throw OutboundError.nothingListens },
        sql: @escaping @Sendable (SQLQuery) throws -> SQLResult = { _ in throw OutboundError.nothingListens },
        pods: @escaping @Sendable (PodQuery) throws -> PodCount = { _ in throw OutboundError.nothingListens },
        data: @escaping @Sendable (DataQuery) throws -> [String: Secret<String>]? = { _ in
            throw OutboundError.nothingListens
        }
    ) -> ScalerWorld {
        ScalerWorld(
            now: now,
            object: ObjectKey(namespace: "shop", name: "web"),
            timeout: timeout,
            http: ScriptedTransport(world: { .response(try http($0)) }),
            sql: AnsweringSQL(sql),
            cluster: AnsweringCluster(pods: pods, data: data)
        )
    }
}

extension Scaler {
    /// Builds a scaler from metadata and the parameters of an authentication.
    ///
    /// - Throws: what the schema or the scaler has against them.
    public static func make(
        _ metadata: [String: String],
        _ authentication: [String: Secret<String>] = [:],
        environment: [String: Secret<String>] = [:],
        feedsFormula: Bool = false,
        metricType: String? = nil
    ) throws -> Self {
        let texts = SettingTexts(
            metadata: metadata,
            environment: environment,
            authentication: authentication
        )
        return try Self(ScalerSettings(schema, texts, feedsFormula: feedsFormula, metricType: metricType))
    }

    /// Reads the first measure.
    ///
    /// - Throws: what the scaler throws.
    public func readOnly(_ world: ScalerWorld) async throws -> Reading {
        try await read(measures(world)[0], world)
    }
}

extension OutboundError {
    /// What a world says where no source is expected.
    public static var nothingListens: OutboundError { OutboundError(.cannotConnect, "nothing listens there") }
}
