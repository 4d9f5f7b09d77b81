internal import KubeModel
internal import ServiceLifecycle

/// Has triggers look again, and their objects polled, when something changes that they refer to.
struct ReferenceWatch: Service {
    /// What watches show.
    let stores: ReferenceStores
    /// What is known of what triggers refer to.
    let config: ConfigCache
    /// Has an object polled soon.
    let wake: @Sendable (ObjectKey) -> Void

    /// Runs until shutdown.
    func run() async {
        await cancelWhenGracefulShutdown {
            await stores.follow { reference, version in
                for object in config.note(reference, version).sorted() { wake(object) }
            }
        }
    }
}
