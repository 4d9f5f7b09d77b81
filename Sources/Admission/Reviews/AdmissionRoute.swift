/// Which kind a path is about.
///
/// - Source: KEDA, the webhook markers in `apis/keda/v1alpha1` and `apis/eventing/v1alpha1`.
enum AdmissionRoute: String, Sendable, Hashable, CaseIterable {
    case scaledObject = "/validate-keda-sh-v1alpha1-scaledobject"
    case scaledJob = "/validate-keda-sh-v1alpha1-scaledjob"
    case triggerAuthentication = "/validate-keda-sh-v1alpha1-triggerauthentication"
    case clusterTriggerAuthentication = "/validate-keda-sh-v1alpha1-clustertriggerauthentication"
    case cloudEventSource = "/validate-eventing-keda-sh-v1alpha1-cloudeventsource"
    case clusterCloudEventSource = "/validate-eventing-keda-sh-v1alpha1-clustercloudeventsource"
}
