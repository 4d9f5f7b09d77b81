import Foundation
import KubeModel
import Outbound
import ScalerKit

/// Nothing wrong.
enum NoFlaw: Flaw {}

enum UnhelpfulSchema: Flaw {
    static let schema = ScalerSchema(
        "Demo",
        "",
        [Field("url", .address, help: ""), Demo.target, Demo.token, Field("old", .text, default: "", help: "Old.")],
        retired: ["old"]
    )
}

enum SecretWithDefault: Flaw {
    static let schema = ScalerSchema(
        "demo",
        "Scales by a demo.",
        Demo.fields + [Field("pin", .secret, default: "1234", help: "A pin.")]
    )
}

enum DefaultThatIsNone: Flaw {
    static let schema = ScalerSchema(
        "demo",
        "Scales by a demo.",
        Demo.fields + [Field("most", .integer(in: 1...9), default: 10, help: "A limit.")]
    )
}

enum SomeError: Error { case some }

enum ErrorWithoutName: Flaw {
    static func keep(_ settings: ScalerSettings) throws -> String {
        if try settings[Demo.target] == 5 { throw SomeError.some }
        return ""
    }
}

enum StrangeSettingName: Flaw {
    static func keep(_ settings: ScalerSettings) throws -> String {
        if try settings[Demo.target] == 5 { throw SettingsError("goal", "the goal is missing") }
        return ""
    }
}

enum ZeroTarget: Flaw {
    static func measures(_ scaler: DemoScaler<Self>, _ world: ScalerWorld) async throws -> [Measure] {
        [.external(name: "one", target: Quantity(0)), .external(name: "", target: Quantity(1))]
    }
}

enum SameNames: Flaw {
    static func measures(_ scaler: DemoScaler<Self>, _ world: ScalerWorld) async throws -> [Measure] {
        [.external(name: "one", target: Quantity(1)), .external(name: "one", target: Quantity(2))]
    }
}

enum ChangingNames: Flaw {
    static func measures(_ scaler: DemoScaler<Self>, _ world: ScalerWorld) async throws -> [Measure] {
        [.external(name: UUID().uuidString, target: Quantity(1))]
    }
}

enum MixedResourceTarget: Flaw {
    static func measures(_ scaler: DemoScaler<Self>, _ world: ScalerWorld) async throws -> [Measure] {
        [.resource(name: "cpu", container: nil, target: .utilization(0))]
    }
}

enum OpenSecret: Flaw {
    static func keep(_ settings: ScalerSettings) throws -> String { try settings[Demo.token]?.withValue { $0 } ?? "" }
}

enum QuotedSecret: Flaw {
    static func keep(_ settings: ScalerSettings) throws -> String {
        let token = try settings[Demo.token]?.withValue { $0 } ?? ""
        if token.contains(" ") { throw SettingsError("token", "the token \"\(token)\" has a space") }
        return ""
    }
}

enum SecretInReadError: Flaw {
    static func read(_ scaler: DemoScaler<Self>, _ measure: Measure, _ world: ScalerWorld) async throws -> Reading {
        do {
            return Reading(value: try await Demo.ask("value", scaler, world)["value"]?.double ?? 0, isActive: true)
        } catch {
            throw ScalerError(.refused, "no answer", detail: scaler.token?.withValue { $0 } ?? "")
        }
    }
}

enum NotANumber: Flaw {
    static func read(_ scaler: DemoScaler<Self>, _ measure: Measure, _ world: ScalerWorld) async throws -> Reading {
        Reading(value: .nan, isActive: false)
    }
}

enum DeadlineOfItsOwn: Flaw {
    static func read(_ scaler: DemoScaler<Self>, _ measure: Measure, _ world: ScalerWorld) async throws -> Reading {
        _ = try await world.http.collect(HTTPRequest(.get, scaler.url, deadline: .seconds(60)), upTo: 1000)
        return Reading(value: 1, isActive: true)
    }
}

