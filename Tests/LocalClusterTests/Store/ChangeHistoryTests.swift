import KubeModel
import Testing

@testable import LocalCluster

@Suite struct ChangeHistoryTests {
    /// A history with changes at every third revision from 3 on.
    private func history(capacity: Int, count: Int) -> ChangeHistory {
        var history = ChangeHistory(capacity: capacity)
        for index in 1...max(1, count) where index <= count {
            let key = ObjectKey(namespace: "", name: "o\(index)")
            history.append(Change(revision: Int64(index * 3), key: key, before: nil, after: [:]))
        }
        return history
    }

    @Test func `every start finds exactly the later changes, however full the ring is`() {
        for capacity in 1...6 {
            for count in 0...14 {
                let history = history(capacity: capacity, count: count)
                #expect(history.count == min(count, capacity))
                let kept = (1...14).filter { $0 <= count && $0 > count - capacity }.map { Int64($0 * 3) }
                let forgotten = Int64(max(0, count - capacity) * 3)
                for start in Int64(0)...45 {
                    let found = history.changes(after: start, limit: .max)?.map(\.revision)
                    #expect(
                        found == (start < forgotten ? nil : kept.filter { $0 > start }),
                        "\(capacity) \(count) \(start)"
                    )
                }
            }
        }
    }

    @Test func `a limit cuts the newest off`() {
        let history = history(capacity: 5, count: 7)
        #expect(history.changes(after: 9, limit: 2)?.map(\.revision) == [12, 15])
    }

    @Test func `names are repeatable by their seed and UIDs are version 4`() {
        var (one, two, other) = (NameMaker(seed: 7), NameMaker(seed: 7), NameMaker(seed: 8))
        let uids = (0..<50).map { _ in one.uid() }
        #expect(uids == (0..<50).map { _ in two.uid() })
        #expect(uids != (0..<50).map { _ in other.uid() })
        #expect(Set(uids).count == 50)
        #expect(
            uids.allSatisfy {
                $0.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil
            }
        )
    }
}
