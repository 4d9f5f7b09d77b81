/// Something that is seldom there: one word where it is not, and where it is, shared by all copies.
///
/// For what lives as often as there are objects.
@propertyWrapper public struct Rare<Value: Sendable>: Sendable {
    /// Holds a value; it is replaced, and never changed.
    private final class Box: Sendable {
        /// The value.
        let value: Value

        /// Takes a value.
        init(_ value: Value) { self.value = value }
    }

    /// See ``Box``.
    private var box: Box?

    /// What is there.
    public var wrappedValue: Value? {
        get { box?.value }
        set { box = newValue.map(Box.init) }
    }

    /// Takes what is there.
    public init(wrappedValue: Value?) {
        self.box = wrappedValue.map(Box.init)
    }
}
