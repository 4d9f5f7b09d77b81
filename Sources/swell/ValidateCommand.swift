import ArgumentParser
import Foundation
import KubeModel
import Manifests
import Scalers

/// `swell validate`: finds what is wrong with manifests, without a cluster.
struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find what is wrong with manifests, without a cluster.",
        discussion: """
            Checks ScaledObjects, ScaledJobs, TriggerAuthentications and ClusterTriggerAuthentications: structure, \
            rules, and every setting of every trigger that this version has. Other kinds pass, so that all that a \
            chart renders can be given. Values from Secrets and environments are not looked up.

            Each finding is a line: FILE:LINE:COLUMN: error|warning: FIELD: MESSAGE. The exit code is 1 if there is an \
            error, with --strict also if there is a warning, and else 0.

            Examples:
              swell validate -f deploy/scaledobject.yaml
              helm template my-chart | swell validate --strict -f -
            """
    )

    @Option(
        name: [.customShort("f"), .customLong("filename")],
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "File, folder (its .yaml, .yml and .json files), or - for standard input. Repeatable.",
            valueName: "file|dir|-"
        )
    )
    var filenames: [String]

    @Flag(name: [.customShort("R"), .long], help: "Read folders in folders too.")
    var recursive = false

    @Flag(help: "Let warnings fail as well.")
    var strict = false

    @Option(name: .shortAndLong, help: "How findings are written.")
    var output = Format.text

    /// How findings are written.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        /// A line for each.
        case text
        /// One JSON object.
        case json
    }

    /// Findings to standard output, the summary to standard error.
    func run() throws {
        let reading = ManifestFiles(filenames, isRecursive: recursive).read()
        let report = ValidationReport(reading, ManifestCheck(registry: .builtIn))
        let body =
            switch output {
            case .text: Array(report.text().utf8)
            case .json: try KubeJSON.encode(report.json()) + [UInt8(ascii: "\n")]
            }
        try FileHandle.standardOutput.write(contentsOf: Data(body))
        try FileHandle.standardError.write(contentsOf: Data((report.summary + "\n").utf8))
        let code = report.exitCode(isStrict: strict)
        if code != 0 { throw ExitCode(code) }
    }
}
