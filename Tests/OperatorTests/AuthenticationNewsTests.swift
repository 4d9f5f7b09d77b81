import Foundation
import KubeModel
import Testing

@testable import Operator

@Suite struct AuthenticationNewsTests {
    static let now = Date(timeIntervalSince1970: 1_781_604_000)
    let reference = AuthenticationReference.cluster("a")

    /// Metadata of an authentication made so many seconds ago.
    func meta(_ uid: String = "1", generation: Int64 = 1, age: Double = 5) -> ObjectMeta {
        ObjectMeta(
            name: "a",
            uid: uid,
            generation: generation,
            creationTimestamp: Timestamp(Self.now.addingTimeInterval(-age))
        )
    }

    @Test(
        arguments: [
            (1, 5.0, .added), (1, 3599.0, .added),
            // Told by whoever ran then; its Event is gone by now.
            (1, 3601.0, nil),
            // Changed at a time that nobody knows.
            (2, 5.0, nil),
        ] as [(Int64, Double, AuthenticationNews.Item?)]
    )
    func `at first sight only what is new is told`(generation: Int64, age: Double, expected: AuthenticationNews.Item?) {
        var news = AuthenticationNews()
        #expect(news.saw(meta(generation: generation, age: age), of: reference, now: Self.now) == expected)
    }

    @Test func `a change of the spec is told once, a change of the status never`() {
        var news = AuthenticationNews()
        _ = news.saw(meta(), of: reference, now: Self.now)
        #expect(news.saw(meta(), of: reference, now: Self.now) == nil)
        #expect(news.saw(meta(generation: 2), of: reference, now: Self.now) == .updated)
        #expect(news.saw(meta(generation: 2), of: reference, now: Self.now) == nil)
    }

    @Test func `the end is told once, and a new life is new`() {
        var news = AuthenticationNews()
        #expect(news.missed(reference) == nil)
        _ = news.saw(meta(), of: reference, now: Self.now)
        #expect(news.saw(meta("2"), of: reference, now: Self.now) == .added)
        #expect(news.missed(reference)?.uid == "2")
        #expect(news.missed(reference) == nil)
    }

    @Test func `a change of a user concerns what it begins and what it ceases to use`() {
        let former = FormerReferences()
        let user = ObjectKey(namespace: "n", name: "web")
        let (one, two) = (AuthenticationReference.cluster("1"), AuthenticationReference.cluster("2"))
        #expect(former.changed(user, to: [one]) == [one])
        #expect(former.changed(user, to: [one]).isEmpty)
        #expect(former.changed(user, to: [two]) == [one, two])
        #expect(former.changed(user, to: []) == [two])
    }
}
