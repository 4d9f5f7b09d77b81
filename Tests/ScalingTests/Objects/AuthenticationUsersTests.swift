import Scaling
import Testing

@Suite struct AuthenticationUsersTests {
    @Test(
        arguments: [
            ([], nil), (["web"], "web"), (["web", "api"], "api,web"), (["web", "web"], "web"),
        ] as [([String], String?)]
    )
    func `names come once and in order, and nobody is no text`(names: [String], expected: String?) {
        #expect(AuthenticationStatus(scaledObjects: names, scaledJobs: []).scaledobjects == expected)
        #expect(AuthenticationStatus(scaledObjects: [], scaledJobs: names).scaledjobs == expected)
    }

    @Test func `a list that is too long ends with dots and holds whole names`() throws {
        let names = (10_000..<20_000).map { "object-\($0)" }
        let text = try #require(AuthenticationStatus(scaledObjects: names, scaledJobs: []).scaledobjects)
        #expect(text.utf8.count <= 32_768 + 4)
        let listed = text.split(separator: ",")
        #expect(listed.last == "...")
        #expect(listed.dropLast().allSatisfy { $0.count == 12 })
    }
}
