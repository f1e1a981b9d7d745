import Billing
import Documents
import Failpoints
import Foundation
import PrivateServer

/// Hands each notice to a program that takes mail as sendmail does: the message on its standard input, `-t` to find the
/// recipient in it, `-i` so that a line with one point does not end it.
struct SendmailCarrier: NoticeCarrier {
    let program: String
    let from: EmailAddress?
    /// What a mail program may need to find its settings; nothing else of ours is passed on.
    let environment: [String: String]
    let needsAddress = true

    private static let passedOn = ["HOME", "PATH", "USER", "LOGNAME", "TMPDIR"]

    /// Exit codes of sysexits.h by which the program says that it is this message or its recipient that cannot be served.
    /// All others, but 0 and 75, tell of the program: another time it may be mended.
    private static let hopeless: Set<Int32> = [65, 67, 68]
    private static let tryLater: Int32 = 75
    private static let patience = 60

    init(_ program: String, from: EmailAddress?, environment: [String: String]) {
        self.program = program
        self.from = from
        self.environment = Command.plain.merging(environment.filter { Self.passedOn.contains($0.key) }) { $1 }
    }

    func carry(_ notice: OutgoingNotice, now: Int64) throws -> Carried {
        // What stands in the table was checked; should it not be an address, there is nobody to write to.
        guard notice.email.flatMap({ EmailAddress($0) }) != nil else { return .never("the address cannot be used") }
        var arguments = ["-t", "-i"]
        if let from { arguments += ["-f", from.text] }
        var command = Command(program, arguments, environment: environment)
        command.input = NoticeMessage.bytes(notice, from: from, sentAt: now)
        // A key on the terminal stops us behind this notice, and not the program in the midst of it.
        command.newSession = true
        Failpoint.pass(.before, "mail")
        let child: Child
        do {
            child = try command.spawn()
        } catch {
            throw JobError.noCarrier(program, reason: String(cString: strerror(error.code)))
        }
        guard ends(child) else {
            child.send(SIGKILL)
            child.wait()
            return .later("no end within \(Self.patience) s")
        }
        let result = child.wait()
        Failpoint.pass(.after, "mail")
        let words = firstLine(result.errorText, without: notice.email)
        switch result.ending {
        case .exit(0): return .delivered
        case .exit(Self.tryLater): return .later("exit code \(Self.tryLater)\(words)")
        // The shell's codes for a program that is not there or may not be run.
        case .exit(126), .exit(127): throw JobError.noCarrier(program, reason: "exit code\(words)")
        case .exit(let code) where Self.hopeless.contains(code): return .never("exit code \(code)\(words)")
        case .exit(let code): return .later("exit code \(code)\(words)")
        case .signal(let signal): return .later("ended by signal \(signal)\(words)")
        }
    }

    /// Whether the program comes to its end in time.
    private func ends(_ child: Child) -> Bool {
        var pause: useconds_t = 500
        var waited: useconds_t = 0
        while child.ending == nil {
            guard waited < useconds_t(Self.patience) * 1_000_000 else { return false }
            usleep(pause)
            waited += pause
            pause = min(pause * 2, 50_000)
        }
        return true
    }

    /// The first line, behind a colon; the customer's address does not go into it.
    private func firstLine(_ text: String, without address: String?) -> String {
        guard let line = text.split(whereSeparator: \.isNewline).first(where: { !$0.allSatisfy(\.isWhitespace) })
        else { return "" }
        var words = String(line.prefix(400))
        if let address { words = words.replacingOccurrences(of: address, with: "(address)", options: .caseInsensitive) }
        return ": \(words)"
    }
}
