internal import KubeModel
internal import KubeRuntime
internal import Scaling
internal import Telemetry

extension OtherKinds {
    /// Has the page of metrics tell how many objects of each kind there are, and how many triggers of each type.
    func tell(_ page: MetricRegistry, of objects: Store<ScaledObject>) {
        let (jobs, authentications, clusterAuthentications) = (jobs, authentications, clusterAuthentications)
        page.collect {
            let known = objects.values
            let resources = RegisteredResources.resources([
                .scaledObject: Array(known.keys),
                .scaledJob: Array(jobs.values.keys),
                .triggerAuthentication: Array(authentications.values.keys),
                .clusterTriggerAuthentication: Array(clusterAuthentications.values.keys),
            ])
            return [resources, RegisteredResources.triggers(known.values.lazy.flatMap(\.spec.triggers).map(\.type))]
        }
    }
}
