import TestKit
import Testing

@testable import KubeRuntime

@Suite struct TimetableTests {
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `it does what a sorted list does`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var table = Timetable<Int>()
        var model: [(key: Int, due: Int, order: Int)] = []
        for order in 0..<400 {
            let key = Int.random(in: 0..<12, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                table.remove(key)
                model.removeAll { $0.key == key }
            case 1:
                if let first = table.first?.key {
                    table.remove(first)
                    model.removeFirst()
                }
            default:
                let due = Int.random(in: 0..<6, using: &random)
                table.schedule(key, at: .seconds(due))
                if let index = model.firstIndex(where: { $0.key == key }) {
                    model[index].due = min(model[index].due, due)
                } else {
                    model.append((key, due, order))
                }
            }
            model.sort { ($0.due, $0.order) < ($1.due, $1.order) }
            #expect(table.count == model.count, "seed \(seed)")
            #expect(table.first?.key == model.first?.key, "seed \(seed)")
            #expect(table.first?.due == model.first.map { .seconds($0.due) }, "seed \(seed)")
        }
    }
}
