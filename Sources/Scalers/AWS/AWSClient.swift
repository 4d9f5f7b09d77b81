internal import Foundation
internal import Outbound
internal import ScalerKit

/// Sends requests to AWS, signed with credentials that are fetched where somebody lends them.
///
/// Lent credentials are kept for all triggers that need the same ones, and fetched once for all who wait.
struct AWSClient: Sendable {
    /// How old lent credentials must be before others are fetched because a source refuses them.
    ///
    /// What is refused for ever, for want of a permission, then costs a fetch a minute.
    private static let refusalInterval = Duration.seconds(60)

    /// As whom.
    let identity: AWSIdentity
    /// Such as `eu-west-1`.
    let region: Secret<String>
    /// As AWS calls it in signatures, such as `aps`.
    let service: String

    /// Lent credentials as they are kept.
    private struct Lent {
        /// Under what.
        let key: HTTPRequest
        /// Themselves, and since when.
        let kept: AccessTokens.Kept
    }

    /// Sends a request; if the credentials for it are refused and were lent, once more with new ones.
    ///
    /// - Throws: ``ScalerError`` if there are no credentials to be had, `OutboundError`.
    func send(_ request: HTTPRequest, in world: ScalerWorld, upTo limit: Int) async throws -> HTTPResponse {
        let first = try await credentials(for: request, in: world)
        let response = try await world.http.collect(signed(request, by: first.credentials, world), upTo: limit)
        guard response.status == 403, let lent = first.lent,
            world.seconds - lent.kept.since >= Self.refusalInterval
        else { return response }
        world.tokens.forget(lent.key, lent.kept)
        let second = try await credentials(for: request, in: world)
        return try await world.http.collect(signed(request, by: second.credentials, world), upTo: limit)
    }

    /// The request with a signature.
    private func signed(_ request: HTTPRequest, by credentials: AWSCredentials, _ world: ScalerWorld) -> HTTPRequest {
        AWSSigner(credentials: credentials, region: region, service: service).sign(request, at: world.now)
    }

    /// The credentials that are at hand or kept, or new ones.
    private func credentials(
        for request: HTTPRequest,
        in world: ScalerWorld
    ) async throws -> (credentials: AWSCredentials, lent: Lent?) {
        switch try identity.source(in: region, world.process) {
        case .keys(let keys): return (keys, nil)
        case .lender(let lender):
            let kept = try await world.tokens.value(for: lender.request, at: world.seconds) {
                let loan = try await lender.lend(within: request.deadline, in: world)
                return (loan.credentials.lines, loan.lifetime)
            }
            return (AWSCredentials(lines: kept.value), Lent(key: lender.request, kept: kept))
        }
    }
}
