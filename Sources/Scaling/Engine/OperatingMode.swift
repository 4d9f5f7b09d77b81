/// Whether what is decided about a workload is done.
public enum OperatingMode: String, Sendable, Hashable, CaseIterable {
    /// It is done.
    case manage
    /// It is only told: Swell looks and decides as ever, and whoever else scales the workload goes on.
    case recommend

    /// The annotation that chooses for one object.
    public static let annotation = "autoscaling.swell.dev/mode"
}
