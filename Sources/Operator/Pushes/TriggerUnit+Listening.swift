internal import Outbound
internal import ScalerKit

extension TriggerUnit {
    /// Listens to the trigger's source until that ends.
    ///
    /// - Parameters:
    ///   - scaler: the trigger as it is built.
    ///   - push: is called whenever there may be something to read.
    /// - Throws: what the scaler throws.
    func listen(by scaler: any PushScaler, _ push: @escaping @Sendable () -> Void) async throws {
        try await scaler.listen(world(at: around.time.now()), push)
    }
}
