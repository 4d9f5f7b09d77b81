import Synchronization

/// A body that is handed over once.
final class OneChunk: Sendable {
    /// What is left.
    private let bytes: Mutex<[UInt8]?>

    /// Holds bytes; none is the same as no chunk.
    init(_ bytes: [UInt8]) {
        self.bytes = Mutex(bytes.isEmpty ? nil : bytes)
    }

    /// The bytes at the first call, `nil` after it.
    func take() -> [UInt8]? {
        bytes.withLock { bytes in
            defer { bytes = nil }
            return bytes
        }
    }
}
