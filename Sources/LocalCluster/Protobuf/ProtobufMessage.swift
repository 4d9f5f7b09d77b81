import KubeModel

/// What the fields of one message are called in JSON, by their numbers.
struct ProtobufMessage: Sendable {
    /// One field.
    struct Field: Sendable {
        /// In JSON.
        let name: String
        /// What its value is.
        let type: Kind
        /// Whether there may be several.
        var isList = false
        /// Whether an empty value says something, as with Go's pointers; else it is the same as none.
        var keepsEmpty = false
    }

    /// The kinds of values.
    indirect enum Kind: Sendable {
        /// A text.
        case text
        /// A whole number.
        case integer
        /// A truth value.
        case flag
        /// Another message.
        case message(ProtobufMessage)
        /// From texts to texts.
        case textMap
        /// From texts to bytes, which are base64 in JSON.
        case bytesMap
        /// From texts to quantities.
        case quantityMap
        /// A quantity, which is a text in JSON.
        case quantity
        /// A number or a text.
        case integerOrText
        /// What the server does not take from clients.
        case ignored
    }

    /// By number.
    let fields: [UInt64: Field]

    /// Makes a message.
    init(_ fields: [UInt64: Field]) {
        self.fields = fields
    }
}

extension ProtobufMessage.Field {
    /// A text.
    static func text(_ name: String) -> Self { .init(name: name, type: .text) }
    /// Texts.
    static func texts(_ name: String) -> Self { .init(name: name, type: .text, isList: true) }
    /// A number of which 0 is the same as none.
    static func integer(_ name: String) -> Self { .init(name: name, type: .integer) }
    /// A number of which 0 is a value.
    static func pointer(_ name: String) -> Self { .init(name: name, type: .integer, keepsEmpty: true) }
    /// A truth value of which false is the same as none.
    static func flag(_ name: String) -> Self { .init(name: name, type: .flag) }
    /// A message.
    static func message(_ name: String, _ message: ProtobufMessage) -> Self {
        .init(name: name, type: .message(message))
    }
    /// Messages.
    static func messages(_ name: String, _ message: ProtobufMessage) -> Self {
        .init(name: name, type: .message(message), isList: true)
    }
    /// Any other.
    static func other(_ name: String, _ type: ProtobufMessage.Kind) -> Self { .init(name: name, type: type) }
}
