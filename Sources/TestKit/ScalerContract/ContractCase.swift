import Foundation
import KubeModel
import Outbound
import ScalerKit

/// One scaler, settings that it accepts, and a source that answers it well.
struct ContractCase<S: Scaler>: Sendable {
    /// A short name for what the contract finds.
    typealias Fault = ScalerContract.Fault

    /// The settings.
    let texts: SettingTexts
    /// `metricType` of the trigger.
    let metricType: String?
    /// How a good source answers.
    let good: @Sendable (ContractSource.Call) throws -> ContractSource.Answer
    /// How long a call may take by these settings; `nil` where the world's timeout counts.
    let ownDeadline: Duration?
    /// Whether the source is asked already for the measures.
    let asksForMeasures: Bool
    /// The process that the scaler runs in.
    let process: OwnProcess
    /// Settings that the metric's name shows.
    var shown: Set<String> = []

    /// Everything that is broken; without a scaler from the sample only what needs none.
    func faults() async -> [Fault] {
        let scaler: S
        do {
            scaler = try make(texts)
        } catch {
            return schemaFaults() + [Fault(promise: .settings, observation: "the sample is refused: \(error)")]
        }
        return await schemaFaults() + settingsFaults() + typoFaults() + secretFaults() + measureFaults(scaler)
            + readingFaults(scaler) + failureFaults(scaler) + cancellationFaults(scaler) + oddAnswerFaults(scaler)
            + pushFaults(scaler)
    }

    /// Builds the scaler.
    func make(_ texts: SettingTexts) throws -> S {
        try S(ScalerSettings(S.schema, texts, metricType: metricType))
    }

    /// A source that answers well.
    var goodSource: ContractSource { ContractSource { call, _ in try good(call) } }

    /// A world around a source; each has a memory of its own.
    func world(_ source: ContractSource, timeout: Duration = .seconds(3)) -> ScalerWorld {
        var world = ScalerWorld(
            now: Date(timeIntervalSince1970: 1_800_000_000),
            object: ObjectKey(namespace: "shop", name: "web"),
            timeout: timeout,
            http: source,
            sql: source,
            cluster: source
        )
        world.process = process
        return world
    }

    /// Every external measure with what reading it gives, in one world.
    ///
    /// - Throws: the first error, of measures or of a read.
    func readAll(_ scaler: S, _ world: ScalerWorld) async throws -> [Measure: Reading] {
        var readings: [Measure: Reading] = [:]
        for measure in try await scaler.measures(world) {
            guard case .external = measure else { continue }
            readings[measure] = try await scaler.read(measure, world)
        }
        return readings
    }
}

extension ContractCase {
    /// The settings without one, wherever it may stand.
    func texts(without field: any AnyField) -> SettingTexts {
        var rest = texts
        for name in field.names {
            rest.metadata[name] = nil
            rest.metadata[name + "FromEnv"] = nil
            rest.authentication[name] = nil
        }
        return rest
    }

    /// The settings with another text for one, in one place.
    func texts(with text: String, for field: any AnyField, from source: FieldSource) -> SettingTexts {
        var changed = texts(without: field)
        let name = field.names[0]
        switch source {
        case .metadata: changed.metadata[name] = text
        case .authentication: changed.authentication[name] = Secret(text)
        case .environment:
            changed.metadata[name + "FromEnv"] = "CONTRACT_VARIABLE"
            changed.environment["CONTRACT_VARIABLE"] = Secret(text)
        }
        return changed
    }

    /// Whether the sample gives a setting anywhere.
    func gives(_ field: any AnyField) -> Bool {
        texts != texts(without: field)
    }
}
