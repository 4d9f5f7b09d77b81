internal import Foundation
internal import KubeModel
internal import Outbound
internal import ScalerKit

/// Credentials that are lent for a time, as STS and the agents of containers tell them.
///
/// - Source: AWS, STS API reference, "Credentials", in its JSON form; Go's `endpointcreds`, which KEDA uses.
struct AWSLoan: Sendable {
    /// What is lent.
    let credentials: AWSCredentials
    /// How long they are used: until shortly before they expire.
    let lifetime: Duration

    /// How long before they expire credentials are renewed; agents have the next ones by then.
    private static let margin = 300.0
    /// How long credentials are used whose end nobody tells.
    private static let unknownLifetime = Duration.seconds(300)
    /// A server's number may be anything; no role is lent for longer.
    private static let longest = 43_200.0

    /// Why AWS refuses, in its own words; only these are shown.
    private static let reasons: Set<String> = [
        "AccessDenied", "AccessDeniedException", "ExpiredToken", "ExpiredTokenException", "IDPCommunicationError",
        "IDPRejectedClaim", "InvalidClientTokenId", "InvalidIdentityToken", "InvalidTokenException",
        "RegionDisabledException", "ResourceNotFoundException", "SignatureDoesNotMatch", "Throttling",
        "ThrottlingException", "ValidationError",
    ]

    /// Reads an answer.
    ///
    /// - Parameters:
    ///   - response: of any status.
    ///   - now: the time.
    ///   - lender: for messages.
    /// - Throws: ``ScalerError``, whose text holds nothing of the answer but a known reason.
    init(_ response: HTTPResponse, at now: Date, from lender: AWSLender) throws(ScalerError) {
        // What is no JSON has no members, and is told as that.
        let answer: JSONValue = (try? KubeJSON.decode(from: response.body)) ?? .null
        guard response.head.isSuccess else {
            let code = (answer[path: "Error", "Code"] ?? answer["code"])?.string ?? ""
            let reason = Self.reasons.contains(code) ? " (\(code))" : ""
            throw ScalerError(
                .refused,
                "\(lender.name) answered with status \(response.status)\(reason); \(lender.advice)"
            )
        }
        let found =
            answer[path: "AssumeRoleWithWebIdentityResponse", "AssumeRoleWithWebIdentityResult", "Credentials"]
            ?? answer[path: "AssumeRoleResponse", "AssumeRoleResult", "Credentials"] ?? answer
        guard
            let credentials = AWSCredentials(
                accessKeyID: found["AccessKeyId"]?.string,
                secretAccessKey: found["SecretAccessKey"]?.string,
                sessionToken: (found["SessionToken"] ?? found["Token"])?.string
            )
        else {
            throw ScalerError(.unexpectedAnswer, "\(lender.name) answered without credentials in JSON")
        }
        self.credentials = credentials
        guard let end = Self.end(found["Expiration"]) else {
            self.lifetime = Self.unknownLifetime
            return
        }
        let rest = min(end - now.timeIntervalSince1970, Self.longest)
        guard rest > 0 else {
            throw ScalerError(.unexpectedAnswer, "\(lender.name) gave credentials that have expired; check the clocks")
        }
        self.lifetime = .seconds(max(rest - Self.margin, rest / 2))
    }

    /// When credentials expire, in seconds since 1970, written as such or as a date.
    private static func end(_ value: JSONValue?) -> Double? {
        value?.double ?? value?.string.flatMap { RFC3339.date($0)?.timeIntervalSince1970 ?? Double($0) }
    }
}
