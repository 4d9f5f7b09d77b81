import Outbound

extension SQLResult.Kind {
    /// The kind for a type's number on the wire.
    ///
    /// Whatever the driver of Go gives as bytes is text here: it may be a number.
    ///
    /// - Source: MariaDB, "Result Set Packets", field types; MySQL, `enum_field_types`.
    init(fieldType: UInt32) {
        switch fieldType {
        case 0...5, 8, 9, 13, 246: self = .number  // decimal, integers, float, double, year
        case 6, 15, 245, 247...254: self = .text  // NULL, varchar, json, enum, set, blobs, char
        default: self = .other(Self.names[fieldType] ?? "type \(fieldType)")
        }
    }

    /// Types that users are likely to select by mistake.
    private static let names: [UInt32: String] = [
        7: "timestamp", 10: "date", 11: "time", 12: "datetime", 14: "date", 16: "bit", 255: "geometry",
    ]
}
