import Foundation
import PrivateServer

/// A built program that tests run as its users do: with arguments, an environment, input, and perhaps a terminal.
package struct Program: Sendable {
    /// How a run ended and what it said.
    package struct Outcome: Sendable, Equatable {
        /// The exit code, or nil when a signal ended the program.
        package var code: Int32?
        /// The signal that ended the program.
        package var signal: Int32?
        package var output: String
        package var errors: String
        /// What reached the terminal, with its control characters; empty without one.
        package var screen: String
    }

    package var path: String

    package init(path: String) { self.path = path }

    /// `meterbook`, as it was built together with the tests.
    package static var meterbook: Program { get throws { try builtProgram(named: "meterbook") } }

    /// A program that was built together with the tests: it lies beside the test bundle, which is an executable.
    package static func builtProgram(named name: String) throws -> Program {
        var directory = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        while directory.count > 1 {
            directory = (directory as NSString).deletingLastPathComponent
            let candidate = directory + "/" + name
            var isDirectory: ObjCBool = false
            if FileManager.default.fileExists(atPath: candidate, isDirectory: &isDirectory), !isDirectory.boolValue {
                return Program(path: candidate)
            }
        }
        throw TestFailure("\(name) was not built with the tests: swift build --build-tests makes it")
    }

    /// This test program itself, for a test that needs a process of its own: `part` names the test to run, which is only
    /// there for whom `plays` it.
    ///
    /// Swift Testing's own exit tests are no way to do it: their waiting thread never gets past a child that nobody has
    /// reaped, such as a server that runs until the end.
    package static func runPart(_ part: String) throws -> Outcome {
        try Program(path: FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")).run(
            ["--testing-library", "swift-testing", "--filter", part], environment: ["METERBOOK_TEST_PART": part])
    }

    /// Runs the program to its end.
    ///
    /// - Parameters:
    ///   - environment: added to a plain one, which has a `PATH` and nothing of the person who runs the tests.
    ///   - directory: where it starts; nil for where the tests run.
    ///   - terminal: what it finds on its standard streams.
    package func run(
        _ arguments: [String], environment: [String: String] = [:], input: String = "", directory: String? = nil,
        terminal: Terminal? = nil
    ) throws -> Outcome {
        try start(
            arguments, environment: environment, input: input, directory: directory, terminal: terminal
        ).wait()
    }

    /// Starts the program, to be watched or killed on the way. Parameters as for `run`.
    package func start(
        _ arguments: [String], environment: [String: String] = [:], input: String = "", directory: String? = nil,
        terminal: Terminal? = nil
    ) throws -> RunningProgram {
        var command = Command(path, arguments, environment: Command.plain.merging(environment) { $1 })
        command.input = Array(input.utf8)
        command.directory = directory
        let screen = try terminal.map { try Screen($0) }
        if let screen, let terminal {
            command.errors = .descriptor(screen.programSide)
            if terminal.streams == .all {
                command.output = .descriptor(screen.programSide)
                command.inputDescriptor = screen.programSide
            }
        }
        let child = try command.spawn()
        screen?.watch()
        return RunningProgram(child: child, screen: screen)
    }
}

/// A program on its way.
package struct RunningProgram: Sendable {
    fileprivate let child: Child
    fileprivate let screen: Screen?

    package var pid: Int32 { child.pid }
    package var isRunning: Bool { child.ending == nil }
    /// What it has written to standard output until now.
    package var outputSoFar: String { String(decoding: child.outputSoFar, as: UTF8.self) }
    /// What it has written to standard error until now.
    package var errorsSoFar: String { String(decoding: child.errorsSoFar, as: UTF8.self) }
    /// What has reached the terminal until now.
    package var screenSoFar: String { screen?.text ?? "" }

    /// Sends a signal: SIGKILL, unless told otherwise.
    package func kill(_ signal: Int32 = SIGKILL) { child.send(signal) }

    /// Blocks until the program has ended.
    package func wait() -> Program.Outcome {
        let result = child.wait()
        var outcome = Program.Outcome(
            output: result.outputText, errors: result.errorText, screen: screen?.finish() ?? "")
        switch result.ending {
        case .exit(let code): outcome.code = code
        case .signal(let signal): outcome.signal = signal
        }
        return outcome
    }

    /// Blocks until the condition holds, the program has ended, or the time is up.
    ///
    /// - Returns: whether the condition held.
    package func waitUntil(seconds: Int = 60, _ condition: () throws -> Bool) rethrows -> Bool {
        for _ in 0..<(seconds * 200) {
            if try condition() { return true }
            if !isRunning { break }
            usleep(5_000)
        }
        return try condition()
    }
}

/// Whether this process was started to play a part in another one's test.
package func plays(_ part: String) -> Bool { ProcessInfo.processInfo.environment["METERBOOK_TEST_PART"] == part }
