public import Outbound
public import ScalerKit

/// What every scaler promises to its host, whatever it asks.
///
/// The schema is complete and helps people; bad settings are refused by name; nothing secret is ever shown; measures
/// are usable and stable; reads keep deadlines, pass failures and cancellation on, and never make a number of an answer
/// that holds none.
///
/// Each promise has an extension of ``ContractCase``. The contract throws instead of recording issues, so that it can
/// be tested itself, on scalers that break it.
public enum ScalerContract {
    /// Checks a scaler and throws all that it breaks.
    ///
    /// - Parameters:
    ///   - scaler: the type under test.
    ///   - metadata: settings that it accepts, as much of them as matters for what it does.
    ///   - authentication: more of them, from an authentication.
    ///   - environment: more of them, from the target's variables.
    ///   - metricType: `metricType` of the trigger.
    ///   - http: how a good HTTP source answers.
    ///   - sql: how a good database answers.
    ///   - pods: how a good cluster counts pods.
    ///   - data: how a good cluster reads ConfigMaps and Secrets.
    ///   - ownDeadline: how long a call may take by these settings; `nil` where the world's timeout counts.
    ///   - asksForMeasures: whether the source is asked already for the measures.
    ///   - process: the process that the scaler runs in.
    /// - Throws: ``Broken``.
    public static func verify<S: Scaler>(
        _ scaler: S.Type,
        valid metadata: [String: String],
        authentication: [String: Secret<String>] = [:],
        environment: [String: Secret<String>] = [:],
        metricType: String? = nil,
        http: @escaping @Sendable (HTTPRequest) throws -> HTTPResponse = { _ in throw OutboundError.nothingListens },
        sql: @escaping @Sendable (SQLQuery) throws -> SQLResult = { _ in throw OutboundError.nothingListens },
        pods: @escaping @Sendable (PodQuery) throws -> PodCount = { _ in throw OutboundError.nothingListens },
        data: @escaping @Sendable (DataQuery) throws -> [String: Secret<String>]? = { _ in
            throw OutboundError.nothingListens
        },
        ownDeadline: Duration? = nil,
        asksForMeasures: Bool = false,
        process: OwnProcess = OwnProcess()
    ) async throws(Broken) {
        let texts = SettingTexts(metadata: metadata, environment: environment, authentication: authentication)
        let sample = ContractCase<S>(
            texts: texts,
            metricType: metricType,
            good: { call in
                switch call {
                case .http(let request): .http(try http(request))
                case .sql(let query): .sql(try sql(query))
                case .pods(let query): .pods(try pods(query))
                case .data(let query): .data(try data(query))
                }
            },
            ownDeadline: ownDeadline,
            asksForMeasures: asksForMeasures,
            process: process
        )
        let faults = await sample.faults()
        guard faults.isEmpty else { throw Broken(scaler: "\(scaler)", faults: faults) }
    }

    /// The promises.
    public enum Promise: String, Sendable, CaseIterable {
        /// Every setting is described; names, defaults and sources fit together.
        case schema
        /// Bad settings are refused as `SettingsError`, with the setting's name.
        case settings
        /// A misspelt key is answered with the right one.
        case typos
        /// What comes from authentication and environment is never shown.
        case secrets
        /// No source is asked before it is read.
        case quietStart
        /// Measures have names and positive targets, the same ones each time.
        case measures
        /// A good source gives finite values, the same to equal scalers.
        case readings
        /// Calls carry the deadline.
        case deadlines
        /// A call that failed is a failed read, told in one line.
        case failures
        /// A cancelled read ends as cancelled.
        case cancellation
        /// Odd answers are errors, and never crash.
        case oddAnswers
        /// Who listens for pushes ends with the source, and when cancelled.
        case pushes
    }

    /// One way in which a promise is broken.
    public struct Fault: Sendable, Hashable, CustomStringConvertible {
        /// Which promise.
        public let promise: Promise
        /// What was seen.
        public let observation: String

        /// Both in one line.
        public var description: String { "\(promise): \(observation)" }
    }

    /// All that a scaler breaks.
    public struct Broken: Error, CustomStringConvertible {
        /// The scaler's type.
        public let scaler: String
        /// At least one.
        public let faults: [Fault]

        /// A line for each fault.
        public var description: String {
            "\(scaler) breaks the contract of scalers:" + faults.map { "\n  \($0)" }.joined()
        }
    }
}
