import Scaling
import Testing

@Suite struct ObjectControlsTests {
    typealias Controls = ObjectControls

    @Test(arguments: [
        ([:], Controls.Pause.none),
        ([Controls.paused: "true"], .frozen),
        ([Controls.paused: "1"], .frozen),
        ([Controls.paused: "T"], .frozen),
        ([Controls.paused: ""], .frozen),
        ([Controls.paused: "yes please"], .frozen),
        ([Controls.paused: "false"], .none),
        ([Controls.paused: "0"], .none),
        ([Controls.paused: "F"], .none),
        ([Controls.paused: "False"], .none),
        ([Controls.pausedReplicas: "4"], .at(4)),
        ([Controls.pausedReplicas: "0"], .at(0)),
        ([Controls.paused: "false", Controls.pausedReplicas: "4"], .at(4)),
        ([Controls.paused: "true", Controls.pausedReplicas: "4"], .at(4)),
        ([Controls.pausedScaleIn: "true"], .oneWay),
        ([Controls.pausedScaleOut: "true"], .oneWay),
        ([Controls.pausedScaleOut: "false"], .none),
        ([Controls.pausedScaleIn: "true", Controls.paused: "true"], .frozen),
    ])
    func `annotations pause as KEDA reads them`(annotations: [String: String], expected: Controls.Pause) {
        let controls = Controls(annotations)
        #expect(controls.pause == expected)
        #expect(controls.isPaused == (expected != .none && expected != .oneWay))
    }

    @Test(arguments: ["", "many", "-1", "1.5", "99999999999", " 3"])
    func `a number of replicas that cannot be read pauses and is told`(text: String) throws {
        let controls = Controls([Controls.pausedReplicas: text])
        guard case .unreadable(let problem) = controls.pause else {
            Issue.record("\(controls.pause)")
            return
        }
        #expect(controls.isPaused)
        #expect(problem.message.contains("whole number of replicas"))
    }

    @Test(arguments: [("true", true), ("", true), ("?", true), ("false", false), ("0", false)])
    func `directions and force are read by the same rule`(text: String, expected: Bool) {
        #expect(Controls([Controls.pausedScaleIn: text]).pausesScaleIn == expected)
        #expect(Controls([Controls.pausedScaleOut: text]).pausesScaleOut == expected)
        #expect(Controls([Controls.forceActivation: text]).forcesActivation == expected)
    }

    @Test(
        arguments: [
            (nil, nil, nil), ("manage", .manage, nil), ("recommend", .recommend, nil),
            ("Recommend", nil, "must be \"manage\" or \"recommend\""), ("", nil, "must be \"manage\" or \"recommend\""),
        ] as [(String?, OperatingMode?, String?)]
    )
    func `an object may ask that nothing is written, in these words only`(
        text: String?,
        mode: OperatingMode?,
        problem: String?
    ) {
        let controls = Controls(text.map { [OperatingMode.annotation: $0] })
        #expect(controls.mode == mode)
        #expect(controls.modeProblem?.message == problem)
        #expect(problem == nil || controls.modeProblem?.field == "metadata.annotations[\"autoscaling.swell.dev/mode\"]")
        #expect(Controls([ScalingEngine.annotation: "x"]).engineProblem?.message == "must be \"hpa\" or \"direct\"")
    }
}
