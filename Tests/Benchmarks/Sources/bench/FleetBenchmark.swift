import Foundation
import KubeModel
import Outbound

/// Hundreds of objects with a Prometheus trigger each, on the real control plane.
struct FleetBenchmark: Sendable {
    /// Objects that are created at once.
    static let objects = 500
    /// Objects that all ask the same.
    static let alike = 1000
    /// How long the operator is watched, each time.
    static let span = Duration.seconds(30)

    /// The servers.
    let servers: Servers
    /// The executable.
    let swell: String
    /// The project's folder.
    let root: String

    /// What is measured of a fleet.
    enum Part {
        /// Created at once, and idle after.
        case idle
        /// Active, with what the HPAs read.
        case active
        /// All ask the same.
        case alike
        /// All wake at once.
        case waking
        /// Beside as many whose source hangs.
        case silence
    }

    /// Measures one part.
    func run(_ part: Part) async throws -> [Measurement] {
        try await servers.kubectl("apply", "-f", "\(root)/config/crd")
        // As everywhere but in our tests, where HPAs are in a hurry.
        try await servers.control("CONTROLLER_MANAGER", "restart", "--horizontal-pod-autoscaler-sync-period=15s")
        let all =
            switch part {
            case .idle: try await idle()
            case .active: try await distinct("active", answering: 1000, beside: nil)
            case .alike: try await same()
            case .waking: try await waking()
            case .silence: try await amidSilence()
            }
        try await servers.control("CONTROLLER_MANAGER", "restart")
        return all
    }

    /// Objects with a question each, beside the bare writes for so many.
    private func idle() async throws -> [Measurement] {
        let bare = try await Fleet(servers: servers, namespace: "fleet-bare").bareWrites(of: Self.objects)
        return [
            Measurement(name: "yardstick: creating \(Self.objects) objects", unit: "s", samples: [bare.creation]),
            Measurement(name: "yardstick: the writes for them", unit: "s", samples: [bare.seconds]),
        ] + (try await distinct("idle", answering: 0, beside: bare))
    }

    /// Objects with a question each.
    private func distinct(_ name: String, answering value: Int, beside bare: (seconds: Double, creation: Double)?)
        async throws -> [Measurement]
    {
        let fleet = Fleet(servers: servers, namespace: "fleet-\(name)")
        let made = Made()
        try await operating(answering: value) { nginx, process in
            try await fleet.makeTargets(Self.objects)
            let (start, mark) = (ContinuousClock.now, try AuditLog.length())
            try await fleet.make(Self.objects, of: nginx.address) { "up\($0)" }
            try await written(Self.objects, "status", since: mark)
            try await fleet.ready(Self.objects)
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            if let bare {
                let what = "\(Self.objects) objects until Ready with an HPA"
                await made.add(Measurement(name: what, unit: "s", samples: [seconds], bound: 4))
                await made.add(
                    Measurement(name: "the same, by the writes", unit: "", samples: [seconds / bare.seconds], bound: 2)
                )
                // The objects are created in this time, too.
                let both = bare.seconds + bare.creation
                await made.add(
                    Measurement(name: "the same, by creating and the writes", unit: "", samples: [seconds / both])
                )
            }
            try await fleet.quiet()
            // The memory several times: what the kernel counts of the executable's code grows within each minute.
            var (cpu, writes, memory): ([Double], [Double], [Double]) = ([], [], [])
            for _ in 0..<3 {
                let (before, mark) = (try await process.work(), try AuditLog.length())
                try await Task.sleep(for: Self.span)
                let after = try await process.work()
                cpu.append((after.cpu - before.cpu) / (after.polls - before.polls) * 1e6)
                writes.append(Double(try AuditLog.writes(since: mark)) / (Self.span / .seconds(1)))
                memory.append(try await process.memory())
            }
            let what = "\(Self.objects) \(name) objects"
            await made.add(Measurement(name: "CPU time of a poll, \(what)", unit: "us", samples: cpu, bound: 100))
            await made.add(Measurement(name: "API writes, \(what)", unit: "1/s", samples: writes, bound: 0))
            await made.add(Measurement(name: "resident memory, \(what)", unit: "MiB", samples: memory, bound: 60))
            if value > 0 {
                let changing = try await self.memory(of: process, whileChanging: nginx)
                let what = "resident memory, \(what), each poll another entry of the record"
                await made.add(Measurement(name: what, unit: "MiB", samples: changing, bound: 60))
            }
            try await fleet.delete(Self.objects)
        }
        return await made.all
    }

    /// The operator's memory each minute, in MiB, while the source takes turns between far too much and about enough for ten
    /// pods, a target of 10: no poll's decision is like the last one, and the replicas stay.
    private func memory(of process: OperatorProcess, whileChanging nginx: Nginx) async throws -> [Double] {
        var samples: [Double] = []
        for _ in 0..<4 {
            for step in 1...12 {
                try nginx.set(step.isMultiple(of: 2) ? 1000 : 95)
                try await Task.sleep(for: .seconds(5))
            }
            samples.append(try await process.memory())
        }
        return samples
    }

