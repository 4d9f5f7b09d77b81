import Foundation
import KubeModel
import Logging
import Outbound
import ScalerKit
import Scaling
import Synchronization
import Telemetry
import TestKit
import Testing

@testable import Operator

/// A trigger on a database that wants a password, which stands in a Secret.
@Suite final class TriggerBuilderTests: Sendable {
    /// Asks with a password, and remembers how often.
    struct Demo: Scaler {
        static let password = Field("password", from: [.authentication, .environment], .secret, help: "The password.")
        static let target = Field("target", .integer(), default: 1, help: "The target.")
        static let schema = ScalerSchema("demo", "For tests.", [password, target])
        let password: Secret<String>

        init(_ settings: ScalerSettings) throws {
            self.password = try settings[Self.password]
            if password == "bad" { throw SettingsError("password", "parameter \"password\" is bad") }
        }

        func measures(_ world: ScalerWorld) -> [Measure] { [.external(name: "demo", target: Quantity(1))] }

        func read(_ measure: Measure, _ world: ScalerWorld) async throws -> Reading {
            _ = try await world.sql.run(SQLQuery("SELECT 1", on: password, deadline: world.timeout))
            let count = (world.memory["count"].flatMap(Double.init) ?? 0) + 1
            world.memory["count"] = "\(count)"
            return Reading(value: count + (world.process["AWS_DEMO"] == nil ? 0 : 100), isActive: true)
        }
    }

    let clock = ManualClock()
    let references = ReferenceIndex()
    let isWatched = Mutex(true)
    /// The password that the database takes; `nil` for any.
    let accepted = Mutex<String?>(nil)
    /// The passwords that the database was shown.
    let shown = Mutex<[String]>([])
    let config: FakeConfig

    init() throws {
        self.config = FakeConfig(
            secrets: ["shop/db": ["password": "one"]],
            authentications: [
                "TriggerAuthentication shop/auth": try .parsing(
                    #"{"secretTargetRef":[{"parameter":"password","name":"db","key":"password"}]}"#
                )
            ]
        )
    }

    /// Whose trigger it is.
    static let object = ScaledObject(
        metadata: ObjectMeta(name: "web", namespace: "shop"),
        spec: .init(scaleTargetRef: .init(name: "web"), triggers: [])
    )

