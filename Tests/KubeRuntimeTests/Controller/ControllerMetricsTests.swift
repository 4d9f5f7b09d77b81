import KubeClient
import KubeModel
import Logging
import Synchronization
import Telemetry
import TestKit
import Testing

@testable import KubeRuntime

@Suite struct ControllerMetricsTests {
    /// What a reconciler may run into.
    struct Trouble: Error {}

    let clock = ManualClock()
    let page = MetricRegistry()

    /// Runs a controller for the length of a call.
    func running(
        reconcile: @escaping @Sendable (String) async throws -> ReconcileAction,
        _ body: (Controller<String>) async throws -> Void
    ) async throws {
        let controller = Controller<String>(
            "scaledobject",
            sources: [],
            time: clock.source,
            page: page,
            logger: .silent
        ) { key, _ in try await reconcile(key) }
        try await withThrowingTaskGroup { group in
            group.addTask { await controller.run() }
            try await body(controller)
            group.cancelAll()
        }
    }

    /// A value of the page that says nothing of other controllers.
    func value(_ name: String, _ labels: [String: String] = [:]) throws -> Double? {
        try #require(ScrapedPage(page.page()))[name, labels]
    }

    @Test func `reconciles are counted by what they came to`() async throws {
        let names = ["again", "bad", "done"]
        try await running { key in
            switch key {
            case "again": return .requeue(after: .seconds(30))
            case "bad": throw Trouble()
            default: return .awaitChange
            }
        } _: { controller in
            for name in names { controller.enqueue(name) }
            try await eventually {
                try value("controller_runtime_reconcile_time_seconds_count") == 3 && controller.counts.running == 0
            }
        }
        for result in ["success", "requeue_after", "error"] {
            let labels = ["controller": "scaledobject", "result": result]
            #expect(try value("controller_runtime_reconcile_total", labels) == 1, "\(result)")
        }
        #expect(try value("controller_runtime_reconcile_errors_total", ["controller": "scaledobject"]) == 1)
        #expect(try value("controller_runtime_max_concurrent_reconciles") == 5)
        #expect(try value("workqueue_retries_total", ["name": "scaledobject", "controller": "scaledobject"]) == 1)
        #expect(try value("workqueue_queue_duration_seconds_count") == 3)
        #expect(try value("workqueue_work_duration_seconds_count") == 3)
        // Three from outside, and two that are to come again.
        #expect(try value("workqueue_adds_total") == 5)
    }

    @Test func `a queue tells what waits and what runs at the moment`() async throws {
        let gate = AsyncStream<Void>.makeStream()
        let begun = Mutex(0)
        try await running { _ in
            begun.withLock { $0 += 1 }
            for await _ in gate.stream {}
            return .awaitChange
        } _: { controller in
            for number in 0..<7 { controller.enqueue("\(number)") }
            controller.enqueue("later", after: .seconds(600))
            try await eventually { begun.withLock { $0 } == 5 }
            clock.advance(by: .seconds(2))
            #expect(try value("workqueue_depth") == 2)
            #expect(try value("controller_runtime_active_workers") == 5)
            #expect(try value("workqueue_unfinished_work_seconds") == 10)
            #expect(try value("workqueue_longest_running_processor_seconds") == 2)
            gate.continuation.finish()
            try await eventually { try value("workqueue_depth") == 0 && controller.counts.running == 0 }
            #expect(try value("workqueue_unfinished_work_seconds") == 0)
            #expect(try value("workqueue_adds_total") == 8)
        }
    }
}
