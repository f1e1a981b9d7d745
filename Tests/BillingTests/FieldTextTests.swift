import Billing
import Testing
import TestSupport

/// What a rule made of a field: the value as text, or the reason against it.
private func outcome<Value>(
    _ bytes: [UInt8], _ read: (UnsafeRawBufferPointer?) throws(RejectReason) -> Value
) -> Result<String, RejectReason> {
    bytes.withUnsafeBytes { buffer in
        do throws(RejectReason) { return .success("\(try read(buffer))") } catch { return .failure(error) }
    }
}

private typealias Row = (text: String, outcome: Result<String, RejectReason>)

@Suite("A field of a delivered row")
struct FieldTextTests {
    @Test("A quantity is a whole number from 0 to a trillion, in digits")
    func quantity() {
        let table: [Row] = [
            ("0", .success("0")), ("1", .success("1")), ("42", .success("42")), ("007", .success("7")),
            ("-0", .success("0")),
            ("1000000000000", .success("1000000000000")), ("0000000000000000000000005", .success("5")),
            ("", .failure(.emptyField)), (" ", .failure(.surroundingSpace)), (" 1", .failure(.surroundingSpace)),
            ("1 ", .failure(.surroundingSpace)), ("1\n", .failure(.surroundingSpace)),
            ("\t1", .failure(.surroundingSpace)),
            ("1\r", .failure(.surroundingSpace)), (" -5 ", .failure(.surroundingSpace)),
            (" x", .failure(.surroundingSpace)),
            ("-", .failure(.invalidNumber)), ("--1", .failure(.invalidNumber)), ("+1", .failure(.invalidNumber)),
            ("1e3", .failure(.invalidNumber)), ("1E3", .failure(.invalidNumber)), ("1,000", .failure(.invalidNumber)),
            ("1 000", .failure(.invalidNumber)), ("1_000", .failure(.invalidNumber)),
            ("0x10", .failure(.invalidNumber)),
            ("abc", .failure(.invalidNumber)), ("12x", .failure(.invalidNumber)), (".5", .failure(.invalidNumber)),
            ("5.", .failure(.invalidNumber)), (".", .failure(.invalidNumber)), ("1.2.3", .failure(.invalidNumber)),
            ("1.5x", .failure(.invalidNumber)), ("1.5e3", .failure(.invalidNumber)), ("NaN", .failure(.invalidNumber)),
            ("null", .failure(.invalidNumber)), ("٣", .failure(.invalidNumber)), ("１", .failure(.invalidNumber)),
            ("1\0", .failure(.invalidNumber)), ("−1", .failure(.invalidNumber)), ("1-", .failure(.invalidNumber)),
            ("12.5", .failure(.fractionalQuantity)), ("12.0", .failure(.fractionalQuantity)),
            ("0.0", .failure(.fractionalQuantity)),
            // Wrong twice: the earlier reason is reported.
            ("-12.5", .failure(.fractionalQuantity)), ("-1x", .failure(.invalidNumber)),
            ("99999999999999999999.5", .failure(.fractionalQuantity)),
            ("99999999999999999999x", .failure(.invalidNumber)),
            ("-1", .failure(.negativeQuantity)), ("-9223372036854775808", .failure(.negativeQuantity)),
            ("-99999999999999999999999999", .failure(.negativeQuantity)),
            ("1000000000001", .failure(.quantityOutOfRange)), ("9223372036854775807", .failure(.quantityOutOfRange)),
            ("9223372036854775808", .failure(.quantityOutOfRange)),
            ("18446744073709551617", .failure(.quantityOutOfRange)),
            ("99999999999999999999999999999999999999999999", .failure(.quantityOutOfRange)),
        ]
        for (text, expected) in table {
            #expect(outcome(Array(text.utf8), FieldText.quantity) == expected, "'\(text)'")
        }
        #expect(throws: RejectReason.missingField) { () throws in try FieldText.quantity(nil) }
    }

    @Test("A quantity may have the decimal places of its meter, and becomes a whole number of their parts")
    func places() {
        let table: [(String, Int, Result<String, RejectReason>)] = [
            ("12.5", 2, .success("1250")), ("12", 2, .success("1200")), ("0.01", 2, .success("1")),
            ("12.50", 2, .success("1250")), ("12.500", 2, .failure(.fractionalQuantity)),
            ("0.000001", 6, .success("1")), ("1000000000000", 6, .success("1000000000000000000")),
            ("1000000000000.000001", 6, .failure(.quantityOutOfRange)), ("-0.00", 2, .success("0")),
            ("-0.01", 2, .failure(.negativeQuantity)), ("9999999999999.5", 1, .failure(.quantityOutOfRange)),
            ("99999999999999999999999999", 6, .failure(.quantityOutOfRange)), (".5", 1, .failure(.invalidNumber)),
            ("5.", 1, .failure(.invalidNumber)), ("1.2.3", 6, .failure(.invalidNumber)),
            ("1.2345678x", 6, .failure(.invalidNumber)), ("1,5", 1, .failure(.invalidNumber)),
        ]
        for (text, places, expected) in table {
            let found = outcome(Array(text.utf8)) { bytes throws(RejectReason) in
                try FieldText.quantity(bytes, places: places)
            }
            #expect(found == expected, "'\(text)' with \(places) places")
        }
    }

