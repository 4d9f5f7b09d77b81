import Foundation
import KubeClient
import KubeModel
import LocalCluster
import Logging
import Outbound
import ScalerKit
import Scalers
import Scaling
import Synchronization
import Telemetry
import TestKit

@testable import Operator

/// One ScaledObject on a cluster in memory, reconciled pass by pass on clocks that the test turns.
final class Flow: Sendable {
    /// What the source says: a number, or that it is down.
    enum Load: Sendable {
        case value(Double)
        /// An empty result.
        case nothing
        case down
    }

    /// The clocks.
    let clock = ManualClock()
    /// The requests that changed something, as `PATCH /apis/…`.
    let writes = Mutex<[String]>([])
    /// Answers given in place of the cluster's, to the first request that ends so.
    let refusals = Mutex<[(suffix: String, status: Int)]>([])
    /// What others set the replicas to while a write is refused; `nil` where they leave them alone.
    let meanwhile = Mutex<Int?>(nil)
    /// What a watch shows of the Deployment's replicas, and of which version; nothing where there is no watch.
    let watched = Mutex<(replicas: Int, version: String)?>(nil)
    /// The times that the source was asked for, as they stand in the queries.
    let times = Mutex<[String]>([])
    /// How the requests end that are never answered.
    let silences = Mutex<Set<String>>([])
    /// Whether the watch of objects lags, and shows what it did.
    let lags = Mutex(false)
    /// Whether the watch shows no HPA.
    let hidesHPAs = Mutex(false)
    /// What `metrics.k8s.io` answers, and how often it was asked; a cluster has nobody there by itself.
    let measured = Mutex((answer: HTTPResponse?.none, questions: 0))
    /// What people were told.
    let events = Mutex<[ObjectEvent]>([])
    /// What the index says of others on the same workload.
    let neighbours = Mutex<[SpecProblem]>([])
    /// How often the source was asked.
    let questions = Mutex(0)
    /// How often the HPA that a watch shows was looked at.
    let looks = Mutex(0)
    /// See ``Load``.
    private let load = Mutex(Load.value(0))
    /// What the source says of single queries, where that differs.
    private let loads = Mutex<[String: Load]>([:])
    /// What the watches show.
    private let shown = Mutex<(object: ScaledObject?, hpas: [ObjectKey: HorizontalPodAutoscaler])>((nil, [:]))
    /// The cluster; pods and HPAs do not come to life in it.
    private let cluster: LocalCluster
    /// Speaks to the cluster, seen by ``writes``.
    let client: KubeClient
    /// Whether another replica has the object now, which a pass that runs may learn late.
    let isAnothers = Mutex(false)
    /// Whether the process does what it decides.
    let mode = Mutex(OperatingMode.manage)
    /// The operator's memory; a new one is a restart.
    let runtimes = Mutex(RuntimeTable())

    /// What is counted and timed.
    let page = MetricRegistry()
    /// The same, for the operator.
    let instruments: ScalingInstruments

    static let key = ObjectKey(namespace: "default", name: "web")
    static let hpaKey = ObjectKey(namespace: "default", name: "keda-hpa-web")
    static let deployments = ResourceType(GroupVersion("apps", "v1"), kind: "Deployment", plural: "deployments")
    static let prometheus = ScaledObject.Trigger(
        type: "prometheus",
        metadata: ["serverAddress": "http://p:9090", "query": "x", "threshold": "10"]
    )

    /// Makes a cluster with a Deployment and a ScaledObject for it.
    init(
        replicas: Int = 0,
        triggers: [ScaledObject.Trigger] = [prometheus],
        _ change: (inout ScaledObject.Spec) -> Void = { _ in }
    ) async throws {
        self.instruments = ScalingInstruments(page)
        var configuration = LocalCluster.Configuration()
        configuration.runsWorkloads = false
        let cluster = LocalCluster(configuration, time: clock.source)
        let box = Mutex<Flow?>(nil)
        let transport = WatchedTransport(inner: cluster.transport) { request in
            let flow = box.withLock { $0 }
            let target = request.url.target
            if let flow, flow.silences.withLock({ $0.contains(where: target.hasSuffix) }) {
                let (silence, feeder) = AsyncStream<Never>.makeStream()
                for await _ in silence {}
                feeder.finish()
                throw CancellationError()
            }
            if target.hasPrefix("/apis/metrics.k8s.io/") { return flow?.measurement() }
            let refusal = flow?.refusal(of: request)
            if refusal != nil, let replicas = flow?.meanwhile.withLock({ $0 }) { try await flow?.scale(to: replicas) }
            return refusal
        }
        self.cluster = cluster
        self.client = KubeClient(
            KubeConfiguration(server: LocalCluster.address),
            over: transport,
            time: clock.source,
            settings: Self.unlimited
        )
        box.withLock { $0 = self }
        try await plant(replicas: replicas, triggers: triggers, change)
    }

