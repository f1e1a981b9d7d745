import Billing
import Postgres
import SQL

/// A manual line, with the runs that tell in which closes it was pending.
struct PastManualLine {
    let line: ManualLine
    /// The run that added it.
    let run: Int64
    /// The run that took it back; nil where none did.
    let withdrawnRun: Int64?
    /// The date of the first invoice that has it; nil where none has.
    let takenOn: CivilDate?

    /// By subscription, in order.
    static func read(
        _ connection: Connection, after place: CloseBatch.Place, upTo end: CloseBatch.Place
    ) throws -> [Int64: [PastManualLine]] {
        var found: [Int64: [PastManualLine]] = [:]
        let rows = try connection.query(
            Query(.listPastManualLines, place.customer, place.subscription, end.customer, end.subscription),
            as: Int64.self, Int32.self, Int64.self, String.self, String.self, CivilDate.self, CivilDate?.self,
            CivilDate?.self, String.self, String.self, CivilDate.self, Int64.self, Int64?.self, CivilDate?.self)
        for row in rows {
            found[row.0, default: []].append(
                PastManualLine(
                    line: ManualLineStore.line(
                        number: row.1, amount: row.2, text: row.3, taxCategory: row.4, from: row.5,
                        service: (row.6, row.7), reason: row.8, author: row.9, addedOn: row.10),
                    run: row.11, withdrawnRun: row.12, takenOn: row.13))
        }
        return found
    }
}

extension PastSubscription {
    /// What was pending when a run closed periods: what the close itself reads, as it was known then.
    func manualLines(in closing: PastClosing) -> [ManualLine] {
        guard let first = closing.periods.first else { return [] }
        return manualLines.filter { past in
            past.run < closing.run && past.withdrawnRun.map { $0 > closing.run } ?? true
                && past.line.from >= first.days.start && past.takenOn.map { $0 >= first.days.end } ?? true
        }.map(\.line)
    }

    /// What a manual line says; nil for any other, or where it is not known.
    func words(of line: InvoiceLine) -> ManualLine.Words? {
        line.manual.flatMap { manual in manualLines.first { $0.line.number == manual }?.line.words }
    }
}
