import ArgumentParser
import Logging
import Scaling
import Serving
import Telemetry

extension GoArguments {
    /// What our parser reads: each flag with its value; those without effect by name, to be told in the log.
    ///
    /// - Throws: `ValidationError` for a value that an alias does not take.
    func ours() throws -> [String] {
        var arguments: [String] = []
        var idle: [String] = []
        let mode = self["mode"].flatMap(OperatingMode.init(rawValue:)) ?? .manage
        for (name, value) in flags {
            guard let flag = KnownFlags.named(name) else { continue }
            var isIdle = KnownFlags.isIdle(flag, in: mode)
            switch flag.fate {
            case .works: arguments += Self.written(name, value)
            case .needless, .missing: isIdle = true
            case .alias: break
            }
            if isIdle, !idle.contains(name) { idle.append(name) }
        }
        for (name, value) in try aliases() { arguments += Self.written(name, value) }
        arguments += idle.map { "--\(Self.withoutEffect)=\($0)" }
        return arguments + rest
    }

    /// The hidden flag that carries the names of those without effect.
    static let withoutEffect = "flag-without-effect"

    /// A flag as our parser reads it, which takes `--name=` for a flag without a value.
    private static func written(_ name: String, _ value: String) -> [String] {
        value.isEmpty ? ["--\(name)", ""] : ["--\(name)=\(value)"]
    }

    /// What KEDA's words for our flags come to; ours win where both are given.
    private func aliases() throws -> [(name: String, value: String)] {
        let found: [(String, String?)] = [
            ("health-bind-address", self["health-probe-bind-address"]),
            ("external-metrics-bind-address", try externalMetricsAddress()), ("log-level", try logLevel()),
            ("log-format", try logFormat()), ("log-time", try logTime()),
        ]
        return found.compactMap { name, value in self[name] == nil ? value.map { (name, $0) } : nil }
    }

    /// Host and port of the metrics API, which KEDA has in two flags.
    private func externalMetricsAddress() throws -> String? {
        let (host, port) = (self["bind-address"], self["secure-port"])
        guard host != nil || port != nil else { return nil }
        guard let number = Int(port ?? "6443"), (0...65_535).contains(number) else {
            throw ValidationError("--secure-port: \"\(port ?? "")\" is no port between 0 and 65535")
        }
        if number == 0 { return ListenAddress.off.description }
        let address = host ?? ""
        return address.contains(":") && !address.hasPrefix("[") ? "[\(address)]:\(number)" : "\(address):\(number)"
    }

    /// zap's level, else klog's, else that of a developer.
    ///
    /// - Source: controller-runtime, `pkg/log/zap/flags.go`, where greater numbers tell more.
    private func logLevel() throws -> String? {
        if let text = self["zap-log-level"] { return try level(text, of: "zap-log-level").rawValue }
        if let text = self["v"] {
            guard let number = Int(text) else { throw ValidationError("--v: \"\(text)\" is no whole number") }
            if number > 0 { return try level(text, of: "v").rawValue }
        }
        return isForDevelopers ? Logger.Level.debug.rawValue : nil
    }

    /// One of zap's levels.
    private func level(_ text: String, of flag: String) throws -> Logger.Level {
        switch text.lowercased() {
        case "debug": return .debug
        case "info": return .info
        case "error": return .error
        case "panic": return .critical
        default:
            guard let number = Int(text), number > 0 else {
                throw ValidationError("--\(flag): \"\(text)\" is none of debug, info, error, panic, 1, 2…")
            }
            return number == 1 ? .debug : .trace
        }
    }

    /// zap's encoder.
    private func logFormat() throws -> String? {
        guard let text = self["zap-encoder"] else { return nil }
        switch text.lowercased() {
        case "json": return LogFormat.json.rawValue
        case "console": return LogFormat.text.rawValue
        default: throw ValidationError("--zap-encoder: \"\(text)\" is neither json nor console")
        }
    }

    /// zap's way to write the time, which has the same names here.
    private func logTime() throws -> String? {
        guard let text = self["zap-time-encoding"] else { return nil }
        guard let time = LogTime(rawValue: text.lowercased()) else {
            let names = LogTime.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--zap-time-encoding: \"\(text)\" is none of \(names)")
        }
        return time.rawValue
    }

    /// Whether zap is to log for developers.
    private var isForDevelopers: Bool { self["zap-devel"].flatMap(OptionValues.boolean(parsing:)) ?? false }
}
