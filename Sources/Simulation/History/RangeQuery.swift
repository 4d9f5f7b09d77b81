internal import Foundation
internal import KubeModel
internal import Outbound

/// A PromQL query for every moment of a range, asked in pieces that Prometheus takes.
///
/// - Source: Prometheus, "HTTP API", range queries and expression query result formats.
struct RangeQuery: Sendable, Hashable {
    /// Moments in one piece; Prometheus refuses more than 11,000.
    static let momentsAtOnce = 10_000
    /// Moments in all: 100 days at 15 s are fewer.
    static let mostMoments = 600_000
    /// Bytes of the answer to one piece, each moment of which takes some 40.
    static let answerLimit = 4 << 20

    /// The query.
    let text: String
    /// The first moment, in seconds since 1970.
    let start: Double
    /// From one moment to the next, in seconds.
    let step: Double
    /// How many moments.
    let count: Int
    /// Whether no number counts as 0, as it may for a trigger.
    let countsNoneAsZero: Bool

    /// Asks for every moment of a range that is before its end.
    ///
    /// - Throws: ``SimulationError`` for too many.
    init(
        _ text: String,
        over range: SimulatedRange,
        every step: Duration,
        countsNoneAsZero: Bool
    ) throws(SimulationError) {
        self.text = text
        self.start = range.start.timeIntervalSince1970
        self.step = step / .seconds(1)
        self.count = Int((range.end.timeIntervalSince(range.start) / self.step).rounded(.up))
        self.countsNoneAsZero = countsNoneAsZero
        guard count <= Self.mostMoments else {
            throw SimulationError(
                "\(count) moments are too many to ask Prometheus for; simulate a shorter range, or a longer pollingInterval"
            )
        }
    }

    /// Which moments are asked for together.
    var pieces: [Range<Int>] {
        stride(from: 0, to: count, by: Self.momentsAtOnce).map { $0..<min($0 + Self.momentsAtOnce, count) }
    }

    /// When a moment is, in seconds since 1970.
    func time(_ moment: Int) -> Double { start + Double(moment) * step }

    /// Where a piece is asked for.
    func address(on server: WebAddress, _ piece: Range<Int>) -> WebAddress {
        server.appending("api", "v1", "query_range").asking("query", text).asking("start", "\(time(piece.lowerBound))")
            .asking("end", "\(time(piece.upperBound - 1))").asking("step", "\(step)")
    }

    /// Adds the samples of a piece to a series.
    ///
    /// - Returns: whether there were any.
    /// - Throws: ``SimulationError`` for what Prometheus refuses, several elements, and what is no number.
    func add(_ response: HTTPResponse, of piece: Range<Int>, to series: inout Series) throws(SimulationError) -> Bool {
        let samples = try samples(in: response)
        var rest = samples[...]
        for moment in piece {
            let time = time(moment)
            // Prometheus rounds to milliseconds.
            guard let next = rest.first, next.time < time + step / 2 else {
                if countsNoneAsZero { series.append(0, at: time) }
                continue
            }
            rest.removeFirst()
            guard next.value.isFinite || countsNoneAsZero else {
                throw SimulationError(
                    "the query gave \(next.value) at \(RFC3339.seconds(Date(timeIntervalSince1970: time)))"
                )
            }
            series.append(next.value.isFinite ? next.value : 0, at: time)
        }
        return !samples.isEmpty
    }

    /// The samples in an answer; none for an empty one.
    private func samples(in response: HTTPResponse) throws(SimulationError) -> [RangeAnswer.Sample] {
        let answer: RangeAnswer
        do {
            answer = try KubeJSON.decode(RangeAnswer.self, from: response.body)
        } catch {
            throw SimulationError("the answer (status \(response.status)) is not Prometheus's: is that its base URL?")
        }
        guard response.head.isSuccess, let data = answer.data else {
            let reason = answer.error.map { ": \($0.prefix(300))" } ?? ""
            throw SimulationError("it answered with status \(response.status)\(reason)")
        }
        guard data.result.count <= 1 else {
            throw SimulationError(
                "the query gave \(data.result.count) elements and must give one; aggregate it, as with sum()"
            )
        }
        return data.result.first?.values ?? []
    }
}

/// What Prometheus answers to a range query.
private struct RangeAnswer: Decodable {
    /// A value and when it was.
    struct Sample: Decodable {
        /// Seconds since 1970.
        let time: Double
        /// May be NaN or infinite.
        let value: Double

        /// Reads `[time, "value"]`.
        init(from decoder: any Decoder) throws {
            var pair = try decoder.unkeyedContainer()
            self.time = try pair.decode(Double.self)
            let text = try pair.decode(String.self)
            guard let value = Double(text) else {
                throw DecodingError.dataCorruptedError(in: pair, debugDescription: "no number")
            }
            self.value = value
        }
    }

    /// One element over time.
    struct Element: Decodable {
        /// Rising in time.
        let values: [Sample]
    }

    /// What was asked for.
    struct Matrix: Decodable {
        /// One for each element.
        let result: [Element]
    }

    /// Missing in an error.
    let data: Matrix?
    /// Why there is no data.
    let error: String?
}
