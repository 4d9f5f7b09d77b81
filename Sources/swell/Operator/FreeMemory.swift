import CMemory
import Outbound
import ServiceLifecycle

/// Gives memory back to the kernel that nothing uses.
///
/// A start needs a third of its heap for hundreds of passes at once, and glibc keeps what is free between things that
/// stay, until it is asked. It needs twice the code besides that a minute of polling does, and the kernel counts as ours
/// whatever was once used, with its surroundings.
struct FreeMemory: Service {
    /// Between two times; it takes milliseconds.
    private static let interval = Duration.seconds(60)

    /// The clocks.
    let time: TimeSource

    /// Gives back until shutdown.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            // Only shutdown ends a sleep early, and it ends the loop.
            while (try? await time.sleep(Self.interval)) != nil {
                cmemory_return_heap()
                cmemory_return_code()
            }
        }
    }
}
