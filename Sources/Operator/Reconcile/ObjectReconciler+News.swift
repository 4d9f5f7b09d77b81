internal import KubeClient
internal import KubeModel
internal import Logging
internal import Outbound
internal import ScalerKit
internal import Scaling

/// What people are told of a poll, once.
extension ObjectReconciler {
    /// Tells that polling begins, and of keys that mean nothing.
    func announceStart(of object: ScaledObject, isNew: Bool) {
        if isNew { world.announce(ObjectEvent(.normal, .scalersStarted, "Started scalers watch"), object) }
        for (index, trigger) in object.spec.triggers.enumerated() {
            guard let schema = world.registry[trigger.type]?.schema else { continue }
            let unknown = schema.unknownKeys(in: trigger.metadata)
            guard !unknown.isEmpty else { continue }
            let keys = unknown.map { key, nearest in
                nearest.map { "\"\(key)\" (did you mean \"\($0)\"?)" } ?? "\"\(key)\""
            }
            let note = "trigger \(index) (\(trigger.type)) does not know \(keys.joined(separator: ", "))"
            world.announce(ObjectEvent(.normal, .scalerInfo, note), object)
        }
    }

    /// Tells of triggers that were built, and of those that fail while their fallback waits, which the Ready condition
    /// does not tell.
    ///
    /// Cpu and memory that cannot be read are logged here, since no trigger reads them.
    func tellOfTriggers(of pass: ObjectPass, _ seen: Observation) {
        let (object, runtime) = (pass.object, pass.runtime)
        for (unit, outcome) in zip(runtime.units, seen.triggers) {
            if unit.built != nil, runtime.isFirstBuild(of: unit.index) {
                let note = "Scaler \(unit.trigger.type) is built"
                world.announce(ObjectEvent(.normal, .scalersStarted, note), object)
            }
            var borne: String?
            if case .failed(let reason, .borne) = outcome { borne = reason }
            let failure = borne ?? outcome.resourceFailure
            guard runtime.isNews(failure, of: unit.index), let failure else { continue }
            if borne != nil {
                world.announce(.failure(failure, isOfFormula: runtime.composite != nil), object)
            } else {
                world.log.warning("pods give no reading", metadata: ["object": "\(object.key)", "error": "\(failure)"])
            }
        }
    }

    /// Tells of others that scale the same workload: they undo each other's work.
    ///
    /// Scaling goes on, as in KEDA, where only the webhook looks for them: it may have been away when they came.
    func tellOfNeighbours(of pass: ObjectPass) {
        let (object, runtime) = (pass.object, pass.runtime)
        guard runtime.isNews(revision: world.revision()) else { return }
        let problems = world.neighbours(object).map(\.message)
        let note = problems.isEmpty ? nil : problems.joined(separator: "; ")
        guard runtime.isNews(ofNeighbours: note), let note else { return }
        world.log.warning("the workload has two masters", metadata: ["object": "\(object.key)", "problem": "\(note)"])
        world.announce(ObjectEvent(.warning, .scalerInfo, note), object)
    }
}
