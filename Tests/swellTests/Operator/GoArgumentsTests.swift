import ArgumentParser
import Testing

@testable import swell

@Suite struct GoArgumentsTests {
    @Test(
        arguments: [
            (["--leader-elect"], ["--leader-elect=true"]),
            (["--leader-elect=false"], ["--leader-elect=false"]),
            (["--leader-elect=T"], ["--leader-elect=T"]),
            (["-leader-elect"], ["--leader-elect=true"]),
            (["--leader-election-id=x"], ["--leader-election-id=x"]),
            (["--leader-election-id", "x"], ["--leader-election-id=x"]),
            (["--leader-election-id", "--x"], ["--leader-election-id=--x"]),
            (["--filepath-auth-root-path="], ["--filepath-auth-root-path", ""]),
            (["--kube-api-qps", "-1"], ["--kube-api-qps=-1"]),
            (["--ca-dir=/a", "--ca-dir", "/b"], ["--ca-dir=/a", "--ca-dir=/b"]),
            (["/usr/local/bin/keda-adapter", "--leader-elect"], ["--leader-elect=true"]),
            (["/keda"], []),
            (["/keda-adapter"], []),
            (["/keda-admission-webhooks"], []),
            (["--help"], ["--help"]),
            (["-h"], ["-h"]),
            (["--help-keda"], ["--help-keda"]),
            (["stray", "--leader-elect", "false"], ["--leader-elect=true", "stray", "false"]),
            (["--", "--leader-elect"], ["--leader-elect"]),
            // Other words for ours.
            (["--health-probe-bind-address=:1"], ["--health-bind-address=:1"]),
            (["--health-probe-bind-address="], ["--health-bind-address", ""]),
            (["--health-probe-bind-address=:1", "--health-bind-address=:2"], ["--health-bind-address=:2"]),
            (["--secure-port=443"], ["--external-metrics-bind-address=:443"]),
            (["--secure-port", "0"], ["--external-metrics-bind-address=0"]),
            (["--bind-address=10.0.0.1"], ["--external-metrics-bind-address=10.0.0.1:6443"]),
            (["--bind-address=::1", "--secure-port=7"], ["--external-metrics-bind-address=[::1]:7"]),
            (["--secure-port=7", "--external-metrics-bind-address=:8"], ["--external-metrics-bind-address=:8"]),
            // The loggers'.
            (["--zap-log-level=debug"], ["--log-level=debug"]),
            (["--zap-log-level=Info"], ["--log-level=info"]),
            (["--zap-log-level=error"], ["--log-level=error"]),
            (["--zap-log-level=panic"], ["--log-level=critical"]),
            (["--zap-log-level=1"], ["--log-level=debug"]),
            (["--zap-log-level=5"], ["--log-level=trace"]),
            (["--v=0"], []),
            (["-v=1"], ["--log-level=debug"]),
            (["--v", "1"], ["--log-level=debug"]),
            (["-v", "4"], ["--log-level=trace"]),
            (["-v4"], ["--log-level=trace"]),
            (["--v=4", "--zap-log-level=info"], ["--log-level=info"]),
            (["--zap-devel"], ["--log-level=debug"]),
            (["--zap-devel=false"], []),
            (["--zap-devel", "--zap-log-level=error"], ["--log-level=error"]),
            (["--zap-log-level=error", "--log-level=trace"], ["--log-level=trace"]),
            (["--zap-encoder=json"], ["--log-format=json"]),
            (["--zap-encoder=console"], ["--log-format=text"]),
            (["--zap-time-encoding=rfc3339"], ["--log-time=rfc3339"]),
            (["--zap-time-encoding=RFC3339Nano"], ["--log-time=rfc3339nano"]),
            // Without effect, each told once.
            (["--disable-compression"], ["--flag-without-effect=disable-compression"]),
            (["--port=8080", "--port=9443"], ["--flag-without-effect=port"]),
            (["-logtostderr=true"], ["--flag-without-effect=logtostderr"]),
            (["-stderrthreshold", "ERROR"], ["--flag-without-effect=stderrthreshold"]),
        ] as [([String], [String])]
    )
    func `arguments are taken as Go's flags are`(arguments: [String], ours: [String]) throws {
        #expect(try GoArguments(arguments).ours() == ours)
    }

    @Test(
        arguments: [
            (["--leader-election-id"], "--leader-election-id needs a value"),
            (["--leader-elect=maybe"], "--leader-elect: \"maybe\" is neither true nor false"),
            (["--leader-elct"], "unknown flag --leader-elct, did you mean --leader-elect?"),
            (["--zap-loglevel=info"], "unknown flag --zap-loglevel, did you mean --zap-log-level?"),
            (["--something-else=1"], "unknown flag --something-else"),
            (["-x"], "unknown flag --x"),
            (["---leader-elect=x"], "--leader-elect: \"x\" is neither true nor false"),
            (["--secure-port=https"], "--secure-port: \"https\" is no port between 0 and 65535"),
            (["--secure-port=65536"], "--secure-port: \"65536\" is no port between 0 and 65535"),
            (["--v=high"], "--v: \"high\" is no whole number"),
            (["--zap-log-level=0"], "--zap-log-level: \"0\" is none of debug, info, error, panic, 1, 2…"),
            (["--zap-log-level=loud"], "--zap-log-level: \"loud\" is none of debug, info, error, panic, 1, 2…"),
            (["--zap-encoder=xml"], "--zap-encoder: \"xml\" is neither json nor console"),
            (["--zap-time-encoding=sundial"], "--zap-time-encoding: \"sundial\" is none of iso8601, rfc3339,"),
        ] as [([String], String)]
    )
    func `what cannot be taken is one line that names the flag`(arguments: [String], message: String) throws {
        let error = #expect(throws: ValidationError.self) { try GoArguments(arguments).ours() }
        #expect(try #require(error).message.hasPrefix(message))
        #expect(OperatorCommand.exitCode(for: try #require(error)) == .validationFailure)
    }
}
