import Outbound
import Testing

@Suite struct HTTPTests {
    @Test func `headers are found without regard to case, the first one first`() {
        let head = HTTPResponseHead(status: 204, headers: [.init("ETag", "1"), .init("etag", "2")])
        #expect(head["eTaG"] == "1")
        #expect(head["x"] == nil)
        #expect(head.isSuccess)
        #expect(!HTTPResponseHead(status: 304).isSuccess)
    }

    @Test func `a body gives its chunks until there are none`() async throws {
        let body = HTTPBody.chunks([[1], [2, 3]])
        var all: [[UInt8]] = []
        for try await chunk in body { all.append(chunk) }
        #expect(all == [[1], [2, 3]])
    }
}

extension HTTPBody {
    /// A body of these chunks.
    fileprivate static func chunks(_ chunks: [[UInt8]]) -> HTTPBody {
        let source = Chunks(chunks)
        return HTTPBody { await source.next() }
    }
}

/// Chunks to be taken one by one.
private actor Chunks {
    /// What is left.
    private var rest: ArraySlice<[UInt8]>

    /// These.
    init(_ chunks: [[UInt8]]) { rest = chunks[...] }

    /// The next one.
    func next() -> [UInt8]? { rest.popFirst() }
}
