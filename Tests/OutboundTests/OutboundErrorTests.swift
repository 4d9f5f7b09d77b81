import Outbound
import Testing

@Suite struct OutboundErrorTests {
    @Test func `the description is bland and the debug description is rich`() {
        let cause = OutboundError(.cannotConnect, "beneath", detail: "port 1")
        let error = OutboundError(.timedOut, "no answer", detail: "https://host:1", cause: cause)
        #expect("\(error)" == "no answer")
        #expect(
            String(reflecting: error)
                == "timedOut: no answer (https://host:1) <- cannotConnect: beneath (port 1)"
        )
        #expect(String(reflecting: OutboundError(.tls, "no")) == "tls: no")
    }

    @Test(arguments: OutboundError.Code.allCases)
    func `what waiting does not mend is not retried`(code: OutboundError.Code) {
        let lasting: Set<OutboundError.Code> = [.invalidRequest, .tooLarge, .cancelled, .closed]
        #expect(OutboundError(code, "").isRetryable == !lasting.contains(code))
        #expect(OutboundError(code, "", isRetryable: true).isRetryable)
        #expect(!OutboundError(code, "", isRetryable: false).isRetryable)
    }
}
