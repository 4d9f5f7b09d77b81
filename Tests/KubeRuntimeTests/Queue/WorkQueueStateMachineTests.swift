import Testing

@testable import KubeRuntime

@Suite struct WorkQueueStateMachineTests {
    /// One thing that can happen in the small world below.
    enum Move: CaseIterable {
        case addA
        case addB
        case addALater
        case tick
        case step
        case releaseA
        case releaseB
        case finishA
        case finishAAgain
        case finishB
    }

    /// What the queue should be, said as plainly as possible: when each key is due, and which are in work.
    struct Model {
        /// Keys not in work, with their moments, in the order in which they were added.
        var waiting: [(key: String, due: Int)] = []
        /// Keys in work, with the moment of their next turn if they have one.
        var running: [String: Int?] = [:]
        /// Keys in work that have given their worker on.
        var released: Set<String> = []
        /// Keys in work that are going to.
        var releasing: [String] = []
        /// The clock.
        var now = 0

        /// Adds a key.
        mutating func add(_ key: String, at due: Int) {
            if let next = running[key] {
                running[key] = .some(min(next ?? due, due))
            } else if let index = waiting.firstIndex(where: { $0.key == key }) {
                waiting[index].due = min(waiting[index].due, due)
            } else {
                waiting.append((key, due))
            }
        }

        /// What is to be done, with so many workers.
        mutating func step(_ workers: Int) -> WorkQueueStateMachine<String>.Step {
            guard running.count - released.count < workers else { return .wait(until: nil) }
            let first = waiting.indices.min { (waiting[$0].due, $0) < (waiting[$1].due, $1) }
            guard let first else { return .wait(until: nil) }
            guard waiting[first].due <= now else { return .wait(until: .seconds(waiting[first].due)) }
            let key = waiting.remove(at: first).key
            running[key] = .some(nil)
            return .run(key)
        }

        /// Has a key in work give its worker on, now or once it may.
        mutating func release(_ key: String, _ limit: Int) {
            guard running[key] != nil, !released.contains(key), !releasing.contains(key) else { return }
            if released.count < limit { released.insert(key) } else { releasing.append(key) }
        }

        /// Ends work on a key; nothing if it is not in work.
        mutating func finish(_ key: String, again due: Int?) -> Bool {
            guard let next = running.removeValue(forKey: key) else { return false }
            releasing.removeAll { $0 == key }
            if released.remove(key) != nil, !releasing.isEmpty { released.insert(releasing.removeFirst()) }
            if let due = [next, due].compactMap(\.self).min() { waiting.append((key, due)) }
            return true
        }
    }

    /// Whoever asks the machine what to do, and sleeps when there is nothing.
    struct Sleeper {
        /// Until when; nothing while awake, no moment for not before it is woken.
        private var sleep: Duration??

        /// The machine has answered.
        mutating func was(told step: WorkQueueStateMachine<String>.Step) {
            if case .wait(let moment) = step { sleep = .some(moment) } else { sleep = nil }
        }

        /// Something has happened that may be a reason to wake; whether it was heeded as it must be.
        mutating func happened(_ wakes: Bool, _ machine: WorkQueueStateMachine<String>, at now: Duration) -> Bool {
            guard let moment = sleep else { return !wakes }
            if wakes {
                sleep = nil
                return true
            }
            if let moment, moment <= now { return true }
            var machine = machine
            guard case .wait(let next) = machine.next(at: now) else { return false }
            return next.map { next in moment.map { $0 <= next } ?? false } ?? true
        }
    }

    @Test(arguments: [(workers: 1, lingering: 1), (workers: 2, lingering: 1)])
    func `every row of six moves does what the model says, and no wish sleeps`(workers: Int, lingering: Int) {
        for beginning: [Move] in [[], [.addA, .step, .releaseA, .addB, .step]] {
            tryAll(workers, lingering, after: beginning)
        }
    }

