import Foundation
import KubeModel
import Testing

@testable import KubeRuntime

@Suite struct EventCorrelatorTests {
    static let wall = Date(timeIntervalSince1970: 1_781_604_000)

    /// Something that happened to an object.
    static func occurrence(_ note: String = "n", object: String = "so", namespace: String? = "shop") -> Occurrence {
        Occurrence(
            .warning,
            reason: "ScalerFailed",
            action: "Poll",
            note: note,
            regarding: .init(
                apiVersion: "keda.sh/v1alpha1",
                kind: "ScaledObject",
                namespace: namespace,
                name: object,
                uid: "u"
            )
        )
    }

    /// A correlator, with room for so many.
    static func correlator(_ capacity: Int = 1024) -> EventCorrelator {
        EventCorrelator(controller: "keda-operator", instance: "pod-1", capacity: capacity)
    }

    /// What is to be written next.
    static func take(_ correlator: inout EventCorrelator) throws -> (Occurrence, EventCorrelator.Write) {
        let next = correlator.next()
        return try #require(next)
    }

    /// What is written next, as text: `create NAME COUNT` or `count N`.
    static func write(_ correlator: inout EventCorrelator) -> String? {
        guard let (occurrence, write) = correlator.next() else { return nil }
        correlator.written(occurrence)
        return switch write {
        case .create(let event): "create \(event.note ?? "") \(event.series?.count ?? 1)"
        case .count(_, let series): "count \(series.count)"
        }
    }

    @Test func `an Event has all that the API asks for`() throws {
        var correlator = Self.correlator()
        let accepted = correlator.record(Self.occurrence("no answer"), at: .zero, wall: Self.wall)
        let (_, write) = try Self.take(&correlator)
        let event = try #require(write.created)
        #expect(accepted)
        #expect(event.metadata.namespace == "shop" && event.metadata.name.hasPrefix("so."))
        #expect(event.eventTime?.date == Self.wall && event.series == nil)
        #expect(event.reportingController == "keda-operator" && event.reportingInstance == "pod-1")
        #expect(event.type == "Warning" && event.reason == "ScalerFailed" && event.action == "Poll")
        #expect(event.note == "no answer" && event.regarding?.name == "so")
    }

    @Test func `repetitions are one Event that counts, and those before it is written are in it`() {
        var correlator = Self.correlator()
        var written: [String?] = []
        for _ in 0..<3 { _ = correlator.record(Self.occurrence(), at: .zero, wall: Self.wall) }
        written += [Self.write(&correlator), Self.write(&correlator)]
        _ = correlator.record(Self.occurrence(), at: .seconds(350), wall: Self.wall)
        written.append(Self.write(&correlator))
        _ = correlator.record(Self.occurrence(), at: .seconds(350 + 360), wall: Self.wall)
        written += [Self.write(&correlator), Self.write(&correlator)]
        #expect(written == ["create n 3", nil, "count 4", "create n 1", nil])
    }

    @Test func `other notes, reasons and objects are other Events, each with a name of its own`() {
        var correlator = Self.correlator()
        for note in ["a", "b"] {
            for object in ["x", "y"] {
                _ = correlator.record(Self.occurrence(note, object: object), at: .zero, wall: Self.wall)
            }
        }
        var names: Set<String> = []
        while let (_, write) = correlator.next() {
            if case .create(let event) = write { names.insert(event.metadata.name) }
        }
        #expect(names.count == 4)
    }

    @Test func `one object may tell 25 at once and one in five minutes, and others do not notice`() {
        var correlator = Self.correlator()
        let accepted = (0..<40).filter { correlator.record(Self.occurrence("\($0)"), at: .zero, wall: Self.wall) }
        #expect(accepted.count == 25 && correlator.dropped == 15)
        let others = [
            correlator.record(Self.occurrence(object: "other"), at: .zero, wall: Self.wall),
            correlator.record(Self.occurrence("x"), at: .seconds(299), wall: Self.wall),
            correlator.record(Self.occurrence("x"), at: .seconds(301), wall: Self.wall),
        ]
        #expect(others == [true, false, true])
    }

    @Test func `an object is heard however many others have just said something`() {
        var correlator = Self.correlator(10)
        for number in 0..<25 {
            _ = correlator.record(Self.occurrence("\(number)", object: "loud"), at: .zero, wall: Self.wall)
        }
        while Self.write(&correlator) != nil {}
        for number in 0..<50 {
            let accepted = correlator.record(Self.occurrence(object: "\(number)"), at: .zero, wall: Self.wall)
            #expect(accepted)
            _ = Self.write(&correlator)
        }
        // Who has used up all it may say is not forgotten.
        let again = correlator.record(Self.occurrence("again", object: "loud"), at: .zero, wall: Self.wall)
        #expect(!again)
    }

    @Test func `warnings are written before all else, each kind in its order`() {
        var correlator = Self.correlator()
        for note in ["started", "failed", "built", "failed again"] {
            var occurrence = Self.occurrence(note)
            occurrence.severity = note.hasPrefix("failed") ? .warning : .normal
            _ = correlator.record(occurrence, at: .zero, wall: Date(timeIntervalSince1970: 0))
        }
        var notes: [String] = []
        while let (occurrence, _) = correlator.next() { notes.append(occurrence.note) }
        #expect(notes == ["failed", "failed again", "started", "built"])
    }

