import ArgumentParser
import Billing
import Documents
import Jobs

struct Periods: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "periods", abstract: "Show the billing periods that follow from an anchor date.",
        usage: "meterbook periods --anchor <date> --cadence <cadence> --from <date> ...",
        discussion: """
            Without --zone the days are those of UTC, and no database is asked. Example:

              meterbook periods --anchor 2021-01-31 --cadence month --from 2022-01-01
            """)

    @Option(
        help: "The date from which all periods are counted, as YYYY-MM-DD; with --align calendar any day in them.",
        transform: { try Words.day($0, "--anchor") })
    var anchor: CivilDate
    @Option(
        help: "How long a period is: day, week, month, quarter, half_year, year, or a multiple such as '2 weeks'.",
        transform: { try Words.cadence($0) })
    var cadence: Cadence
    @Option(
        help: "Where periods begin: anniversary, or calendar.", transform: { try Words.alignment($0) })
    var align: Alignment = .anniversary
    @Option(
        help: "The first billed day: the first period begins here and is short.",
        transform: { try Words.day($0, "--starts") })
    var starts: CivilDate?
    @Option(help: "The IANA time zone of the days, as the database server knows it.")
    var zone: String?
    @Option(
        help: "A day; the first period shown is the one that contains it.",
        transform: { try Words.day($0, "--from") })
    var from: CivilDate
    @Option(help: "How many periods to show.")
    var count = 12
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: JSONOption

    func validate() throws {
        guard (1...10_000).contains(count) else { throw ValidationError("--count takes a number from 1 to 10000.") }
    }

    func run() throws {
        let list =
            if let zone {
                try Look(database.open()).periods(
                    anchor: anchor, cadence: cadence, alignment: align, starts: starts, zone: zone, from: from,
                    count: count)
            } else {
                try PeriodList(
                    anchor: anchor, cadence: cadence, alignment: align, starts: starts, zone: "UTC", from: from,
                    count: count, dayStarts: PeriodList.utcDayStarts)
            }
        try Console.document(output.json ? PeriodListJSON.render(list) : PeriodListText.render(list))
    }

    /// Reads the values of options, and says what was expected instead.
    private enum Words {
        static func day(_ text: String, _ option: String) throws -> CivilDate {
            guard let day = CivilDate(text) else {
                throw ValidationError("\(option) takes a day that exists, as YYYY-MM-DD; found '\(text)'.")
            }
            return day
        }

        static func cadence(_ text: String) throws -> Cadence {
            guard let cadence = Cadence(length: text) else {
                let words = Cadence.words.map(\.word).joined(separator: ", ")
                throw ValidationError("--cadence takes \(words), or a multiple such as '2 weeks'; found '\(text)'.")
            }
            return cadence
        }

        static func alignment(_ text: String) throws -> Alignment {
            guard let alignment = Alignment(rawValue: text) else {
                let words = Alignment.allCases.map(\.rawValue).joined(separator: " or ")
                throw ValidationError("--align takes \(words); found '\(text)'.")
            }
            return alignment
        }
    }
}