    /// Objects with one question.
    private func same() async throws -> [Measurement] {
        let fleet = Fleet(servers: servers, namespace: "fleet-alike")
        let made = Made()
        try await operating(answering: 0) { nginx, process in
            try await fleet.makeTargets(Self.alike)
            try await fleet.make(Self.alike, of: nginx.address) { _ in "up" }
            try await fleet.ready(Self.alike)
            try await fleet.quiet()
            var samples: [Double] = []
            for _ in 0..<3 {
                let (requests, polls) = (try await nginx.requests(), try await process.work().polls)
                try await Task.sleep(for: Self.span)
                let asked = try await nginx.requests() - requests - 1  // nginx counts the page that tells.
                samples.append(Double(asked) * Double(Self.alike) / (try await process.work().polls - polls))
            }
            let what = "requests a tick, \(Self.alike) objects that ask the same"
            await made.add(Measurement(name: what, unit: "", samples: samples, bound: 1.2))
            try await fleet.delete(Self.alike)
        }
        return await made.all
    }

    /// Objects that all wake at once, by one answer that all of them wait for.
    private func waking() async throws -> [Measurement] {
        let fleet = Fleet(servers: servers, namespace: "fleet-waking")
        let made = Made()
        try await operating(answering: 0) { nginx, process in
            try await fleet.makeTargets(Self.alike)
            let bare = try await fleet.scale(Self.alike, to: 1)
            _ = try await fleet.scale(Self.alike, to: 0)
            try await fleet.make(Self.alike, of: nginx.address) { _ in "up" }
            try await fleet.ready(Self.alike)
            try await fleet.quiet()
            let (requests, mark) = (try await nginx.requests(), try AuditLog.length())
            try nginx.set(1000)
            var own = 0
            let wait = try await time(until: "a poll", every: .milliseconds(20)) {
                own += 1  // nginx counts the page that tells.
                return try await nginx.requests() > requests + own
            }
            let seconds = try await written(Self.alike, "scale", since: mark)
            try await fleet.awake(Self.alike)
            let what = "until \(Self.alike) workloads are awake, from"
            await made.add(Measurement(name: "yardstick: \(Self.alike) writes to /scale", unit: "s", samples: [bare]))
            await made.add(
                Measurement(name: "\(what) the event, polled every 5 s", unit: "s", samples: [wait + seconds])
            )
            await made.add(Measurement(name: "\(what) the poll", unit: "s", samples: [seconds]))
            await made.add(
                Measurement(name: "the same, by the yardstick", unit: "", samples: [seconds / bare], bound: 3)
            )
            try await fleet.delete(Self.alike)
        }
        return await made.all
    }

    /// Objects beside others whose source takes connections and says nothing.
    private func amidSilence() async throws -> [Measurement] {
        let (fleet, silent) = (
            Fleet(servers: servers, namespace: "fleet-healthy"), Fleet(servers: servers, namespace: "fleet-silent")
        )
        let made = Made()
        let silence = try Silence()
        defer { silence.close() }
        try await operating(answering: 0) { nginx, process in
            for fleet in [fleet, silent] { try await fleet.makeTargets(Self.objects / 2) }
            try await fleet.make(Self.objects / 2, of: nginx.address) { "up\($0)" }
            try await silent.make(Self.objects / 2, of: silence.address) { "up\($0)" }
            try await fleet.ready(Self.objects / 2)
            var late: [Double] = []
            for _ in 0..<6 {
                try await Task.sleep(for: .seconds(5))
                late.append(try await process.lateness(in: fleet.namespace))
            }
            let what = "how late \(Self.objects / 2) objects are polled amid as many whose source hangs"
            await made.add(Measurement(name: what, unit: "s", samples: late, bound: 0.5))
            for fleet in [fleet, silent] { try await fleet.delete(Self.objects / 2) }
        }
        return await made.all
    }

    /// Waits until the operator has written a subresource so often; how long it took in seconds.
    ///
    /// The audit log is asked, as lists of all objects would be a good part of what is measured.
    @discardableResult
    private func written(_ count: Int, _ subresource: String, since mark: UInt64) async throws -> Double {
        var tally = AuditLog.tally(of: subresource, since: mark)
        return try await time(until: "writes to /\(subresource)", within: .seconds(600), every: .milliseconds(50)) {
            try tally.read() >= count
        }
    }

    /// Runs a source and an operator for the length of a call.
    private func operating(
        answering value: Int,
        _ body: @escaping @Sendable (Nginx, OperatorProcess) async throws -> Void
    ) async throws {
        try await Nginx.with(servers.http, answering: value) { [servers, swell, root] nginx in
            try await OperatorProcess.with(swell, root: root, servers) { process in
                _ = try await process.ready()
                try await body(nginx, process)
            }
        }
    }

    /// What has been measured.
    private actor Made {
        /// In its order.
        var all: [Measurement] = []

        /// Adds one.
        func add(_ one: Measurement) { all.append(one) }
    }
}
