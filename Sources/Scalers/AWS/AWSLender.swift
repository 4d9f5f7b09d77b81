internal import Foundation
internal import Outbound
internal import ScalerKit

/// Who lends AWS credentials for a time, and how it is asked.
///
/// - Source: AWS, STS API reference, `AssumeRoleWithWebIdentity` and `AssumeRole`; "SDKs and Tools Reference", "Container
///   credential provider".
struct AWSLender: Sendable {
    /// How the operator proves who it is.
    private enum Proof: Sendable {
        /// By the token of its service account, in the form.
        case webIdentity
        /// By a token in the Authorization header, where it has one.
        case token
        /// By a signature with its own credentials.
        case signature(region: Secret<String>)
    }

    /// Bytes of an answer that are read.
    private static let limit = 1 << 16

    /// What messages call it.
    let name: String
    /// What to look at when it refuses.
    let advice: String
    /// Asks for the credentials, without the proof; they are kept under it.
    let request: HTTPRequest
    /// See ``Proof``.
    private let proof: Proof

    /// STS, for the role of the operator's service account.
    ///
    /// - Throws: ``ScalerError`` where the environment is not complete.
    static func webIdentity(in region: Secret<String>, _ process: OwnProcess) throws(ScalerError) -> AWSLender {
        guard let role = process["AWS_ROLE_ARN"] else {
            throw ScalerError(
                .refused,
                "the operator has AWS_WEB_IDENTITY_TOKEN_FILE in its environment, and no AWS_ROLE_ARN"
            )
        }
        let session = process["AWS_ROLE_SESSION_NAME"] ?? Secret(sessionName)
        return AWSLender(
            name: "AWS STS",
            advice: "check AWS_ROLE_ARN of the operator and whether that role trusts its service account",
            request: try form(
                "AssumeRoleWithWebIdentity",
                [("RoleArn", role), ("RoleSessionName", session)],
                in: region,
                process
            ),
            proof: .webIdentity
        )
    }

    /// STS, for a role that the operator assumes.
    ///
    /// - Throws: ``ScalerError`` for an STS address that is none.
    static func role(
        _ role: Secret<String>,
        externalID: Secret<String>?,
        in region: Secret<String>,
        _ process: OwnProcess
    ) throws(ScalerError) -> AWSLender {
        let external = externalID.map { [("ExternalId", $0)] } ?? []
        return AWSLender(
            name: "AWS STS",
            advice: "check awsRoleArn, awsExternalId and whether that role trusts the operator",
            request: try form(
                "AssumeRole",
                external + [("RoleArn", role), ("RoleSessionName", Secret(sessionName))],
                in: region,
                process
            ),
            proof: .signature(region: region)
        )
    }

    /// The agent that gives a container its credentials, as EKS Pod Identity and ECS have it; `nil` where there is none.
    ///
    /// - Throws: ``ScalerError`` for an address that is none, or that credentials must not come from.
    static func container(_ process: OwnProcess) throws(ScalerError) -> AWSLender? {
        let names = ["AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"]
        let address: WebAddress
        if let full = process[names[0]] {
            address = try Self.address(full, names[0])
            guard address.scheme == "https" || isAgent(address.host) else {
                throw ScalerError(
                    .refused,
                    "\(names[0]) of the operator is neither https nor an address within its own machine"
                )
            }
        } else if let path = process[names[1]] {
            address = try Self.address(path.map { "http://169.254.170.2/\($0.drop { $0 == "/" })" }, names[1])
        } else {
            return nil
        }
        var request = HTTPRequest(.get, address, headers: [.init("Accept", "application/json")])
        request.hidesTarget = true
        return AWSLender(
            name: "the agent for the operator's AWS credentials",
            advice: "check the EKS Pod Identity association of its service account",
            request: request,
            proof: .token
        )
    }

    /// Asks for credentials.
    ///
    /// The trigger's own TLS settings do not count here: they say whom to trust as its source.
    ///
    /// - Parameters:
    ///   - deadline: of each request.
    ///   - world: of the trigger that needs them first.
    /// - Returns: what is lent, and for how long.
    /// - Throws: ``ScalerError`` if there are none to be had, `OutboundError`; both say that it is about credentials.
    func lend(within deadline: Duration, in world: ScalerWorld) async throws -> AWSLoan {
        var request = request
        request.deadline = deadline
        do {
            let response: HTTPResponse
            switch proof {
            case .webIdentity:
                let token = try world.process.text(ofFileIn: "AWS_WEB_IDENTITY_TOKEN_FILE") ?? ""
                request.body += token.withValue { Array("&WebIdentityToken=\(FormEncoding.encode($0))".utf8) }
                response = try await world.http.collect(request, upTo: Self.limit)
            case .token:
                request.secretHeaders["Authorization"] = try Self.containerToken(world.process)
                response = try await world.http.collect(request, upTo: Self.limit)
            case .signature(let region):
                let client = AWSClient(identity: .own, region: region, service: "sts")
                response = try await client.send(request, in: world, upTo: Self.limit)
            }
            return try AWSLoan(response, at: world.now, from: self)
        } catch var error as OutboundError {
            // Or it would read as if the trigger's source had failed. A lender may have a lender of its own.
            let topic = "AWS credentials: "
            if !error.summary.hasPrefix(topic) { error.summary = topic + error.summary }
            throw error
        }
    }
}

extension AWSLender {
    /// What STS calls our sessions, where nobody says.
    private static let sessionName = "swell-operator"
    /// Whether credentials may come from a host without TLS: a loopback address, or that of an agent of ECS or EKS.
    private static func isAgent(_ host: String) -> Bool {
        ["localhost", "::1", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"].contains(host)
            || host.wholeMatch(of: /127(\.[0-9]{1,3}){3}/) != nil
    }

    /// A form to post to STS.
    private static func form(
        _ action: String,
        _ fields: [(name: String, value: Secret<String>)],
        in region: Secret<String>,
        _ process: OwnProcess
    ) throws(ScalerError) -> HTTPRequest {
        let usual = region.map { "https://sts.\($0).\(AWSRegion.domain(of: $0))" }
        let variable = "AWS_ENDPOINT_URL_STS"
        let values = fields.map { field in (name: field.name, value: field.value.withValue { $0 }) }
        return HTTPRequest(
            .post,
            try address(process[variable] ?? usual, variable),
            headers: [
                .init("Content-Type", "application/x-www-form-urlencoded"), .init("Accept", "application/json"),
            ],
            body: Array(FormEncoding.encode([("Action", action)] + values + [("Version", "2011-06-15")]).utf8)
        )
    }

    /// An address that a variable gives.
    private static func address(_ text: Secret<String>, _ variable: String) throws(ScalerError) -> WebAddress {
        do {
            return try text.withValue { text throws(OutboundError) in try WebAddress.parse(text).address }
        } catch {
            throw ScalerError(.refused, "\(variable) of the operator is no http or https address")
        }
    }

    /// What a container shows to get its credentials.
    private static func containerToken(_ process: OwnProcess) throws(ScalerError) -> Secret<String>? {
        let name = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
        guard let token = try process.text(ofFileIn: name + "_FILE") ?? process[name] else { return nil }
        guard token.withValue({ $0.allSatisfy { !$0.isNewline } }) else {
            throw ScalerError(.refused, "\(name) of the operator has more than one line")
        }
        return token
    }
}
