import ArgumentParser
import Foundation
import KubeClient
import KubeModel
import Outbound
import OutboundCurl
import Scaling

/// `swell explain scaledobject`.
struct ExplainScaledObject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scaledobject",
        abstract: "Tell why a ScaledObject has the replicas it has, and what happens next.",
        discussion: """
            Asks the operator at its health port, which shows decisions where it listens on loopback, or where \
            --debug-decisions is given. In a cluster, forward that port first:
              kubectl -n keda port-forward deploy/keda-operator 8081

            Example:
              swell explain scaledobject worker -n shop --server http://127.0.0.1:8081
            """,
        aliases: ["so"]
    )

    @Argument(help: "The ScaledObject's name.")
    var name: String

    @Option(name: .shortAndLong, help: "Its namespace.")
    var namespace = "default"

    @Option(help: ArgumentHelp("The operator's health port.", valueName: "url"))
    var server = "http://127.0.0.1:8081"

    @Option(help: "How far back earlier decisions are told, such as 10m.", transform: { try LocalCommand.duration($0) })
    var since = Duration.seconds(600)

    @Option(name: .shortAndLong, help: "How it is written.")
    var output = Format.text

    /// How it is written.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        /// One screen.
        case text
        /// The whole report.
        case json
    }

    /// Asks and prints.
    func run() async throws {
        let report = try await withCurlTransport(environment: [:]) { transport in try await ask(over: transport) }
        switch output {
        case .json: StandardOutput.write(String(decoding: try KubeJSON.encode(report), as: UTF8.self) + "\n")
        case .text:
            let start = TimeSource.system.now() - since / .seconds(1)
            StandardOutput.write(DecisionText(report: report, since: start).text)
        }
    }

    /// What the operator says.
    ///
    /// - Throws: ``ExplainError``.
    private func ask(over transport: any HTTPTransport) async throws -> DecisionReport {
        let response: HTTPResponse
        do {
            let address = try WebAddress.parse(server).address.appending("debug", "decisions", namespace, name)
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
