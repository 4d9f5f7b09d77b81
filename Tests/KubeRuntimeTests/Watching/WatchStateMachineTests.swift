import Testing

@testable import KubeRuntime

@Suite struct WatchStateMachineTests {
    /// Something that happens.
    enum Happening {
        case start
        case page(String, next: String?)
        case listFails(WatchStateMachine.Failure)
        case event(String)
        case ends(after: Double)
        case watchFails(WatchStateMachine.Failure)
        case waited
    }

    /// What the machine says to a row of happenings; chance always takes the longest rest.
    ///
    /// Events are not answered.
    static func dialogue(_ happenings: [Happening]) -> [WatchStateMachine.Action] {
        var machine = WatchStateMachine()
        return happenings.compactMap { happening in
            switch happening {
            case .start: machine.start()
            case .page(let version, let next): machine.pageReceived(version: version, next: next)
            case .listFails(let failure): machine.listFailed(failure, random: 1)
            case .event(let version):
                {
                    machine.received(version: version)
                    return nil
                }()
            case .ends(let seconds): machine.watchEnded(after: .seconds(seconds), random: 1)
            case .watchFails(let failure): machine.watchFailed(failure, random: 1)
            case .waited: machine.waited()
            }
        }
    }

    /// List in pages, watch, go on from the last event and from a bookmark.
    static let ordinary: ([Happening], [WatchStateMachine.Action]) = (
        [
            .start, .page("9", next: "t"), .page("9", next: nil), .event("10"), .ends(after: 290), .event("15"),
            .event(""),
            .ends(after: 290), .ends(after: 290),
        ],
        [
            .list(continuing: nil), .list(continuing: "t"), .swapAndWatch(from: "9"), .watch(from: "10"),
            .watch(from: "15"),
            .watch(from: "15"),
        ]
    )

    /// A page token expires: the list begins again at once, and if it does so again, after a rest.
    static let goneWhileListing: ([Happening], [WatchStateMachine.Action]) = (
        [.start, .page("9", next: "t"), .listFails(.gone), .page("9", next: "t"), .listFails(.gone), .waited],
        [
            .list(continuing: nil), .list(continuing: "t"), .list(continuing: nil), .list(continuing: "t"),
            .wait(.milliseconds(1600)),
            .list(continuing: nil),
        ]
    )

    /// 410 as a status or as an event: relist at once; a second one without progress rests first.
    static let goneWhileWatching: ([Happening], [WatchStateMachine.Action]) = (
        [
            .start, .page("9", next: nil), .event("10"), .watchFails(.gone), .page("20", next: nil), .watchFails(.gone),
            .waited,
            .page("30", next: nil), .event("31"), .watchFails(.gone),
        ],
        [
            .list(continuing: nil), .swapAndWatch(from: "9"), .list(continuing: nil), .swapAndWatch(from: "20"),
            .wait(.milliseconds(1600)),
            .list(continuing: nil), .swapAndWatch(from: "30"), .list(continuing: nil),
        ]
    )

    /// Anything else keeps the version and rests longer and longer, until an event comes.
    static let broken: ([Happening], [WatchStateMachine.Action]) = (
        [
            .start, .page("9", next: nil), .watchFails(.other), .waited, .watchFails(.other), .waited, .event("10"),
            .watchFails(.other), .waited,
        ],
        [
            .list(continuing: nil), .swapAndWatch(from: "9"), .wait(.milliseconds(800)), .watch(from: "9"),
            .wait(.milliseconds(1600)),
            .watch(from: "9"), .wait(.milliseconds(800)), .watch(from: "10"),
        ]
    )

    /// A server that ends watches at once is not asked at full speed; one that lets them live is fine.
    static let short: ([Happening], [WatchStateMachine.Action]) = (
        [
            .start, .page("9", next: nil), .ends(after: 0.2), .waited, .ends(after: 0.2), .waited, .ends(after: 5),
            .ends(after: 0.2), .waited, .event("10"), .ends(after: 0.2),
        ],
        [
            .list(continuing: nil), .swapAndWatch(from: "9"), .wait(.milliseconds(800)), .watch(from: "9"),
            .wait(.milliseconds(1600)),
            .watch(from: "9"), .watch(from: "9"), .wait(.milliseconds(800)), .watch(from: "9"), .watch(from: "10"),
        ]
    )

    /// A server that is away: lists rest longer and longer.
    static let away: ([Happening], [WatchStateMachine.Action]) = (
        [.start, .listFails(.other), .waited, .listFails(.other), .waited, .page("9", next: nil), .watchFails(.other)],
        [
            .list(continuing: nil), .wait(.milliseconds(800)), .list(continuing: nil), .wait(.milliseconds(1600)),
            .list(continuing: nil),
            .swapAndWatch(from: "9"), .wait(.milliseconds(3200)),
        ]
    )

    @Test(arguments: [ordinary, goneWhileListing, goneWhileWatching, broken, short, away])
    func `happenings lead to actions`(happenings: [Happening], actions: [WatchStateMachine.Action]) {
        #expect(Self.dialogue(happenings) == actions)
    }
}
