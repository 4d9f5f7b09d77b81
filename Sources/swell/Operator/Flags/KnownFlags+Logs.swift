extension KnownFlags {
    /// Those of the two loggers of KEDA's processes, zap and klog.
    ///
    /// - Source: controller-runtime, `pkg/log/zap/flags.go`; klog, `klog.go`.
    static let logFlags: [KnownFlag] =
        [
            .alias("zap-log-level", of: "log-level"), .alias("v", of: "log-level"),
            .alias("zap-devel", .boolean, of: "log-level"), .alias("zap-encoder", of: "log-format"),
            .alias("zap-time-encoding", of: "log-time"),
        ]
        + KnownFlag.needless(["zap-stacktrace-level"], because: "log lines have no stack traces")
        + KnownFlag.needless(
            [
                "logtostderr", "alsologtostderr", "add_dir_header", "one_output", "skip_headers", "skip_log_headers",
                "legacy_stderr_threshold_behavior",
            ],
            .boolean,
            because: destination
        )
        + KnownFlag.needless(
            ["stderrthreshold", "alsologtostderrthreshold", "log_backtrace_at", "log-flush-frequency"],
            because: destination
        )
        + KnownFlag.missing(["log_dir", "log_file", "log_file_max_size"], because: destination)
        + KnownFlag.missing(["vmodule"], because: "one level is for all; use --log-level")

    /// Where log lines go.
    private static let destination = "every log line goes to standard error, and nowhere else"
}
