import Billing
import Documents
import Foundation
import Testing

/// A notice as a mail. What must hold of every one: its header has exactly the fields that the program writes, each line is
/// printable ASCII that ends with CR LF, and there is one recipient.
@Suite("Notices as mail")
struct NoticeMessageTests {
    /// 2026-11-21T12:34:56Z, a Saturday.
    private static let instant: Int64 = 1_795_264_496_000_000
    private static let id = "0a1b2c3d-4e5f-8a6b-8c7d-000102030405"

    private static func notice(
        name: String = "Monsoon Traders", subject: String = "80% are used", text: String = "Hello\n\nBye",
        email: String? = "billing@example.com", subscription: String = "monsoon"
    ) throws -> OutgoingNotice {
        OutgoingNotice(
            id: id, kind: "usage_alert", topic: "standard.transactions",
            periodStart: try #require(CivilDate("2026-11-01")), threshold: 80, subject: subject, text: text,
            asOf: try #require(CivilDate("2026-11-21")), customer: "monsoon", customerName: name,
            subscription: subscription, email: email)
    }

    /// The fields of a message, unfolded (RFC 5322, 2.2.3), and its body.
    private static func read(_ bytes: [UInt8]) throws -> (fields: [String: String], lines: [String], body: String) {
        let text = String(decoding: bytes, as: UTF8.self)
        let end = try #require(text.range(of: "\r\n\r\n"))
        let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        var fields: [String: String] = [:]
        var last = ""
        for line in lines {
            if line.first == " " {
                fields[last, default: ""] += line
            } else {
                let colon = try #require(line.firstIndex(of: ":"))
                last = String(line[..<colon])
                #expect(fields[last] == nil, "\(last) twice")
                fields[last] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            }
        }
        return (fields, lines, String(text[end.upperBound...]))
    }

    /// What encoded words say (RFC 2047): the space between two of them belongs to neither.
    private static func decoded(_ value: String) throws -> String {
        try value.components(separatedBy: " ").filter { !$0.isEmpty }.map { word in
            let parts = word.components(separatedBy: "?")
            try #require(parts.count == 5 && parts[0] == "=" && parts[1] == "UTF-8" && parts[2] == "B", "\(word)")
            #expect(word.utf8.count <= 75)
            return String(decoding: try #require(Data(base64Encoded: parts[3])), as: UTF8.self)
        }.joined()
    }

    private static let names: Set = [
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
        "Content-Transfer-Encoding",
    ]

    @Test("A plain notice is written as RFC 5322 and MIME say")
    func plain() throws {
        let from = try #require(EmailAddress("meterbook@vendor.example"))
        let bytes = NoticeMessage.bytes(try Self.notice(), from: from, sentAt: Self.instant)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == """
                From: meterbook@vendor.example
                To: "Monsoon Traders" <billing@example.com>
                Subject: 80% are used
                Date: Sat, 21 Nov 2026 12:34:56 +0000
                Message-ID: <\(Self.id)@vendor.example>
                Auto-Submitted: auto-generated
                MIME-Version: 1.0
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: 8bit

                Hello

                Bye

                """.replacingOccurrences(of: "\n", with: "\r\n"))
    }

    private static let hostile = [
        "a\r\nBcc: victim@example.net", "a\nTo: victim@example.net", "a\rb", "a\u{0}b", "\"quoted\" \\ name", "\\",
        "Ünïcödé 株式会社テスト 🧾", "=?UTF-8?B?Qg==?=", "a <victim@example.net>, b", "(comment)", ", ; : @ < >",
        String(repeating: "Very ", count: 40), String(repeating: "長", count: 300), "\u{2028}x\u{85}y", "\u{202E}evil",
        String(repeating: "\"", count: 200),
    ]

