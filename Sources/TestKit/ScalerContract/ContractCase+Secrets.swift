import Foundation
import Outbound
import ScalerKit

/// A secret that is searched for in everything that may be shown.
private enum Canary {
    /// Survives percent-encoding and any change of case.
    static let mark = "canary4711"

    /// Texts with the mark, in shapes that settings may have.
    static let shapes = [
        mark, "\(mark),\(mark)", "\(mark)=\(mark)", "postgresql://\(mark):\(mark)@host/db",
        "https://\(mark):\(mark)@host/\(mark)?a=\(mark)", "host=h password=\(mark)", "-----BEGIN \(mark)-----",
        "{\"\(mark)\": 1", "* * * * \(mark)", "\(mark)\r\nX: \(mark)",
    ]

    /// Whether a text holds the mark.
    static func sings(in text: String) -> Bool {
        text.lowercased().contains(mark)
    }
}

extension ContractCase {
    /// Secrets that can be seen.
    ///
    /// A canary stands in for each setting in each secret place, in several shapes: alone, and with all other settings
    /// of the sample around it. Settings that may stand in metadata count only if they are secret by their kind.
    func secretFaults() async -> [Fault] {
        var found: Set<String> = []
        for field in S.schema.fields {
            for source in field.sources where source != .metadata || field.isSecret {
                for shape in Canary.shapes {
                    let places = await placesWhereSeen(texts(with: shape, for: field, from: source))
                    found.formUnion(places.map { "\(field.names[0]) from \(source) is seen in \($0)" })
                }
            }
        }
        return found.sorted().map { Fault(promise: .secrets, observation: $0) }
    }

    /// Where the canary in some settings can be seen.
    private func placesWhereSeen(_ texts: SettingTexts) async -> [String] {
        let scaler: S
        do {
            scaler = try make(texts)
        } catch {
            return Self.isSeen(in: error) ? ["the error of init"] : []
        }
        var places = Self.isSeen(in: scaler) ? ["a dump of the scaler"] : []
        // One source that answers well, then for each call that it gets one that fails there and one that answers oddly.
        let good = goodSource
        places += await placesWhereSeen(scaler, good, "a good source")
        for (place, call) in good.calls.enumerated() {
            let odd: ContractSource.Answer =
                switch call {
                case .http: .http(HTTPResponse(status: 500))
                case .sql: .sql(.empty)
                case .pods: .pods(PodCount())
                case .data: .data(nil)
                }
            places += await placesWhereSeen(scaler, spoilt(at: place, .failure(.nothingListens)), "a source that fails")
            places += await placesWhereSeen(scaler, spoilt(at: place, odd), "an odd source")
        }
        return places
    }

    /// Where the canary in a scaler can be seen when it is read.
    private func placesWhereSeen(_ scaler: S, _ source: ContractSource, _ name: String) async -> [String] {
        var places: [String] = []
        do {
            if Self.isSeen(in: try await readAll(scaler, world(source))) { places.append("its measures or readings") }
        } catch {
            if Self.isSeen(in: error) { places.append("the error of a read with \(name)") }
        }
        if let scaler = scaler as? any PushScaler {
            do {
                try await scaler.listen(world(source)) {}
            } catch {
                if Self.isSeen(in: error) { places.append("the error of listening with \(name)") }
            }
        }
        if Self.isSeen(in: source.calls) { places.append("a dump of its requests") }
        return places
    }

    /// Whether a value shows the canary in any way in which values get into logs, Events and test results.
    private static func isSeen(in value: Any) -> Bool {
        var dumped = ""
        dump(value, to: &dumped)
        var texts = [String(describing: value), String(reflecting: value), dumped]
        if let error = value as? any Error { texts.append(error.localizedDescription) }
        return texts.contains(where: Canary.sings(in:))
    }
}
