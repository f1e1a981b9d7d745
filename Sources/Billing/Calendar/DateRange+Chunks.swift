extension DateRange {
    /// No range is cut into more chunks: ten years by the day are fewer.
    package static let mostChunks = 4_000

    /// The range in chunks, oldest first: they meet without a gap and without an overlap.
    ///
    /// Months, quarters, years and whatever divides a year begin where the calendar has them begin, and so do weeks, on
    /// Mondays: so the same day lies in the same chunk whatever the range. Other lengths count from the range's start, those
    /// in months from the first of its month.
    ///
    ///     window          01-10 ───────────────────────── 04-05
    ///     month           ├── 01 ──┤├── 02 ──┤├── 03 ──┤├ 04 ┤
    ///
    /// - Returns: nil where there would be more than `mostChunks`; none for an empty range.
    package func chunks(of size: Cadence) -> [DateRange]? {
        var chunks: [DateRange] = []
        var start = start
        while start < end {
            let next = min(boundary(after: start, of: size) ?? end, end)
            guard chunks.count < Self.mostChunks, let chunk = DateRange(start: start, end: next) else { return nil }
            chunks.append(chunk)
            start = next
        }
        return chunks
    }

    /// Where the chunk ends that a day lies in; nil behind the last day that there is.
    private func boundary(after day: CivilDate, of size: Cadence) -> CivilDate? {
        switch size {
        case .days(7):
            // 1970-01-01 was a Thursday.
            let weekday = (Int(day.daysSince1970) % 7 + 10) % 7
            return day.adding(days: 7 - weekday)
        case .days(let days):
            let passed = Int(day.daysSince1970 - start.daysSince1970) % days
            return day.adding(days: days - passed)
        case .months(let months):
            let origin = 12 % months == 0 ? 0 : Self.month(start)
            return day.startOfMonth.adding(months: months - (Self.month(day) - origin) % months)
        }
    }

    /// Months since the year 0.
    private static func month(_ day: CivilDate) -> Int {
        let (year, month, _) = day.components
        return year * 12 + month - 1
    }
}
