import Outbound
import Testing

@Suite struct WebAddressTests {
    @Test(arguments: [
        ("http://host", "http://host/"), ("  https://host:8443/a?b=c#d \n", "https://host:8443/a?b=c"),
        ("HTTP://Host/A%2Fb", "http://Host/A%2Fb"), ("http://[fd00::1]:90/x", "http://[fd00::1]:90/x"),
        ("http://host/a b", "http://host/a%20b"), ("http://host?q=1&&r", "http://host/?q=1&r"),
        ("http://user:pass@host/x", "http://host/x"), ("http://10.0.0.1", "http://10.0.0.1/"),
    ])
    func `an address is read as a user writes it`(text: String, expected: String) throws {
        #expect(try WebAddress.parse(text).address.description == expected)
    }

    @Test(arguments: [
        "", "host", "host:80", "//host", "/path", "ftp://host", "file:///etc/passwd", "http://", "http://:80",
        "http://user:canary@", "http://canary@host:99999", "http://host:0", "http://ho st", "http://host%2Fx/",
        "http://host%40canary/", "javascript:canary",
    ])
    func `anything else is refused without being repeated`(text: String) {
        let error = #expect(throws: OutboundError.self) { try WebAddress.parse(text) }
        #expect(error?.code == .invalidRequest)
        #expect(error?.debugDescription.contains("canary") == false)
    }

    @Test(
        arguments: [
            ("http://host", nil, nil), ("http://user:p%40ss@host", "user", "p@ss"), ("http://user@host", "user", ""),
            ("http://:pass@host", "", "pass"), ("http://us%3Aer:p:w@host", "us:er", "p:w"),
        ] as [(String, String?, String?)]
    )
    func `credentials are given apart and decoded`(text: String, user: String?, password: String?) throws {
        let parsed = try WebAddress.parse(text)
        let expected = user.map { HTTPRequest.Authorization.basic(user: $0, password: Secret(password ?? "")) }
        #expect(parsed.credentials == expected)
        #expect(!parsed.address.description.contains("@"))
    }

    @Test(arguments: [
        ("a", "/a"), ("a/b", "/a%2Fb"), ("a?b#c", "/a%3Fb%23c"), ("..", "/%2E%2E"), (".", "/%2E"), ("...", "/..."),
        ("a b+c", "/a%20b%2Bc"), ("%2F", "/%252F"), ("é", "/%C3%A9"), ("a\r\nHost: x", "/a%0D%0AHost%3A%20x"),
        ("@host", "/%40host"), (":80", "/%3A80"), ("", "/"),
    ])
    func `a segment stays one segment`(segment: String, target: String) {
        #expect(WebAddress(host: "h").appending(segment).target == target)
        let deep = WebAddress(host: "h").appending("x").appending(segment, "y")
        #expect(deep.target == "/x\(target)/y")
    }

    @Test func `segments follow a path that ends in a slash`() throws {
        let base = try WebAddress.parse("http://h/prefix/").address
        #expect(base.appending("api", "v1").target == "/prefix/api/v1")
    }

    @Test func `a value cannot become another query item`() throws {
        let asked = WebAddress(host: "h").asking("q", "a&b=c#d+e f\n").asking("é=", "")
        #expect(asked.target == "/?q=a%26b%3Dc%23d%2Be%20f%0A&%C3%A9%3D=")
        #expect(try WebAddress.parse("http://h/p?x=1").address.asking("y", "2").target == "/p?x=1&y=2")
    }

    @Test func `ports are the scheme's own where none is given`() {
        #expect(WebAddress(host: "h").effectivePort == 80)
        #expect(WebAddress(scheme: "https", host: "h").effectivePort == 443)
        #expect(WebAddress(scheme: "https", host: "h", port: 1).effectivePort == 1)
        #expect(WebAddress(host: "::1", port: 1).authority == "[::1]:1")
        #expect(WebAddress(host: "h").authority == "h")
    }

    @Test(arguments: [
        ("h", true), ("a.b-c_d~e", true), ("10.0.0.1", true), ("::1", true), ("fe80::1%eth0", true),
        ("müller.example", true),
        ("", false), ("a b", false), ("a/b", false), ("a@b", false), ("a?b", false), ("a#b", false), ("a\nb", false),
        ("a%2f", false), ("[::1]", false), ("a:é", false), ("a\u{200B}b", false),
    ])
    func `a host that would end early is not well formed`(host: String, isWellFormed: Bool) {
        #expect(WebAddress(host: host).isWellFormed == isWellFormed)
        #expect(!WebAddress(scheme: "ftp", host: host).isWellFormed)
        for port in [-1, 0, 65_536] { #expect(!WebAddress(host: host, port: port).isWellFormed) }
    }

    @Test(arguments: [
        ("/y", "http://h:1/y"), ("y", "http://h:1/a/y"), ("../y?z", "http://h:1/y?z"), ("?q", "http://h:1/a/b?q"),
        ("//other/x", "http://other/x"), ("https://other", "https://other/"), ("http://u:p@other/", "http://other/"),
    ])
    func `a link leads on from an address`(link: String, expected: String) throws {
        let base = try WebAddress.parse("http://h:1/a/b").address
        #expect(try base.resolving(link).description == expected)
    }

    @Test(arguments: ["ftp://h", "mailto:a@b", "http://", "//"])
    func `a link to anything but the web is refused`(link: String) {
        #expect(throws: OutboundError.self) { try WebAddress(host: "h").resolving(link) }
    }
}
