package import Billing
import Deployment

/// A way for notices to leave the program.
protocol NoticeCarrier {
    /// Whether a notice of a customer without a mail address has to wait.
    var needsAddress: Bool { get }

    /// Hands one notice over.
    ///
    /// - Throws: what is wrong with the carrier itself and not with the notice: then nothing counts as tried.
    func carry(_ notice: OutgoingNotice, now: Int64) throws -> Carried
}

/// What came of handing a notice over.
struct Carried: Hashable, Sendable {
    enum Result: Hashable, Sendable {
        case delivered
        /// It may go through another time, after so many seconds at least.
        case later(String, seconds: Int64)
        /// This notice will never go through.
        case never(String)
    }

    var result: Result
    /// Why the others need not be tried in this run; nil to go on.
    var stop: String?

    static let delivered = Carried(result: .delivered)

    static func later(_ reason: String, seconds: Int64 = 0, stop: String? = nil) -> Carried {
        Carried(result: .later(reason, seconds: seconds), stop: stop)
    }

    static func never(_ reason: String, stop: String? = nil) -> Carried {
        Carried(result: .never(reason), stop: stop)
    }
}

/// How notices are to be delivered.
package enum DeliveryRoute: Sendable {
    init(_ carrier: JobDefinition.Delivery.Carrier) {
        self =
            switch carrier {
            case .directory(let path, let from): .directory(path, from: from)
            case .sendmail(let program, let from): .sendmail(program, from: from)
            case .webhook(let url, let secretFile): .webhook(url, secretFile: secretFile)
            }
    }

    /// A file for each in a directory.
    case directory(String, from: EmailAddress?)
    /// A program that takes mail as sendmail does.
    case sendmail(String, from: EmailAddress?)
    /// A POST to a URL, signed with the secret in a file; without one with that of the installation.
    case webhook(String, secretFile: String?)
}
