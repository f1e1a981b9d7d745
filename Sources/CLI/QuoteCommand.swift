import ArgumentParser
import Billing
import Deployment
import Documents
import Jobs

struct QuoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quote", abstract: "Say what a plan costs for quantities that you type in; needs no database.",
        usage: """
            meterbook quote --catalog <file> --plan <plan> [--use <meter=number> ...]
            meterbook quote --catalog <file> --plan <plan> --change-to <plan> ...
            meterbook quote --batch <file> [--catalog <file>]
            """,
        discussion: """
            Rated by the code of the close, for a subscription that begins on the quoted day: its billing periods and \
            allowance periods all begin then. The answer is the invoice of one billing period of the plan; prices in \
            advance stand on it for that period itself. The use is that of one billing period, counted on its first \
            day; a meter that is left out counts nothing. Where --cadence is longer than the plan's invoice cadence, \
            the invoices of the whole paid period follow in one sum, with the same use on each of them, and with the \
            flat prices that are due on a later one. Example:

              meterbook quote --catalog catalog.yaml --plan silver --use orders=15000

            With --change-to the answer is what a change of plan costs on a day of a paid period: for each prorated \
            flat price a credit for the days left and a charge for the same days of the new plan, and the flat prices \
            of the next invoice. What is not prorated is not charged before the next period. In the place of --use:

              --change-to gold --period 2022-04-01..2022-05-01 --on 2022-04-11

            A batch has one case a line, as JSON, and its answers are JSON, one a line in the same order:

              {"catalog": {...}, "plan": "silver", "use": {"orders": 15000}}

            with the catalog's structure as in its YAML, or "catalog_ref" and the name of an earlier line's catalog, \
            or neither with --catalog; and "on", "cadence", "currency", "signed_up", "contract", "coupon" as the \
            options. \
            A case that cannot be quoted is answered with what is wrong; then the exit code is 65. Example:

              meterbook quote --batch cases.ndjson
            """)

    @Option(help: "The catalog.", completion: .file(extensions: ["yaml", "yml"]))
    var catalog: String?
    @Option(help: "The key of the plan.")
    var plan: String?
    @Option(
        help: ArgumentHelp(
            "The first day of the quoted period, or the day of the change; without it, that of the newest version.",
            valueName: "YYYY-MM-DD"))
    var on: CivilDate?
    @Option(help: "How often the flat prices are paid, such as year; without it, as often as invoiced.")
    var cadence: Cadence?
    @Option(help: "The ISO 4217 code of a currency of the catalog; without it, its first.")
    var currency: String?
    @Option(
        help: ArgumentHelp(
            "The sign-up date, which decides the cohort; without it, the first quoted day.", valueName: "YYYY-MM-DD"))
    var signedUp: CivilDate?
    @Option(help: "The contract whose terms go before the plan's own.")
    var contract: String?
    @Option(help: "The code of a coupon.")
    var coupon: String?
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("What is used in one billing period; may be repeated.", valueName: "meter=number"))
    var use: [String] = []
    @Option(help: "The plan to change to.")
    var changeTo: String?
    @Option(help: ArgumentHelp("The paid period of the change, its end not included.", valueName: "start..end"))
    var period: PaidPeriodOption?
    @Option(help: "Answer the cases of a file, or of standard input for '-'.", completion: .file())
    var batch: String?
    @OptionGroup var output: JSONOption

    func validate() throws {
        if batch != nil {
            let isMixed =
                plan != nil || on != nil || cadence != nil || currency != nil || signedUp != nil || contract != nil
                || coupon != nil
                || !use.isEmpty || changeTo != nil || period != nil
            guard !isMixed else { throw ValidationError("--batch takes everything but --catalog from its lines.") }
            return
        }
        guard catalog != nil else { throw ValidationError("--catalog is missing: the file with the prices.") }
        guard plan != nil else { throw ValidationError("--plan is missing: the key of a plan of the catalog.") }
        guard changeTo != nil else {
            guard period == nil else { throw ValidationError("--period goes with --change-to.") }
            return
        }
        guard period != nil, on != nil else {
            throw ValidationError("--change-to takes --period START..END, the paid period, and --on, the day of it.")
        }
        guard use.isEmpty, coupon == nil else {
            throw ValidationError("--change-to is about flat prices before discounts: --use and --coupon say nothing.")
        }
    }

    func run() throws {
        let quoter = try catalog.map { try Quoter(CatalogFile.read($0).0) } ?? nil
        if let batch {
            let answers = QuoteBatch(given: quoter)
            try answers.run(file: batch) { try Console.write($0) }
            if answers.failed > 0 { throw ExitStatus.badData.exitCode }
            return
        }
        guard let quoter, let plan else { return }
        let request = QuoteRequest(
            plan: plan, on: on, signedUp: signedUp, paysEvery: cadence, currency: currency, contract: contract,
            coupon: coupon)
        if let changeTo, let period, let on {
            let change = try quoter.planChange(request, to: changeTo, period: period.range, on: on)
            try Console.document(
                output.json
                    ? PlanChangeJSON.render(change, catalog: quoter.catalog.name) : PlanChangeText.render(change))
            return
        }
        let quote = try quoter.quote(request, use: try use.map(QuoteProblem.use), for: .commandLine)
        try Console.document(output.json ? QuoteJSON.render(quote) : QuoteText.render(quote))
    }
}

/// `START..END`, a paid period with the first day after it.
struct PaidPeriodOption: ExpressibleByArgument {
    let range: DateRange

    init?(argument: String) {
        guard let dots = argument.firstRange(of: ".."), let start = CivilDate(argument[..<dots.lowerBound]),
            let end = CivilDate(argument[dots.upperBound...]), let range = DateRange(start: start, end: end)
        else { return nil }
        self.range = range
    }
}

extension Cadence: ExpressibleByArgument {
    public init?(argument: String) {
        self.init(argument)
    }

    public var defaultValueDescription: String { description }
}
