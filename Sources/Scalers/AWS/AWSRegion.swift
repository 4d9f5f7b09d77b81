/// Regions of AWS, such as `eu-west-1`.
///
/// - Source: AWS, "Regions and endpoints" of each partition.
enum AWSRegion {
    /// Whether a text has the form of a region.
    ///
    /// What the operator proves itself with goes to a host with the region in its name, so users may write nothing else
    /// into it.
    static func isWellFormed(_ text: String) -> Bool {
        text.utf8.count <= 32 && text.wholeMatch(of: /[a-z]{2,}(-[a-z]+)+-[0-9]{1,2}/) != nil
    }

    /// The domain that the services of a region are in.
    static func domain(of region: String) -> String {
        domains.first { region.hasPrefix($0.prefix) }?.domain ?? "amazonaws.com"
    }

    /// The domains of regions that are apart from all others.
    private static let domains = [
        (prefix: "cn-", domain: "amazonaws.com.cn"), (prefix: "eusc-", domain: "amazonaws.eu"),
        (prefix: "us-iso-", domain: "c2s.ic.gov"), (prefix: "us-isob-", domain: "sc2s.sgov.gov"),
        (prefix: "us-isof-", domain: "csp.hci.ic.gov"), (prefix: "eu-isoe-", domain: "cloud.adc-e.uk"),
    ]
}
