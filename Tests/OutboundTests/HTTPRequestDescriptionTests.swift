import Outbound
import Testing

@Suite struct HTTPRequestDescriptionTests {
    @Test func `a request shows what is asked and nothing that may be secret`() {
        let request = HTTPRequest(
            .get,
            WebAddress(host: "prometheus", port: 9090).appending("api"),
            headers: [.init("Accept", "text/plain")],
            secretHeaders: ["X-canary": "canary"],
            authorization: .basic(user: "canary", password: "canary"),
            body: Array("canary".utf8),
            tls: TLSSettings(authorities: "canary", certificate: "canary", privateKey: "canary", serverName: "canary")
        )
        var dumped = ""
        dump([request.authorization as Any, request.tls, request], to: &dumped)
        let texts = [dumped, "\(request)", String(reflecting: [request]), "\(request.tls)"]
        #expect(!texts.contains { $0.contains("canary") })
        #expect("\(request)" == "GET http://prometheus:9090/api (Basic <redacted>)")
        #expect(dumped.contains("Accept") && dumped.contains("Basic <redacted>"))
        #expect("\(request.tls)" == "TLS [authorities, certificate, privateKey, serverName]")
    }

    @Test func `a target that holds a secret is not shown`() {
        var request = HTTPRequest(.get, WebAddress(host: "api").appending("v1").asking("key", "canary"))
        request.hidesTarget = true
        var dumped = ""
        dump(request, to: &dumped)
        #expect("\(request)" == "GET http://api/<redacted>")
        #expect(!dumped.contains("canary") && dumped.contains("http://api/"))
    }
}
