import Outbound
import Testing

@Suite struct LineFramerTests {
    static let text = Array("{\"a\":1}\n\n{\"b\":\"é\\n\"}\n{}\nrest".utf8)
    static let lines = ["{\"a\":1}", "{\"b\":\"é\\n\"}", "{}"]

    /// Frames chunks and gives the lines, and whether something is left.
    static func frame(_ chunks: [ArraySlice<UInt8>]) throws -> (lines: [String], isCut: Bool) {
        var framer = LineFramer()
        var lines: [String] = []
        for chunk in chunks { lines += try framer.append(Array(chunk)).map { String(decoding: $0, as: UTF8.self) } }
        return (lines, framer.isWithinLine)
    }

    @Test func `every cut into two and three gives the same lines`() throws {
        let text = Self.text
        for one in 0...text.count {
            for two in one...text.count {
                let (lines, isCut) = try Self.frame([text[..<one], text[one..<two], text[two...]])
                #expect(lines == Self.lines, "cut at \(one) and \(two)")
                #expect(isCut)
            }
        }
    }

    @Test func `byte by byte gives the same lines`() throws {
        let (lines, isCut) = try Self.frame(Self.text.indices.map { Self.text[$0...$0] })
        #expect(lines == Self.lines && isCut)
    }

    @Test func `a stream that ends with its line is not cut`() throws {
        let (lines, isCut) = try Self.frame([Self.text.dropLast(4)])
        #expect(lines == Self.lines && !isCut)
    }

    @Test(arguments: [1, 2, 3, 9])
    func `a line may be as long as the limit and no longer`(size: Int) throws {
        let fits = [UInt8](repeating: 97, count: 10)
        for (line, isFine) in [(fits, true), (fits + [97], false)] {
            var framer = LineFramer(limit: 10)
            var error: OutboundError?
            do throws(OutboundError) {
                for start in stride(from: 0, to: line.count, by: size) {
                    _ = try framer.append(Array(line[start..<min(start + size, line.count)]))
                }
                let lines = try framer.append([10])
                #expect(lines == [line])
            } catch let caught {
                error = caught
            }
            #expect((error == nil) == isFine)
            #expect(error == nil || error?.code == .tooLarge)
        }
    }

    @Test func `a line over many chunks is put together in order`() throws {
        let long = (0..<100_000).map { UInt8($0 % 251 == 10 ? 11 : $0 % 251) }
        var framer = LineFramer()
        var lines: [[UInt8]] = []
        for start in stride(from: 0, to: long.count, by: 1_000) {
            lines += try framer.append(Array(long[start..<start + 1_000]))
        }
        #expect(lines.isEmpty)
        lines = try framer.append([10])
        #expect(lines == [long])
    }
}
