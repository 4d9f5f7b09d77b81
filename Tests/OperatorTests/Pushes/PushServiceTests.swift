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

/// Listening to a trigger whose source does what a test says.
@Suite final class PushServiceTests: Sendable {
    /// Pushes for each chunk that its source sends.
    struct Demo: PushScaler {
        static let password = Field("password", from: [.authentication], .secret, help: "The password.")
        static let schema = ScalerSchema("demo", "For tests.", [password])
        let password: Secret<String>

        init(_ settings: ScalerSettings) throws {
            self.password = try settings[Self.password]
            if password == "bad" { throw SettingsError("password", "parameter \"password\" is bad") }
        }

        func measures(_ world: ScalerWorld) -> [Measure] { [.external(name: "demo", target: Quantity(1))] }

        func read(_ measure: Measure, _ world: ScalerWorld) -> Reading { Reading(value: 1, isActive: true) }

        func listen(_ world: ScalerWorld, _ push: @escaping @Sendable () -> Void) async throws {
            let request = HTTPRequest(.get, WebAddress(host: "demo"), secretHeaders: ["X-Password": password])
            try await world.http.withResponse(to: request) { _, body in
                for try await _ in body { push() }
            }
        }
    }

    /// Counts who listens.
    struct Ears: HTTPTransport {
        /// Answers.
        let source: ScriptedTransport
        /// Is told of each beginning and each end.
        let count: @Sendable (Int) -> Void

        func withResponse<Answer: Sendable>(
            to request: HTTPRequest,
            _ use: (HTTPResponseHead, HTTPBody) async throws -> Answer
        ) async throws -> Answer {
            count(1)
            defer { count(-1) }
            return try await source.withResponse(to: request, use)
        }

        func collect(_ request: HTTPRequest, upTo limit: Int) async throws -> HTTPResponse {
            try await source.collect(request, upTo: limit)
        }
    }

    static let key = ObjectKey(namespace: "shop", name: "web")

    let clock = ManualClock()
    let log = ScriptedLog()
    let table = PushTable()
    let config: FakeConfig
    /// What the source does, one for each time it is listened to; silent after that.
    let script = Mutex<[ScriptedTransport.Answer]>([])
    /// How many listen.
    let listening = Mutex(0)
    /// Who pushed.
    let pushes = Mutex<[Int]>([])
    /// Answers.
    let source: ScriptedTransport

    init() throws {
        self.config = FakeConfig(
            secrets: ["shop/db": ["password": "one"]],
            authentications: [
                "TriggerAuthentication shop/auth": try .parsing(
                    #"{"secretTargetRef":[{"parameter":"password","name":"db","key":"password"}]}"#
                )
            ]
        )
        let box = Mutex<PushServiceTests?>(nil)
        self.source = ScriptedTransport(world: { _ in
            box.withLock { $0 }?.script.withLock { $0.isEmpty ? nil : $0.removeFirst() } ?? .silence
        })
        box.withLock { $0 = self }
    }

