/// Takes discounts off the lines of one invoice, in the order in which they are declared, each on what the ones before it
/// have left of each line.
struct Discounting {
    /// A line that can be discounted, with what is left of it.
    private struct Base {
        let key: String
        /// Whether it is paid in advance, so that it belongs to the period which begins with the invoice.
        let isAdvance: Bool
        var left: Int64
        /// The price's maximum and the running amounts without it, where it has one.
        let capped: (maximum: Int64, before: Int64, after: Int64)?
    }

    private var bases: [Base] = []
    private let rounding: Rounding
    /// Without a discount to come nothing is kept: this is asked of every line of every invoice.
    private let isNeeded: Bool

    init(rounding: Rounding, isNeeded: Bool) {
        self.rounding = rounding
        self.isNeeded = isNeeded
    }

    /// Whether a discount is for something that is paid in advance.
    func hasAdvance(for discount: Discount) -> Bool {
        bases.contains { $0.isAdvance && discount.on?.contains($0.key) ?? true }
    }

    mutating func add(price key: String, amount: Int64, isAdvance: Bool = false) {
        guard isNeeded else { return }
        bases.append(Base(key: key, isAdvance: isAdvance, left: amount, capped: nil))
    }

    mutating func add(price key: String, rated: UsageRating, maximum: Int64?) {
        guard isNeeded else { return }
        bases.append(
            Base(
                key: key, isAdvance: false, left: rated.amount,
                capped: maximum.map { ($0, rated.uncappedBefore, rated.uncappedAfter) }))
    }

    /// What a discount takes off, as a positive amount, and what it takes it from.
    ///
    /// - Parameters:
    ///   - isForPeriod: whether it holds in the period that the invoice closes.
    ///   - isForNext: whether it holds in the one that begins with it, which is paid in advance.
    mutating func apply(
        _ discount: Discount, key: String, isForPeriod: Bool, isForNext: Bool
    ) throws(BillingError) -> (base: Int64, off: Int64) {
        let chosen = bases.indices.filter { index in
            (bases[index].isAdvance ? isForNext : isForPeriod) && discount.on?.contains(bases[index].key) ?? true
        }
        var (base, plain, off) = (Int64(0), Int64(0), Int64(0))
        var plainLines: [Int] = []
        for index in chosen {
            base = try sum(base, bases[index].left, key)
            if discount.order == .beforeMaximum, case .percent(let percent) = discount.effect,
                let capped = bases[index].capped
            {
                let part = try uncapped(capped, percent, of: bases[index].left, key)
                bases[index].left -= part
                off = try sum(off, part, key)
            } else {
                plain = try sum(plain, bases[index].left, key)
                plainLines.append(index)
            }
        }
        let plainOff =
            switch discount.effect {
            case .percent(let percent): try share(percent, of: plain, key)
            case .amount(let minor): min(minor, max(0, plain))
            }
        spread(plainOff, of: plain, over: plainLines)
        return (base, try sum(off, plainOff, key))
    }

    /// Of a capped line: by how much it falls when the running amounts are discounted before the maximum is applied.
    private func uncapped(
        _ capped: (maximum: Int64, before: Int64, after: Int64), _ percent: ExactDecimal, of left: Int64, _ key: String
    ) throws(BillingError) -> Int64 {
        func running(_ minor: Int64) throws(BillingError) -> Int64 {
            min(capped.maximum, try sum(minor, -share(percent, of: minor, key), key))
        }
        let discounted = try running(capped.after) - running(capped.before)
        return min(left, max(0, left - discounted))
    }

    private func share(_ percent: ExactDecimal, of minor: Int64, _ key: String) throws(BillingError) -> Int64 {
        let (product, overflow) = Int128(minor).multipliedReportingOverflow(by: percent.units)
        guard !overflow, let share = Int64(exactly: rounding.divide(product, by: ExactDecimal.one * 100)) else {
            throw BillingError.amountOverflow(price: key)
        }
        return share
    }

    /// Takes an amount off the lines in proportion, so that a later discount knows what is left of each.
    private mutating func spread(_ off: Int64, of base: Int64, over lines: [Int]) {
        guard base > 0 else { return }
        var (running, taken) = (Int128(0), Int64(0))
        for index in lines {
            running += Int128(bases[index].left)
            let upToHere = Int64(clamping: rounding.divide(Int128(off) * running, by: Int128(base)))
            bases[index].left -= upToHere - taken
            taken = upToHere
        }
    }

    private func sum(_ left: Int64, _ right: Int64, _ key: String) throws(BillingError) -> Int64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        guard !overflow else { throw BillingError.amountOverflow(price: key) }
        return sum
    }
}
