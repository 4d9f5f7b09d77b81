import KubeModel
import Manifests
import Scalers

/// What validation says of a text, each finding as `line:column error|warning field: message`.
func check(_ text: String) -> [String] {
    report(text).findings
        .map { finding in
            let place = finding.position.map { "\($0.line):\($0.column) " } ?? ""
            let field = finding.field.description
            return place + finding.severity.rawValue + (field.isEmpty ? "" : " \(field)") + ": \(finding.message)"
        }
}

/// The report on a text.
func report(_ text: String) -> ValidationReport {
    ValidationReport(read(text), ManifestCheck(registry: .builtIn))
}

/// A text as manifests.
func read(_ text: String) -> ManifestReading {
    var reading = ManifestReading()
    reading.add(text, from: "test.yaml")
    return reading
}

/// A ScaledObject with a good cron trigger; `spec` goes under its spec, two spaces deep, from line 6 on.
func scaledObject(_ spec: String, triggers: String = goodTriggers) -> String {
    """
    apiVersion: keda.sh/v1alpha1
    kind: ScaledObject
    metadata:
      name: web
    spec:
    \(spec.isEmpty ? "" : spec + "\n")\(triggers)
    """
}

/// The target and triggers of a good ScaledObject.
let goodTriggers = """
      scaleTargetRef:
        name: web
      triggers:
        - type: cron
          metadata:
            timezone: Europe/Madrid
            start: 0 9 * * 1-5
            end: 0 18 * * 1-5
            desiredReplicas: "4"
    """
