internal import KubeClient
internal import KubeModel
internal import Logging
internal import Outbound
internal import Scaling

extension ObjectReconciler {
    /// Makes the object's HPA what it should be, and notes what it is.
    ///
    /// While a trigger cannot be built an existing HPA stays as it is. Where there is none, one is made in which a
    /// stand-in takes the trigger's place: asking for it gives an error, so the HPA may scale out by the other
    /// metrics and never in. If no trigger can be built there is nothing to look at, and no HPA.
    func ensureHPA(of pass: ObjectPass) async {
        guard let hpa = note(hpaOf: pass) else { return }
        let runtime = pass.runtime
        do {
            if let former = former(of: pass) { try await delete(former) }
            if !runtime.isInOrder(hpa.order) { try await bringInOrder(pass, hpa) }
            pass.found.hpaName = runtime.hpaKey.name
            noteMetrics(of: pass)
        } catch {
            miss(hpaOf: pass, error)
        }
    }

    /// Notes that the HPA could not be brought in order; it is tried again soon.
    @inline(never)
    private func miss(hpaOf pass: ObjectPass, _ error: any Error) {
        let reason = (error as? KubeError)?.description ?? "the HPA could not be written down"
        world.log.warning(
            "cannot write the HPA",
            metadata: ["object": "\(pass.object.key)", "error": "\(String(reflecting: error))"]
        )
        pass.found.problem = "failed to ensure HPA is correctly created for ScaledObject: \(reason)"
        pass.runtime.retick(after: Self.retryDelay(after: error), world.time.uptime())
    }

    /// An HPA as it is found.
    private struct Shown {
        /// What it depends on whether it is as it should be; `nil` where a watch does not show it as we have left it.
        let order: HPAOrder?
    }

    /// Notes what the HPA says of itself.
    ///
    /// - Returns: as it is found; `nil` where it is to stay so, as triggers cannot be built.
    @inline(never)
    private func note(hpaOf pass: ObjectPass) -> Shown? {
        let runtime = pass.runtime
        let entry = world.hpa(runtime.hpaKey)
        let existing = runtime.hpa(shown: entry?.value, at: world.time.uptime())
        pass.found.hpaHealth = existing?.status?.conditions?.first { $0.type == "ScalingActive" }
        let built = runtime.units.map(\.built)
        if built.contains(where: { $0 == nil }), existing != nil || built.allSatisfy({ $0 == nil }) {
            pass.found.hpaName = existing.map(\.metadata.name)
            return nil
        }
        return Shown(order: runtime.isHPAPending ? nil : entry.map { HPAOrder(pass.object, $0.revision, built) })
    }

    /// An HPA that may have to be written; a class, since passes wait with it.
    private final class Plan: Sendable {
        /// What it should be.
        let wanted: HorizontalPodAutoscaler
        /// What the watch shows.
        let shown: HorizontalPodAutoscaler?
        /// What it is, as far as we know.
        let existing: HorizontalPodAutoscaler?

        /// Plans an object's HPA.
        init(_ wanted: HorizontalPodAutoscaler, _ shown: HorizontalPodAutoscaler?, _ existing: HorizontalPodAutoscaler?)
        {
            self.wanted = wanted
            self.shown = shown
            self.existing = existing
        }

        /// Whether there is none, as far as we know.
        @inline(never)
        var isNew: Bool { existing == nil }

        /// The request that makes or repairs it; `nil` where there is nothing to do.
        @inline(never)
        func request(as type: ResourceType) throws -> KubeRequest? {
            guard let existing else {
                return try .create(HPAPlan.made(wanted), as: type, in: wanted.metadata.namespace)
            }
            return try HPAPlan.repair(existing, to: wanted).map { try .patch(type, wanted.key, with: $0) }
        }
    }

    /// What the object's HPA should be, and what it is.
    @inline(never)
    private func plan(hpaOf pass: ObjectPass) -> Plan {
        let (object, runtime) = (pass.object, pass.runtime)
        let shown = world.hpa(runtime.hpaKey)?.value
        let wanted = HPAPlan.make(
            for: object,
            target: runtime.target.type,
            metrics: hpaMetrics(of: object, runtime),
            as: world.hpaType,
            version: world.version
        )
        return Plan(wanted, shown, runtime.hpa(shown: shown, at: world.time.uptime()))
    }

    /// Writes the HPA, unless it is found to be as it should be.
    @inline(never)
    private func bringInOrder(_ pass: ObjectPass, _ hpa: Shown) async throws {
        let plan = plan(hpaOf: pass)
        if try await put(plan) {
            pass.runtime.wrote(plan.wanted, over: plan.shown, at: world.time.uptime())
        } else {
            pass.runtime.note(hpa.order)
        }
    }

