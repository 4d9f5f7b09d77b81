import KubeModel
import Outbound
import Scaling

/// The operator's health port, which tells whoever reaches it of decisions.
struct HealthPort {
    /// Where it is, as the user says it.
    let server: String
    /// Asks.
    let transport: any HTTPTransport

    /// What the operator says of an object.
    ///
    /// - Throws: ``ExplainError``.
    func report(on key: ObjectKey) async throws -> DecisionReport {
        let response: HTTPResponse
        do {
            let address = try WebAddress.parse(server).address
                .appending("debug", "decisions", key.namespace, key.name)
            let request = HTTPRequest(.get, address, deadline: .seconds(10))
            response = try await transport.collect(request, upTo: 16 << 20)
        } catch let error as OutboundError {
            throw ExplainError("\(server): \(error.description); is that the operator's health port?")
        }
        switch response.status {
        case 200: break
        case 404:
            let words =
                String(decoding: response.body, as: UTF8.self).split(separator: "\n").first.map(String.init)
                ?? "nothing is there"
            throw ExplainError("\(server): \(words)")
        default: throw ExplainError("\(server) answers \(response.status)")
        }
        do {
            return try KubeJSON.decode(from: response.body)
        } catch {
            throw ExplainError("\(server) answers with something else than decisions; is it the health port?")
        }
    }
}
