import ArgumentParser

/// `swell explain`.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tell why an object has the replicas it has, or what a trigger takes.",
        subcommands: [ExplainScaledObject.self, ExplainTrigger.self]
    )
}
