import KubeModel
import TestKit

/// What one HPA is made to live through, derived from a seed.
///
/// The control plane of the tests may be of Kubernetes 1.20, which differs from later releases, and from our rules, in
/// four points: a failed metric does not keep the others from removing replicas; with a `behavior` only the window of the
/// direction that is asked for counts, and may turn the move round; a rate counts only changes in its own direction; and
/// a ratio of exactly 1.1 is out of the tolerance. No series comes near them, so it must go the same way on every release:
/// see ``Theme``.
struct AgreementSeries: Sendable {
    /// What a series is about.
    enum Theme: String, CaseIterable {
        /// No behavior; up and down, windows of the controller's own length. Whenever only some metrics fail, another asks
        /// for all there may be.
        case plain
        /// As `plain`, with targets of the type `Value` too, and some pods.
        case value
        /// Ever more is asked for, against rates upwards and a window.
        case rise
        /// Ever less is asked for, against rates downwards and a window.
        case fall
        /// Up and down, against a window upwards only, without rates.
        case upWindow
        /// Up and down, against a window downwards only, without rates, and never for more than there may be.
        case downWindow
        /// Up and down in turns against rates both ways; the turn comes when no change counts any more.
        case turns

        /// How many of fifty series are about it.
        var share: Int {
            switch self {
            case .plain: 12
            case .value: 8
            case .rise, .fall: 8
            case .upWindow, .downWindow: 5
            case .turns: 4
            }
        }
    }

    /// One entry of the series: what each metric reads until the next.
    struct Step: Sendable {
        /// Values in milli-units, or nil for a failure.
        var read: [[Int64]?]
        /// For how many seconds at least.
        var lasting: Double = 0
        /// Whether it lasts until nothing limits the replicas and no change of them counts any more.
        var settles = false
    }

    /// The seed, the HPA and so on; without looks.
    let trace: AutoscalerTrace
    /// The replicas at first.
    let replicas: Int
    /// The replicas that the test sets once the HPA has seen the first ones.
    let wakesTo: Int?
    /// What is read.
    let steps: [Step]

    /// The name of the HPA and its target.
    var name: String { "series-\(trace.seed)" }

    /// As the control plane of the tests has it, in seconds.
    static let downscaleStabilization = 5.0

    /// Fifty series with seeds from one on.
    static func fifty(from seed: UInt64) -> [AgreementSeries] {
        let themes = Theme.allCases.flatMap { Array(repeating: $0, count: $0.share) }
        return zip(themes, seed...).map { AgreementSeries($0, seed: $1) }
    }

    /// Derives a series.
    init(_ theme: Theme, seed: UInt64) {
        var maker = SeriesMaker(theme, seed: seed)
        self.steps = maker.steps()
        self.replicas = maker.replicas
        self.wakesTo = maker.wakesTo
        self.trace = AutoscalerTrace(
            seed: seed,
            theme: theme.rawValue,
            spec: maker.spec("series-\(seed)"),
            downscaleStabilization: Self.downscaleStabilization,
            existingReplicas: maker.existing,
            pods: maker.pods
        )
    }
}
