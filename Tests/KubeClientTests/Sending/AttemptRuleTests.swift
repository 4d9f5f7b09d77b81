import Outbound
import Testing

@testable import KubeClient

@Suite struct AttemptRuleTests {
    /// Steps after a row of answers.
    static func steps(_ answers: [(Int, String?)]) -> [AttemptRule.Step] {
        var rule = AttemptRule(waits: 2, longestWait: .seconds(10))
        return answers.map { status, after in
            let headers = after.map { [HTTPRequest.Header("retry-after", $0)] } ?? []
            return rule.next(after: HTTPResponseHead(status: status, headers: headers))
        }
    }

    @Test(
        arguments: [
            ([(200, nil)], [.accept]),
            ([(404, nil)], [.accept]),
            ([(401, nil), (401, nil)], [.logInAgain, .accept]),
            ([(401, nil), (200, nil)], [.logInAgain, .accept]),
            ([(429, nil)], [.accept]),
            ([(429, "1"), (503, "2"), (429, "1")], [.wait(.seconds(1)), .wait(.seconds(2)), .accept]),
            ([(429, "11")], [.accept]),
            ([(429, "Wed, 21 Oct 2026 07:28:00 GMT")], [.accept]),
            ([(429, "-1")], [.accept]),
            ([(500, "0")], [.wait(.zero)]),
            ([(404, "1")], [.accept]),
            ([(401, nil), (429, "3"), (401, nil)], [.logInAgain, .wait(.seconds(3)), .accept]),
        ] as [([(Int, String?)], [AttemptRule.Step])]
    )
    func `answers lead to steps`(answers: [(Int, String?)], steps: [AttemptRule.Step]) {
        #expect(Self.steps(answers) == steps)
    }
}
