import Telemetry
import Testing

@Suite struct PrometheusTextTests {
    @Test(arguments: [
        ("plain", "plain"),
        ("say \"hi\"", #"say \"hi\""#),
        (#"C:\temp"#, #"C:\\temp"#),
        ("two\nlines", #"two\nlines"#),
        ("żółw", "żółw"),
    ])
    func `label values are escaped`(value: String, expected: String) {
        let family = MetricFamily("m", help: "-", kind: .gauge, series: [.init(["l": value], .number(1))])
        #expect(PrometheusText.page([family]) == "# HELP m -\n# TYPE m gauge\nm{l=\"\(expected)\"} 1\n")
    }

    @Test func `help is escaped, but its quotes are not`() {
        let family = MetricFamily("m", help: "a \"b\"\n\\", kind: .gauge, series: [.init([:], .number(1))])
        #expect(PrometheusText.page([family]).hasPrefix("# HELP m a \"b\"\\n\\\\\n"))
    }

    @Test(arguments: [
        (0.0, "0"), (1.0, "1"), (-2.5, "-2.5"), (1e15, "1000000000000000"), (1e300, "1e+300"), (.infinity, "+Inf"),
        (-.infinity, "-Inf"), (.nan, "NaN"),
    ])
    func `numbers are written as Go reads them`(value: Double, expected: String) {
        let family = MetricFamily("m", help: "-", kind: .gauge, series: [.init([:], .number(value))])
        #expect(PrometheusText.page([family]).hasSuffix("m \(expected)\n"))
    }

    @Test func `a metric without series is left out`() {
        #expect(PrometheusText.page([MetricFamily("m", help: "-", kind: .counter)]) == "")
    }
}
