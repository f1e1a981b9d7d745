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
        /// Where the price has a maximum: the running amounts without it, less what discounts before the maximum took off
        /// them.
        var capped: Capped?
        /// Whether it bears a part of what the discount at hand takes off several lines together.
        var bearsPart = false
    }

    /// The running amounts of a price at both ends of a line, and their maximum.
    private struct Capped {
        let maximum: Int64
        var before: Int64
        var after: Int64

        /// What the line comes to.
        var amount: Int64 { min(maximum, after) - min(maximum, before) }
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
                capped: maximum.map {
                    Capped(maximum: $0, before: rated.uncappedBefore, after: rated.uncappedAfter)
                }))
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
                    let discounted = try discounted(capped, percent, key)
                    let part = Self.part(of: line.left, worth: capped.amount - discounted.amount)
                    line.capped = discounted
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

    /// What a discount before the maximum takes off a line, by how much the line falls when the running amounts are
    /// discounted first.
    ///
    /// The running amounts of a short stretch can fall by less than those of the stretch before it, where the maximum was
    /// reached without the discount: a discount makes no line dearer for that, and takes off no more than there is. A line
    /// that takes back, as one of tiers by volume can, takes back what the discount was worth there.
    private static func part(of left: Int64, worth: Int64) -> Int64 {
        left < 0 ? worth : min(left, max(0, worth))
    }

    private func discounted(_ capped: Capped, _ percent: ExactDecimal, _ key: String) throws(BillingError) -> Capped {
        Capped(
            maximum: capped.maximum, before: try sum(capped.before, -share(percent, of: capped.before, key), key),
            after: try sum(capped.after, -share(percent, of: capped.after, key), key))
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
