import Outbound
import ScalerKit
import TestKit
import Testing

@Suite struct ScalerContractTests {
    /// The promises that a scaler with a flaw breaks, with what was seen.
    static func faults<F: Flaw>(
        of flaw: F.Type,
        adding metadata: [String: String] = [:],
        asksForMeasures: Bool = true
    ) async -> [ScalerContract.Fault] {
        do {
            try await ScalerContract.verify(
                DemoScaler<F>.self,
                valid: Demo.metadata.merging(metadata) { $1 },
                authentication: ["token": "t"],
                http: Demo.answer,
                asksForMeasures: asksForMeasures
            )
            return []
        } catch {
            return error.faults
        }
    }

    @Test func `a scaler with calls for measures, several of them, resources and pushes keeps it`() async throws {
        try await ScalerContract.verify(
            DemoScaler<NoFlaw>.self,
            valid: Demo.metadata,
            authentication: ["token": "t"],
            http: Demo.answer,
            asksForMeasures: true
        )
    }

    @Test(
        arguments: [
            (UnhelpfulSchema.self, .schema, "help"), (UnhelpfulSchema.self, .schema, "lower case"),
            (UnhelpfulSchema.self, .schema, "declared twice"), (UnhelpfulSchema.self, .schema, "summary"),
            (SecretWithDefault.self, .schema, "secret and has a default"), (DefaultThatIsNone.self, .schema, "\"10\""),
            (ErrorWithoutName.self, .settings, "SomeError"), (StrangeSettingName.self, .settings, "goal"),
            (ZeroTarget.self, .measures, "not more than 0"), (ZeroTarget.self, .measures, "empty"),
            (SameNames.self, .measures, "one name"), (ChangingNames.self, .measures, "change"),
            (MixedResourceTarget.self, .measures, "target of cpu"),
            (OpenSecret.self, .secrets, "token from authentication is seen in a dump of the scaler"),
            (OpenSecret.self, .secrets, "token from environment is seen in a dump of the scaler"),
            (QuotedSecret.self, .secrets, "the error of init"),
            (SecretInReadError.self, .secrets, "the error of a read"),
            (NotANumber.self, .readings, "not finite"), (DeadlineOfItsOwn.self, .deadlines, "60"),
            (SwallowedFailure.self, .failures, "timedOut"), (SwallowedFailure.self, .cancellation, "a reading"),
            (SwallowedFailure.self, .oddAnswers, "status 500"), (HiddenCancellation.self, .cancellation, "ScalerError"),
            (DecodingErrors.self, .oddAnswers, "DecodingError"), (DecodingErrors.self, .oddAnswers, "status 403"),
            (BoundlessReading.self, .oddAnswers, "without end"), (BoundlessStream.self, .oddAnswers, "without end"),
            (QuietPushes.self, .pushes, "without an error"), (StubbornPushes.self, .pushes, "50 times"),
            (GroundlessPushes.self, .pushes, "failed pushes"), (BoundlessListening.self, .pushes, "without end"),
            (BoundlessListening.self, .pushes, "status 500 pushes"), (SecretInPushError.self, .secrets, "of listening"),
        ] as [(any Flaw.Type, ScalerContract.Promise, String)]
    )
    func `each broken promise is found`(
        flaw: any Flaw.Type,
        promise: ScalerContract.Promise,
        observation: String
    ) async {
        let faults = await Self.faults(of: flaw)
        #expect(
            faults.contains { $0.promise == promise && $0.observation.contains(observation) },
            "found: \(faults)"
        )
    }

    @Test func `a key that the schema does not know is found in the sample`() async {
        let faults = await Self.faults(of: NoFlaw.self, adding: ["tarrget": "5"])
        #expect(faults.map(\.promise) == [.typos])
    }

    @Test func `a source that is asked for measures without saying so is found`() async {
        let faults = await Self.faults(of: NoFlaw.self, asksForMeasures: false)
        #expect(faults.map(\.promise) == [.quietStart])
    }

    @Test func `a sample that is refused is told as that`() async {
        let faults = await Self.faults(of: NoFlaw.self, adding: ["url": "demo"])
        #expect(faults.map(\.promise) == [.settings])
        #expect(faults.first?.observation.contains("the sample is refused") == true)
    }

    @Test func `all that is broken is told at once, a line each`() async throws {
        let broken = await #expect(throws: ScalerContract.Broken.self) {
            try await ScalerContract.verify(
                DemoScaler<UnhelpfulSchema>.self,
                valid: Demo.metadata,
                http: Demo.answer,
                asksForMeasures: true
            )
        }
        let faults = try #require(broken?.faults)
        #expect(faults.count > 3)
        #expect(broken?.description.split(separator: "\n").count == faults.count + 1)
    }
}
