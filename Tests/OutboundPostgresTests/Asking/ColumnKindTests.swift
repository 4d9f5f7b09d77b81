import Outbound
import Testing

@testable import OutboundPostgres

@Suite struct ColumnKindTests {
    @Test(arguments: [
        (UInt32(23), SQLResult.Kind.number), (1700, .number), (701, .number), (25, .text), (1043, .text), (705, .text),
        (16, .other("bool")), (1184, .other("timestamptz")), (600, .other("oid 600")), (0, .other("oid 0")),
    ])
    func `a type's number tells its kind`(number: UInt32, kind: SQLResult.Kind) {
        #expect(SQLResult.Kind(typeNumber: number) == kind)
    }
}