    /// Creates what a test starts from, and forgets that it was written.
    private func plant(
        replicas: Int,
        triggers: [ScaledObject.Trigger],
        _ change: (inout ScaledObject.Spec) -> Void
    ) async throws {
        let definition: JSONValue = [
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": ["name": "scaledobjects.keda.sh"],
            "spec": [
                "group": "keda.sh", "scope": "Namespaced",
                "names": ["plural": "scaledobjects", "singular": "scaledobject", "kind": "ScaledObject"],
                "versions": [
                    [
                        "name": "v1alpha1", "served": true, "storage": true, "subresources": ["status": [:]],
                        "schema": [
                            "openAPIV3Schema": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
                        ],
                    ]
                ],
            ],
        ]
        let definitions = ResourceType(
            GroupVersion("apiextensions.k8s.io", "v1"),
            kind: "CustomResourceDefinition",
            plural: "customresourcedefinitions",
            isNamespaced: false
        )
        _ = try await client.send(.create(definition, as: definitions, in: nil))
        let deployment: JSONValue = [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web"],
            "spec": [
                "replicas": .integer(Int64(replicas)), "selector": ["matchLabels": ["app": "web"]],
                "template": [
                    "metadata": ["labels": ["app": "web"]],
                    "spec": ["containers": [["name": "main", "image": "none"]]],
                ],
            ],
        ]
        _ = try await client.send(.create(deployment, as: Self.deployments, in: "default"))
        var spec = ScaledObject.Spec(scaleTargetRef: .init(name: "web"), triggers: triggers)
        (spec.pollingInterval, spec.cooldownPeriod) = (10, 60)
        change(&spec)
        _ = try await client.create(
            ScaledObject(metadata: ObjectMeta(name: "web", namespace: "default"), spec: spec)
        )
        writes.withLock { $0 = [] }
    }

    /// No rate limit.
    private static var unlimited: KubeClient.Settings {
        var settings = KubeClient.Settings()
        (settings.requestsPerSecond, settings.burst) = (1e6, 1e6)
        return settings
    }

    /// Notes a question for what pods use, and answers it.
    private func measurement() -> HTTPResponse? {
        measured.withLock { measured in
            measured.questions += 1
            return measured.answer
        }
    }

