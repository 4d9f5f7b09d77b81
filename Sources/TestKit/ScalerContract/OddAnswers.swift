import KubeModel
import Outbound

/// Answers that sources should not give, and do.
enum OddAnswers {
    /// HTTP answers that hold no number, whatever was asked, each with a name; some are the good one, spoilt.
    static func useless(insteadOf good: HTTPResponse) -> [(name: String, answer: HTTPResponse)] {
        let statuses = [100, 301, 302, 304, 400, 401, 403, 404, 418, 429, 500, 502, 503, 599]
            .map {
                ("status \($0)", HTTPResponse(status: $0, headers: good.head.headers, body: good.body))
            }
        return statuses + bodies.map { ($0.0, HTTPResponse(status: 200, body: $0.1)) }
    }

    /// Bodies that hold no number, each with a name.
    private static let bodies: [(name: String, bytes: [UInt8])] = [
        ("nothing", []), ("white space", Array(" \r\n\t".utf8)), ("zero bytes", [UInt8](repeating: 0, count: 100)),
        ("bytes that are no text", (0...255).map { UInt8($0) }.reversed()),
        ("a login page", Array("<!DOCTYPE html><html><body>Please log in</body></html>".utf8)),
        ("broken JSON", Array(#"{"status":"success","data":{"#.utf8)),
        ("deep JSON", Array(String(repeating: "[", count: 100_000).utf8)),
        ("deep objects", Array(String(repeating: #"{"a":"#, count: 100_000).utf8)),
    ]

    /// Data of a ConfigMap or a Secret that holds no number, whatever was asked, each with a name.
    static func useless(
        insteadOf good: [String: Secret<String>]
    ) -> [(name: String, answer: [String: Secret<String>]?)] {
        [("no object", nil), ("no key", [:])]
            + bodies.map { body in
                (body.name, good.mapValues { _ in Secret(String(decoding: body.bytes, as: UTF8.self)) })
            }
    }

    /// Data that may or may not hold a number: the good one cut off or with anything else in one place.
    static func twisted(_ good: [String: Secret<String>]) -> [(name: String, answer: [String: Secret<String>])] {
        good.flatMap { key, value in
            let bytes = value.withValue { Array($0.utf8) }
            return twisted(HTTPResponse(status: 200, body: bytes))
                .map { odd in (odd.name, [key: Secret(String(decoding: odd.answer.body, as: UTF8.self))]) }
        }
    }

    /// HTTP answers that may or may not hold a number: the good one cut off or with anything else in one place.
    ///
    /// - Complexity: O(n²) for a good answer of n bytes, which is short.
    static func twisted(_ good: HTTPResponse) -> [(name: String, answer: HTTPResponse)] {
        let step = max(1, good.body.count / 200)
        let cuts = stride(from: 0, to: good.body.count, by: step)
            .map { length in
                ("the answer cut at \(length)", Array(good.body.prefix(length)))
            }
        // What is no JSON is only cut.
        let value = try? KubeJSON.decode(JSONValue.self, from: good.body)
        let changed = (value.map(changes(of:)) ?? [])
            .compactMap { value in
                // A value that JSON cannot say is not sent.
                (try? KubeJSON.encode(value)).map { (String(decoding: $0.prefix(120), as: UTF8.self), $0) }
            }
        let loose = [
            "null", "true", "5", "-1", "1e999", "NaN", "Infinity", "\"\"", "\"NaN\"", "\"1e999\"", "[]", "{}", "[[]]",
        ]
        .map { ($0, Array($0.utf8)) }
        // As deep as JSON is read, and far deeper.
        let deep = [JSONValue.depthLimit, 10_000].map { ("\($0) nested lists", Array(nested(depth: $0).utf8)) }
        return (cuts + changed + loose + deep)
            .map { ($0.0, HTTPResponse(status: 200, headers: good.head.headers, body: $0.1)) }
    }

    /// Every value with one of its parts dropped, doubled or replaced.
    private static func changes(of value: JSONValue) -> [JSONValue] {
        switch value {
        case .array(let elements):
            replacements
                + elements.indices.flatMap { index -> [JSONValue] in
                    changes(of: elements[index])
                        .map { change in
                            var changed = elements
                            changed[index] = change
                            return .array(changed)
                        } + [
                            .array(Array(elements[..<index] + elements[(index + 1)...])),
                            .array(elements + [elements[index]]),
                        ]
                }
        case .object(let members):
            replacements
                + members.keys.sorted()
                .flatMap { key -> [JSONValue] in
                    let changed = changes(of: members[key] ?? .null)
                        .map { change in
                            JSONValue.object(members.merging([key: change]) { $1 })
                        }
                    return changed + [.object(members.filter { $0.key != key })]
                }
        case .null, .bool, .integer, .number, .string: replacements
        }
    }

    /// What stands in any place instead of what should.
    private static let replacements: [JSONValue] = [
        .null, true, 0, -1, 1.5, .integer(.max), .number(.greatestFiniteMagnitude), "", "text", "NaN", "nan", "+Inf",
        "-inf", "infinity", "1e999", "0x1p3", "two\nlines", .string(String(repeating: "long ", count: 2000)), [], [[]],
        [1, 2, 3], [:], ["a": 1],
    ]

    /// Arrays in arrays.
    private static func nested(depth: Int) -> String {
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }

    /// Answers of databases that hold no number, each with a name.
    static var useless: [(name: String, answer: SQLResult)] {
        let number = SQLResult.Column(name: "n", kind: .number)
        let text = SQLResult.Column(name: "t", kind: .text)
        return [
            ("no column and no row", .empty),
            ("no column", SQLResult(columns: [], firstRow: [])),
            ("no row", SQLResult(columns: [number], firstRow: nil)),
            ("a row without values", SQLResult(columns: [number], firstRow: [])),
            ("NULL", SQLResult(columns: [number], firstRow: [nil])),
            ("NULL as text", SQLResult(columns: [text], firstRow: [nil])),
            ("two columns", SQLResult(columns: [number, number], firstRow: ["1", "2"])),
            ("a text", SQLResult(columns: [text], firstRow: ["many"])),
            ("an empty text", SQLResult(columns: [text], firstRow: [""])),
            ("a long text of two lines", SQLResult(columns: [text], firstRow: [String(repeating: "x\n", count: 5000)])),
            ("a number that is none", SQLResult(columns: [number], firstRow: ["one"])),
            ("NaN", SQLResult(columns: [number], firstRow: ["NaN"])),
            ("infinity", SQLResult(columns: [number], firstRow: ["Infinity"])),
            ("negative infinity as text", SQLResult(columns: [text], firstRow: [" -inf "])),
            ("a number past all numbers", SQLResult(columns: [number], firstRow: ["1e999"])),
            ("a truth value", SQLResult(columns: [.init(name: "b", kind: .other("bool"))], firstRow: ["t"])),
        ]
    }
}

extension SQLResult {
    /// What a statement gives that is no query.
    static var empty: SQLResult { SQLResult(columns: [], firstRow: nil) }
}
