public import KubeModel

/// The change of an object that is never refused: it only loses finalizers.
///
/// So an object that has become invalid can still go.
public enum FinalizerRemoval {
    /// Whether that is all that happens between two states of one object.
    ///
    /// - Source: KEDA, `apis/keda/v1alpha1/*_webhook.go`, `is…RemovingFinalizer`. For other kinds than the ScaledObject
    ///   KEDA asks that the last of exactly one goes, which holds up objects that somebody else has a finalizer on.
    public static func isAll(from old: JSONValue, to new: JSONValue) -> Bool {
        count(new) < count(old) && old["spec"] == new["spec"]
    }

    /// How many finalizers an object has.
    private static func count(_ object: JSONValue) -> Int {
        object[path: "metadata", "finalizers"]?.array?.count ?? 0
    }
}
