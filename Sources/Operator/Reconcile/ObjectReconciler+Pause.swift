internal import KubeClient
internal import KubeModel
internal import Scaling

extension ObjectReconciler {
    /// A pass over an object that is paused: nothing is polled, there is no HPA, and replicas are what the user says.
    ///
    /// - Returns: how long until a target that could not be set is looked at again.
    /// - Source: KEDA, `controllers/keda/scaledobject_controller.go`, `handlePause`.
    @inline(never)
    func pause(_ object: ScaledObject, _ controls: ObjectControls) async throws -> Duration? {
        if runtimes[object.key] != nil {
            runtimes[object.key] = nil
            world.instruments.stopped(object.key)
            world.announce(ObjectEvent(.normal, .scalersStopped, "Stopped scalers watch"), object)
        }
        try await dropHPA(of: object)
        var found = ObjectFindings()
        found.controls = controls
        var again: Duration?
        switch controls.pause {
        case .none, .oneWay, .frozen: break
        case .at(let replicas):
            do {
                found.target = try await set(replicas, of: object)
            } catch {
                // Somebody else was faster: the pass is done again at once.
                if (error as? KubeError)?.isConflict == true { throw error }
                found.problem = "failed to scale target to paused replica count: \(TriggerFailure(error))"
                again = .seconds(30)
            }
        case .unreadable(let problem):
            found.problem =
                "failed to scale target to paused replica count: annotation \(ObjectControls.pausedReplicas) \(problem)"
        }
        try await writeWithoutRuntime(found, of: object)
        return again
    }

    /// Sets the replicas of an object's target, if they are not so; those that it had before us are written down first.
    ///
    /// - Source: KEDA, `controllers/keda/scaledobject_controller.go`, `checkTargetResourceIsScalable`, which notes them for an
    ///   object that is paused, too.
    /// - Returns: the target's type.
    private func set(_ replicas: Int, of object: ScaledObject) async throws -> ResourceType {
        let target = try await targets.find(object.spec.scaleTargetRef, in: object.key.namespace)
        let scale = try await targets.currentScale(of: target)
        if scale.replicas != replicas {
            try await remember(scale.replicas, of: object, nil)
            try await world.instruments.writing(.scale) { try await targets.set(scale, to: replicas, of: target) }
        }
        return target.type
    }
}
