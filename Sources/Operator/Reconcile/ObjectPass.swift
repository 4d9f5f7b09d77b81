internal import KubeModel
internal import Scaling

/// One pass over an object that is polled: what it goes by, and what it finds.
///
/// A class, since hundreds of passes wait at a time, and each function that waits keeps what it was given.
final class ObjectPass {
    /// The object, as it is.
    let object: ScaledObject
    /// Its annotations'.
    let controls: ObjectControls
    /// Its own.
    let runtime: ObjectRuntime
    /// Its target's, as it is looked at; `nil` where none is needed, or there is none.
    let scale: Scale?
    /// For HPA and status.
    var found = ObjectFindings()
    /// What the target rests by, where there was nothing to do for it.
    var rest: RestOrder?

    /// Begins with nothing found.
    @inline(never)
    init(_ object: ScaledObject, _ controls: ObjectControls, _ runtime: ObjectRuntime, _ scale: Scale?) {
        self.object = object
        self.controls = controls
        self.runtime = runtime
        self.scale = scale
    }
}
