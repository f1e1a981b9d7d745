package import Billing

/// A notice as a mail (RFC 5322 with MIME): the bytes of a file, or the standard input of a mail program.
package enum NoticeMessage {
    /// - Parameters:
    ///   - from: nil to leave the field to the mail program, which names the user that runs it.
    ///   - sentAt: the present instant, in microseconds since 1970-01-01 UTC.
    package static func bytes(_ notice: OutgoingNotice, from: EmailAddress?, sentAt: Int64) -> [UInt8] {
        let (encoding, body) = TransferEncoding.encode(notice.text)
        var fields: [String] = []
        if let from { fields.append("From: \(from)") }
        // An empty group (RFC 5322, 3.4) where nobody is to get it: a message without any recipient field is none.
        fields.append(
            notice.email.flatMap { EmailAddress($0) }.map {
                HeaderText.mailbox("To", displayName: notice.customerName, $0)
            } ?? "To: undisclosed-recipients:;")
        fields += [
            HeaderText.unstructured("Subject", notice.subject), "Date: \(HeaderText.date(sentAt))",
            // The same for every attempt: a mail that was sent twice is known again.
            "Message-ID: <\(identifier(notice.id))@\(from?.domain ?? placeholderDomain)>",
            // RFC 3834: nobody's absence is to be answered to a program.
            "Auto-Submitted: auto-generated", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: \(encoding)",
        ]
        return Array((fields.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
    }

    /// RFC 2606: a domain that nobody has.
    private static let placeholderDomain = "meterbook.invalid"

    /// The sender of a message that nobody is to answer.
    package static let placeholder = EmailAddress("noreply@\(placeholderDomain)")

    /// An id is a UUID; whatever else it should be, it ends no header.
    package static func identifier(_ id: String) -> String {
        id.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    }
}
