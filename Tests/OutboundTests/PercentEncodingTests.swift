import Foundation
import Outbound
import Testing

@Suite struct PercentEncodingTests {
    @Test(arguments: [
        ("scaledobject.keda.sh%2Fname%3Dweb", "scaledobject.keda.sh/name=web"), ("a+b", "a+b"), ("%C3%a9", "é"),
        ("", ""),
        ("100%25", "100%"), ("é", "é"),
    ])
    func `texts are decoded`(text: String, meaning: String) {
        #expect(PercentEncoding.decode(text) == meaning)
        #expect(PercentEncoding.decode(text) == text.removingPercentEncoding)
    }

    @Test func `in a form a plus sign is a blank, unless it is written as a code`() {
        #expect(PercentEncoding.decode("a+b%2Bc", isForm: true) == "a b+c")
        #expect(PercentEncoding.decode("a+b", isForm: true) == "a b")
        #expect(PercentEncoding.decode("web", isForm: true) == "web")
    }

    @Test(arguments: ["%", "%4", "%4g", "%zz", "100%", "%C3", "%FF"])
    func `what is no code, or no text, is refused`(text: String) {
        #expect(PercentEncoding.decode(text) == nil)
    }

    @Test func `bytes need be no text`() {
        #expect(PercentEncoding.bytes(of: "%FF0".utf8) == [0xFF, 0x30])
    }
}
