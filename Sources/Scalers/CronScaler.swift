internal import KubeModel
public import ScalerKit
internal import Scaling

/// Follows a wall-clock window: `desiredReplicas` inside it, 0 outside.
///
/// - Source: KEDA, `pkg/scalers/cron_scaler.go`; the window's rule is our own, see `CronWindow`.
public struct CronScaler: Scaler {
    static let timezone = Field("timezone", .timeZone, help: "IANA zone, such as `Europe/Madrid`.")
    static let start = Field("start", .cron, help: "When the window opens: minute, hour, day, month, weekday.")
    static let end = Field("end", .cron, help: "When the window closes: minute, hour, day, month, weekday.")
    static let desired = Field("desiredReplicas", .integer(), help: "Pods inside the window; not 0.")

    /// `cron` and its settings.
    public static let schema = ScalerSchema(
        "cron",
        "Holds a number of pods inside a recurring window of time.",
        [timezone, start, end, desired],
        example: [
            "timezone": "Europe/Berlin", "start": "0 8 * * 1-5", "end": "0 18 * * 1-5", "desiredReplicas": "10",
        ]
    )

    /// When the pods are wanted.
    private let window: CronWindow
    /// How many.
    private let desired: Int

    /// Takes the window and checks that it can open.
    public init(_ settings: ScalerSettings) throws {
        let (start, end, zone) = try (settings[Self.start], settings[Self.end], settings[Self.timezone])
        do throws(CronError) {
            self.window = try CronWindow(opens: start, closes: end, in: zone)
        } catch {
            throw SettingsError("end", "parameter \"end\" must differ from \"start\": \(error)")
        }
        self.desired = try settings[Self.desired]
        guard desired != 0 else {
            throw SettingsError("desiredReplicas", "parameter \"desiredReplicas\" must not be 0")
        }
    }

    /// One metric, one pod for each unit.
    public func measures(_ world: ScalerWorld) -> [Measure] {
        [.external(name: window.slug, target: Quantity(1))]
    }

    /// Looks at the time of the tick.
    public func read(_ measure: Measure, _ world: ScalerWorld) -> Reading {
        let isOpen = window.isOpen(at: world.now)
        return Reading(value: isOpen ? Double(desired) : 0, isActive: isOpen)
    }
}
