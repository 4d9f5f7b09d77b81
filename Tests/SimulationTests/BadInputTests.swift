import Foundation
import Simulation
import Testing

/// What cannot be simulated, and what is said of it.
@Suite struct BadInputTests {
    @Test(arguments: [
        ("", "s.csv: it holds no sample"), ("time,value\n", "s.csv: it holds no sample"),
        ("time;value\n1;2\n", "s.csv:1: must be time,value"), ("1793577600,1,2\n", "s.csv:1: must be time,value"),
        ("time,value\n1793577600,\n", "s.csv:2: a gap: there is no value"),
        ("1793577600,1\n1793577630,x\n", "s.csv:2: the value is no number"),
        ("1793577600,NaN\n", "s.csv:1: the value is no number"),
        ("1793577600,1\nsoon,1\n", "s.csv:2: the time is neither RFC 3339, such as 2026-11-21T09:00:00Z, nor Unix"),
        ("2026-11-02T00:00:00,1\n", "s.csv:1: the time has no zone: end it with Z for UTC"),
        ("1793577600,1\n1793577660,1\n1793577630,1\n", "s.csv:3: out of order: earlier than line 2"),
        ("1793577600,1\n\n1793577600,1\n", "s.csv:3: out of order: the same time as line 1"),
        ("2026-11-02T00:00:00Z,1\n2026-11-02T02:00:00+01:00,1\n", "s.csv:2: the time is in another zone or form"),
        ("1793577600,1\n2026-11-02T02:00:00Z,1\n", "s.csv:2: the time is in another zone or form than in line 1"),
        ("1793577601,1\n", "s.csv:1: a gap: the first sample is later than --from, 2026-11-02T00:00:00Z"),
        (
            "1793577600,1\n1793577610,1\n1793577620,1\n1793577680,1\n",
            "s.csv:4: a gap: nothing for 60 s; a sample holds"
        ),
        (
            "1793577600,1\n1793577610,1\n1793577620,1\n1793577630,1\n",
            "s.csv:4: a gap: nothing for the 3570 s up to --to"
        ),
    ])
    func `samples that make no sense name their line`(text: String, message: String) throws {
        let error = try #require(throws: SimulationError.self) {
            try SampleFile.read(text, from: "s.csv", over: range(3600))
        }
        #expect("\(error)".hasPrefix(message), "\(error)")
    }

    @Test(arguments: [
        "Time,Value\r\n1793577600,1\r\n1793577700,2\r\n",
        "\u{FEFF}\"time\",\"value\"\n\"1793577600\",\"1\"\n1793577700,2",
        "2026-11-02T01:00:00+01:00, 1\n2026-11-02T01:01:40+01:00, 2\n", "1793577000,9\n1793577600,1\n1793577700,2.0\n",
    ])
    func `samples may be written in several ways`(text: String) throws {
        let series = try SampleFile.read(text, from: "s.csv", over: range(3600))
        #expect(series.times.suffix(2) == [monday, monday + 100] && series.values.suffix(2) == [1, 2])
    }

    @Test func `a longer hold may be allowed, or a shorter one`() throws {
        let text = "1793577600,1\n1793577610,1\n1793577620,1\n1793577680,1\n"
        #expect(try SampleFile.read(text, from: "s", over: range(90), longestHold: .seconds(60)).times.count == 4)
        #expect(throws: SimulationError.self) {
            try SampleFile.read(text, from: "s", over: range(90), longestHold: .seconds(59))
        }
    }

    @Test(arguments: [
        (
            queue(), [],
            "trigger queue (prometheus) has no samples: give them with --samples queue=FILE.csv, or --prometheus URL"
        ),
        (queue(), ["quue"], "--samples quue: there is no such trigger; they are called queue"),
        (queue(), ["queue", "0"], "trigger queue (prometheus) has samples twice"),
        (
            queue().replacing("type: prometheus", with: "type: kafka"), ["queue"],
            "trigger queue (kafka): no scaler"
        ),
        (
            queue()
                .replacing(
                    "metadata: {name: worker}",
                    with: "metadata: {name: worker, annotations: {autoscaling.keda.sh/paused: \"1\"}}"
                ),
            ["queue"], "worker is paused by annotation"
        ),
    ])
    func `objects that cannot be simulated say why`(
        manifest: String,
        samples: [String],
        message: String
    ) async throws {
        let (hour, samples) = (try range(3600), Dictionary(samples.map { ($0, Series()) }) { first, _ in first })
        let error = try await #require(throws: SimulationError.self) {
            try await simulation(manifest, samples, over: hour)
        }
        #expect("\(error)".hasPrefix(message), "\(error)")
    }

    @Test(arguments: [
        (0, "the range ends before it begins"), (-60, "the range ends"), (101 * 86_400, "the range is longer"),
    ])
    func `ranges run forward and end`(seconds: Int, message: String) throws {
        let error = try #require(throws: SimulationError.self) { try range(Double(seconds)) }
        #expect("\(error)".hasPrefix(message))
    }

    @Test(arguments: [
        "type: prometheus, metadata: {serverAddress: \"http://p\", query: up, threshold: \"10\", authModes: bearer}",
        "type: postgresql, metadata: {connectionFromEnv: DB, query: q, targetQueryValue: \"10\"}",
    ])
    func `settings from secrets and environments are not needed`(trigger: String) async throws {
        let manifest = """
            apiVersion: keda.sh/v1alpha1
            kind: ScaledObject
            metadata: {name: worker}
            spec:
              scaleTargetRef: {name: worker}
              triggers: [{authenticationRef: {name: token}, \(trigger)}]
            ---
            apiVersion: keda.sh/v1alpha1
            kind: TriggerAuthentication
            metadata: {name: token}
            spec: {secretTargetRef: [{parameter: bearerToken, name: s, key: k}]}
            """
        let timeline = try await simulation(manifest, ["0": series([(0, 30)])], over: range(15)).run()
        #expect(timeline.points.last?.replicas == 3)
    }
}
