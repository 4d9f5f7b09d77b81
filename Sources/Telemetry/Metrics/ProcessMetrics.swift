import Foundation

/// What the kernel knows of this process, under the names that every Prometheus client library uses.
///
/// - Source: Prometheus, "Writing client libraries", process metrics; `proc(5)`.
public struct ProcessMetrics: Sendable, Hashable {
    /// Processor time used, user and system, in seconds.
    public var cpuSeconds: Double
    /// Memory held, in bytes.
    public var residentBytes: Double
    /// Address space, in bytes.
    public var virtualBytes: Double
    /// When the process began, in seconds since 1970.
    public var startSeconds: Double
    /// File descriptors in use.
    public var openDescriptors: Int

    /// Sizes in which the kernel counts.
    public struct Units: Sendable, Hashable {
        /// Clock ticks a second.
        public var ticksPerSecond: Double
        /// Bytes in a page.
        public var pageBytes: Double

        /// Makes units; the defaults are those of every Linux on x86 and most others.
        public init(ticksPerSecond: Double = 100, pageBytes: Double = 4096) {
            self.ticksPerSecond = ticksPerSecond
            self.pageBytes = pageBytes
        }
    }

    /// Reads the kernel's texts; `nil` when one is not as `proc(5)` says.
    ///
    /// - Parameters:
    ///   - stat: `/proc/self/stat`; the second field is a name in brackets that may hold anything.
    ///   - systemStat: `/proc/stat`, for the time of boot.
    ///   - openDescriptors: entries in `/proc/self/fd`.
    ///   - units: sizes in which the kernel counts.
    public init?(stat: String, systemStat: String, openDescriptors: Int, units: Units) {
        guard let bracket = stat.lastIndex(of: ")") else { return nil }
        // The first field after the name is number 3 of proc(5).
        let fields = stat[stat.index(after: bracket)...].split(whereSeparator: \.isWhitespace)
        /// A field by its number in proc(5).
        func field(_ number: Int) -> Double? { fields.indices.contains(number - 3) ? Double(fields[number - 3]) : nil }
        let boot = systemStat.split(separator: "\n").first { $0.hasPrefix("btime ") }?.dropFirst(6)
        guard let user = field(14), let system = field(15), let start = field(22), let virtual = field(23),
            let pages = field(24), let boot = boot.flatMap({ Double($0) })
        else { return nil }
        self.cpuSeconds = (user + system) / units.ticksPerSecond
        self.residentBytes = pages * units.pageBytes
        self.virtualBytes = virtual
        self.startSeconds = boot + start / units.ticksPerSecond
        self.openDescriptors = openDescriptors
    }

    /// Asks the kernel; gives nothing where there is no `/proc`.
    @Sendable public static func collect() -> [MetricFamily] {
        // Without /proc (not Linux) there is nothing to tell: the page goes without these metrics.
        guard let stat = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let system = try? String(contentsOfFile: "/proc/stat", encoding: .utf8),
            let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"),
            let metrics = ProcessMetrics(
                stat: stat,
                systemStat: system,
                openDescriptors: descriptors.count,
                units: .kernel
            )
        else { return [] }
        return metrics.families
    }

    /// As the page has them.
    public var families: [MetricFamily] {
        [
            family("process_cpu_seconds_total", "User and system CPU time in seconds.", .counter, cpuSeconds),
            family("process_open_fds", "Open file descriptors.", .gauge, Double(openDescriptors)),
            family("process_resident_memory_bytes", "Resident memory in bytes.", .gauge, residentBytes),
            family("process_virtual_memory_bytes", "Virtual memory in bytes.", .gauge, virtualBytes),
            family("process_start_time_seconds", "Start of the process since 1970 in seconds.", .gauge, startSeconds),
        ]
    }

    /// A family of one series without labels.
    private func family(_ name: String, _ help: String, _ kind: MetricFamily.Kind, _ value: Double) -> MetricFamily {
        MetricFamily(name, help: help, kind: kind, series: [MetricFamily.Series([:], .number(value))])
    }
}

extension ProcessMetrics.Units {
    /// This machine's.
    public static var kernel: ProcessMetrics.Units {
        ProcessMetrics.Units(
            ticksPerSecond: Double(sysconf(Int32(_SC_CLK_TCK))),
            pageBytes: Double(sysconf(Int32(_SC_PAGESIZE)))
        )
    }
}
