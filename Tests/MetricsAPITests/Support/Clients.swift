import Certificates
import Foundation
import KubeModel
import Logging
import Outbound
import Scaling
import SwiftASN1
import Synchronization

@testable import MetricsAPI

/// A logger that tells nobody.
let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

/// The authorities of a cluster, and of a stranger.
struct TestCluster: Sendable {
    /// Signs the API server's certificate as a client.
    let frontProxy: CertificateAuthority
    /// Signs users.
    let users: CertificateAuthority
    /// Trusted by nobody.
    let stranger: CertificateAuthority
    /// When everything was made.
    let now: Date

    /// New authorities.
    init(now: Date = Date()) throws {
        self.now = now
        self.frontProxy = try CertificateAuthority(commonName: "front-proxy-ca", now: now)
        self.users = try CertificateAuthority(commonName: "kubernetes", now: now)
        self.stranger = try CertificateAuthority(commonName: "front-proxy-ca", now: now)
    }

    /// The data of the ConfigMap, as kube-apiserver writes it.
    var data: [String: String] {
        [
            "client-ca-file": users.certificate,
            "requestheader-client-ca-file": frontProxy.certificate,
            "requestheader-allowed-names": #"["front-proxy-client"]"#,
            "requestheader-username-headers": #"["X-Remote-User"]"#,
            "requestheader-group-headers": #"["X-Remote-Group"]"#,
            "requestheader-extra-headers-prefix": #"["X-Remote-Extra-"]"#,
        ]
    }

    /// A client's certificate.
    func client(_ name: String, _ groups: [String] = [], of authority: CertificateAuthority) throws -> CertificatePair {
        try authority.issue(
            CertificateRequest(commonName: name, organizations: groups, usages: [.client]),
            now: now
        )
    }
}

extension CertificatePair {
    /// The chain as a handshake gives it.
    func der() throws -> [[UInt8]] {
        try PEMDocument.parseMultiple(pemString: certificates).map(\.derBytes)
    }
}

/// Always the same reading, or the same error.
struct FixedSource: MetricSource {
    /// What everybody is told.
    var answer: Result<[MetricReading], MetricSourceError>

    /// See ``MetricSource``.
    func readings(of metric: String, for object: ObjectKey) async throws(MetricSourceError) -> [MetricReading] {
        try answer.get()
    }

    /// 4.5 of a metric.
    static let halves = FixedSource(
        answer: .success([
            MetricReading(
                metric: "s0-cron",
                value: Quantity(milli: 4500),
                time: Date(timeIntervalSince1970: 1_781_606_897)
            )
        ])
    )
}

/// Notes by which thread each metric was read; has `s0-known` at hand.
final class ThreadedSource: MetricSource {
    /// The name of the last thread, by metric.
    let threads = Mutex<[String: String]>([:])

    /// See ``MetricSource``.
    func knownReadings(of metric: String, for object: ObjectKey) -> [MetricReading]? {
        metric == "s0-known" ? read(metric) : nil
    }

    /// See ``MetricSource``.
    func readings(of metric: String, for object: ObjectKey) async throws(MetricSourceError) -> [MetricReading] {
        read(metric)
    }

    /// Reads, and notes by which thread.
    private func read(_ metric: String) -> [MetricReading] {
        // Without a name, neither is noted, and the test finds that out.
        let thread = try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
        threads.withLock { $0[metric] = thread }
        return [MetricReading(metric: metric, value: Quantity(1), time: Date(timeIntervalSince1970: 0))]
    }
}

/// Always the same decisions, or the same error.
struct FixedDecisions: DecisionSource {
    /// What everybody is told; `nil` for an empty report on whatever is asked about.
    var failure: DecisionSourceError?

    /// See ``DecisionSource``.
    func report(on object: ObjectKey) async throws(DecisionSourceError) -> DecisionReport {
        if let failure { throw failure }
        return Self.report(on: object)
    }

    /// One decision about an object.
    static func report(on object: ObjectKey) -> DecisionReport {
        let now = Date(timeIntervalSince1970: 1_781_606_897.25)
        let policy = ScalePolicy(ScaledObject.Spec(scaleTargetRef: .init(name: "web"), triggers: []))
        let seen = Observation(replicas: 3, triggers: [], lastActive: now, created: now)
        let decision = Decision.hold(.active)
        var log = DecisionLog()
        log.note(Evaluation(at: now, policy, seen, triggers: [], decision: decision), limit: 4)
        return DecisionReport(of: object, log)
    }
}
