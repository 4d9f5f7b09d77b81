import Outbound
import Testing

@Suite struct CipherSuiteNamesTests {
    @Test(
        arguments: [
            ("", [], []),
            (
                "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
                ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-SHA"], []
            ),
            (
                " TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 : TLS_AES_256_GCM_SHA384",
                ["ECDHE-RSA-CHACHA20-POLY1305"], []
            ),
            ("ECDHE-RSA-AES128-GCM-SHA256,,x", [], ["ECDHE-RSA-AES128-GCM-SHA256", "x"]),
        ] as [(String, [String], [String])]
    )
    func `Go's names become OpenSSL's`(text: String, known: [String], unknown: [String]) {
        let list = CipherSuiteNames.parse(text)
        #expect(list.known == known)
        #expect(list.unknown == unknown)
    }
}
