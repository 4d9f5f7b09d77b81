import Testing

@testable import Serving

@Suite struct ListenAddressTests {
    @Test(arguments: [
        ("0", ListenAddress.off),
        (":8080", .everywhere(port: 8080)),
        ("0.0.0.0:6443", .everywhere(port: 6443)),
        ("[::]:8081", .everywhere(port: 8081)),
        (":0", .everywhere(port: 0)),
        ("127.0.0.1:0", .at(host: "127.0.0.1", port: 0)),
        ("[::1]:8080", .at(host: "::1", port: 8080)),
        ("localhost:65535", .at(host: "localhost", port: 65_535)),
    ])
    func `an address is read`(text: String, expected: ListenAddress) throws {
        #expect(try ListenAddress(parsing: text) == expected)
    }

    @Test(arguments: [
        ("", "has no port"),
        ("8080", "has no colon: write :8080"),
        ("localhost", "has no port"),
        ("::1:8080", "has an IPv6 address without [brackets]"),
        ("[127.0.0.1]:80", "has no usable host"),
        ("[::1]", "has no port between 0 and 65535"),
        (":65536", "has no port between 0 and 65535"),
        (":-1", "has no port between 0 and 65535"),
        (":+1", "has no port between 0 and 65535"),
        (":http", "has no port between 0 and 65535"),
        (":", "has no port between 0 and 65535"),
        ("a b:80", "has no usable host"),
        ("http://x:80", "has no usable host"),
        ("x/y:80", "has no usable host"),
    ])
    func `what is no address is told, with what is allowed`(text: String, problem: String) {
        let error = #expect(throws: ListenAddress.ParseError.self) { try ListenAddress(parsing: text) }
        #expect(
            error?.description
                == "\"\(text)\" \(problem); an address is :PORT, HOST:PORT or [IPv6]:PORT, or 0 for no server"
        )
    }

    @Test(arguments: ["0", "0.0.0.0:6443", "127.0.0.1:80", "[::1]:80"])
    func `an address is written as it is read`(text: String) throws {
        #expect(try ListenAddress(parsing: text).description == text)
    }

    @Test func `everywhere is one socket for both families where there is IPv6`() throws {
        let address = ListenAddress.everywhere(port: 1)
        #expect(try #require(address.endpoint(hasIPv6: true)) == ("::", 1))
        #expect(try #require(address.endpoint(hasIPv6: false)) == ("0.0.0.0", 1))
        #expect(ListenAddress.off.endpoint(hasIPv6: true) == nil)
    }
}
