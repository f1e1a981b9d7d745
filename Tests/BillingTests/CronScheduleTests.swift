import Billing
import Testing

@Suite("Schedules of cron")
struct CronScheduleTests {
    @Test(
        "A schedule says the same to systemd",
        arguments: [
            ("30 2 * * *", "*-*-* 02:30:00"), ("0 5 1 * *", "*-*-01 05:00:00"), ("* * * * *", "*-*-* *:*:00"),
            ("5 6-22 * * *", "*-*-* 06..22:05:00"), ("*/15 * * * *", "*-*-* *:00,15,30,45:00"),
            ("0 0,12 1,15 jan-mar,12 *", "*-01..03,12-01,15 00,12:00:00"), ("0 4 * * 1-5", "Mon..Fri *-*-* 04:00:00"),
            ("0 4 * * 0", "Sun *-*-* 04:00:00"), ("0 4 * * 7", "Sun *-*-* 04:00:00"),
            ("0 4 * * SUN,tue", "Sun,Tue *-*-* 04:00:00"), ("0 4 * * 5-7", "Sun,Fri,Sat *-*-* 04:00:00"),
            ("0 4 * * 0-6", "*-*-* 04:00:00"), ("0 4 * * */2", "Sun,Tue,Thu,Sat *-*-* 04:00:00"),
            ("10-50/20 * * * *", "*-*-* *:10,30,50:00"), ("0 0 29 2 *", "*-02-29 00:00:00"),
            ("  1\t2  3 4 * ", "*-04-03 02:01:00"), ("0 0 1-31 * *", "*-*-* 00:00:00"),
        ])
    func systemd(cron: String, calendar: String) throws {
        let schedule = try CronSchedule(cron)
        #expect(schedule.onCalendar(zone: nil) == calendar)
        #expect(schedule.onCalendar(zone: "Europe/Berlin") == calendar + " Europe/Berlin")
    }

    @Test("It keeps the text that was written, with single spaces")
    func text() throws {
        #expect(try CronSchedule("  1\t2  3 4 * ").text == "1 2 3 4 *")
    }

    @Test(
        "What is no schedule is refused with the field that is wrong",
        arguments: [
            ("", .fieldCount(0)), ("@daily", .fieldCount(1)), ("0 2 * *", .fieldCount(4)),
            ("0 2 * * * x", .fieldCount(6)),
            ("60 2 * * *", .badField("60", name: "minute", bounds: 0...59)),
            ("-1 2 * * *", .badField("-1", name: "minute", bounds: 0...59)),
            ("0 24 * * *", .badField("24", name: "hour", bounds: 0...23)),
            ("0 5-2 * * *", .badField("5-2", name: "hour", bounds: 0...23)),
            ("0 2 0 * *", .badField("0", name: "day of the month", bounds: 1...31)),
            ("0 2 * 13 *", .badField("13", name: "month", bounds: 1...12)),
            ("0 2 * sun *", .badField("sun", name: "month", bounds: 1...12)),
            ("0 2 * * 8", .badField("8", name: "day of the week", bounds: 0...7)),
            ("*/0 2 * * *", .badField("*/0", name: "minute", bounds: 0...59)),
            ("5/10 2 * * *", .badField("5/10", name: "minute", bounds: 0...59)),
            ("1, 2 * * *", .badField("1,", name: "minute", bounds: 0...59)),
            ("1-2-3 2 * * *", .badField("1-2-3", name: "minute", bounds: 0...59)),
            ("١ 2 * * *", .badField("١", name: "minute", bounds: 0...59)),
            ("99999999999999999999 2 * * *", .badField("99999999999999999999", name: "minute", bounds: 0...59)),
            ("0 2 1 * 1", .bothDays), ("0 2 30 2 *", .neverComes), ("0 2 31 4,6,9,11 *", .neverComes),
        ] as [(String, CronSchedule.Mistake)])
    func refused(text: String, mistake: CronSchedule.Mistake) {
        #expect(throws: mistake) { try CronSchedule(text) }
    }
}