    /// The triggers of one generation of the object, built.
    func runtime(_ generation: Int64 = 1) async throws -> ObjectRuntime {
        var metadata = ObjectMeta(name: "web", namespace: "shop")
        metadata.generation = generation
        let object = ScaledObject(
            metadata: metadata,
            spec: .init(scaleTargetRef: .init(name: "web"), triggers: [])
        )
        let instruments = ScalingInstruments(MetricRegistry()).began(object)
        let unit = TriggerUnit(
            index: 0,
            .init(type: "demo", metadata: [:], authenticationRef: .init(name: "auth")),
            TriggerUnit.Surroundings(
                object: Self.key,
                registry: ScalerRegistry([Demo.self]),
                credentials: .testing(config, CredentialSettings(), clock: clock, references: ReferenceIndex()) { _ in
                    false
                },
                feedsFormula: false,
                container: nil,
                template: { nil },
                http: Ears(source: source) { change in self.listening.withLock { $0 += change } },
                sql: AnsweringSQL { _ in throw OutboundError.nothingListens },
                cluster: AnsweringCluster(
                    pods: { _ in throw OutboundError.nothingListens },
                    data: { _ in throw OutboundError.nothingListens }
                ),
                timeout: .seconds(3),
                time: clock.source,
                instruments: instruments,
                log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        _ = try await unit.outcome(noOlderThan: .zero)
        let deployments = ResourceType(GroupVersion("apps", "v1"), kind: "Deployment", plural: "deployments")
        return ObjectRuntime(
            object,
            target: ScaleTarget(type: deployments, key: Self.key),
            units: [unit],
            composite: nil,
            instruments: instruments,
            after: nil,
            now: clock.now
        )
    }

    /// Listens for the length of a call, and waits until nobody listens any more.
    func serving(_ body: () async throws -> Void) async throws {
        let service = PushService(
            table: table,
            time: clock.source,
            log: log.logger
        ) { key, unit in
            #expect(key == Self.key)
            self.pushes.withLock { $0.append(unit.index) }
        }
        try await withThrowingTaskGroup { group in
            group.addTask { await service.run() }
            defer { group.cancelAll() }
            try await body()
        }
        #expect(listening.withLock { $0 } == 0)
    }

    /// Waits until so many sources have been asked, and so many listen.
    func settle(asked: Int, listening count: Int) async throws {
        try await eventually("\(asked) asked, \(count) listening") {
            self.source.requests.count == asked && self.listening.withLock { $0 } == count
        }
    }

    @Test func `the rests double from 2 to 60 s, and begin anew after a good end`() async throws {
        let failure = ScriptedTransport.Answer.failure(.nothingListens)
        let end = ScriptedTransport.Answer.stream(HTTPResponseHead(status: 200), ScriptedStream([]))
        script.withLock { $0 = Array(repeating: failure, count: 7) + [end, failure, failure] }
        try await serving {
            table.follow(Self.key, try await runtime())
            for rest in [2, 4, 8, 16, 32, 60, 60, 2, 2, 4] {
                try await clock.waitForSleepers(1)
                #expect(clock.alarms.map { $0 - clock.uptime } == [.seconds(rest)])
                clock.advanceToNextAlarm()
            }
            try await settle(asked: 11, listening: 1)
        }
        #expect(pushes.withLock { $0 } == [])
    }

    @Test func `who was heard for longer than a minute is tried again soon`() async throws {
        let stream = ScriptedStream()
        let failure = ScriptedTransport.Answer.failure(.nothingListens)
        script.withLock { $0 = [failure, failure, failure, .stream(HTTPResponseHead(status: 200), stream)] }
        try await serving {
            table.follow(Self.key, try await runtime())
            for _ in 0..<3 {
                try await clock.waitForSleepers(1)
                clock.advanceToNextAlarm()
            }
            try await settle(asked: 4, listening: 1)
            clock.advance(by: .seconds(61))
            stream.fail(OutboundError(.connectionLost, "gone"))
            try await clock.waitForSleepers(1)
            #expect(clock.alarms.map { $0 - clock.uptime } == [.seconds(2)])
        }
    }

    @Test func `each push is passed on`() async throws {
        let stream = ScriptedStream()
        script.withLock { $0 = [.stream(HTTPResponseHead(status: 200), stream)] }
        try await serving {
            table.follow(Self.key, try await runtime())
            for count in 1...3 {
                stream.send("x")
                try await eventually { self.pushes.withLock { $0.count } == count }
            }
        }
    }

    @Test func `listening goes on from pass to pass, and ends with the object`() async throws {
        try await serving {
            let runtime = try await runtime()
            for _ in 0..<3 { table.follow(Self.key, runtime) }
            try await settle(asked: 1, listening: 1)
            table.follow(Self.key, nil)
            try await settle(asked: 1, listening: 0)
            table.follow(Self.key, runtime)
            try await settle(asked: 2, listening: 1)
        }
    }

    @Test func `a rest ends with the object too`() async throws {
        script.withLock { $0 = [.failure(.nothingListens)] }
        try await serving {
            table.follow(Self.key, try await runtime())
            try await clock.waitForSleepers(1)
            table.follow(Self.key, nil)
            try await eventually { self.clock.alarms.isEmpty }
        }
    }

    @Test func `a new spec is listened to, and the old one no more`() async throws {
        try await serving {
            for generation in 1...3 {
                table.follow(Self.key, try await runtime(Int64(generation)))
                try await settle(asked: generation, listening: 1)
            }
        }
    }

    @Test func `a changed password is listened with`() async throws {
        try await serving {
            let runtime = try await runtime()
            table.follow(Self.key, runtime)
            try await settle(asked: 1, listening: 1)
            config.content.withLock { $0.secrets["shop/db"] = ["password": "two"] }
            clock.advance(by: .seconds(600))
            _ = try await runtime.units[0].outcome(noOlderThan: .zero)
            table.follow(Self.key, runtime)
            try await settle(asked: 2, listening: 1)
            #expect(source.requests.map { $0.secretHeaders["X-Password"] } == ["one", "two"])
        }
    }

    @Test func `with a password that builds nothing nobody listens, until there is a good one`() async throws {
        try await serving {
            let runtime = try await runtime()
            table.follow(Self.key, runtime)
            try await settle(asked: 1, listening: 1)
            for (count, (password, listening)) in zip(1..., [("bad", 0), ("one", 1), ("bad", 0), ("two", 1)]) {
                config.content.withLock { $0.secrets["shop/db"] = ["password": password] }
                clock.advance(by: .seconds(600))
                _ = try await runtime.units[0].outcome(noOlderThan: .zero)
                table.follow(Self.key, runtime)
                try await settle(asked: 1 + count / 2, listening: listening)
            }
            #expect(source.requests.map { $0.secretHeaders["X-Password"] } == ["one", "one", "two"])
        }
    }

    @Test func `a watch that is cut is no news, one that cannot be begun again is told once`() async throws {
        /// What the source does: is heard and cut, or cannot be reached; and the warnings until then.
        let course: [(isHeard: Bool, warnings: Int)] = [
            (true, 0), (true, 0), (false, 1), (false, 1), (true, 1), (true, 1), (false, 2), (false, 2),
        ]
        let streams = course.map { $0.isHeard ? ScriptedStream() : nil }
        script.withLock { script in
            script = streams.map { stream in
                stream.map { .stream(HTTPResponseHead(status: 200), $0) } ?? .failure(.nothingListens)
            }
        }
        try await serving {
            table.follow(Self.key, try await runtime())
            for (number, (stream, expected)) in zip(streams, course).enumerated() {
                if let stream {
                    let before = pushes.withLock { $0.count }
                    stream.send("x")
                    try await eventually { self.pushes.withLock { $0.count } == before + 1 }
                    stream.fail(OutboundError(.connectionLost, "gone"))
                }
                try await clock.waitForSleepers(1)
                #expect(log.lines.count == expected.warnings, "\(number)")
                clock.advanceToNextAlarm()
            }
        }
        #expect(log.lines.allSatisfy { $0.contains("a trigger is not heard, only polled") })
    }
}