    @Test("An instant has an offset, or is the time of a local clock")
    func instants() throws {
        // 2021-02-10 is day 18,668 since 1970-01-01.
        let noon = Int64(18_668) * 86_400_000_000 + 12 * 3_600_000_000
        let table: [(String, Int64, Bool)] = [
            ("2021-02-10T12:00:00Z", noon, false), ("2021-02-10t12:00:00z", noon, false),
            ("2021-02-10 12:00", noon, true), ("2021-02-10T12:00:00", noon, true),
            ("2021-02-10T13:00:00+01:00", noon, false), ("2021-02-10T07:00:00-05:00", noon, false),
            ("2021-02-11T01:30:00+13:30", noon, false), ("2021-02-10T12:00:00.000001Z", noon + 1, false),
            ("2021-02-10T12:00:00.5", noon + 500_000, true),
            // As PostgreSQL writes them.
            ("2021-02-10 12:00:00+00", noon, false), ("2021-02-10 07:00:00.000001-05", noon + 1, false),
        ]
        for (text, microseconds, isLocal) in table {
            let found = try Array(text.utf8).withUnsafeBytes { try FieldText.instant($0) }
            #expect(found == WrittenInstant(microseconds: microseconds, isLocal: isLocal), "'\(text)'")
            #expect(found.day == day("2021-02-10"))
        }
        let wrong: [(String, RejectReason)] = [
            ("", .emptyField), (" 2021-02-10T12:00Z", .surroundingSpace), ("2021-02-10", .invalidInstant),
            ("2021-02-30T12:00:00Z", .invalidInstant), ("2021-02-10T24:00:00Z", .invalidInstant),
            ("2021-02-10T12:60:00Z", .invalidInstant), ("2021-02-10T12:00:60Z", .invalidInstant),
            ("2021-02-10T12:00:00.Z", .invalidInstant), ("2021-02-10T12:00:00.0000001Z", .invalidInstant),
            ("2021-02-10T12:00:00+1", .invalidInstant), ("2021-02-10T12:00:00+0100", .invalidInstant),
            ("2021-02-10T12:00:00+", .invalidInstant), ("2021-02-10T12:00:00+24", .invalidInstant),
            ("2021-02-10T12:00:00+01:", .invalidInstant), ("2021-02-10T12:00:00+01x", .invalidInstant),
            ("2021-02-10T12:00:00Zx", .invalidInstant), ("2021-02-10x12:00:00Z", .invalidInstant),
            ("1989-12-31T12:00:00Z", .dateOutOfRange), ("2200-01-01T00:00:00Z", .dateOutOfRange),
        ]
        for (text, reason) in wrong {
            #expect(throws: reason, "'\(text)'") {
                () throws in _ = try Array(text.utf8).withUnsafeBytes { try FieldText.instant($0) }
            }
        }
    }

    @Test("A day is YYYY-MM-DD from 1990 to 2199")
    func dayField() {
        let table: [Row] = [
            ("2022-02-01", .success("2022-02-01")), ("2024-02-29", .success("2024-02-29")),
            ("1990-01-01", .success("1990-01-01")),
            ("2199-12-31", .success("2199-12-31")), ("", .failure(.emptyField)),
            (" 2022-02-01", .failure(.surroundingSpace)),
            ("2022-02-01 ", .failure(.surroundingSpace)), ("2022-02-01\r", .failure(.surroundingSpace)),
            ("\n", .failure(.surroundingSpace)),
            ("2023-02-29", .failure(.invalidDate)), ("2022-13-01", .failure(.invalidDate)),
            ("2022-00-01", .failure(.invalidDate)),
            ("2022-02-30", .failure(.invalidDate)), ("2022-2-1", .failure(.invalidDate)),
            ("01.02.2022", .failure(.invalidDate)),
            ("02/01/2022", .failure(.invalidDate)), ("20220201", .failure(.invalidDate)),
            ("2022-02-01T00:00:00Z", .failure(.invalidDate)),
            ("2022-02-0١", .failure(.invalidDate)), ("today", .failure(.invalidDate)),
            ("0000-01-01", .failure(.invalidDate)),
            ("-022-02-01", .failure(.invalidDate)), ("2022-02- 1", .failure(.invalidDate)),
            ("\u{A0}2022-02-0", .failure(.invalidDate)),
            ("1989-12-31", .failure(.dateOutOfRange)), ("2200-01-01", .failure(.dateOutOfRange)),
            ("0001-01-01", .failure(.dateOutOfRange)),
            ("9999-12-31", .failure(.dateOutOfRange)),
        ]
        for (text, expected) in table { #expect(outcome(Array(text.utf8), FieldText.day) == expected, "'\(text)'") }
        #expect(throws: RejectReason.missingField) { () throws in try FieldText.day(nil) }
    }

    @Test("A key is text of 1 to 200 bytes without control characters and without white space around it")
    func key() {
        let long = String(repeating: "k", count: 200)
        let accents = String(repeating: "é", count: 100)
        let table: [Row] = [
            ("shop-1", .success("shop-1")), ("a", .success("a")), ("two words", .success("two words")),
            ("Größe", .success("Größe")),
            ("店", .success("店")), ("👩‍👩‍👧", .success("👩‍👩‍👧")), ("-", .success("-")), ("0", .success("0")),
            (long, .success(long)), (accents, .success(accents)), ("", .failure(.emptyField)),
            (long + "k", .failure(.fieldTooLong)),
            (accents + "é", .failure(.fieldTooLong)), ("a\tb", .failure(.controlCharacter)),
            ("a\nb", .failure(.controlCharacter)),
            ("a\0b", .failure(.controlCharacter)), ("\u{7F}", .failure(.controlCharacter)),
            ("\u{1B}[31m", .failure(.controlCharacter)),
            ("a\u{85}b", .failure(.controlCharacter)), ("a\u{9F}", .failure(.controlCharacter)),
            ("\r\n", .failure(.controlCharacter)),
            (" a", .failure(.surroundingSpace)), ("a ", .failure(.surroundingSpace)),
            (" ", .failure(.surroundingSpace)),
            ("\u{A0}a", .failure(.surroundingSpace)), ("a\u{3000}", .failure(.surroundingSpace)),
            ("a\u{2028}", .failure(.surroundingSpace)),
            // Wrong twice: the earlier reason is reported.
            (" " + long, .failure(.fieldTooLong)), ("\0" + long, .failure(.fieldTooLong)),
            (" a\0", .failure(.controlCharacter)),
            ("\ta", .failure(.controlCharacter)),
        ]
        for (text, expected) in table { #expect(outcome(Array(text.utf8), FieldText.key) == expected, "'\(text)'") }
        #expect(throws: RejectReason.missingField) { () throws in try FieldText.key(nil) }
    }

    @Test("Whatever the bytes are, the outcome is a value that obeys the rule or a reason")
    func randomBytes() {
        var random = SeededGenerator()
        let likely = Array("0123456789-.+eE \t\n,2022-02-01".utf8) + [0, 0x7F, 0x80, 0xC2, 0x85, 0xE3, 0xFF]
        for _ in 0..<30_000 {
            let length = Int.random(in: 0...24, using: &random)
            let bytes = (0..<length).map { _ in
                Bool.random(using: &random)
                    ? likely.randomElement(using: &random) ?? 0 : UInt8.random(in: 0...255, using: &random)
            }
            if case .success(let text) = outcome(bytes, FieldText.quantity) {
                #expect((Int64(text) ?? -1) >= 0)
                #expect(bytes.allSatisfy { (48...57).contains($0) || $0 == 45 })
            }
            if case .success(let text) = outcome(bytes, FieldText.day) { #expect(Array(text.utf8) == bytes) }
            if case .success(let text) = outcome(bytes, FieldText.key) {
                #expect(!text.isEmpty && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
            }
        }
    }
}

@Suite("A reason for rejection")
struct RejectReasonTests {
    @Test("Codes are unique, in small letters and digits, and each says what was expected")
    func codes() {
        #expect(Set(RejectReason.allCases.map(\.rawValue)).count == RejectReason.allCases.count)
        for reason in RejectReason.allCases {
            #expect(reason.rawValue.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 })
            #expect(!reason.expected.isEmpty)
            #expect(RejectReason(rawValue: reason.rawValue) == reason)
        }
    }

    @Test("Precedence goes from the row over the field to what the store knows")
    func precedence() {
        #expect(RejectReason.allCases == RejectReason.allCases.sorted())
        let order: [RejectReason] = [
            .rowTooLong, .wrongFieldCount, .missingField, .emptyField, .fieldTooLong, .controlCharacter,
            .surroundingSpace,
            .invalidDate, .dateOutOfRange, .invalidNumber, .fractionalQuantity, .negativeQuantity, .quantityOutOfRange,
            .futureDay, .unknownMeter, .ambiguousMeter, .unknownAccount, .notAMember, .beyondRetention,
            .conflictingDuplicate,
        ]
        #expect(order == order.sorted())
    }

    @Test("A rejection reads as one line that says where, what was found and what was expected")
    func description() {
        var rejection = Rejection(
            origin: "orders.csv", line: 12, column: 9, field: "day", reason: .invalidDate, found: "2022-02-30",
            expected: RejectReason.invalidDate.expected, row: "")
        #expect(
            rejection.description
                == "orders.csv:12:9: day: found '2022-02-30', expected a day that exists, as YYYY-MM-DD (invalid_date)")
        (rejection.column, rejection.field, rejection.found) = (0, "", "")
        #expect(
            rejection.description
                == "orders.csv:12: nothing found, expected a day that exists, as YYYY-MM-DD (invalid_date)")
    }
}