    @Test func `room is made by forgetting the oldest that is written, and there is only so much`() {
        var correlator = Self.correlator(2)
        let first = (0..<3)
            .map { correlator.record(Self.occurrence("\($0)", object: "o"), at: .seconds($0), wall: Self.wall) }
        #expect(first == [true, true, false])
        let written = [Self.write(&correlator), Self.write(&correlator)]
        #expect(written == ["create 0 1", "create 1 1"])
        let later = [
            correlator.record(Self.occurrence("2", object: "o"), at: .seconds(3), wall: Self.wall),
            correlator.record(Self.occurrence("1", object: "o"), at: .seconds(4), wall: Self.wall),
        ]
        let writtenLater = [Self.write(&correlator), Self.write(&correlator)]
        #expect(later == [true, true] && writtenLater == ["create 2 1", "count 2"])
        #expect(correlator.dropped == 1)
    }

    @Test func `the older half of what is written makes room, and what waits stays`() {
        var correlator = Self.correlator(5)
        for second in 0..<4 {
            _ = correlator.record(Self.occurrence("\(second)", object: "o"), at: .seconds(second), wall: Self.wall)
        }
        let written = (0..<3).map { _ in Self.write(&correlator) }
        #expect(written == ["create 0 1", "create 1 1", "create 2 1"])
        // The fourth waits still; of the three that are written two go for the sixth.
        let accepted = (4..<6)
            .map { correlator.record(Self.occurrence("\($0)", object: "o"), at: .seconds($0), wall: Self.wall) }
        #expect(accepted == [true, true])
        for note in ["0", "2"] {
            _ = correlator.record(Self.occurrence(note, object: "o"), at: .seconds(7), wall: Self.wall)
        }
        var later: [String] = []
        while let text = Self.write(&correlator) { later.append(text) }
        #expect(later == ["create 3 1", "create 4 1", "create 5 1", "create 0 1", "count 2"])
    }

    @Test func `what waits for longer than a series lasts is still one Event`() throws {
        var correlator = Self.correlator()
        for second in [0, 400, 800] {
            _ = correlator.record(Self.occurrence(), at: .seconds(second), wall: Self.wall)
        }
        let (occurrence, write) = try Self.take(&correlator)
        #expect(write.created?.series?.count == 3)
        // While it is being written, too.
        _ = correlator.record(Self.occurrence(), at: .seconds(1200), wall: Self.wall)
        correlator.failed(occurrence, isGone: false)
        #expect(Self.write(&correlator) == "create n 4" && correlator.next() == nil && correlator.dropped == 0)
    }

    @Test func `a warning takes the place of what is least urgent, and what is being written keeps its own`() throws {
        var correlator = Self.correlator(3)
        for note in ["a", "b", "c"] {
            var occurrence = Self.occurrence(note)
            occurrence.severity = .normal
            _ = correlator.record(occurrence, at: .zero, wall: Self.wall)
        }
        let (underWay, _) = try Self.take(&correlator)
        let accepted = (1...3).map { correlator.record(Self.occurrence("w\($0)"), at: .zero, wall: Self.wall) }
        #expect(accepted == [true, true, false] && correlator.dropped == 3)
        correlator.failed(underWay, isGone: true)
        #expect(correlator.dropped == 4)
        let written = (0..<3).map { _ in Self.write(&correlator) }
        #expect(written == ["create w1 1", "create w2 1", nil])
    }

    @Test func `an Event whose hour is over is made anew, and one that cannot be made is dropped`() throws {
        var correlator = Self.correlator()
        _ = correlator.record(Self.occurrence(), at: .zero, wall: Self.wall)
        _ = Self.write(&correlator)
        _ = correlator.record(Self.occurrence(), at: .seconds(1), wall: Self.wall)
        let (counted, _) = try Self.take(&correlator)
        correlator.failed(counted, isGone: true)
        let again = Self.write(&correlator)
        #expect(again == "create n 2")
        _ = correlator.record(Self.occurrence("other"), at: .seconds(2), wall: Self.wall)
        let (other, _) = try Self.take(&correlator)
        correlator.failed(other, isGone: false)
        let nothing = Self.write(&correlator)
        #expect(nothing == nil && correlator.dropped == 1)
    }

    @Test(arguments: [nil, ""] as [String?])
    func `Events of cluster-wide objects live in the default namespace`(namespace: String?) throws {
        var correlator = Self.correlator()
        _ = correlator.record(Self.occurrence(namespace: namespace), at: .zero, wall: Self.wall)
        let (_, write) = try Self.take(&correlator)
        #expect(write.created?.metadata.namespace == "default")
    }

    @Test(arguments: [
        ("abc", 5, "abc"), ("abcdef", 5, "abcde"), ("aéé", 4, "aé"), ("aéé", 5, "aéé"), ("👨‍👩‍👧x", 17, ""), ("👨‍👩‍👧x", 18, "👨‍👩‍👧"),
        ("", 0, ""),
    ])
    func `a text is cut between characters`(text: String, limit: Int, cut: String) {
        #expect(text.cut(toBytes: limit) == cut)
    }

    @Test func `long texts fit the API`() {
        let long = String(repeating: "é", count: 2_000)
        let occurrence = Occurrence(
            .normal,
            reason: long,
            action: long,
            note: long,
            regarding: Self.occurrence().regarding
        )
        #expect(
            occurrence.note.utf8.count == 1024 && occurrence.reason.utf8.count == 128
                && occurrence.action.utf8.count == 128
        )
    }
}

extension EventCorrelator.Write {
    /// The new Event, if this is one.
    fileprivate var created: EventObject? {
        guard case .create(let event) = self else { return nil }
        return event
    }
}