    /// The trigger, not built yet.
    func unit(_ settings: CredentialSettings = CredentialSettings()) -> TriggerUnit {
        TriggerUnit(
            index: 0,
            .init(type: "demo", metadata: [:], authenticationRef: .init(name: "auth")),
            TriggerUnit.Surroundings(
                object: ObjectKey(namespace: "shop", name: "web"),
                registry: ScalerRegistry([Demo.self]),
                credentials: .testing(config, settings, clock: clock, references: references) { _ in
                    self.isWatched.withLock { $0 }
                },
                feedsFormula: false,
                container: nil,
                template: { nil },
                http: ScriptedTransport(),
                sql: AnsweringSQL { query in
                    let password = query.connection.withValue { $0 }
                    self.shown.withLock { $0.append(password) }
                    guard self.accepted.withLock({ $0.map { $0 == password } ?? true }) else {
                        throw OutboundError(.unauthorized, "the database refused the credentials")
                    }
                    return SQLResult(columns: [], firstRow: nil)
                },
                shared: SharedSources(time: clock.source),
                cluster: AnsweringCluster(
                    pods: { _ in throw OutboundError.nothingListens },
                    data: { _ in throw OutboundError.nothingListens }
                ),
                timeout: .seconds(3),
                time: clock.source,
                instruments: ScalingInstruments(MetricRegistry()).began(Self.object),
                log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
        )
    }

    /// One poll: the value, or what is told.
    func poll(_ unit: TriggerUnit, after wait: Duration = .seconds(30)) async throws -> String {
        clock.advance(by: wait)
        switch try await unit.outcome(noOlderThan: .zero).result {
        case .success(let readings): return readings.values.map { "\(Int($0.values[0]))" }.joined()
        case .failure(let failure): return failure.description
        }
    }

    /// Writes the Secret, and has the watch tell it.
    func rotate(to password: String?, telling: Bool = true) {
        config.content.withLock { $0.secrets["shop/db"] = password.map { ["password": $0] } }
        if telling { _ = references.invalidate(.secret(ObjectKey(namespace: "shop", name: "db"))) }
    }

    @Test func `a change that is told is used by the next read, and the memory stays`() async throws {
        let unit = unit()
        #expect(try await poll(unit) == "1")
        rotate(to: "two")
        accepted.withLock { $0 = "two" }
        #expect(try await poll(unit) == "2")
        #expect(shown.withLock { $0 } == ["one", "two"])
    }

    @Test func `a trigger sees what clouds tell the operator of itself`() async throws {
        var settings = CredentialSettings()
        settings.takeCloudVariables(from: Secret(["AWS_DEMO": "x"]))
        #expect(try await poll(unit(settings)) == "101")
    }

    @Test func `nothing is read from the API server while nothing is told`() async throws {
        let unit = unit()
        for count in 1...100 { #expect(try await poll(unit) == "\(count)") }
        #expect(config.asked.withLock { $0.count } == 2)
    }

    @Test func `a change of something else, or of nothing that counts, builds nothing anew`() async throws {
        let unit = unit()
        #expect(try await poll(unit) == "1")
        let built = try #require(unit.built)
        rotate(to: "one")
        #expect(try await poll(unit) == "2")
        #expect(unit.built?.texts == built.texts && config.asked.withLock { $0.count } == 4)
        #expect(references.invalidate(.secret(ObjectKey(namespace: "shop", name: "other"))).isEmpty)
    }

    @Test func `without a watch a change is found within five minutes`() async throws {
        isWatched.withLock { $0 = false }
        let unit = unit()
        #expect(try await poll(unit) == "1")
        rotate(to: "two", telling: false)
        #expect(try await poll(unit, after: .seconds(299)) == "2")
        #expect(try await poll(unit, after: .seconds(1)) == "3")
        #expect(shown.withLock { $0 } == ["one", "one", "two"])
    }

    @Test func `a failed read looks at once and asks again`() async throws {
        let unit = unit()
        #expect(try await poll(unit) == "1")
        rotate(to: "two", telling: false)
        accepted.withLock { $0 = "two" }
        #expect(try await poll(unit) == "2")
        #expect(shown.withLock { $0 } == ["one", "one", "two"])
    }

    @Test func `what worked goes on while something is missing, and takes what comes back`() async throws {
        let unit = unit()
        #expect(try await poll(unit) == "1")
        rotate(to: nil)
        #expect(try await poll(unit) == "2")
        config.content.withLock { $0.failure = OutboundError(.timedOut, "the API server is away") }
        #expect(try await poll(unit, after: .seconds(60)) == "3")
        config.content.withLock { $0.failure = nil }
        rotate(to: "two")
        #expect(try await poll(unit) == "4")
        #expect(shown.withLock { $0 } == ["one", "one", "one", "two"])
    }

    @Test func `what is missing is told as soon as the source refuses`() async throws {
        let unit = unit()
        #expect(try await poll(unit) == "1")
        rotate(to: nil)
        accepted.withLock { $0 = "two" }
        #expect(
            try await poll(unit)
                == "missing required parameter \"password\" in [authParams resolvedEnv]; Secret shop/db does not exist"
        )
        rotate(to: "two")
        #expect(try await poll(unit) == "2")
    }

    @Test func `a failure after which nothing can be looked up tells both`() async throws {
        let unit = unit()
        #expect(try await poll(unit) == "1")
        accepted.withLock { $0 = "two" }
        config.content.withLock { $0.failure = OutboundError(.timedOut, "the API server is away") }
        #expect(
            try await poll(unit)
                == "the database refused the credentials; the credentials could not be looked at again: "
                + "the API server is away"
        )
    }

    @Test func `settings that cannot be built fail every read until they are mended`() async throws {
        let unit = unit()
        #expect(try await poll(unit) == "1")
        rotate(to: "bad")
        for _ in 0..<3 { #expect(try await poll(unit) == "parameter \"password\" is bad") }
        rotate(to: "two")
        #expect(try await poll(unit) == "2")
    }

    @Test func `a source that is not built yet fails a trigger that worked`() async throws {
        let unit = unit()
        #expect(try await poll(unit) == "1")
        let spec = try AuthenticationSpec.parsing(#"{"podIdentity":{"provider":"aws"}}"#)
        config.content.withLock { $0.authentications["TriggerAuthentication shop/auth"] = spec }
        _ = references.invalidate(.authentication(.namespaced(ObjectKey(namespace: "shop", name: "auth"))))
        #expect(try await poll(unit).contains("not supported yet: podIdentity \"aws\""))
    }

    @Test func `a trigger that is gone is told of nothing, and its references are forgotten`() async throws {
        let secret = Reference.secret(ObjectKey(namespace: "shop", name: "db"))
        var unit: TriggerUnit? = unit()
        _ = try await poll(#require(unit))
        #expect(references.isUsed(secret))
        unit = nil
        #expect(!references.isUsed(secret))
    }

    @Test func `a thousand triggers read a Secret once`() async throws {
        let resolver = CredentialResolver.testing(config, clock: clock, references: references)
        try await withThrowingTaskGroup { group in
            for _ in 0..<1000 {
                group.addTask {
                    let trigger = ScaledObject.Trigger(
                        type: "demo",
                        metadata: [:],
                        authenticationRef: .init(name: "auth")
                    )
                    _ = try await resolver.resolve(trigger, in: "shop", container: nil) { nil }
                }
            }
            try await group.waitForAll()
        }
        #expect(config.asked.withLock { $0 }.sorted() == ["Secret shop/db", "TriggerAuthentication shop/auth"])
    }
}
