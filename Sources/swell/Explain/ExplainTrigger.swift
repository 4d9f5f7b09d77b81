import ArgumentParser
import ScalerKit
import Scalers

/// `swell explain trigger`.
struct ExplainTrigger: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trigger",
        abstract: "Print a trigger's settings, their types and defaults, and an example.",
        discussion: """
            Without a type it lists the types of this version.

            Example:
              swell explain trigger prometheus
            """
    )

    @Argument(help: "The trigger's type, such as prometheus.")
    var type: String?

    /// Prints the page.
    ///
    /// - Throws: `ValidationError` for a type that there is not.
    func run() throws {
        guard let type else { return StandardOutput.write(TriggerPage.list(of: .builtIn)) }
        if let missing = ScalerRegistry.builtIn.missing(type) {
            throw ExplainError("\(missing.message); swell explain trigger lists the types of this version")
        }
        if let schema = ScalerRegistry.builtIn[type]?.schema { StandardOutput.write(TriggerPage(schema).text) }
    }
}
