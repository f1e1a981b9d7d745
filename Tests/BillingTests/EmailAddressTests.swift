import Billing
import Testing

@Suite("Mail addresses")
struct EmailAddressTests {
    private static let label = String(repeating: "a", count: 63)

    @Test(
        "What every mail system takes is taken",
        arguments: [
            "a@b.example", "billing@example.com", "Anna.O'Neil+meterbook@mail.example.co.uk",
            "_x~!#$%&*/=?^`{|}-@a-b.example",
            String(repeating: "a", count: 64) + "@example.com", "a@\(label).\(label).\(label).example",
            "a@xn--bcher-kva.example", "7@7.example7",
        ])
    func sound(text: String) { #expect(EmailAddress(text)?.text == text) }

    @Test(
        "Everything else is not, whatever the standards allow",
        arguments: [
            "", "@", "a", "a@", "@b.example", "a@b", "a@@b.example", "a@b@c.example", ".a@b.example", "a.@b.example",
            "a..b@c.example", "a@.b.example", "a@b..example", "a@b.example.", "a@-b.example", "a@b-.example",
            "a b@c.example", " a@b.example", "a@b.example ", "\"a b\"@c.example", "a@[127.0.0.1]", "a@127.0.0.1",
            "Anna <a@b.example>", "a@b.example, c@d.example", "a@b.example;c@d.example",
            "a@b.example\r\nBcc: c@d.example",
            "a\u{0}@b.example", "a@b.example\n", "ä@b.example", "a@bücher.example", "(x)a@b.example", "-f@b.example",
            "a\\@b.example", "a,b@c.example", "a:b@c.example", "<a@b.example>", "a@b_c.example",
            String(repeating: "a", count: 65) + "@b.example", "a@\(label)a.example",
            "a@\(label).\(label).\(label).\(label).example",
        ])
    func refused(text: String) { #expect(EmailAddress(text) == nil) }
}
