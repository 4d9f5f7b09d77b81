import Outbound
import Testing

@Suite struct FormEncodingTests {
    @Test(arguments: [
        ("plain-._~09", "plain-._~09"), ("a b", "a+b"), ("a+b", "a%2Bb"), ("a&b=c", "a%26b%3Dc"), ("ü/", "%C3%BC%2F"),
        ("", ""),
    ])
    func `a text is encoded as Go does, and decoded to itself`(text: String, encoded: String) {
        #expect(FormEncoding.encode(text) == encoded)
        #expect(FormEncoding.decode("x=\(encoded)")?.map(\.value) == [text])
    }

    @Test(arguments: [
        ("a=1&b=2", ["a=1", "b=2"]), ("a&b=", ["a=", "b="]), ("a=b=c", ["a=b=c"]), ("&&a=1&", ["a=1"]), ("", []),
        ("a=%zz", nil), ("a=%ff", nil),
    ])
    func `pairs are read from a text`(text: String, pairs: [String]?) {
        #expect(FormEncoding.decode(text)?.map { "\($0.name)=\($0.value)" } == pairs)
    }

    @Test func `pairs keep their order`() {
        #expect(FormEncoding.encode([("b", "1 2"), ("a", "&")]) == "b=1+2&a=%26")
    }
}
