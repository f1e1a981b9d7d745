import Connectors
import Testing

@Suite("When a request is sent again")
struct RetryPlanTests {
    @Test("A pause lies between a half and all of one that doubles, up to a minute")
    func backOff() {
        var generator = SeededGenerator(seed: SeededGenerator.freshSeed("back-off"))
        // Seconds before the second, third … try; 64 is more than a minute.
        let whole = [1, 2, 4, 8, 16, 32, 60, 60, 60]
        for (place, seconds) in whole.enumerated() {
            for _ in 0..<200 {
                let pause = RetryPlan.backOff(before: place + 2, first: .seconds(1), using: &generator)
                #expect(pause >= .milliseconds(seconds * 500) && pause <= .seconds(seconds))
            }
        }
        let far = RetryPlan.backOff(before: .max, first: .seconds(1), using: &generator)
        #expect(far <= .seconds(60))
    }

    @Test("Pauses differ, so that those who failed together do not come back together")
    func jitter() {
        var generator = SeededGenerator(seed: SeededGenerator.freshSeed("jitter"))
        let pauses = (0..<50).map { _ in RetryPlan.backOff(before: 5, first: .seconds(1), using: &generator) }
        #expect(Set(pauses).count > 10)
    }

    @Test(
        "A pause is asked for in seconds, or by a time that is reckoned from the answer's own",
        arguments: [
            ("120", nil, 120), ("0", nil, 0), ("99999999999999999999", nil, Int64.max), ("", nil, nil),
            ("-1", nil, nil), ("1.5", nil, nil), ("soon", nil, nil),
            // Without the answer's time a clock would be needed.
            ("Sun, 06 Nov 1994 08:49:37 GMT", nil, nil),
            ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:48:37 GMT", 60),
            ("Mon, 07 Nov 1994 00:00:00 GMT", "Sun, 06 Nov 1994 23:59:59 GMT", 1),
            ("Fri, 01 Mar 2024 00:00:00 GMT", "Wed, 28 Feb 2024 00:00:00 GMT", 172_800),
            ("Sun, 06 Nov 1994 08:49:37 GMT", "Mon, 07 Nov 1994 08:49:37 GMT", 0),
            ("Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", nil),
            ("Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", nil),
            ("Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", nil),
        ] as [(String, String?, Int64?)])
    func retryAfter(text: String, date: String?, seconds: Int64?) {
        #expect(RetryPlan.retryAfter(text, date: date) == seconds)
    }
}
