import Outbound
import Testing

@testable import OutboundMariaDB

@Suite struct ColumnKindTests {
    @Test(
        arguments: [
            (3, SQLResult.Kind.number), (8, .number), (5, .number), (246, .number), (13, .number), (253, .text),
            (254, .text), (252, .text), (245, .text), (6, .text), (12, .other("datetime")), (16, .other("bit")),
            (200, .other("type 200")),
        ] as [(UInt32, SQLResult.Kind)]
    )
    func `types are numbers, texts or named`(type: UInt32, kind: SQLResult.Kind) {
        #expect(SQLResult.Kind(fieldType: type) == kind)
    }
}
