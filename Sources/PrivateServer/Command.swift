import Foundation

/// A program to run as a child process.
///
/// Built on `posix_spawn`, because a database server has to be started in ways that `Foundation.Process` has no words
/// for: in a session of its own (so that Ctrl-C in the terminal reaches us and not the server), with a clean signal
/// mask, and holding no descriptor of ours.
///
/// Output goes to unlinked temporary files rather than pipes: nothing has to be drained while the child runs, so it can
/// never block on us, and a grandchild that keeps the descriptor open cannot make us wait for it.
package struct Command: Sendable {
    /// Where a stream of the child ends.
    package enum Stream: Sendable {
        /// Kept, to be read from the ``Child``.
        case captured
        /// Appended to this file, which must exist already.
        case appended(to: String)
        /// This descriptor of ours, for instance the far side of a terminal.
        case descriptor(Int32)
    }

    /// The program's path, or a bare name, which is looked up in our `PATH`.
    package var executable: String
    package var arguments: [String]
    /// The whole environment of the child; nothing of ours is added.
    package var environment: [String: String]
    /// Where the child starts; nil for where we are.
    package var directory: String?
    package var input: [UInt8] = []
    /// A descriptor to use as standard input instead of `input`.
    package var inputDescriptor: Int32?
    package var output = Stream.captured
    package var errors = Stream.captured
    /// A descriptor of ours that the child keeps: how a lock outlives us.
    package var kept: Int32?
    /// Start a new session: the child then gets no signal from our terminal.
    package var newSession = false

    package init(_ executable: String, _ arguments: [String] = [], environment: [String: String] = Command.plain) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
    }

    /// An environment in which every program behaves alike: no locale, no time zone, no `PG*` variable.
    package static let plain: [String: String] = {
        var plain = [
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "HOME": "/",
        ]
        plain["LD_LIBRARY_PATH"] = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"]
        return plain
    }()

    /// How a child ended.
    package enum Ending: Sendable, Equatable {
        case exit(Int32)
        case signal(Int32)
    }

    /// A finished child.
    package struct Result: Sendable {
        package var ending: Ending
        package var output: [UInt8]
        package var errors: [UInt8]

        package var succeeded: Bool { ending == .exit(0) }
        package var outputText: String { String(decoding: output, as: UTF8.self) }
        package var errorText: String { String(decoding: errors, as: UTF8.self) }
    }

    /// The program could not be started at all. A child that fails is a ``Result``, not an error.
    package struct SpawnError: Error, Sendable, CustomStringConvertible {
        package var executable: String
        package var code: Int32

        package var description: String { "\(executable): \(String(cString: strerror(code)))" }
    }

    /// Runs the program to its end.
    package func run() throws(SpawnError) -> Result {
        try spawn().wait()
    }

    /// Starts the program.
    package func spawn() throws(SpawnError) -> Child {
        let input: Int32
        if let inputDescriptor { input = inputDescriptor } else { input = try inputFile() }
        defer { if inputDescriptor == nil { close(input) } }
        let output = try file(for: self.output)
        let errors = try file(for: self.errors)
        defer {
            if case .appended = self.output { close(output) }
            if case .appended = self.errors { close(errors) }
        }

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, errors, 2)
        for descriptor in Self.openDescriptors() where descriptor > 2 && descriptor != kept {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        if let kept { posix_spawn_file_actions_adddup2(&actions, kept, kept) }

        // A caller may have blocked or ignored signals for its own purposes; the child must not inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        var flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
        if newSession { flags |= 0x80 }  // POSIX_SPAWN_SETSID, which the C headers show only to _GNU_SOURCE.
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var pid: pid_t = 0
        // The call that sets a directory is not in the C headers as Swift sees them; `env` does it, and then becomes the
        // program.
        let words = (directory.map { ["env", "-C", $0] } ?? []) + [executable] + arguments
        let code = withCStrings(words) { argv in
            withCStrings(environment.map { "\($0.key)=\($0.value)" }) { envp in
                posix_spawnp(&pid, words[0], &actions, &attributes, argv, envp)
            }
        }
        guard code == 0 else {
            if case .captured = self.output { close(output) }
            if case .captured = self.errors { close(errors) }
            throw SpawnError(executable: executable, code: code)
        }
        var captured = (output: Int32?.none, errors: Int32?.none)
        if case .captured = self.output { captured.output = output }
        if case .captured = self.errors { captured.errors = errors }
        return Child(pid: pid, output: captured.output, errors: captured.errors)
    }

    private func file(for stream: Stream) throws(SpawnError) -> Int32 {
        switch stream {
        case .captured: return try temporaryFile(holding: [])
        case .descriptor(let descriptor): return descriptor
        case .appended(let path):
            let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW)
            guard descriptor >= 0 else { throw SpawnError(executable: path, code: errno) }
            return descriptor
        }
    }

    /// The descriptors that a child would inherit. Ours are all close-on-exec; another library's may not be.
    private static func openDescriptors() -> [Int32] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []).compactMap { Int32($0) }
    }

    private func inputFile() throws(SpawnError) -> Int32 {
        guard input.isEmpty else { return try temporaryFile(holding: input) }
        let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SpawnError(executable: "/dev/null", code: errno) }
        return descriptor
    }

    /// An unlinked file with these bytes, positioned at its start.
    private func temporaryFile(holding bytes: [UInt8]) throws(SpawnError) -> Int32 {
        var name = Array("/tmp/meterbook-stream-XXXXXX".utf8CString)
        let descriptor = mkstemp(&name)
        guard descriptor >= 0 else { throw SpawnError(executable: "/tmp", code: errno) }
        unlink(name)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        guard Files.write(bytes, to: descriptor), lseek(descriptor, 0, SEEK_SET) == 0 else {
            let code = errno
            close(descriptor)
            throw SpawnError(executable: "/tmp", code: code)
        }
        return descriptor
    }
}

/// Calls `body` with a NULL-ended array of C strings, as `exec` wants it.
private func withCStrings<R>(_ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> R) -> R {
    let copies = strings.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return (copies + [nil]).withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("a NULL-ended array is never empty") }
        return body(base)
    }
}
