import Billing

extension PeriodGap {
    /// Reads what the view `invoice_gap_text` writes; nothing for nil.
    ///
    /// - Throws: `StoreError.inconsistent`.
    static func list(_ text: String?) throws -> [PeriodGap] {
        guard let text else { return [] }
        return try text.split(separator: "\u{1E}").map { line in
            let fields = line.split(separator: "\u{1F}", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 8, let kind = Kind(rawValue: fields[0]), let first = CivilDate(fields[1]),
                let end = CivilDate(fields[2])?.adding(days: 1), let days = DateRange(start: first, end: end),
                let count = Int(fields[3])
            else { throw StoreError.inconsistent("what an invoice lacks cannot be read") }
            let key = Gap.ChannelKey(account: fields[5], channel: fields[6], category: fields[7])
            return PeriodGap(
                kind, source: fields[4], channel: kind == .missingChannel ? key : nil, days: days, count: count)
        }
    }
}
