import Billing
import Testing

/// The billing page of Extensiv: most carts in use at any one time, billed in arrears, no proration.
@Suite("Extensiv: the most carts on at one time")
struct ExtensivTests {
    private let carts = Meter(
        key: "carts", name: "Carts", aggregate: .peak, unit: UnitName(one: "cart", other: "carts"))

    /// A time of February 2021 in UTC, as `10 12:05`; January's days come as `-1` for the 30th and `0` for the 31st.
    private func at(_ text: String) -> Int64 {
        let parts = text.split(whereSeparator: { $0 == " " || $0 == ":" }).compactMap { Int64($0) }
        let day = Int64(CivilDate(year: 2021, month: 2, day: 1)?.daysSince1970 ?? 0) + parts[0] - 1
        return (day * 1_440 + parts[1] * 60 + parts[2]) * 60_000_000
    }

    private func cart(_ number: Int32, _ on: String, _ off: String?, account: Int64 = 1) -> OnInterval {
        OnInterval(
            source: MeteredChannel(account: account, channel: number), on: at(on), off: off.map(at))
    }

    /// The period from January 28 to February 28.
    private func february(
        _ intervals: [OnInterval], from start: String = "-3 00:00", to end: String = "28 00:00",
        members: [MemberSpan]? = nil
    ) throws -> WindowInput {
        let always = [Int64(1), 2].map {
            MemberSpan(account: $0, starts: day("2020-01-01"), ends: nil, startsAt: 0, endsAt: nil)
        }
        return WindowInput(
            window: try range("2021-01-28", "2021-02-28"), startsAt: at(start), endsAt: at(end),
            members: members ?? always, intervals: intervals)
    }

    @Test(
        "A cart that goes off before the next goes on frees its licence; one that goes on first needs another",
        arguments: [
            ("10 12:00", "10 12:05", 3), ("10 12:00", "10 12:00", 3), ("10 12:00", "10 11:55", 4),
        ] as [(String, String, Int64)])
    func replaced(off: String, on: String, expected: Int64) throws {
        let input = try february([
            cart(1, "-10 09:00", nil), cart(2, "-10 09:00", nil), cart(3, "-10 09:00", off), cart(4, on, nil),
        ])
        let result = try carts.quantity(of: input)
        #expect(result.quantity == expected)
        #expect(result.parts.count == Int(expected))
        #expect(result.parts.allSatisfy { $0.instant == (expected == 4 ? at("10 11:55") : at("-3 00:00")) })
    }

    @Test("A cart that is on the day before the period ends counts in it, and in the next one")
    func lastDay() throws {
        let one = [cart(1, "27 09:00", nil)]
        #expect(try carts.quantity(of: february(one)).quantity == 1)
        #expect(try carts.quantity(of: february(one, from: "28 00:00", to: "56 00:00")).quantity == 1)
    }

    @Test("A cart that is on for a minute counts; one that is off as the period begins does not")
    func minute() throws {
        #expect(try carts.quantity(of: february([cart(1, "5 10:00", "5 10:01")])).quantity == 1)
        #expect(try carts.quantity(of: february([cart(1, "-20 10:00", "-3 00:00")])).quantity == 0)
        #expect(try carts.quantity(of: february([cart(1, "28 00:00", nil)])).quantity == 0)
        #expect(try carts.quantity(of: february([cart(1, "5 10:00", "5 10:00")])).quantity == 0)
    }

    @Test("Intervals of one cart that overlap are one licence")
    func overlap() throws {
        let input = try february([
            cart(1, "5 10:00", "7 10:00"), cart(1, "6 10:00", nil), cart(1, "7 00:00", "7 01:00"),
        ])
        #expect(try carts.quantity(of: input).quantity == 1)
    }

    @Test("A master account's peak is taken over all its accounts, or of each account, as its terms say")
    func pools() throws {
        let input = try february([
            cart(1, "1 00:00", "10 00:00"), cart(2, "1 00:00", "10 00:00"), cart(1, "10 00:00", nil, account: 2),
        ])
        #expect(try carts.quantity(of: input).quantity == 2)
        var each = carts
        each.pool = .perAccount
        #expect(try each.quantity(of: input).quantity == 3)
    }

    @Test("A cart counts only while its account belongs to the subscription")
    func membership() throws {
        let members = [
            MemberSpan(
                account: 1, starts: day("2021-01-01"), ends: day("2021-02-10"), startsAt: at("-30 00:00"),
                endsAt: at("10 00:00")),
            MemberSpan(account: 2, starts: day("2021-02-10"), ends: nil, startsAt: at("10 00:00"), endsAt: nil),
        ]
        let input = try february([cart(1, "-40 00:00", nil), cart(1, "-40 00:00", nil, account: 2)], members: members)
        #expect(try carts.quantity(of: input).quantity == 1)
        #expect(try carts.quantity(of: february([cart(1, "10 00:00", nil)], members: members)).quantity == 0)
    }

    @Test("The anchors 29, 30 and 31 meet the ends of short months, each counted from the anchor")
    func anchors() throws {
        // Case 5: 2021-01-31 → 2021-02-28 → 2021-03-31 → 2021-04-30.
        for (anchor, ends) in [
            ("2021-01-31", ["2021-02-28", "2021-03-31", "2021-04-30"]),
            ("2021-01-30", ["2021-02-28", "2021-03-30", "2021-04-30"]),
            ("2021-01-29", ["2021-02-28", "2021-03-29", "2021-04-29"]),
        ] {
            let calendar = BillingCalendar(anchor: day(anchor), cadence: .month)
            for (number, end) in ends.enumerated() {
                let period = try calendar.period(number)
                #expect(MeterWindow.period.range(for: period)?.end == day(end))
            }
        }
    }

    @Test("The month before the invoice's month is complete, whenever in its month the period ends")
    func previousMonth() throws {
        for (start, end) in [("2021-12-01", "2022-01-01"), ("2021-12-28", "2022-01-28"), ("2022-01-24", "2022-01-31")] {
            #expect(
                MeterWindow.previousMonth.range(for: try range(start, end)) == (try range("2021-12-01", "2022-01-01")))
        }
        #expect(
            MeterWindow.days(30).range(for: try range("2022-02-28", "2022-03-31"))
                == (try range("2022-03-01", "2022-03-31")))
        let year1 = try range("0001-01-02", "0001-01-03")
        #expect(MeterWindow.days(30).range(for: year1) == nil)
        #expect(MeterWindow.previousMonth.range(for: year1) == nil)
    }

    @Test("A window is read as it is written")
    func words() {
        for text in ["period", "previous_month", "1 days", "30 days", "366 days"] {
            #expect(MeterWindow(text)?.description == text)
        }
        for text in ["", "month", "0 days", "030 days", "367 days", "30", "30 day", "-1 days", "30  days"] {
            #expect(MeterWindow(text) == nil)
        }
    }
}
