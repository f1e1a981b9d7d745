package import Billing

/// Which texts a setting takes. They are the same in a variable, a file and a flag.
extension Setting {
    package enum Kind: Hashable, Sendable {
        /// Of the file system; relative to the folder of the file that says it.
        case path
        /// A program: a path where a slash is in it, else a name that PATH finds.
        case program
        case number(ClosedRange<Int>)
        case flag
        case words([String])
        case connection
        /// http(s), without a query, so that words can be put behind it.
        case baseAddress
        case address
        case mailAddress
        case webhookSecret
    }

    package var kind: Kind {
        switch self {
        case .database: .connection
        case .home, .deployment, .metrics, .noticeDirectory, .failpointList: .path
        case .workers: .number(1...Int(JobFormat.mostWorkers))
        case .batch: .number(1...Int(JobFormat.largestBatch))
        case .patience: .number(0...86_400)
        case .progress: .flag
        case .healthURL: .baseAddress
        case .logLevel: .words(["trace", "debug", "info", "notice", "warning", "error", "critical"])
        case .logFormat: .words(["logfmt", "json"])
        case .noticeSendmail: .program
        case .noticeWebhook: .address
        case .noticeFrom: .mailAddress
        case .noticeSecret: .webhookSecret
        case .noticeAttempts: .number(1...Int(JobFormat.mostAttempts))
        case .profile: .words([Self.production, "test"])
        case .failpoint: .number(1...1_000_000_000)
        }
    }

    /// What it takes, as a noun phrase.
    package var expected: String {
        switch kind {
        case .path: "a path"
        case .program: "a program's path"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .flag: "yes or no"
        case .words(let words): Quoting.oneOf(words)
        case .connection: "a libpq URI or connection text on one line"
        case .baseAddress: "http(s)://HOST/PATH, without a query"
        case .address: "http(s)://HOST/PATH, without a user"
        case .mailAddress: "one address such as billing@example.com"
        case .webhookSecret: "whsec_ and 24 to 64 bytes in base64"
        }
    }

    /// Longer is no text of a setting.
    package static let longest = 8_000

    /// The value that a text stands for; nil for one that it does not take.
    package func value(of text: String) -> SettingValue? {
        guard !text.isEmpty, text.utf8.count <= Self.longest, !text.unicodeScalars.contains(where: Quoting.isControl)
        else { return nil }
        switch kind {
        case .path, .program, .connection: return .text(text)
        case .number(let range):
            guard let number = Int(text), "\(number)" == text, range.contains(number) else { return nil }
            return .number(number)
        case .flag:
            switch text {
            case "yes", "true": return .flag(true)
            case "no", "false": return .flag(false)
            default: return nil
            }
        case .words(let words): return words.contains(text) ? .text(text) : nil
        case .baseAddress:
            return AddressFlaw(in: text, isPrivate: true) == nil && !text.contains("?") ? .text(text) : nil
        case .address: return AddressFlaw(in: text, isPrivate: true) == nil ? .text(text) : nil
        case .mailAddress: return EmailAddress(text) == nil ? nil : .text(text)
        // What it is made of, whoever signs with it finds out.
        case .webhookSecret: return text.hasPrefix("whsec_") ? .text(text) : nil
        }
    }
}
