/// Takes discounts off the lines of one invoice, in the order in which they are declared, each on what the ones before it
/// have left of each line.
struct Discounting {
    /// A line that can be discounted, with what is left of it.
    private struct Base {
        /// The plan's number of the price's key.
        let price: Int
        /// Whether it is paid in advance, so that it belongs to the period which begins with the invoice.
        let isAdvance: Bool
        var left: Int64
        /// The price's maximum and the running amounts without it, where it has one.
        let capped: (maximum: Int64, before: Int64, after: Int64)?
        /// Whether it bears a part of what the discount at hand takes off several lines together.
        var bearsPart = false
    }

    private var bases: [Base] = []
    private let rounding: Rounding
    /// Without a discount to come nothing is kept: this is asked of every line of every invoice.
    private let isNeeded: Bool

    /// - Parameter lines: for about how many there is to be room.
    init(rounding: Rounding, isNeeded: Bool, lines: Int) {
        self.rounding = rounding
        self.isNeeded = isNeeded
        if isNeeded { bases.reserveCapacity(lines) }
    }

    /// Whether a discount is for something that is paid in advance.
    func hasAdvance(for discount: RatingDiscount) -> Bool {
        bases.contains { $0.isAdvance && discount.isOn($0.price) }
    }

    mutating func add(price: Int, amount: Int64, isAdvance: Bool = false) {
        guard isNeeded else { return }
        bases.append(Base(price: price, isAdvance: isAdvance, left: amount, capped: nil))
    }

    mutating func add(price: Int, rated: UsageRating, maximum: Int64?) {
        guard isNeeded else { return }
        bases.append(
            Base(
                price: price, isAdvance: false, left: rated.amount,
                capped: maximum.map { ($0, rated.uncappedBefore, rated.uncappedAfter) }))
    }

    /// What a discount takes off, as a positive amount, and what it takes it from.
    ///
    /// - Parameters:
    ///   - key: the discount's, for messages.
    ///   - isForPeriod: whether it holds in the period that the invoice closes.
    ///   - isForNext: whether it holds in the one that begins with it, which is paid in advance.
    mutating func apply(
        _ discount: RatingDiscount, key: String, isForPeriod: Bool, isForNext: Bool
    ) throws(BillingError) -> (base: Int64, off: Int64) {
        let terms = discount.terms
        var (base, plain, off) = (Int64(0), Int64(0), Int64(0))
        for index in bases.indices {
            var line = bases[index]
            line.bearsPart = false
            if line.isAdvance ? isForNext : isForPeriod, discount.isOn(line.price) {
                base = try sum(base, line.left, key)
                if terms.order == .beforeMaximum, case .percent(let percent) = terms.effect, let capped = line.capped {
                    let part = try uncapped(capped, percent, of: line.left, key)
                    line.left -= part
                    off = try sum(off, part, key)
                } else {
                    plain = try sum(plain, line.left, key)
                    line.bearsPart = true
                }
            }
            bases[index] = line
        }
        let plainOff =
            switch terms.effect {
            case .percent(let percent): try share(percent, of: plain, key)
            case .amount(let minor): min(minor, max(0, plain))
            }
        spread(plainOff, of: plain)
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

    /// Takes an amount off the lines that bear it, in proportion, so that a later discount knows what is left of each.
    private mutating func spread(_ off: Int64, of base: Int64) {
        // Credits are discounted as what they take back was.
        guard base != 0 else { return }
        var (running, taken) = (Int128(0), Int64(0))
        for index in bases.indices where bases[index].bearsPart {
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
