import Foundation
import KubeModel
import Outbound
import Testing

@testable import MetricsAPI

@Suite struct AuthenticatorTests {
    /// Headers with which anybody may try to be an administrator.
    static let forged = [Header("X-Remote-User", "admin"), Header("X-Remote-Group", "system:masters")]

    let cluster: TestCluster

    init() throws {
        self.cluster = try TestCluster()
    }

    /// Finds out who calls; the token `good` is jane's, `down` cannot be asked about, all others are nobody's.
    func user(
        _ headers: [Header],
        certificates: [[UInt8]] = [],
        data: [String: String]? = nil
    ) async throws -> UserInfo {
        let review: @Sendable (Secret<String>) async throws(AccessError) -> UserInfo? = { token throws(AccessError) in
            let text = token.withValue { $0 }
            if text == "down" { throw AccessError(.reviewFailed, "the API server could not be asked") }
            return text == "good" ? UserInfo(username: "jane", groups: ["dev"]) : nil
        }
        let configuration = try AuthenticationConfiguration(data ?? cluster.data)
        return try await Authenticator(configuration: configuration, review: review)
            .user(of: .init(certificates: certificates, headers: headers), now: cluster.now)
    }

    @Test func `the API server speaks for others`() async throws {
        let proxy = try cluster.client("front-proxy-client", of: cluster.frontProxy).der()
        let user = try await user(Self.forged, certificates: proxy)
        #expect(user == UserInfo(username: "admin", groups: ["system:masters"]))
    }

    @Test func `headers alone mean nothing`() async throws {
        #expect(try await user(Self.forged) == Authenticator.anonymous)
    }

    /// Who may not speak for others.
    enum Impostor: CaseIterable { case otherAuthority, otherName, userOfTheCluster, expired, noHeaders }

    @Test(arguments: Impostor.allCases)
    func `nobody else speaks for others`(impostor: Impostor) async throws {
        switch impostor {
        case .otherAuthority:
            let proxy = try cluster.client("front-proxy-client", of: cluster.stranger).der()
            await expectUnauthenticated { try await user(Self.forged, certificates: proxy) }
        case .otherName:
            let proxy = try cluster.client("kubelet", of: cluster.frontProxy).der()
            await expectUnauthenticated { try await user(Self.forged, certificates: proxy) }
        case .expired:
            let old = try TestCluster(now: cluster.now - 3 * 366 * 86_400)
            let proxy = try old.client("front-proxy-client", of: old.frontProxy).der()
            await expectUnauthenticated { try await user(Self.forged, certificates: proxy, data: old.data) }
        case .noHeaders:
            let proxy = try cluster.client("front-proxy-client", of: cluster.frontProxy).der()
            await expectUnauthenticated { try await user([], certificates: proxy) }
        case .userOfTheCluster:
            let certificate = try cluster.client("front-proxy-client", ["dev"], of: cluster.users).der()
            let found = try await user(Self.forged, certificates: certificate)
            #expect(found == UserInfo(username: "front-proxy-client", groups: ["dev", "system:authenticated"]))
        }
    }

    @Test func `a certificate of the cluster names a user and the groups`() async throws {
        let certificate = try cluster.client("jane", ["dev", "system:masters"], of: cluster.users).der()
        let user = try await user([], certificates: certificate)
        #expect(user == UserInfo(username: "jane", groups: ["dev", "system:masters", "system:authenticated"]))
    }

    @Test func `certificates mean nothing to a cluster without authorities`() async throws {
        let certificate = try cluster.client("jane", of: cluster.users).der()
        #expect(try await user([], certificates: certificate, data: [:]) == Authenticator.anonymous)
    }

    @Test(arguments: ["Bearer good", "bearer  good", "BEARER good"])
    func `a token names a user`(value: String) async throws {
        let user = try await user([Header("Authorization", value)])
        #expect(user == UserInfo(username: "jane", groups: ["dev", "system:authenticated"]))
    }

    @Test func `a good token counts although the certificate does not`() async throws {
        let certificate = try cluster.client("jane", of: cluster.stranger).der()
        let user = try await user([Header("Authorization", "Bearer good")], certificates: certificate)
        #expect(user.username == "jane")
    }

    @Test func `a bad token is refused, not taken for nobody`() async throws {
        await expectUnauthenticated { try await user([Header("Authorization", "Bearer bad")]) }
    }

    @Test func `a token that cannot be asked about is an error`() async throws {
        let error = await #expect(throws: AccessError.self) {
            try await user([Header("Authorization", "Bearer down")])
        }
        #expect(error?.code == .reviewFailed)
    }

    @Test(arguments: ["", "Bearer", "Bearer ", "Basic good", "good"])
    func `what is no token is nobody`(value: String) async throws {
        #expect(try await user([Header("Authorization", value)]) == Authenticator.anonymous)
    }

    /// Expects a 401 that does not tell strangers why.
    func expectUnauthenticated(_ call: () async throws -> UserInfo) async {
        let error = await #expect(throws: AccessError.self) { _ = try await call() }
        #expect(error?.code == .unauthenticated)
        #expect(error?.summary == "Unauthorized")
    }
}
