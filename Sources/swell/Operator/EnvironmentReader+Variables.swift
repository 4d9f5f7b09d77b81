import ArgumentParser
import Outbound

extension EnvironmentReader {
    /// How long a read of a source may take: whole milliseconds, 3000 unless given; 0 and less mean 300.
    func readTimeout() throws -> Duration {
        guard let milliseconds = try integer("KEDA_HTTP_DEFAULT_TIMEOUT") else { return .milliseconds(3000) }
        return .milliseconds(milliseconds > 0 ? milliseconds : 300)
    }

    /// Passes over ScaledObjects at once; ScaledJobs have none yet, but a bad value is told.
    func maxReconciles() throws -> Int? {
        _ = try integer("KEDA_SCALEDJOB_CTRL_MAX_RECONCILES")
        return try integer("KEDA_SCALEDOBJECT_CTRL_MAX_RECONCILES")
    }

    /// How long tokens of `boundServiceAccountToken` are valid.
    func tokenExpiry() throws -> Duration {
        let name = "KEDA_BOUND_SERVICE_ACCOUNT_TOKEN_EXPIRY"
        guard let expiry = try duration(name) else { return .seconds(3600) }
        guard (.seconds(3600)) ... .seconds(6 * 3600) ~= expiry else {
            throw ValidationError("\(name) must be between 1h and 6h")
        }
        return expiry
    }

    /// The TLS that triggers speak.
    mutating func triggerTLS() -> TLSPolicy {
        tls(
            version: "KEDA_HTTP_MIN_TLS_VERSION",
            suites: "KEDA_HTTP_TLS_CIPHER_LIST",
            else: TLSPolicy(),
            present: .tls12
        )
    }

    /// The TLS that servers speak: what the triggers speak unless said otherwise.
    mutating func serviceTLS(else fallback: TLSPolicy) -> TLSPolicy {
        tls(
            version: "KEDA_SERVICE_MIN_TLS_VERSION",
            suites: "KEDA_SERVICE_TLS_CIPHER_LIST",
            else: fallback,
            present: .tls13
        )
    }
}

/// How long leadership lasts: flags, else variables, else controller-runtime's defaults.
struct LeaderTiming {
    /// How long the others wait.
    let lease: Duration
    /// How long the leader tries.
    let renew: Duration
    /// How often they try.
    let retry: Duration

    /// Takes the values, each of which must be shorter than the one before.
    init(_ flags: LeaderOptions, _ reader: EnvironmentReader) throws {
        let prefix = "KEDA_OPERATOR_LEADER_ELECTION_"
        let (lease, renew, retry) = (
            try reader.duration(prefix + "LEASE_DURATION"), try reader.duration(prefix + "RENEW_DEADLINE"),
            try reader.duration(prefix + "RETRY_PERIOD")
        )
        self.lease = flags.leaderElectLeaseDuration ?? lease ?? .seconds(15)
        self.renew = flags.leaderElectRenewDeadline ?? renew ?? .seconds(10)
        self.retry = flags.leaderElectRetryPeriod ?? retry ?? .seconds(2)
        guard self.lease > self.renew, self.renew > self.retry, self.retry > .zero, self.lease >= .seconds(1) else {
            throw ValidationError(
                """
                leader election: the lease (\(self.lease)) must be at least 1 s and longer than the renew deadline \
                (\(self.renew)), and that longer than the retry period (\(self.retry)), which must be above 0
                """
            )
        }
    }
}
