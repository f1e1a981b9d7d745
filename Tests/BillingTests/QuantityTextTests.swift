import Billing
import Testing

@Suite("Typed-in quantities")
struct QuantityTextTests {
    @Test(
        "A quantity is read as it is written, in the meter's smallest part",
        arguments: [
            ("0", 0, 0), ("12000", 0, 12_000), ("-0", 0, 0), ("007", 0, 7), ("12.5", 1, 125), ("12", 1, 120),
            ("0.25", 2, 25), ("3.1", 3, 3_100), ("1000000000000000", 0, 1_000_000_000_000_000),
        ] as [(String, Int, Int64)])
    func sound(text: String, places: Int, value: Int64) throws {
        #expect(try QuantityText.parse(text.utf8, places: places) == value)
    }

    @Test(
        "What is no quantity is refused with its reason",
        arguments: [
            ("", 0, .notANumber), ("-", 0, .notANumber), (".5", 1, .notANumber), ("5.", 1, .notANumber),
            ("1e3", 0, .notANumber), ("1,000", 0, .notANumber), ("+1", 0, .notANumber), (" 1", 0, .notANumber),
            ("1.2.3", 2, .notANumber), ("--1", 0, .notANumber), ("٣", 0, .notANumber), ("-5", 0, .negative),
            ("-0.5", 1, .negative), ("12.5", 0, .tooManyPlaces(limit: 0)), ("12.0", 0, .tooManyPlaces(limit: 0)),
            ("0.125", 2, .tooManyPlaces(limit: 2)), ("1000000000000001", 0, .tooLarge),
            ("99999999999999999999999", 0, .tooLarge), ("99999999999999999999999", 6, .tooLarge),
        ] as [(String, Int, QuantityText.Mistake)])
    func refused(text: String, places: Int, mistake: QuantityText.Mistake) {
        #expect(throws: mistake) { try QuantityText.parse(text.utf8, places: places) }
    }
}
