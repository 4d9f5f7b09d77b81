/// A value in an allocation of its own, which copies of whatever holds it share.
///
/// The spec and the status of an object have dozens of fields, and an `async` function keeps a copy of each value that it has
/// passed on while it waits: hundreds wait at a time. It is never changed, but replaced by another.
public final class SharedValue<Value: Sendable>: Sendable {
    /// The value.
    public let value: Value

    /// Takes a value.
    @inlinable public init(_ value: Value) { self.value = value }
}

extension SharedValue: Equatable where Value: Equatable {
    /// Whether the values are the same; most often they share one allocation.
    public static func == (one: SharedValue, other: SharedValue) -> Bool {
        one === other || one.value == other.value
    }
}

extension SharedValue: Hashable where Value: Hashable {
    /// As the value alone would.
    public func hash(into hasher: inout Hasher) { value.hash(into: &hasher) }
}

extension SharedValue: Encodable where Value: Encodable {
    /// As the value alone would be.
    public func encode(to encoder: any Encoder) throws { try value.encode(to: encoder) }
}

extension SharedValue: Decodable where Value: Decodable {
    /// As the value alone would be.
    public convenience init(from decoder: any Decoder) throws { self.init(try Value(from: decoder)) }
}
