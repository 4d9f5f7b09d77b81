import KubeModel
import Outbound
import ScalerKit

/// A scaler that keeps the contract, but for its flaw; it has everything that a scaler may have.
///
/// It asks the source for the names of its measures, gives two external ones and a resource, and listens.
struct DemoScaler<F: Flaw>: PushScaler {
    static var schema: ScalerSchema { F.schema }

    /// The source.
    let url: WebAddress
    /// Shown to the source.
    let token: Secret<String>?
    /// How much one pod handles.
    let target: Quantity
    /// What a flaw keeps.
    let kept: String

    init(_ settings: ScalerSettings) throws {
        self.url = try settings[Demo.url].address
        self.token = try settings[Demo.token]
        self.target = Quantity(Int64(try settings[Demo.target]))
        self.kept = try F.keep(settings)
    }

    func measures(_ world: ScalerWorld) async throws -> [Measure] {
        try await F.measures(self, world)
    }

    func read(_ measure: Measure, _ world: ScalerWorld) async throws -> Reading {
        try await F.read(self, measure, world)
    }

    func listen(_ world: ScalerWorld, _ push: @escaping @Sendable () -> Void) async throws {
        try await F.listen(self, world, push)
    }
}

/// The settings and the source of ``DemoScaler``.
enum Demo {
    static let url = Field("url", .address, help: "Where it asks.")
    static let target = Field("target", .integer(in: 1...1_000_000), default: 5, help: "How much one pod handles.")
    static let token = Field<Secret<String>?>
        .optional(
            "token",
            from: [.authentication, .environment],
            .secret,
            help: "Shown to the source."
        )
    static let fields: [any AnyField] = [url, target, token]
    static let schema = ScalerSchema("demo", "Scales by a demo.", fields, retired: ["old"])

    /// Settings that are accepted.
    static let metadata = ["url": "http://demo", "target": "7", "old": "x"]

    /// Answers the way a good source does.
    static let answer: @Sendable (HTTPRequest) -> HTTPResponse = { request in
        let body = request.url.target == "/names" ? #"["one","two"]"# : #"{"value":6.5}"#
        return HTTPResponse(status: 200, body: Array(body.utf8))
    }

    /// Asks the source for JSON.
    static func ask(
        _ path: String,
        _ scaler: DemoScaler<some Flaw>,
        _ world: ScalerWorld,
        upTo limit: Int = 1000
    ) async throws -> JSONValue {
        var request = HTTPRequest(.get, scaler.url.appending(path), deadline: world.timeout)
        request.authorization = scaler.token.map { .bearer($0) }
        let response = try await world.http.collect(request, upTo: limit)
        guard response.head.isSuccess else { throw ScalerError(.refused, "the demo answers \(response.status)") }
        do {
            return try KubeJSON.decode(from: response.body)
        } catch {
            throw ScalerError(.unexpectedAnswer, "the demo's answer is no JSON")
        }
    }
}

/// What a scaler does wrong; each part that is not overridden is right.
protocol Flaw: Sendable {
    static var schema: ScalerSchema { get }
    static func keep(_ settings: ScalerSettings) throws -> String
    static func measures(_ scaler: DemoScaler<Self>, _ world: ScalerWorld) async throws -> [Measure]
    static func read(_ scaler: DemoScaler<Self>, _ measure: Measure, _ world: ScalerWorld) async throws -> Reading
    static func listen(_ scaler: DemoScaler<Self>, _ world: ScalerWorld, _ push: () -> Void) async throws
}

extension Flaw {
    static var schema: ScalerSchema { Demo.schema }

    static func keep(_ settings: ScalerSettings) throws -> String { "" }

    static func measures(_ scaler: DemoScaler<Self>, _ world: ScalerWorld) async throws -> [Measure] {
        let names = try await Demo.ask("names", scaler, world).array?.compactMap(\.string) ?? []
        guard let first = names.first, names.count == 2, names[1] != first else {
            throw ScalerError(.unexpectedAnswer, "the demo gives no two names")
        }
        return names.map { .external(name: $0, target: scaler.target) }
            + [.resource(name: "cpu", container: "web", target: .utilization(50))]
    }

    static func read(_ scaler: DemoScaler<Self>, _ measure: Measure, _ world: ScalerWorld) async throws -> Reading {
        guard let value = try await Demo.ask("value", scaler, world)["value"]?.double else {
            throw ScalerError(.noValue, "the demo gives no value")
        }
        return Reading(values: [value, 1], isActive: value > 0)
    }

    static func listen(_ scaler: DemoScaler<Self>, _ world: ScalerWorld, _ push: () -> Void) async throws {
        _ = try await Demo.ask("wait", scaler, world)
        push()
    }
}
