/// A scaler whose source also tells by itself that there is something to do.
///
/// Numbers come from ``Scaler/read(_:_:)`` all the same: a push says only that now is the time to read. So a push that is
/// lost costs no more than the wait for the next poll, and one too many costs a read.
public protocol PushScaler: Scaler {
    /// Listens until the source ends that in good order.
    ///
    /// The host calls it again then, after a rest, and cancels it when the trigger changes or goes.
    ///
    /// - Parameters:
    ///   - world: the world as it is when listening begins.
    ///   - push: has the object evaluated at once. To be called when listening has begun, for what came while nobody
    ///     listened, and for all activity that the source tells of, however often: the host gathers calls. That there is
    ///     no activity any more is found by polling.
    /// - Throws: ``ScalerError`` or `OutboundError` when the source fails, for the log; whatever it likes when cancelled.
    func listen(_ world: ScalerWorld, _ push: @escaping @Sendable () -> Void) async throws
}
