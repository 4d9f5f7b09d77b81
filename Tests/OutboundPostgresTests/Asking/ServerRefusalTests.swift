import Outbound
import Testing

@testable import OutboundPostgres

@Suite struct ServerRefusalTests {
    @Test(arguments: [
        ("42P01", OutboundError.Code.rejected, "the query failed: x (42P01)"),
        ("57014", .timedOut, "the server stopped the query: x (57014)"),
        ("57P01", .connectionLost, "the connection to the database broke: x (57P01)"),
        ("08P01", .connectionLost, "the connection to the database broke: x (08P01)"),
        ("28000", .unauthorized, "the database refused the credentials: x (28000)"),
        ("", .rejected, "the query failed: x ()"),
    ])
    func `a refusal's state decides on its code`(state: String, code: OutboundError.Code, summary: String) {
        let error = ServerRefusal(state: state, message: "x", detail: "y").asQueryError
        #expect(error.code == code)
        #expect(error.summary == summary)
        #expect(error.detail == "y")
    }

    @Test func `a message is one line of bearable length`() {
        let long = ServerRefusal(state: "42601", message: "a\r\nb\tc" + String(repeating: "x", count: 1000), detail: "")
        #expect(long.line.hasPrefix("a b cxxx"))
        #expect(long.line.count == 301)
    }
}
