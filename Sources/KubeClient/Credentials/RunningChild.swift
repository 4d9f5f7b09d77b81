import Foundation

/// A child process that runs, watched over by the thread that made it.
///
/// Not Foundation's `Process`: on Linux that takes a child for running as long as a grandchild does.
struct RunningChild {
    /// How often cancellation and the child's end are looked for while it is silent, in milliseconds.
    private static let beat: Int32 = 50

    /// Its number; also that of its process group.
    private let pid: pid_t
    /// What to call it in messages.
    private let name: String
    /// Bytes of each output.
    private let limit: Int
    /// Our ends of its standard output and standard error; `nil` when they have ended.
    private var pipes: [Int32?]
    /// What came from each.
    private var gathered: [[UInt8]] = [[], []]

    /// Starts a program with nothing to read, in a process group of its own.
    ///
    /// - Throws: ``KubeError`` `.noCredentials`.
    init(_ child: ChildProcess, limit: Int) throws(KubeError) {
        self.name = child.program
        self.limit = limit
        let output = try Self.pipe(for: child.program)
        let errors = try Self.pipe(for: child.program)
        defer { for end in [output.write, errors.write] { close(end) } }
        self.pipes = [output.read, errors.read]

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output.write, 1)
        posix_spawn_file_actions_adddup2(&actions, errors.write, 2)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Our threads block signals, and we may ignore some; the child must not inherit that.
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
        )

        var started = pid_t()
        let failure = Self.withCStrings([child.program] + child.arguments) { arguments in
            Self.withCStrings(child.environment.map { "\($0.key)=\($0.value)" }) { environment in
                posix_spawn(&started, child.program, &actions, &attributes, arguments, environment)
            }
        }
        self.pid = started
        guard failure == 0 else {
            for end in [output.read, errors.read] { close(end) }
            throw KubeError(
                .noCredentials,
                "\(child.program) cannot be started",
                detail: String(cString: strerror(failure))
            )
        }
    }

    /// Gathers what the child says and waits for its end; kills it, and what it started, if that comes too late.
    mutating func finish(
        by deadline: ContinuousClock.Instant,
        unless isCancelled: Flag
    ) -> Result<ChildProcess.Outcome, KubeError> {
        defer { for case let pipe? in pipes { close(pipe) } }
        var status: Int32?
        while true {
            if isCancelled.isRaised { return kill(status, KubeError(.cancelled, "\(name) was cancelled")) }
            if ContinuousClock.now > deadline { return kill(status, KubeError(.timedOut, "\(name) took too long")) }
            let isSilent = !gather()
            if gathered[0].count > limit { return kill(status, KubeError(.noCredentials, "\(name) printed too much")) }
            // A grandchild may hold the pipes open: once the child is gone, silence is the end.
            if let status, isSilent {
                return .success(ChildProcess.Outcome(status: status, output: gathered[0], errors: gathered[1]))
            }
            status = status ?? ended(WNOHANG)
        }
    }

    /// Takes what has come, waiting one beat at most; whether anything came, an end included.
    private mutating func gather() -> Bool {
        var waits = pipes.map { pollfd(fd: $0 ?? -1, events: Int16(POLLIN), revents: 0) }
        // With both pipes at their end only the child's own end is waited for, and that is near.
        guard poll(&waits, nfds_t(waits.count), pipes.contains { $0 != nil } ? Self.beat : 2) > 0 else { return false }
        for index in waits.indices where waits[index].revents != 0 {
            var chunk = [UInt8](repeating: 0, count: 16 << 10)
            let count = read(waits[index].fd, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 {
                close(waits[index].fd)
                pipes[index] = nil
            }
            // Past the limit, standard error is read and dropped: the child must not stall on it.
            let room = index == 0 ? chunk.count : limit - gathered[index].count
            gathered[index] += chunk.prefix(max(0, min(count, room)))
        }
        return true
    }

    /// How the child ended, as a shell says it: its status, or 128 and the signal; `nil` if it has not.
    private func ended(_ options: Int32) -> Int32? {
        var status: Int32 = 0
        guard waitpid(pid, &status, options) == pid else { return nil }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    /// Ends the child and its group without asking, unless it has ended.
    private func kill(_ status: Int32?, _ error: KubeError) -> Result<ChildProcess.Outcome, KubeError> {
        _ = Foundation.kill(-pid, SIGKILL)
        if status == nil { _ = ended(0) }
        return .failure(error)
    }

    /// A pipe that other children do not inherit.
    private static func pipe(for program: String) throws(KubeError) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard Foundation.pipe(&ends) == 0 else {
            throw KubeError(.noCredentials, "\(program) cannot be started", detail: String(cString: strerror(errno)))
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// Texts as C wants them, for the length of a call.
    private static func withCStrings<Answer>(
        _ texts: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) -> Answer
    ) -> Answer {
        let pointers = texts.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers + [nil])
    }
}
