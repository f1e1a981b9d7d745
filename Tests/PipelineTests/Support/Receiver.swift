import Foundation
import PrivateServer
import TestSupport

/// A receiver of webhooks, in Python, with nothing of the program in it: it checks each signature by the standard's words
/// (Standard Webhooks 1.0) and answers what a file says.
final class Receiver: Sendable {
    /// Where Python is; nil where there is none.
    static let python: String? = {
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/python3" }
        return (["/usr/bin/python3"] + path).first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    private let child: Child
    private let folder: String
    let url: String
    /// A file with the secret.
    let secretFile: String

    private static let program = #"""
        import base64, hashlib, hmac, http.server, json, os, sys
        folder, secret = sys.argv[1], base64.b64decode(sys.argv[2])

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                name, stamp = self.headers["webhook-id"], self.headers["webhook-timestamp"]
                digest = hmac.new(secret, name.encode() + b"." + stamp.encode() + b"." + body, hashlib.sha256).digest()
                expected = "v1," + base64.b64encode(digest).decode()
                sound = (hmac.compare_digest(expected, self.headers["webhook-signature"]) and stamp.isdigit()
                    and self.headers["Content-Type"].split(";")[0] == "application/cloudevents+json")
                event = json.loads(body)
                with open(folder + "/received", "a") as log:
                    log.write(json.dumps({"signed": sound, "header": name, "path": self.path, "event": event}) + "\n")
                try:
                    answer = open(folder + "/answer").read().split()
                except OSError:
                    answer = ["200"]
                if answer[0] == "hang-up":
                    self.connection.close()
                    self.close_connection = True
                    return
                self.send_response(int(answer[0]))
                for header in answer[1:]:
                    self.send_header(*header.split("=", 1))
                # A 204 has no body, and whatever followed it would be taken for the next answer.
                content = b"" if answer[0] == "204" else b"ok"
                if content:
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            def log_message(self, *words):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        with open(folder + "/port.new", "w") as port:
            port.write(str(server.server_address[1]))
        os.rename(folder + "/port.new", folder + "/port")
        server.serve_forever()
        """#

    init(_ directory: TemporaryDirectory) throws {
        guard let python = Self.python else { throw TestFailure("there is no python3") }
        folder = directory.path
        let secret = Data((0..<32).map { UInt8($0) }).base64EncodedString()
        secretFile = try directory.write("whsec_\(secret)\n", to: "secret")
        let program = try directory.write(Self.program, to: "receiver.py")
        child = try Command(
            python, [program, directory.path, secret], environment: ProcessInfo.processInfo.environment
        )
        .spawn()
        let port = directory.path + "/port"
        for _ in 0..<12_000 where !FileManager.default.fileExists(atPath: port) && child.ending == nil { usleep(5_000) }
        guard let number = try? String(contentsOfFile: port, encoding: .utf8) else {
            throw TestFailure("the receiver did not start: \(String(decoding: child.errorsSoFar, as: UTF8.self))")
        }
        url = "http://127.0.0.1:\(number)/hooks?token=t0p"
    }

    deinit {
        child.send(SIGKILL)
        child.wait()
    }

    /// What it answers from now on: a status and headers, as `429 Retry-After=3600`.
    func answer(_ text: String) throws {
        try text.write(toFile: folder + "/answer", atomically: true, encoding: .utf8)
    }

    /// What has come, in order.
    func received() throws -> [JSON] {
        guard let text = try? String(contentsOfFile: folder + "/received", encoding: .utf8) else { return [] }
        return try text.split(separator: "\n").map { try JSON(String($0)) }
    }
}
