import ScalerKit

extension ContractCase {
    /// Texts that a setting may hold by mistake.
    private static var mistakes: [String] {
        [
            "0", "-1", "0.0001", "-0.5", "1e300", "-1e300", "9223372036854775807", "-9223372036854775808", "none",
            "NaN",
            "true", "a=b", "=", ",", "a,b", "://", "http://", "%", "'", "\"", "{", "0s", "1ms", "\u{0}", "\n", "é",
            String(repeating: "9", count: 400), String(repeating: "x", count: 100_000),
        ]
    }

    /// Bad settings that are not refused as they should be.
    func settingsFaults() async -> [Fault] {
        var found = missingFaults()
        for field in S.schema.fields {
            if gives(field), !field.isRequired {
                found += await faults(with: texts(without: field), "without \(field.names[0])")
            }
            for mistake in Self.mistakes {
                let changed = texts(with: mistake, for: field, from: field.sources.first ?? .metadata)
                found += await faults(with: changed, "with \(field.names[0]) \"\(mistake.prefix(20))\"")
            }
        }
        return found
    }

    /// Required settings that may be missing, or are not named when they are.
    private func missingFaults() -> [Fault] {
        let required = S.schema.fields.filter(\.isRequired)
        var found = required.compactMap { field in
            fault(expecting: [field.names[0]], without: texts(without: field))
        }
        if let fault = fault(expecting: required.map { $0.names[0] }, without: SettingTexts(metadata: [:])) {
            found.append(fault)
        }
        return found
    }

    /// The fault of settings that lack something and are accepted, or refused without naming all of it.
    private func fault(expecting names: [String], without texts: SettingTexts) -> Fault? {
        if names.isEmpty { return nil }
        do {
            _ = try make(texts)
            return Fault(promise: .settings, observation: "is built without \(names)")
        } catch let error as SettingsError {
            let unnamed = names.filter { name in
                !error.problems.contains { $0.field == name && $0.message.contains(name) }
            }
            guard !unnamed.isEmpty else { return nil }
            return Fault(
                promise: .settings,
                observation: "without \(names) the error does not name \(unnamed): \(error)"
            )
        } catch {
            return Fault(promise: .settings, observation: "without \(names) it throws \(type(of: error))")
        }
    }

    /// The faults of settings that may be good or bad: either they are refused in good form, or measures are usable.
    private func faults(with texts: SettingTexts, _ change: String) async -> [Fault] {
        let scaler: S
        do {
            scaler = try make(texts)
        } catch let error as SettingsError {
            let known = Set(S.schema.fields.flatMap(\.names))
            let strange = error.problems.map(\.field).filter { !known.contains($0) }
            if strange.isEmpty, !error.problems.isEmpty { return [] }
            return [Fault(promise: .settings, observation: "\(change) the error names no setting: \(strange) \(error)")]
        } catch {
            return [Fault(promise: .settings, observation: "\(change) it throws \(type(of: error))")]
        }
        do {
            return faults(in: try await scaler.measures(world(goodSource)))
                .map {
                    Fault(promise: .settings, observation: "\(change) it is accepted, but: \($0.observation)")
                }
        } catch is SettingsError {
            return [Fault(promise: .settings, observation: "\(change) it is accepted, and refused only by measures")]
        } catch {
            // Other settings may lead to a source that gives no measures.
            return asksForMeasures ? [] : [Fault(promise: .settings, observation: "\(change) measures fail: \(error)")]
        }
    }
}
