import Billing
import Deployment
import Testing

@Suite("Job files")
struct JobReaderTests {
    private func read(_ text: String) throws -> JobDefinition {
        try JobReader.read(text: text, file: "job.yaml").get()
    }

    private func mistakes(_ text: String) -> [String] {
        guard case .failure(let found) = JobReader.read(text: text, file: "job.yaml") else { return [] }
        return found.all.map(\.description)
    }

    @Test("A job has its steps in order, with what their failures mean")
    func whole() throws {
        let job = try read(
            """
            job: by_hour
            about: Reads and warns.
            schedule: {cron: "5 6-22  * * *", zone: Europe/Berlin}
            options: {workers: 4, batch: 100}
            steps:
              - pull: {source: shops, on_failure: go_on}
              - pull: {source: orders}
              - meter
              - close: {on_failure: stop}
              - deliver: {webhook: https://h.example/x, secret_file: /run/s, attempts: 3}
            """)
        #expect(
            job
                == JobDefinition(
                    name: "by_hour", about: "Reads and warns.",
                    schedule: .init(cron: try CronSchedule("5 6-22 * * *"), zone: "Europe/Berlin"), workers: 4,
                    batch: 100,
                    steps: [
                        .init(.pull(source: "shops"), onFailure: .goOn), .init(.pull(source: "orders")), .init(.meter),
                        .init(.close),
                        .init(
                            .deliver(
                                .init(carrier: .webhook("https://h.example/x", secretFile: "/run/s"), attempts: 3))),
                    ]))
        let window = try read(
            "job: b\nsteps: [{pull: {chunk: 10 days, source: x}}, {pull: {chunk: week}}]\nwindow: required")
        #expect(window.takesWindow)
        #expect(window.steps.map(\.work) == [.pull(source: "x", chunk: .days(10)), .pull(source: nil, chunk: .week)])
        let mail = try read("job: b\nsteps: [{deliver: {sendmail: /usr/sbin/sendmail, from: a@b.example}}]")
        #expect(
            mail.steps.map(\.work) == [
                .deliver(.init(carrier: .sendmail("/usr/sbin/sendmail", from: EmailAddress("a@b.example"))))
            ])
    }

    @Test(
        "A mistake is named with its place, what was found, and what is expected",
        arguments: [
            ("job: n\nsteps: [close, pull]", "job.yaml:2:16: steps[1]: found 'pull' after 'close'"),
            ("job: n\nsteps: [close, close]", "job.yaml:2:16: steps[1]: found 'close' twice"),
            ("job: n\nsteps: [colse]", "did you mean 'close'?"),
            ("job: n\nsteps: [{pull: {}, close: {}}]", "found 'pull' and 'close'"),
            ("job: n\nsteps: [{pull: {sources: x}}]", "'sources'"),
            ("job: n\nsteps: [{close: {source: x}}]", "'source'"),
            ("job: n\nsteps: [deliver]", "expected deliver with one of"),
            ("job: n\nsteps: [{deliver: {directory: a, webhook: b}}]", "expected deliver with one of"),
            ("job: n\nsteps: [{deliver: {webhook: b, secret_file: ''}}]", "secret_file"),
            ("job: n\nsteps: [{deliver: {directory: b, secret_file: c}}]", "belongs to 'webhook'"),
            ("job: n\nsteps: [{deliver: {sendmail: b, from: nobody}}]", "expected one mail address"),
            ("job: n\nsteps: [{pull: {on_failure: ignore}}]", "'ignore'"),
            ("job: n\nsteps: [{pull: {chunk: week}}]", "'window: required'"),
            ("job: n\nwindow: required\nsteps: [{pull: {chunk: moon}}]", "'moon'"),
            ("job: n\nsteps: []", "steps"),
            ("job: n\nschedule: {cron: '0 2 * *'}\nsteps: [close]", "found '0 2 * *' with 4 fields, expected five"),
            ("job: n\nschedule: {cron: '0 25 * * *'}\nsteps: [close]", "found '25' for the hour"),
            ("job: n\nschedule: {cron: '0 2 1 * 1'}\nsteps: [close]", "a day of the month and a day of the week"),
            ("job: n\nschedule: {cron: '0 2 30 2 *'}\nsteps: [close]", "a day that no year has"),
            ("job: n\nschedule: {cron: '0 2 * * *', zone: \"Berlin\\\"\"}\nsteps: [close]", "a time zone"),
            ("job: n\nschedule: {cron: '0 2 * * *', zone: Europe/Berlinn}\nsteps: [close]", "a time zone"),
            ("job: n\nschedule: {zone: UTC}\nsteps: [close]", "cron"),
            ("job: n\nwindow: maybe\nsteps: [close]", "'maybe'"),
            ("job: n\noptions: {workers: 65}\nsteps: [close]", "65"),
            ("job: n\noptions: {workers: 0}\nsteps: [close]", "0"),
            ("job: 1 2\nsteps: [close]", "'1 2'"), ("steps: [close]", "job"), ("job: n", "steps"),
            ("", "job.yaml:1:1"), ("- a", "a mapping with 'job' and 'steps'"),
        ])
    func mistake(text: String, says: String) {
        let found = mistakes(text)
        #expect(found.contains { $0.contains(says) }, "\(found)")
        #expect(found.allSatisfy { $0.hasPrefix("job.yaml:") }, "\(found)")
    }

    @Test("Several mistakes are listed together")
    func several() {
        #expect(mistakes("job: 1 2\nschedule: {cron: x}\nwindow: maybe\nsteps: [colse, deliver]").count == 5)
    }
}
