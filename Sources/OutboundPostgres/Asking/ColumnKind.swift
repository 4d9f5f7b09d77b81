import Outbound

extension SQLResult.Kind {
    /// The kind for a type's number.
    ///
    /// - Source: PostgreSQL's catalogue `pg_type`; the numbers of built-in types never change.
    init(typeNumber: UInt32) {
        switch typeNumber {
        case 20, 21, 23, 700, 701, 1700: self = .number  // int8, int2, int4, float4, float8, numeric
        case 19, 25, 705, 1042, 1043: self = .text  // name, text, unknown, bpchar, varchar
        default: self = .other(Self.names[typeNumber] ?? "oid \(typeNumber)")
        }
    }

    /// Types that users are likely to select by mistake.
    private static let names: [UInt32: String] = [
        16: "bool", 17: "bytea", 18: "char", 26: "oid", 114: "json", 142: "xml", 650: "cidr", 790: "money",
        869: "inet", 1082: "date", 1083: "time", 1114: "timestamp", 1184: "timestamptz", 1186: "interval",
        1266: "timetz", 1560: "bit", 1562: "varbit", 2249: "record", 2278: "void", 2950: "uuid", 3802: "jsonb",
    ]
}
