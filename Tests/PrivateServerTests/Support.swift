import Foundation
import PrivateServer
import TestSupport

/// A private server in a temporary directory, destroyed afterwards.
final class Scratch: Sendable {
    private let directory: TemporaryDirectory
    let home: String

    /// - Parameter below: directories between the temporary one and the server's home.
    init(below path: String = "home") throws {
        directory = try TemporaryDirectory()
        // For root's server runs as another user, who has to get through.
        chmod(directory.path, 0o755)
        home = directory.path + "/" + path
    }

    deinit { try? server().destroy() }

    var root: String { directory.path }

    func server(environment: [String: String] = ProcessInfo.processInfo.environment) -> PrivateServer {
        PrivateServer(home: home, durability: .throwaway, environment: environment)
    }
}

/// Asks a server something with `psql`.
@discardableResult
func ask(_ endpoint: Endpoint, _ sql: String) throws -> String {
    let psql = try PrivateServer.binaries() + "/psql"
    let result = try Command(
        psql, ["-XqAt", "-v", "ON_ERROR_STOP=1", "-d", endpoint.conninfo(database: "postgres"), "-c", sql]
    ).run()
    guard result.succeeded else { throw TestFailure(result.errorText) }
    return result.outputText.trimmingCharacters(in: .newlines)
}

/// The server process of a cluster, as its own file names it.
func postmaster(at location: String) throws -> Int32 {
    let file = try String(contentsOfFile: location + "/data/postmaster.pid", encoding: .utf8)
    guard let pid = file.split(separator: "\n").first.flatMap({ Int32($0) }) else { throw TestFailure(file) }
    return pid
}

func isAlive(_ pid: Int32) -> Bool { kill(pid, 0) == 0 || errno == EPERM }

/// Looks again and again until the condition holds; false after a minute.
func eventually(_ condition: () -> Bool) -> Bool {
    for _ in 0..<6000 {
        if condition() { return true }
        usleep(10_000)
    }
    return condition()
}

/// This test program, started again for one of its tests: how a test is run as another user, or killed.
///
/// - Parameters:
///   - prefix: words before the program, which change its user.
///   - environment: a test that is only there to be called says so in `METERBOOK_TEST_PART`.
func testProgram(running test: String, prefix: [String] = [], environment: [String: String]) throws -> Command {
    let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let words = prefix + [program, "--testing-library", "swift-testing", "--filter", test]
    var command = Command(
        words[0], Array(words.dropFirst()), environment: Command.plain.merging(environment) { $1 })
    command.directory = "/"
    return command
}
