import Billing

/// What a backfill has changed, for a person.
enum BackfillText {
    /// More months than these are summed up in one row a source and meter: decades stay readable.
    private static let mostRows = 36

    /// - Parameter isDryRun: whether it was all taken back.
    static func write(_ statement: BackfillStatement, isDryRun: Bool, to page: inout TextPage) {
        let told = statement.sources.filter { $0.chunks > 1 || $0.doneBefore > 0 }
        for source in told { write(source, to: &page) }
        if !told.isEmpty { page.blank() }
        guard !statement.isUnchanged else {
            page.paragraph("Nothing changed: the books say what the sources say.")
            return
        }
        page.paragraph(isDryRun ? "What it would change" : "What it changed")
        if statement.readings.isEmpty {
            page.paragraph("No reading is new or restated.", indent: 2)
        } else {
            page.table(readings(statement.readings), indent: 2)
        }
        if !statement.totals.isEmpty {
            let all = statement.totals.reduce(Int64(0)) { $0 + $1.count }
            let meters = statement.totals.map { "\($0.meter) \(NumberText.grouped($0.count))" }
            page.paragraph(
                "\(NumberText.grouped(all)) total\(all == 1 ? " is" : "s are") new or changed: "
                    + meters.joined(separator: ", "), indent: 2)
        }
        page.blank()
        write(statement.corrections, to: &page)
    }

    /// That of a run in the journal, where it has one.
    static func write(of run: RunRecord, to page: inout TextPage) {
        for step in run.steps where step.name == BackfillJSON.step {
            guard let statement = step.detail.flatMap(BackfillJSON.read) else { continue }
            page.blank()
            write(statement, isDryRun: false, to: &page)
        }
    }

    private static func write(_ source: BackfillStatement.Source, to page: inout TextPage) {
        let chunks = "\(source.chunks) chunk\(source.chunks == 1 ? "" : "s")"
        guard source.doneBefore > 0 else { return page.paragraph("\(source.name) was pulled in \(chunks).") }
        let runs = source.runs.map { "\($0)" }.joined(separator: ", ")
        page.paragraph(
            "\(source.doneBefore) of \(chunks) of \(source.name) \(source.doneBefore == 1 ? "was" : "were") done by "
                + "run\(source.runs.count == 1 ? "" : "s") \(runs), and not asked for again (--restart does).")
    }

    private static func readings(_ rows: [BackfillStatement.Readings]) -> TextTable {
        var table = TextTable([
            .left("Source"), .fixed("Month"), .left("Meter"), .right("New"), .right("Quantity"), .right("Restated"),
            .right("Difference"),
        ])
        let isSummed = rows.count > mostRows
        for row in isSummed ? summed(rows) : rows {
            table.add(
                row.source, isSummed ? "all" : String(row.month.description.prefix(7)), row.meter,
                NumberText.grouped(row.new), NumberText.signed(row.newQuantity, places: row.places),
                NumberText.grouped(row.restated), NumberText.signed(row.difference, places: row.places))
        }
        return table
    }

    /// A row a source and meter, in the order in which they come.
    private static func summed(_ rows: [BackfillStatement.Readings]) -> [BackfillStatement.Readings] {
        var sums: [BackfillStatement.Readings] = []
        for row in rows {
            guard let index = sums.firstIndex(where: { $0.source == row.source && $0.meter == row.meter }) else {
                sums.append(row)
                continue
            }
            sums[index].new += row.new
            sums[index].newQuantity += row.newQuantity
            sums[index].restated += row.restated
            sums[index].difference += row.difference
        }
        return sums
    }

    private static func write(_ corrections: BackfillStatement.Corrections, to page: inout TextPage) {
        guard corrections.subscriptions > 0 else {
            return page.paragraph("No closed period has changed: there is nothing to correct.")
        }
        page.paragraph(
            "\(count(corrections.periods, "closed period")) of \(count(corrections.subscriptions, "subscription")) "
                + "changed.")
        if corrections.failed > 0 {
            page.paragraph(
                "The corrections of \(count(corrections.failed, "subscription")) cannot be computed: the close will hold "
                    + (corrections.failed == 1 ? "it." : "them."))
        }
        guard !corrections.sums.isEmpty else {
            return page.paragraph(
                "The next close has nothing to correct for them: no amount and no billed count differs.")
        }
        page.blank()
        page.paragraph("The next close bills these corrections")
        var sums = TextTable([
            .fixed("Currency"), .right("Subscriptions"), .right("Lines"), .right("More"), .right("Less"),
            .right("In all"),
        ])
        for sum in corrections.sums {
            sums.add(
                sum.currency.code, NumberText.grouped(sum.subscriptions), NumberText.grouped(sum.lines),
                NumberText.signedMoney(sum.more, in: sum.currency), NumberText.signedMoney(sum.less, in: sum.currency),
                NumberText.signedMoney(sum.amount, in: sum.currency))
        }
        page.table(sums, indent: 2)
        page.blank()
        let all = corrections.sums.reduce(Int64(0)) { $0 + $1.subscriptions }
        page.paragraph(
            all > corrections.largest.count
                ? "The \(corrections.largest.count) largest of them; --corrections FILE writes all lines"
                : "By subscription; --corrections FILE writes their lines")
        var largest = TextTable([.left("Subscription"), .right("Lines"), .right("Amount"), .fixed("Currency")])
        for correction in corrections.largest {
            largest.add(
                correction.subscription, NumberText.grouped(Int64(correction.lines)),
                NumberText.signedMoney(correction.amount, in: correction.currency), correction.currency.code)
        }
        page.table(largest, indent: 2)
    }

    private static func count(_ number: Int64, _ what: String) -> String {
        "\(NumberText.grouped(number)) \(what)\(number == 1 ? "" : "s")"
    }
}