    /// Notes a request that changes something, and refuses it if a test wants that.
    private func refusal(of request: HTTPRequest) -> HTTPResponse? {
        guard request.method != .get else { return nil }
        let line = "\(request.method.rawValue) \(request.url.target)"
        writes.withLock { $0.append(line) }
        let status = refusals.withLock { refusals -> Int? in
            guard let index = refusals.firstIndex(where: { line.hasSuffix($0.suffix) }) else { return nil }
            return refusals.remove(at: index).status
        }
        return status.map { HTTPResponse(status: $0, body: [UInt8](#"{"kind":"Status","code":\#($0)}"#.utf8)) }
    }

    /// Sets what the source says.
    func set(_ load: Load) { self.load.withLock { $0 = load } }

    /// Sets what the source says of one query.
    func set(_ load: Load, of query: String) { loads.withLock { $0[query] = load } }

    /// A trigger that asks the source for one query.
    static func trigger(_ query: String, name: String? = nil, threshold: String = "10") -> ScaledObject.Trigger {
        ScaledObject.Trigger(
            type: "prometheus",
            name: name,
            metadata: ["serverAddress": "http://p:9090", "query": query, "threshold": threshold]
        )
    }

    /// Sets or removes an annotation, as a user does.
    func annotate(_ key: String, _ value: String?) async throws {
        let value = value.map(JSONValue.string) ?? .null
        _ = try await client.patch(ScaledObject.self, Self.key, with: ["metadata": ["annotations": [key: value]]])
    }

    /// Sets the replicas of the Deployment, as a user or an HPA does.
    func scale(to replicas: Int) async throws {
        var scale = try await client.scale(of: Self.deployments, Self.key)
        scale.spec.replicas = replicas
        _ = try await client.replaceScale(of: Self.deployments, Self.key, with: scale)
    }

    /// Forgets all that was in memory, as a new process has.
    func restart() { runtimes.withLock { $0 = RuntimeTable() } }

    /// One pass over what the cluster has now.
    @discardableResult
    func pass(afterScaling release: @Sendable () -> Void = {}) async throws -> Duration? {
        let former = shown.withLock { $0.object }
        let object = lags.withLock { $0 } ? former : try await client.find(ScaledObject.self, Self.key)
        let type = HorizontalPodAutoscaler.resourceType
        var hpas = try await client.answer(to: .list(type), as: KubeList<HorizontalPodAutoscaler>.self).items
        if hidesHPAs.withLock({ $0 }) { hpas = [] }
        shown.withLock { $0 = (object, Dictionary(uniqueKeysWithValues: hpas.map { ($0.key, $0) })) }
        return try await writer(reconciler).pass(Self.key, afterScaling: release)
    }

    /// The same reconciler, by a client that may not write while the object is another replica's.
    private func writer(_ reconciler: ObjectReconciler) -> ObjectReconciler {
        guard isAnothers.withLock({ $0 }) else { return reconciler }
        return reconciler.writing(by: client.guarded { nil })
    }

    /// Does two passes, and turns the clocks to a tick: a whole interval lies behind it, and one ahead.
    func tick() async throws {
        for _ in 0..<2 {
            if let wait = try await pass() { clock.advance(by: wait) }
        }
    }

    /// Turns the clocks to the next tick and does its pass; `count` times.
    func ticks(_ count: Int) async throws {
        for _ in 0..<count {
            clock.advance(by: .seconds(10))
            try await pass()
        }
    }

    /// Finds credentials as the operator does, without a watch.
    private var credentials: CredentialResolver {
        CredentialResolver(
            reader: ClientConfigReader(client: client, time: clock.source),
            http: ScriptedTransport(),
            time: clock.source
        )
    }

    /// The reconciler as the operator makes it.
    var reconciler: ObjectReconciler {
        ObjectReconciler(
            world: ObjectReconciler.World(
                object: { _ in self.shown.withLock { $0.object } },
                hpa: { key in
                    self.looks.withLock { $0 += 1 }
                    return self.shown.withLock { $0.hpas[key] }.map { ($0, $0.hashValue) }
                },
                hpaRevision: { key in self.shown.withLock { $0.hpas[key]?.hashValue } },
                neighbours: { _ in self.neighbours.withLock { $0 } },
                revision: { self.neighbours.withLock { $0.hashValue } },
                announce: { event, _ in self.events.withLock { $0.append(event) } },
                client: client,
                hpaType: HorizontalPodAutoscaler.resourceType,
                discovery: Discovery(client, time: clock.source),
                watchedScale: { target in
                    self.watched.withLock { $0 }
                        .map { shown in
                            Scale(
                                metadata: ObjectMeta(
                                    name: target.key.name,
                                    namespace: target.key.namespace,
                                    resourceVersion: shown.version
                                ),
                                spec: Scale.Spec(replicas: shown.replicas),
                                status: Scale.Status(replicas: shown.replicas, selector: nil)
                            )
                        }
                },
                credentials: credentials,
                registry: .builtIn,
                http: ScriptedTransport { self.answer(to: $0) },
                sql: AnsweringSQL { _ in throw OutboundError(.cannotConnect, "no database") },
                shared: SharedSources(time: clock.source),
                timeout: .seconds(3),
                time: clock.source,
                version: "1.0.0",
                engine: .hpa,
                mode: mode.withLock { $0 },
                instruments: instruments,
                log: Logger(label: "flow")
            ),
            runtimes: runtimes.withLock { $0 }
        )
    }

    /// What the metrics API would be answered.
    var metrics: any MetricSource {
        CountedMetricSource(
            source: OperatorMetricSource(
                runtimes: runtimes.withLock { $0 },
                targets: TargetAccess(client: client, discovery: Discovery(client, time: clock.source)) { _ in nil },
                time: clock.source
            ) { _ in true },
            instruments: instruments
        )
    }

    /// The source's answer.
    private func answer(to request: HTTPRequest) -> ScriptedTransport.Answer {
        questions.withLock { $0 += 1 }
        times.withLock { $0 += request.url.query.filter { $0.hasPrefix("time=") } }
        let target = request.url.target
        let own = loads.withLock { $0.first { target.contains("query=\($0.key)&") }?.value }
        switch own ?? load.withLock({ $0 }) {
        case .value(let value):
            return .json(
                #"{"status":"success","data":{"resultType":"scalar","result":[0,"\#(value)"]}}"#
            )
        case .nothing:
            return .json(#"{"status":"success","data":{"resultType":"vector","result":[]}}"#)
        case .down: return .json("down", status: 503)
        }
    }

    /// The replicas that the Deployment wants.
    var replicas: Int {
        get async throws { try await client.scale(of: Self.deployments, Self.key).replicas }
    }

    /// The object's status.
    var status: ScaledObjectStatus? {
        get async throws { try await client.get(ScaledObject.self, Self.key).status }
    }

    /// The object's HPA, if there is one.
    var hpa: HorizontalPodAutoscaler? {
        get async throws { try await client.find(HorizontalPodAutoscaler.self, Self.hpaKey) }
    }

    /// The reasons of all that people were told.
    var reasons: [ObjectEvent.Reason] { events.withLock { $0.map(\.reason) } }
}

/// Shows each request to a test, which may answer in place of who is behind.
struct WatchedTransport: HTTPTransport {
    /// Who answers otherwise.
    let inner: any HTTPTransport
    /// Gives an answer in its place.
    let intercept: @Sendable (HTTPRequest) async throws -> HTTPResponse?

    func withResponse<Answer: Sendable>(
        to request: HTTPRequest,
        _ use: (HTTPResponseHead, HTTPBody) async throws -> Answer
    ) async throws -> Answer {
        try await inner.withResponse(to: request, use)
    }

    func collect(_ request: HTTPRequest, upTo limit: Int) async throws -> HTTPResponse {
        if let answer = try await intercept(request) { return answer }
        return try await inner.collect(request, upTo: limit)
    }
}
