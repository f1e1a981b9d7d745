import Foundation
import PrivateServer

/// An HTTPS server on loopback with a certificate of its own making: the `openssl` command, with nothing of the program in
/// it. It answers every request for `/usage` with one text.
package final class EncryptedServer: Sendable {
    private let child: Child
    private let folder: TemporaryDirectory
    /// The PEM file with its certificate, which nobody has signed but itself.
    package let certificate: String
    package let port: Int

    /// - Parameters:
    ///   - name: whom the certificate is for, a DNS name.
    ///   - body: JSON.
    package init(name: String, body: String) throws {
        let folder = try TemporaryDirectory()
        self.folder = folder
        certificate = folder.path + "/certificate.pem"
        let reply = ["HTTP/1.1 200 OK", "Content-Type: application/json", "Connection: close", "", body]
        try folder.write(reply.joined(separator: "\r\n"), to: "usage")
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"
        func command(_ words: [String]) -> Command {
            var command = Command("openssl", words, environment: ["PATH": path])
            command.directory = folder.path
            return command
        }
        let made = try command([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "certificate.pem", "-days",
            "2",
            "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)",
        ]).spawn().wait()
        guard case .exit(0) = made.ending else { throw TestFailure("openssl req: \(made.errorText)") }
        child = try command([
            "s_server", "-accept", "0", "-cert", "certificate.pem", "-key", "key.pem", "-HTTP",
        ]).spawn()
        // It says `ACCEPT [::]:36545`, or the same with 0.0.0.0.
        var port: Int?
        for _ in 0..<6_000 where port == nil && child.ending == nil {
            let said = String(decoding: child.outputSoFar, as: UTF8.self)
            let line = said.split(separator: "\n").first { $0.hasPrefix("ACCEPT") && said.hasSuffix("\n") }
            port = line.flatMap { $0.split(separator: ":").last }.flatMap { Int($0) }
            if port == nil { usleep(5_000) }
        }
        guard let port else {
            child.send(SIGKILL)
            throw TestFailure("openssl s_server: \(String(decoding: child.errorsSoFar, as: UTF8.self))")
        }
        self.port = port
    }

    deinit {
        child.send(SIGKILL)
        child.wait()
    }
}
