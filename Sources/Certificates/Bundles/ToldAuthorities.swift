import Foundation
import Synchronization

/// Which authorities every ``BundleHolder`` has, and since when.
///
/// ``BundleKeeper`` takes down what it finds; ``CertificateRotator`` waits for it. Nothing of it is stored: who leads anew
/// looks anew.
public final class ToldAuthorities: Sendable {
    /// The bundle, PEM, and since when; `nil` before the first look.
    private let last = Mutex<(bundle: String, since: Date)?>(nil)

    /// Nothing has been looked at.
    public init() {}

    /// One of the holders has only now got what it should have.
    func changed() {
        last.withLock { $0 = nil }
    }

    /// All holders have been found to have a bundle.
    ///
    /// - Parameters:
    ///   - bundle: PEM.
    ///   - now: the time.
    func found(_ bundle: String, now: Date) {
        last.withLock { last in
            if last?.bundle != bundle { last = (bundle, now) }
        }
    }

    /// Since when all have a bundle; `nil` if that is not known.
    func since(_ bundle: String?) -> Date? {
        last.withLock { $0?.bundle == bundle ? $0?.since : nil }
    }
}