enum SwallowedFailure: Flaw {
    static func read(_ scaler: DemoScaler<Self>, _ measure: Measure, _ world: ScalerWorld) async throws -> Reading {
        let answer = try? await Demo.ask("value", scaler, world)  // The flaw itself.
        return Reading(value: answer?["value"]?.double ?? 0, isActive: true)
    }

    static func measures(_ scaler: DemoScaler<Self>, _ world: ScalerWorld) async throws -> [Measure] {
        [.external(name: "one", target: scaler.target)]
    }
}

enum HiddenCancellation: Flaw {
    static func read(_ scaler: DemoScaler<Self>, _ measure: Measure, _ world: ScalerWorld) async throws -> Reading {
        do {
            return Reading(value: try await Demo.ask("value", scaler, world)["value"]?.double ?? 0, isActive: true)
        } catch {
            throw ScalerError(.refused, "the demo is down")
        }
    }

    static func measures(_ scaler: DemoScaler<Self>, _ world: ScalerWorld) async throws -> [Measure] {
        [.external(name: "one", target: scaler.target)]
    }
}

enum DecodingErrors: Flaw {
    static func read(_ scaler: DemoScaler<Self>, _ measure: Measure, _ world: ScalerWorld) async throws -> Reading {
        let request = HTTPRequest(.get, scaler.url, deadline: world.timeout)
        let response = try await world.http.collect(request, upTo: 1000)
        return Reading(
            value: try KubeJSON.decode([String: Double].self, from: response.body)["value"] ?? 0,
            isActive: true
        )
    }
}

enum BoundlessReading: Flaw {
    static func read(_ scaler: DemoScaler<Self>, _ measure: Measure, _ world: ScalerWorld) async throws -> Reading {
        let answer = try await Demo.ask("value", scaler, world, upTo: .max)
        guard let value = answer["value"]?.double else { throw ScalerError(.noValue, "no value") }
        return Reading(value: value, isActive: true)
    }
}

enum BoundlessStream: Flaw {
    static func read(_ scaler: DemoScaler<Self>, _ measure: Measure, _ world: ScalerWorld) async throws -> Reading {
        let request = HTTPRequest(.get, scaler.url, deadline: world.timeout)
        let size = try await world.http.withResponse(to: request) { head, body in
            guard head.isSuccess else { throw ScalerError(.refused, "the demo answers \(head.status)") }
            return try await body.reduce(0) { $0 + $1.count }
        }
        return Reading(value: Double(size), isActive: true)
    }
}

enum QuietPushes: Flaw {
    static func listen(_ scaler: DemoScaler<Self>, _ world: ScalerWorld, _ push: () -> Void) async throws {
        _ = try? await Demo.ask("wait", scaler, world)  // The flaw itself.
    }
}

enum GroundlessPushes: Flaw {
    static func listen(_ scaler: DemoScaler<Self>, _ world: ScalerWorld, _ push: () -> Void) async throws {
        push()
        _ = try await Demo.ask("wait", scaler, world)
    }
}

enum StubbornPushes: Flaw {
    static func listen(_ scaler: DemoScaler<Self>, _ world: ScalerWorld, _ push: () -> Void) async throws {
        for _ in 0..<50 where !Task.isCancelled {
            _ = try? await Demo.ask("wait", scaler, world)  // The flaw itself.
        }
        throw ScalerError(.refused, "the demo is down")
    }
}

enum BoundlessListening: Flaw {
    static func listen(_ scaler: DemoScaler<Self>, _ world: ScalerWorld, _ push: () -> Void) async throws {
        let request = HTTPRequest(.get, scaler.url, deadline: world.timeout)
        try await world.http.withResponse(to: request) { _, body in
            for try await _ in body {}
            push()
        }
    }
}

enum SecretInPushError: Flaw {
    static func listen(_ scaler: DemoScaler<Self>, _ world: ScalerWorld, _ push: () -> Void) async throws {
        throw ScalerError(.refused, "the demo refuses \(scaler.token?.withValue { $0 } ?? "")")
    }
}