    @Test("Whatever a name, a subject or a text holds, no field and no recipient is added", arguments: hostile)
    func outside(text: String) throws {
        for from in [EmailAddress("meterbook@vendor.example"), nil] {
            let notice = try Self.notice(name: text, subject: text, text: text)
            let bytes = NoticeMessage.bytes(notice, from: from, sentAt: Self.instant)
            let (fields, lines, _) = try Self.read(bytes)
            #expect(Set(fields.keys) == (from == nil ? Self.names.subtracting(["From"]) : Self.names))
            for line in lines {
                let isPrintable = line.utf8.allSatisfy { (0x20...0x7E).contains($0) }
                #expect(isPrintable)
                #expect(line.utf8.count <= 78)
            }
            let to = try #require(fields["To"])
            #expect(to.hasSuffix("<billing@example.com>"))
            let phrase = to.dropLast("<billing@example.com>".count).trimmingCharacters(in: .whitespaces)
            if phrase.hasPrefix("\"") {
                // Within the quotes no quote stands unescaped.
                let inner = phrase.dropFirst().dropLast().replacingOccurrences(of: "\\\\", with: "")
                    .replacingOccurrences(of: "\\\"", with: "")
                #expect(!inner.contains("\"") && !inner.contains("\\"))
            } else {
                #expect(try Self.decoded(phrase) == text)
            }
            let subject = try #require(fields["Subject"])
            if subject != text { #expect(try Self.decoded(subject) == text) }
            // A body has lines that end with CR LF, and no other CR, LF or NUL.
            let raw = bytes.map { $0 }
            for (index, byte) in raw.enumerated() {
                if byte == 10 { #expect(index > 0 && raw[index - 1] == 13) }
                if byte == 13 { #expect(index + 1 < raw.count && raw[index + 1] == 10) }
                #expect(byte != 0)
            }
        }
    }

    @Test("An address that is none, though it stands in the books, is not written to")
    func badAddress() throws {
        for email in ["a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "", "a b@c.example"] {
            let notice = try Self.notice(email: email)
            let (fields, _, _) = try Self.read(NoticeMessage.bytes(notice, from: nil, sentAt: Self.instant))
            #expect(fields["To"] == "undisclosed-recipients:;")
        }
        let none = try Self.read(NoticeMessage.bytes(try Self.notice(email: nil), from: nil, sentAt: Self.instant))
        #expect(none.fields["To"] == "undisclosed-recipients:;")
    }

    @Test("A line that is too long for a mail is quoted, and says the same")
    func longLines() throws {
        let text = "Hello \(String(repeating: "ü=", count: 400)) end \nnext\t\n.\n"
        let (fields, _, body) = try Self.read(
            NoticeMessage.bytes(try Self.notice(text: text), from: nil, sentAt: Self.instant))
        #expect(fields["Content-Transfer-Encoding"] == "quoted-printable")
        for line in body.components(separatedBy: "\r\n") {
            #expect(line.utf8.count <= 76)
            #expect(line.last != " " && line.last != "\t")
        }
        // RFC 2045, 6.7, read by its rules.
        let joined = body.replacingOccurrences(of: "=\r\n", with: "")
        var bytes: [UInt8] = []
        var rest = Array(joined.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "="), let number = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(number)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        #expect(String(decoding: bytes, as: UTF8.self) == text.replacingOccurrences(of: "\n", with: "\r\n") + "\r\n")
    }

    @Test(
        "Dates are those of RFC 5322, in UTC",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 +0000"), (951_782_399_999_999, "Mon, 28 Feb 2000 23:59:59 +0000"),
            (951_782_400_000_000, "Tue, 29 Feb 2000 00:00:00 +0000"), (-1, "Wed, 31 Dec 1969 23:59:59 +0000"),
        ] as [(Int64, String)])
    func dates(instant: Int64, text: String) throws {
        let (fields, _, _) = try Self.read(NoticeMessage.bytes(try Self.notice(), from: nil, sentAt: instant))
        #expect(fields["Date"] == text)
    }

    @Test("As an event it is one JSON object of CloudEvents 1.0, the same bytes every time")
    func event() throws {
        let notice = try Self.notice(name: "A \"b\"\r\n\u{0}", subscription: "s/1")
        let bytes = NoticeEvent.bytes(notice, vendor: "appseconnect")
        #expect(NoticeEvent.bytes(notice, vendor: "appseconnect") == bytes)
        let event = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        #expect(event["specversion"] as? String == "1.0")
        #expect(event["id"] as? String == Self.id)
        #expect(event["source"] as? String == "/meterbook/appseconnect")
        #expect(event["type"] as? String == "meterbook.notice.usage_alert")
        #expect(event["subject"] as? String == "s/1")
        let data = try #require(event["data"] as? [String: Any])
        #expect(data["customer_name"] as? String == "A \"b\"\r\n\u{0}")
        #expect(data["threshold"] as? Int == 80)
        #expect(data["email"] == nil)
    }

    @Test("A template's values never make a second line of a subject, and no control character reaches a text")
    func words() throws {
        let values = ["customer": "A\r\nBcc: x", "percent": "80", "meter": "Orders\u{0}", "counted": "{{customer}}"]
        let draft = NoticeDraft(
            customerID: 1, subscriptionID: 1, kind: .usageAlert, topic: "p.orders",
            periodStart: try #require(CivilDate("2026-11-01")), threshold: 80, values: values)
        let terms = NoticeTerms(templates: [
            .usageAlert: NoticeTemplate(
                subject: "{{customer}} {{percent}} {{meter}}", text: "<{{customer}}>\n{{counted}} & {{left}}")
        ])
        let words = NoticeWording.words(draft, terms)
        #expect(words.subject == "A  Bcc: x 80 Orders ")
        #expect(words.text == "<A \nBcc: x>\n{{customer}} & ")
    }
}