    /// Notes the names of the metrics of all triggers.
    @inline(never)
    func noteMetrics(of pass: ObjectPass) {
        let names = pass.runtime.units.flatMap { $0.built?.measures.filter(\.isExternal).map(\.name) ?? [] }
        pass.found.externalMetrics = names
        pass.runtime.keepFailures(of: Set(names))
        pass.found.resourceMetrics = pass.runtime.units.flatMap {
            $0.built?.measures.filter(\.isOfWholePods).map(\.name) ?? []
        }
    }

    /// The metrics of all triggers, with a stand-in for each that could not be built; a formula's one metric takes the
    /// place of all that we answer for.
    func hpaMetrics(of object: ScaledObject, _ runtime: ObjectRuntime) -> [HPAMetric] {
        let name = object.metadata.name
        if let composite = runtime.composite {
            return runtime.units.flatMap { $0.built?.measures.filter { !$0.isExternal } ?? [] }
                .map { $0.metric(of: name) }
                + [HPAPlan.external(Composite.metricName, target: composite.target, of: name)]
        }
        return runtime.units.flatMap { unit in
            unit.built?.measures.map { $0.metric(of: name) }
                ?? [HPAPlan.external(unit.stand, target: .averageValue(Quantity(1)), of: name)]
        }
    }

    /// Creates or repairs the HPA.
    ///
    /// - Returns: whether anything had to be written.
    @inline(never)
    private func put(_ plan: Plan) async throws -> Bool {
        guard let request = try plan.request(as: world.hpaType) else { return false }
        do {
            try await send(request)
            return true
        } catch {
            guard plan.isNew, Self.isTaken(error) else { throw error }
        }
        // Made by somebody else, or not yet shown by the watch: taken over, as KEDA does.
        return try await takeOver(plan)
    }

    /// Whether there is such an object already.
    @inline(never)
    private static func isTaken(_ error: any Error) -> Bool { (error as? KubeError)?.isAlreadyExists == true }

    /// Repairs an HPA that the watch does not show.
    @inline(never)
    private func takeOver(_ plan: Plan) async throws -> Bool {
        let existing = try await world.client.get(HorizontalPodAutoscaler.self, plan.wanted.key, as: world.hpaType)
        let plan = Plan(plan.wanted, plan.shown, existing)
        guard let request = try plan.request(as: world.hpaType) else { return false }
        try await send(request)
        return true
    }

    /// Sends what an HPA needs.
    @inline(never)
    private func send(_ request: KubeRequest) async throws {
        try await world.instruments.writing(.hpa) { () async throws(KubeError) in
            try await world.client.write { request }
        }
    }

    /// Deletes the object's HPA, if it has one; another's that bears its name stays.
    ///
    /// - Parameters:
    ///   - object: whose.
    ///   - isDropped: whether one that is the object's is to go.
    /// - Throws: `KubeError`.
    func dropHPA(
        of object: ScaledObject,
        where isDropped: (HorizontalPodAutoscaler) -> Bool = { _ in true }
    ) async throws {
        for name in Set([HPAPlan.name(for: object), object.status?.hpaName ?? ""]) where !name.isEmpty {
            let key = ObjectKey(namespace: object.key.namespace, name: name)
            guard let hpa = world.hpa(key)?.value, isDropped(hpa) else { continue }
            let owners = hpa.metadata.ownerReferences ?? []
            guard owners.contains(where: { $0.uid == object.metadata.uid }) else { continue }
            try await delete(key)
        }
    }

    /// The HPA of a former name, which is to go: two on one target would keep each other from acting.
    ///
    /// The watch may not show it yet, or somebody may have taken its owner away; one that another ScaledObject has
    /// taken over stays.
    @inline(never)
    private func former(of pass: ObjectPass) -> ObjectKey? {
        let object = pass.object
        let known = pass.runtime.status(shown: object.status, at: world.time.uptime())?.hpaName
        guard let former = known, former != pass.runtime.hpaKey.name else { return nil }
        let key = ObjectKey(namespace: object.key.namespace, name: former)
        let owners = world.hpa(key)?.value.metadata.ownerReferences ?? []
        let isTaken = owners.contains { $0.kind == ScaledObject.resourceType.kind && $0.uid != object.metadata.uid }
        return isTaken ? nil : key
    }

    /// Deletes an HPA.
    private func delete(_ hpa: ObjectKey) async throws {
        do {
            try await world.instruments.writing(.hpa) { () async throws(KubeError) in
                try await world.client.delete(world.hpaType, hpa)
            }
        } catch {
            // If it is gone already, that is what was wanted.
            guard error.isNotFound else { throw error }
        }
    }
}
