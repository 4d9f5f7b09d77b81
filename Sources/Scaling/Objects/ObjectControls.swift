/// What the annotations of a ScaledObject ask of its scaling.
///
/// - Source: KEDA, `apis/keda/v1alpha1/scaledobject_types.go` and `pkg/scaling/executor`; the texts of truth are Go's
///   `ParseBool`, and a text that it does not take, the empty one too, counts as true.
public struct ObjectControls: Sendable, Hashable {
    /// What the names of all these annotations begin with.
    private static let prefix = "autoscaling."
    /// `autoscaling.keda.sh/paused`.
    public static let paused = "autoscaling.keda.sh/paused"
    /// `autoscaling.keda.sh/paused-replicas`.
    public static let pausedReplicas = "autoscaling.keda.sh/paused-replicas"
    /// `autoscaling.keda.sh/paused-scale-in`.
    public static let pausedScaleIn = "autoscaling.keda.sh/paused-scale-in"
    /// `autoscaling.keda.sh/paused-scale-out`.
    public static let pausedScaleOut = "autoscaling.keda.sh/paused-scale-out"
    /// `autoscaling.keda.sh/force-activation`.
    public static let forceActivation = "autoscaling.keda.sh/force-activation"

    /// How much of scaling rests.
    public enum Pause: Sendable, Hashable {
        /// Nothing does.
        case none
        /// One or both directions do.
        case oneWay
        /// All does, and replicas stay as they are.
        case frozen
        /// All does, at so many replicas.
        case at(Int)
        /// All does, at a number of replicas that cannot be read.
        case unreadable(SpecProblem)
    }

    /// How much of scaling rests.
    public private(set) var pause = Pause.none
    /// Whether replicas may not become fewer.
    public private(set) var pausesScaleIn = false
    /// Whether replicas may not become more.
    public private(set) var pausesScaleOut = false
    /// Whether the workload is to be awake whatever the triggers say.
    public private(set) var forcesActivation = false
    /// Who scales while the workload is awake; `nil` where the object leaves that to the operator.
    public private(set) var engine: ScalingEngine?
    /// Why ``engine`` cannot be read.
    public private(set) var engineProblem: SpecProblem?
    /// Whether what is decided is done; `nil` where the object leaves that to the operator.
    public private(set) var mode: OperatingMode?
    /// Why ``mode`` cannot be read.
    public private(set) var modeProblem: SpecProblem?

    /// Reads annotations.
    public init(_ annotations: [String: String]?) {
        // Most objects have others' annotations only, and each of ours would be looked for at each poll.
        guard let annotations, annotations.keys.contains(where: { $0.hasPrefix(Self.prefix) }) else { return }
        self.pausesScaleIn = Self.isSet(Self.pausedScaleIn, annotations)
        self.pausesScaleOut = Self.isSet(Self.pausedScaleOut, annotations)
        self.forcesActivation = Self.isSet(Self.forceActivation, annotations)
        (self.engine, self.engineProblem) = Self.choice(ScalingEngine.annotation, annotations)
        (self.mode, self.modeProblem) = Self.choice(OperatingMode.annotation, annotations)
        if let text = annotations[Self.pausedReplicas] {
            self.pause = Self.count(text)
        } else if Self.isSet(Self.paused, annotations) {
            self.pause = .frozen
        } else {
            self.pause = pausesScaleIn || pausesScaleOut ? .oneWay : .none
        }
    }

    /// Whether nothing is polled and there is no HPA.
    public var isPaused: Bool {
        switch pause {
        case .none, .oneWay: false
        case .frozen, .at, .unreadable: true
        }
    }

    /// A number of replicas; present alone it pauses, whatever `paused` says.
    private static func count(_ text: String) -> Pause {
        guard let replicas = Int32(text), replicas >= 0 else {
            return .unreadable(
                SpecProblem(
                    "metadata.annotations[\"\(pausedReplicas)\"]",
                    "must be a whole number of replicas, 0 or more, such as \"0\""
                )
            )
        }
        return .at(Int(replicas))
    }

    /// One of several words; a problem for a word that is none of them.
    private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String,
        _ annotations: [String: String]
    ) -> (Choice?, SpecProblem?) {
        guard let text = annotations[key] else { return (nil, nil) }
        if let choice = Choice(rawValue: text) { return (choice, nil) }
        let words = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
        return (nil, SpecProblem("metadata.annotations[\"\(key)\"]", "must be \(words)"))
    }

    /// Whether an annotation is there and does not say that it is not meant.
    private static func isSet(_ key: String, _ annotations: [String: String]) -> Bool {
        annotations[key].map { truth($0) ?? true } ?? false
    }

    /// What Go's `ParseBool` makes of a text; `nil` if it does not take it.
    static func truth(_ text: String) -> Bool? {
        switch text {
        case "1", "t", "T", "true", "TRUE", "True": true
        case "0", "f", "F", "false", "FALSE", "False": false
        default: nil
        }
    }
}