    /// Tries every row of six moves after a beginning.
    private func tryAll(_ workers: Int, _ lingering: Int, after beginning: [Move]) {
        /// Tries every move from here on, after those of the beginning.
        func explore(
            _ machine: WorkQueueStateMachine<String>,
            _ model: Model,
            _ sleeper: Sleeper,
            _ depth: Int,
            _ path: [Move]
        ) {
            guard depth > 0 else { return }
            for move in path.count < beginning.count ? [beginning[path.count]] : Move.allCases {
                var (machine, model, sleeper) = (machine, model, sleeper)
                var wakes: Bool?
                let now = Duration.seconds(model.now)
                switch move {
                case .addA:
                    wakes = machine.add("a", at: now)
                    model.add("a", at: model.now)
                case .addB:
                    wakes = machine.add("b", at: now)
                    model.add("b", at: model.now)
                case .addALater:
                    wakes = machine.add("a", at: now + .seconds(2))
                    model.add("a", at: model.now + 2)
                case .tick:
                    model.now += 1
                case .step:
                    let (said, expected) = (machine.next(at: now), model.step(workers))
                    guard said == expected else {
                        Issue.record("after \(path): \(said), not \(expected)")
                        return
                    }
                    sleeper.was(told: said)
                case .releaseA:
                    model.release("a", workers * lingering)
                    wakes = machine.release("a")
                case .releaseB:
                    model.release("b", workers * lingering)
                    wakes = machine.release("b")
                case .finishA:
                    guard model.finish("a", again: nil) else { continue }
                    wakes = machine.finished("a", again: nil)
                case .finishAAgain:
                    guard model.finish("a", again: model.now + 1) else { continue }
                    wakes = machine.finished("a", again: now + .seconds(1))
                case .finishB:
                    guard model.finish("b", again: nil) else { continue }
                    wakes = machine.finished("b", again: nil)
                }
                if let wakes, !sleeper.happened(wakes, machine, at: now) {
                    Issue.record("after \(path + [move]): woken is \(wakes)")
                    return
                }
                explore(machine, model, sleeper, depth - 1, path + [move])
            }
        }
        let machine = WorkQueueStateMachine<String>(workers: workers, lingering: lingering, drain: .seconds(5))
        explore(machine, Model(), Sleeper(), beginning.count + 6, [])
    }

    @Test func `work that gives its worker on makes room for other work, up to a bound, and shutdown waits for it`() {
        var machine = WorkQueueStateMachine<Int>(workers: 1, drain: .seconds(5))
        for key in 1...6 { _ = machine.add(key, at: .zero) }
        var begun: [WorkQueueStateMachine<Int>.Step] = []
        for key in 1...5 {
            begun += [machine.next(at: .zero), machine.next(at: .zero)]
            // A second time gives nothing.
            let wakes = [machine.release(key), machine.release(key)]
            #expect(wakes == [key < 4, false])
        }
        #expect(
            begun == [1, 2, 3, 4].flatMap { [.run($0), .wait(until: nil)] } + [.wait(until: nil), .wait(until: nil)]
        )
        // The fourth gives its worker on as soon as another one has ended that had given it on.
        let wakes = [machine.finished(1, again: nil), machine.release(4)]
        #expect(wakes == [true, false])
        begun = [machine.next(at: .zero), machine.next(at: .zero)]
        #expect(machine.release(5) == false && machine.finished(5, again: nil))
        // Who has ended gives nothing on, and with nobody to give it on, an end without a worker frees none.
        #expect(machine.finished(2, again: nil) == false)
        begun += [machine.next(at: .zero), machine.next(at: .zero)]
        #expect(machine.state(at: .zero).busy == 1)
        machine.stop(at: .zero)
        for key in [3, 4, 6] {
            begun.append(machine.next(at: .seconds(1)))
            let wakes = machine.finished(key, again: nil)
            #expect(wakes)
        }
        begun.append(machine.next(at: .seconds(1)))
        let waits = Array(repeating: WorkQueueStateMachine<Int>.Step.wait(until: .seconds(5)), count: 3)
        #expect(begun == [.run(5), .wait(until: nil), .run(6), .wait(until: nil)] + waits + [.end])
    }

    @Test func `shutdown lets running work end`() {
        var machine = WorkQueueStateMachine<String>(workers: 2, drain: .seconds(5))
        _ = machine.add("a", at: .zero)
        _ = machine.add("b", at: .zero)
        var said = [machine.next(at: .zero)]
        machine.stop(at: .seconds(1))
        machine.stop(at: .seconds(3))
        said.append(machine.next(at: .seconds(1)))
        _ = machine.finished("a", again: nil)
        said.append(machine.next(at: .seconds(2)))
        #expect(said == [.run("a"), .wait(until: .seconds(6)), .end])
    }

    @Test func `shutdown that takes too long cancels, once`() {
        var machine = WorkQueueStateMachine<String>(workers: 1, drain: .seconds(5))
        _ = machine.add("a", at: .zero)
        var said = [machine.next(at: .zero)]
        machine.stop(at: .seconds(1))
        said += [machine.next(at: .seconds(6)), machine.next(at: .seconds(7))]
        _ = machine.finished("a", again: .seconds(9))
        said.append(machine.next(at: .seconds(20)))
        #expect(said == [.run("a"), .abandon, .wait(until: nil), .end])
    }

    @Test func `a key that is forgotten does not come back`() {
        var machine = WorkQueueStateMachine<String>(workers: 1, drain: .seconds(5))
        _ = machine.add("a", at: .zero)
        _ = machine.add("b", at: .seconds(3))
        var said = [machine.next(at: .zero)]
        _ = machine.add("a", at: .zero)
        machine.remove("a")
        machine.remove("b")
        #expect(machine.counts == (0, 1))
        _ = machine.finished("a", again: nil)
        said.append(machine.next(at: .seconds(10)))
        #expect(said == [.run("a"), .wait(until: nil)])
    }
}
