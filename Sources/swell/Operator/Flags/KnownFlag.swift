/// A flag that `swell operator` takes, one of ours or of KEDA's processes.
struct KnownFlag: Hashable, Sendable {
    /// What follows the flag.
    enum Kind: Hashable, Sendable {
        /// Nothing, or `=` and a boolean.
        case boolean
        /// `=` or a space, and a text.
        case value
    }

    /// What becomes of the flag.
    enum Fate: Hashable, Sendable {
        /// It works, under this name.
        case works
        /// It is another word for one of ours.
        case alias(of: String)
        /// It changes nothing, and nobody misses anything: why.
        case needless(because: String)
        /// It changes nothing, and who gave it may miss something: why, and what to do instead.
        case missing(because: String)
    }

    /// Without dashes.
    let name: String
    /// What follows.
    let kind: Kind
    /// What becomes of it.
    let fate: Fate

    /// One that works.
    static func works(_ name: String, _ kind: Kind = .value) -> KnownFlag {
        KnownFlag(name: name, kind: kind, fate: .works)
    }

    /// One of KEDA's that is another word for one of ours.
    static func alias(_ name: String, _ kind: Kind = .value, of other: String) -> KnownFlag {
        KnownFlag(name: name, kind: kind, fate: .alias(of: other))
    }

    /// Some that change nothing, and nobody misses anything.
    static func needless(_ names: [String], _ kind: Kind = .value, because reason: String) -> [KnownFlag] {
        names.map { KnownFlag(name: $0, kind: kind, fate: .needless(because: reason)) }
    }

    /// Some that change nothing, although somebody may count on them.
    static func missing(_ names: [String], _ kind: Kind = .value, because reason: String) -> [KnownFlag] {
        names.map { KnownFlag(name: $0, kind: kind, fate: .missing(because: reason)) }
    }
}

/// All flags that `swell operator` takes.
enum KnownFlags {
    /// Our own and KEDA's, each name once.
    static let all: [KnownFlag] =
        ours + operatorFlags + metricsServerFlags + securityFlags + auditFlags + webhookFlags + logFlags

    /// ``all`` by name.
    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// The flag of a name without dashes.
    static func named(_ name: String) -> KnownFlag? { byName[name] }

    /// What KEDA has not.
    private static let ours: [KnownFlag] = [
        .works("context"), .works("engine"), .works("mode"), .works("watch-namespace"),
        .works("external-metrics-bind-address"),
        .works("webhook-bind-address"), .works("health-bind-address"), .works("debug-decisions", .boolean),
        .works("leader-elect-lease-duration"),
        .works("leader-elect-renew-deadline"), .works("leader-elect-retry-period"), .works("advertise-address"),
        .works("shards"),
        .works("log-level"), .works("log-format"), .works("log-time"),
    ]
}
