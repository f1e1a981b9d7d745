import Foundation
import TestSupport
import Testing

/// Notices as webhooks, at a receiver that checks the signatures by itself.
@Suite("Webhooks", .enabled(if: Receiver.python != nil))
struct WebhookTests {
    /// Notices at 50% and 100% for each subscription.
    private static func deploy(_ books: Books, _ keys: [String] = ["northwind"], counts: Int = 100) throws {
        try books.deployAlerts(keys, "allowance: 100, alerts: [50, 100], unit_price: 1")
        try books.write(keys.map { Count("2022-01-05", counts, account: "\($0)-store") }, to: "all.csv")
        try books.job("nightly", "--as-of", "2022-01-10")
        try books.sql("DELETE FROM meterbook.customer_contact")
    }

    private static func deliver(_ books: Books, _ receiver: Receiver, _ words: String...) throws -> Program.Outcome {
        try Program.meterbook.run(
            [
                "notice", "deliver", "--as-of", "2022-01-10", "--database", books.conninfo(for: ["notice", "deliver"]),
                "--webhook",
                receiver.url, "--secret-file", receiver.secretFile,
            ] + words)
    }

    private static func hurry(_ books: Books) throws {
        try books.sql("UPDATE meterbook.notice SET next_attempt_at = NULL WHERE status = 'pending'")
    }

    @Test("Each notice is a signed CloudEvent under its id, also for a customer without an address")
    func delivered() async throws {
        try await withBooks { books in
            try Self.deploy(books)
            let receiver = try Receiver(books.folder)
            let outcome = try Self.deliver(books, receiver)
            #expect(outcome.code == 0, "\(outcome.errors)\(outcome.output)")
            let received = try receiver.received()
            #expect(try received.map { try $0.flag("signed") } == [true, true])
            #expect(try received.map { try $0.text("path") } == ["/hooks?token=t0p", "/hooks?token=t0p"])
            let notices = try books.notices("delivered")
            for (notice, request) in zip(notices, received) {
                let event = try request.object("event")
                #expect(try event.text("id") == notice.text("id"))
                #expect(try request.text("header") == notice.text("id"))
                #expect(try event.text("specversion") == "1.0")
                #expect(try event.text("source") == "/meterbook/shop")
                #expect(try event.text("type") == "meterbook.notice.usage_alert")
                let data = try event.object("data")
                #expect(try data.number("threshold") == notice.number("threshold"))
                #expect(try data.text("text") == notice.text("text"))
            }
            #expect(notices.count == 2)
            #expect(try Self.deliver(books, receiver).code == 0)
            #expect(try receiver.received().count == 2)
        }
    }

    @Test(
        "Whatever is no success is tried again, in order, and without its URL in what is kept",
        arguments: [
            ("500", "HTTP 500"), ("404", "HTTP 404"), ("400", "HTTP 400"), ("302 Location=/elsewhere", "HTTP 302"),
            ("hang-up", "no answer"),
        ])
    func failing(answer: String, reason: String) async throws {
        try await withBooks { books in
            try Self.deploy(books)
            let receiver = try Receiver(books.folder)
            try receiver.answer(answer)
            #expect(try Self.deliver(books, receiver).code == 75)
            let pending = try books.notices("pending")
            #expect(try pending.map { try $0.number("attempts") } == [1, 0])
            #expect(try pending[0].text("last_error").hasPrefix(reason))
            #expect(try !pending[0].text("last_error").contains("t0p"))
            try receiver.answer("204")
            try Self.hurry(books)
            #expect(try Self.deliver(books, receiver).code == 0)
            let thresholds = try receiver.received().map { try $0.object("event").object("data").number("threshold") }
            #expect(thresholds.suffix(2) == [50, 100])
            #expect(try receiver.received().allSatisfy { try $0.flag("signed") && $0.text("path").hasPrefix("/hooks") })
        }
    }

    @Test("A receiver that asks for a pause gets it, and the others wait as well")
    func pause() async throws {
        try await withBooks { books in
            try Self.deploy(books, ["northwind", "harbor"])
            let receiver = try Receiver(books.folder)
            try receiver.answer("429 Retry-After=7200")
            let outcome = try Self.deliver(books, receiver, "--json")
            #expect(outcome.code == 75)
            #expect(try JSON(outcome.output).text("stopped").contains("429"))
            #expect(try receiver.received().count == 1)
            // Two hours from then on: the delivery came after the run that wrote the notices.
            #expect(
                try books.sql(
                    """
                    SELECT count(*) FROM meterbook.notice
                    WHERE attempts = 1 AND next_attempt_at > (SELECT max(ended_at) FROM meterbook.run) + interval '2 hours'
                    """) == "1")
            #expect(try books.notices("pending").count == 4)
        }
    }

    @Test("A receiver that is gone is left alone: one notice is given up, the others stay")
    func gone() async throws {
        try await withBooks { books in
            try Self.deploy(books, ["northwind", "harbor"])
            let receiver = try Receiver(books.folder)
            try receiver.answer("410")
            #expect(try Self.deliver(books, receiver).code == 65)
            #expect(try receiver.received().count == 1)
            #expect(try books.notices("dead").count == 1)
            #expect(try books.notices("pending").map { try $0.number("attempts") } == [0, 0, 0])
        }
    }

    @Test("Where nobody answers, a few attempts suffice to see it")
    func silent() async throws {
        try await withBooks { books in
            try Self.deploy(books, (0..<8).map { "customer-\($0)" }, counts: 50)
            let receiver = try Receiver(books.folder)
            try receiver.answer("hang-up")
            let outcome = try Self.deliver(books, receiver, "--json", "--attempts", "1")
            #expect(outcome.code == 65)
            #expect(try JSON(outcome.output).number("dead") == 5)
            #expect(try books.notices("pending").count == 3)
        }
    }
}
