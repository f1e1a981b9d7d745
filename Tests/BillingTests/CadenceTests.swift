import Billing
import Testing

@Suite("A cadence")
struct CadenceTests {
    @Test("Words and multiples are read, and written in the shortest way")
    func reading() {
        let table: [(String, Cadence, String)] = [
            ("day", .days(1), "day"), ("week", .days(7), "week"), ("month", .months(1), "month"),
            ("quarter", .months(3), "quarter"), ("half_year", .months(6), "half_year"), ("year", .months(12), "year"),
            ("2 months", .months(2), "2 months"), ("10 days", .days(10), "10 days"), ("4 weeks", .days(28), "4 weeks"),
            ("7 days", .days(7), "week"), ("3 months", .months(3), "quarter"), ("12 months", .months(12), "year"),
            ("2 quarters", .months(6), "half_year"), ("2 half_years", .months(12), "year"),
            ("2 years", .months(24), "2 years"),
            ("100 years", .months(1_200), "100 years"), ("36600 days", .days(36_600), "36600 days"),
            ("5228 weeks", .days(36_596), "5228 weeks"), ("1200 months", .months(1_200), "100 years"),
        ]
        for (text, cadence, written) in table {
            #expect(Cadence(text) == cadence)
            #expect(cadence.description == written)
            #expect(Cadence(written) == cadence)
        }
    }

    @Test("Every cadence within the limits reads back from its text")
    func roundTrip() {
        for days in 1...Cadence.longestDays where Cadence(Cadence.days(days).description) != .days(days) {
            Issue.record("\(days) days")
        }
        for months in 1...Cadence.longestMonths where Cadence(Cadence.months(months).description) != .months(months) {
            Issue.record("\(months) months")
        }
    }

    @Test(
        "Anything else is refused",
        arguments: [
            "", " ", "month ", " month", " months", "months", "Month", "monthly", "1 month", "1 months", "2 month",
            "0 days",
            "-1 months", "-2 months", "+2 months", "2  months", "2 months ", "2\tmonths", "2months", "two months",
            "2.5 months",
            "1e3 days", "0x10 days", "٢ months", "２ months", "2 Months", "2 halves", "99999999999999999999 months",
            "9223372036854775807 days", "9223372036854775808 years", "-9223372036854775808 years", "36601 days",
            "1201 months",
            "101 years", "5229 weeks", "2 months 3", "half-year", "month\0", "2 month s", "2 _months",
        ])
    func hostile(text: String) {
        #expect(Cadence(text) == nil)
    }

    @Test("A multiple has whole parts of the same kind")
    func multiples() {
        #expect(Cadence.year.isMultiple(of: .month))
        #expect(Cadence.year.isMultiple(of: .quarter))
        #expect(Cadence.month.isMultiple(of: .month))
        #expect(Cadence.days(28).isMultiple(of: .week))
        #expect(!Cadence.month.isMultiple(of: .year))
        #expect(!Cadence.months(5).isMultiple(of: .months(2)))
        #expect(!Cadence.month.isMultiple(of: .day))
        #expect(!Cadence.days(30).isMultiple(of: .month))
        #expect(!Cadence.month.isMultiple(of: .months(0)))
        #expect(!Cadence.months(0).isMultiple(of: .month))
    }
}
