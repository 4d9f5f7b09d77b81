internal import KubeModel
internal import ScalerKit
internal import Synchronization

/// Which triggers are listened to: of all objects that are polled, those that push.
///
/// ``PushService`` listens. Whom it hears is decided by the passes, which say after each what became of their object.
final class PushTable: Sendable {
    /// A trigger that is to be listened to, from now on until ``end`` ends.
    struct Listener: Sendable {
        /// Whose trigger it is.
        let object: ObjectKey
        /// The trigger.
        let unit: TriggerUnit
        /// As it is built.
        let scaler: any PushScaler
        /// Ends when the trigger changes, cannot be built any more, or goes.
        let end: AsyncStream<Never>
    }

    /// A trigger that is listened to.
    private struct Entry {
        /// The trigger.
        let unit: TriggerUnit
        /// What it was built from.
        let texts: SettingTexts
        /// Ends the listening.
        let end: AsyncStream<Never>.Continuation

        /// Whether it is this trigger, as it is built now.
        func isOf(_ unit: TriggerUnit, _ built: BuiltTrigger) -> Bool { self.unit === unit && texts == built.texts }
    }

    /// Those who are listened to; as many as there are triggers that push.
    private let entries = Mutex<[ObjectKey: [Entry]]>([:])
    /// Those who are to be listened to, once each.
    let listeners: AsyncStream<Listener>
    /// Feeds ``listeners``.
    private let feeder: AsyncStream<Listener>.Continuation

    /// Nobody is listened to yet.
    init() {
        (listeners, feeder) = AsyncStream.makeStream()
    }

    /// Brings listening in line with the triggers of an object: after each pass.
    ///
    /// - Parameters:
    ///   - key: the object.
    ///   - runtime: its triggers; `nil` when it is not polled (any more).
    func follow(_ key: ObjectKey, _ runtime: ObjectRuntime?) {
        let wanted = (runtime?.units ?? [])
            .compactMap { unit -> (unit: TriggerUnit, built: BuiltTrigger, scaler: any PushScaler)? in
                guard let built = unit.valid, let scaler = built.scaler as? any PushScaler else { return nil }
                return (unit, built, scaler)
            }
        entries.withLock { entries in
            let former = entries[key] ?? []
            guard !former.isEmpty || !wanted.isEmpty else { return }
            var present: [Entry] = []
            for (unit, built, scaler) in wanted {
                if let entry = former.first(where: { $0.isOf(unit, built) }) {
                    present.append(entry)
                } else {
                    let (end, ender) = AsyncStream<Never>.makeStream()
                    present.append(Entry(unit: unit, texts: built.texts, end: ender))
                    feeder.yield(Listener(object: key, unit: unit, scaler: scaler, end: end))
                }
            }
            for entry in former where !wanted.contains(where: { entry.isOf($0.unit, $0.built) }) { entry.end.finish() }
            entries[key] = present.isEmpty ? nil : present
        }
    }
}
