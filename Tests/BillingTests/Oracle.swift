import Billing
import Testing

/// A second model of the close: it walks through the calendar day by day, lays out units one by one, and rounds by hand.
///
/// It shares nothing with Billing. Dates are numbers of days since 2018-01-01, months are counted by hand, money is in
/// ten-thousandths of the major unit; only `Oracle+Catalog.swift` speaks of Billing's values.
struct Oracle {
    struct Price {
        var id: Int32
        var meter: Int32
        var allowance: Int
        /// Months.
        var per: Int
        /// Ten-thousandths of the major unit by tier; nil where nothing is sold beyond the allowance.
        var tiers: [(upTo: Int?, price: Int)]?
        var alreadyPaid: Bool
    }

    struct Flat {
        var id: Int32
        /// Minor units by months paid for.
        var amounts: [Int: Int]
    }

    struct Version {
        var from: Int
        var signedUpFrom: Int?
        var signedUpBefore: Int?
        var flats: [Flat]
        var prices: [Price]
    }

    var anchor = 0
    var signedUp = 0
    /// The first day that is billed.
    var start = 0
    var invoiceEvery = 1
    var paysEvery = 1
    var versions: [Version] = []
    /// 1, 100 or 1,000.
    var minorUnits = 100
    var rounding = ""
    var days = OracleCalendar()

    struct Service: Hashable {
        var price: Int32
        /// The first day of the billing period, or of the stretch that a flat price pays for.
        var start: Int
    }

    struct Sum: Hashable {
        var quantity = 0
        var billable = 0
        var amount = 0
    }

    /// What all invoices together come to for each price and billing period that ended on or before `end`, leaving out
    /// what is nothing.
    func expected(_ readings: [Int32: [Int: Int]], until end: Int) -> [Service: Sum] {
        var sums: [Service: Sum] = [:]
        for version in versions {
            for price in version.prices { charge(price, of: version, readings[price.meter] ?? [:], end, &sums) }
        }
        var paidFrom = anchor
        var number = 1
        while days.after(anchor, months: paysEvery * number) <= end {
            let paidUntil = days.after(anchor, months: paysEvery * number)
            if paidUntil > start {
                for flat in inForce(on: paidFrom)?.flats ?? [] {
                    sums[Service(price: flat.id, start: paidFrom), default: Sum()].quantity += 1
                    sums[Service(price: flat.id, start: paidFrom), default: Sum()].billable += 1
                    sums[Service(price: flat.id, start: paidFrom), default: Sum()].amount +=
                        flat.amounts[paysEvery] ?? 0
                }
            }
            (paidFrom, number) = (paidUntil, number + 1)
        }
        return sums.filter { $0.value != Sum() }
    }

    private func charge(
        _ price: Price, of version: Version, _ readings: [Int: Int], _ end: Int, _ sums: inout [Service: Sum]
    ) {
        var costs = [0]  // What so many units beyond the threshold cost, unit after unit.
        var exact = 0
        func cost(_ units: Int) -> Int {
            while costs.count <= units {
                if let tiers = price.tiers, let tier = tiers.first(where: { costs.count <= $0.upTo ?? .max }) {
                    exact += tier.price
                }
                costs.append(rounded(exact))
            }
            return costs[units]
        }
        var (periodStart, period, nextPeriod) = (anchor, 0, anchor)
        var (allowanceStart, allowance, nextAllowance) = (anchor, 0, anchor)
        var (counted, threshold) = (0, price.allowance)
        for day in anchor..<end {
            if day == nextPeriod {
                (periodStart, period) = (day, period + 1)
                nextPeriod = days.after(anchor, months: invoiceEvery * period)
            }
            if day == nextAllowance {
                (allowanceStart, allowance) = (day, allowance + 1)
                nextAllowance = days.after(anchor, months: price.per * allowance)
                (counted, threshold) = (0, price.allowance)
            }
            // On the day on which the version takes effect, what was counted until then is paid.
            if price.alreadyPaid, day == version.from, day > allowanceStart {
                threshold = max(price.allowance, counted)
            }
            let quantity = readings[day] ?? 0
            if day >= start, day >= version.from, isFor(version), inForce(on: day)?.from == version.from {
                let (before, after) = (max(0, counted - threshold), max(0, counted + quantity - threshold))
                var sum = sums[Service(price: price.id, start: periodStart)] ?? Sum()
                sum.quantity += quantity
                sum.billable += after - before
                sum.amount += cost(after) - cost(before)
                sums[Service(price: price.id, start: periodStart)] = sum
            }
            counted += quantity
        }
    }

    private func isFor(_ version: Version) -> Bool {
        if let from = version.signedUpFrom, signedUp < from { return false }
        if let before = version.signedUpBefore, signedUp >= before { return false }
        return true
    }

    private func inForce(on day: Int) -> Version? {
        var latest: Version?
        for version in versions where version.from <= day && isFor(version) {
            if latest.map({ $0.from < version.from }) ?? true { latest = version }
        }
        return latest
    }

    /// Ten-thousandths of the major unit as minor units.
    private func rounded(_ exact: Int) -> Int {
        let minorTimesTenThousand = exact * minorUnits
        let lower = minorTimesTenThousand / 10_000
        let rest = minorTimesTenThousand % 10_000
        switch rounding {
        case "half_away_from_zero": return rest >= 5_000 ? lower + 1 : lower
        case "half_to_even": return rest > 5_000 || (rest == 5_000 && lower % 2 == 1) ? lower + 1 : lower
        default: return lower
        }
    }
}

/// The days from 2018-01-01 to 2029-12-31, numbered from 0 by counting.
struct OracleCalendar {
    let texts: [String]
    let numbers: [String: Int]
    private let parts: [(month: Int, day: Int)]
    /// The number of each month's first day, and of the one after the last.
    private let firsts: [Int]

    init() {
        var texts: [String] = []
        var parts: [(month: Int, day: Int)] = []
        var firsts: [Int] = []
        for year in 2018...2029 {
            let february = year == 2020 || year == 2024 || year == 2028 ? 29 : 28
            for (month, length) in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
                firsts.append(texts.count)
                for day in 1...length {
                    parts.append((firsts.count - 1, day))
                    texts.append("\(year)-\(month < 9 ? "0" : "")\(month + 1)-\(day < 10 ? "0" : "")\(day)")
                }
            }
        }
        firsts.append(texts.count)
        (self.texts, self.parts, self.firsts) = (texts, parts, firsts)
        numbers = Dictionary(uniqueKeysWithValues: zip(texts, texts.indices))
    }

    /// The same day of the month so many months later, or that month's last day.
    func after(_ day: Int, months: Int) -> Int {
        let month = parts[day].month + months
        return min(firsts[month] + parts[day].day - 1, firsts[month + 1] - 1)
    }
}
