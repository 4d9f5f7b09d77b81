public import Foundation
public import KubeModel

/// What a real HPA controller made of one series of readings, look by look.
///
/// Traces are kept in `Tests/ScalingTests/Traces`, one a line; the README there says how they come about.
/// Whoever claims to do what the HPA does replays them.
public struct AutoscalerTrace: Codable, Hashable, Sendable {
    /// What the series was derived from.
    public var seed: UInt64
    /// What the series is about, in a word.
    public var theme: String
    /// The HPA, as it was sent to the API server.
    public var spec: HPASpec
    /// The controller's `--horizontal-pod-autoscaler-downscale-stabilization`, in seconds.
    public var downscaleStabilization: Double
    /// `status.replicas` of the target's scale, all the time.
    public var existingReplicas: Int
    /// The target's pods, all the time: whether each is running and ready.
    public var pods: [Bool]
    /// The controller's looks, in order.
    public var looks: [Look]

    /// One look of the controller at its HPA.
    public struct Look: Codable, Hashable, Sendable {
        /// When, in seconds since the trace began.
        public var at: Double
        /// What each metric read, in milli-units: values that are added up, or nil for a failure.
        ///
        /// Empty if the controller did not ask.
        public var read: [[Int64]?]
        /// `spec.replicas` of the target's scale, before.
        public var from: Int
        /// The HPA's status, after.
        public var status: AutoscalerStatus

        /// Makes a look.
        public init(at: Double, read: [[Int64]?], from: Int, status: AutoscalerStatus) {
            self.at = at
            self.read = read
            self.from = from
            self.status = status
        }
    }

    /// Makes a trace.
    public init(
        seed: UInt64,
        theme: String,
        spec: HPASpec,
        downscaleStabilization: Double,
        existingReplicas: Int,
        pods: [Bool],
        looks: [Look] = []
    ) {
        self.seed = seed
        self.theme = theme
        self.spec = spec
        self.downscaleStabilization = downscaleStabilization
        self.existingReplicas = existingReplicas
        self.pods = pods
        self.looks = looks
    }

    /// The moment that ``Look/at`` counts from, unless a user of the trace needs another.
    public static let began = Date(timeIntervalSince1970: 1_780_000_000)

    /// Where the traces are.
    public static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Tests/ScalingTests/Traces/hpa.jsonl")

    /// All traces that are kept.
    public static func all() throws -> [AutoscalerTrace] {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            .map { try KubeJSON.decode(from: Array($0.utf8)) }
    }

    /// Keeps these traces in place of those that were kept.
    public static func keep(_ traces: [AutoscalerTrace]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let lines = try traces.map { String(decoding: try encoder.encode($0), as: UTF8.self) + "\n" }
        try Data(lines.joined().utf8).write(to: file)
    }
}
