internal import Foundation
internal import KubeModel
internal import Outbound
public import ScalerKit

/// Reads one number from a key of etcd, and hears at once when it is written.
///
/// - Source: KEDA, `pkg/scalers/etcd_scaler.go`.
public struct EtcdScaler: PushScaler {
    static let endpoints = Field(
        "endpoints",
        .etcdEndpoints,
        help: "Members of the cluster, joined by commas, such as `etcd-0.etcd:2379` or `https://etcd-0.etcd:2379`."
    )
    static let key = Field("watchKey", .etcdKey, help: "The key that holds a number.")
    static let target = Field("value", .number, help: "How much of the number one pod handles; more than 0.")
    static let activation = Field(
        "activationValue",
        .number,
        default: 0,
        help: "The workload wakes above this value."
    )
    static let notifyInterval = Field(
        "watchProgressNotifyInterval",
        .integer(in: 1...Int.max),
        default: 600,
        help: "Seconds between etcd's signs of life; a watch that is silent for twice as long is made anew."
    )

    /// `etcd` and its settings.
    public static let schema = ScalerSchema(
        "etcd",
        "Scales by the number that a key of etcd holds, at once when it is written.",
        [endpoints, key, target, activation, notifyInterval] + EtcdAccess.fields,
        example: ["endpoints": "etcd-0.etcd:2379,etcd-1.etcd:2379", "watchKey": "orders/waiting", "value": "5"]
    )

    /// A watch is given up after a silence of two days at most, whatever the interval.
    private static let longestInterval = 86_400

    /// What is read and watched.
    private let key: String
    /// How much one pod handles.
    private let target: Quantity
    /// Above what the workload wakes.
    private let activation: Double
    /// How long a watch may be silent.
    private let silence: Duration
    /// The way to etcd.
    private let client: EtcdClient

    /// Takes the settings.
    public init(_ settings: ScalerSettings) throws {
        self.key = try settings[Self.key]
        self.target = try Target.quantity(settings[Self.target], of: Self.target, in: settings)
        self.activation = try settings[Self.activation]
        self.silence = .seconds(2 * min(try settings[Self.notifyInterval], Self.longestInterval))
        self.client = try EtcdClient(of: settings[Self.endpoints], EtcdAccess(settings))
    }

    /// One metric, named by the key.
    public func measures(_ world: ScalerWorld) -> [Measure] {
        [.external(name: "etcd-\(key)", target: target)]
    }

    /// Reads the key.
    public func read(_ measure: Measure, _ world: ScalerWorld) async throws -> Reading {
        guard let text = try await client.value(of: key, in: world) else {
            throw ScalerError(.noValue, "key \"\(key)\" does not exist in etcd")
        }
        guard let value = Self.number(text) else {
            throw ScalerError(.unexpectedAnswer, "the value of key \"\(key)\" in etcd is not a finite number")
        }
        return Reading(value: value, isActive: value > activation)
    }

    /// Watches the key: pushes when the watch stands, and for each number written that is activity.
    public func listen(_ world: ScalerWorld, _ push: @escaping @Sendable () -> Void) async throws {
        try await client.watch(key, silence: silence, in: world) { news in
            switch news {
            case .began: push()
            case .written(let texts):
                // What is no number is no activity; the poll tells of it.
                if texts.contains(where: { Self.number($0) ?? 0 > activation }) { push() }
            }
        }
    }

    /// The finite number that a value of etcd is.
    private static func number(_ text: String) -> Double? {
        Double(text.trimmingCharacters(in: .whitespacesAndNewlines)).flatMap { $0.isFinite ? $0 : nil }
    }
}

extension FieldKind where Value == String {
    /// A key of etcd, which the metric is named by.
    fileprivate static var etcdKey: FieldKind {
        FieldKind("key") { text throws(FieldProblem) in
            guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
                throw FieldProblem("must have no control characters, since the metric is named by it")
            }
            return text
        }
    }
}
