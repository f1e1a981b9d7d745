import Billing

/// Takes discounts off the lines of an invoice, one after the other, each off what the ones before it have left.
struct DiscountBill {
    let rounding: Rounding
    private var bases: [Base] = []

    private struct Base {
        let price: String
        let isAdvance: Bool
        var left: Int
        /// A price's maximum, and what its allowance period would have cost without it before the line and with it, less
        /// what was taken off before the maximum.
        var cap: (most: Int, from: Int, to: Int)?
    }

    init(rounding: Rounding) { self.rounding = rounding }

    mutating func add(
        _ price: String, _ amount: Int, isAdvance: Bool, cap: (most: Int, from: Int, to: Int)? = nil
    ) {
        bases.append(Base(price: price, isAdvance: isAdvance, left: amount, cap: cap))
    }

    func hasAdvance(_ discount: Discount) -> Bool { bases.contains { $0.isAdvance && isOn($0, discount) } }

    private func isOn(_ base: Base, _ discount: Discount) -> Bool { discount.on?.contains(base.price) ?? true }

    /// What the discounted lines come to, and what is taken off them.
    mutating func take(_ discount: Discount, isForPeriod: Bool, isForNext: Bool) -> (base: Int, off: Int)? {
        let chosen = bases.indices.filter { index in
            isOn(bases[index], discount) && (bases[index].isAdvance ? isForNext : isForPeriod)
        }
        let base = chosen.reduce(0) { $0 + bases[$1].left }
        switch discount.effect {
        case .amount(let amount):
            let off = max(0, min(Int(amount), base))
            spread(off, over: chosen)
            return (base, off)
        case .percent(let percent):
            let share = Fraction(percent) / Fraction(100)
            var (off, together) = (0, chosen)
            if discount.order == .beforeMaximum {
                for index in chosen {
                    guard let cap = bases[index].cap else { continue }
                    // The running amounts are discounted first, and then capped.
                    func cheaper(_ amount: Int) -> Int { amount - (share * Fraction(amount)).rounded(rounding) }
                    let (from, to) = (cheaper(cap.from), cheaper(cap.to))
                    let dear = min(cap.most, cap.to) - min(cap.most, cap.from)
                    var part = dear - (min(cap.most, to) - min(cap.most, from))
                    let left = bases[index].left
                    // What is charged is neither made dearer nor turned into a credit.
                    if left >= 0 { part = max(0, min(part, left)) }
                    bases[index].cap = (cap.most, from, to)
                    bases[index].left -= part
                    off += part
                    together.removeAll { $0 == index }
                }
            }
            let sum = together.reduce(0) { $0 + bases[$1].left }
            let rest = (share * Fraction(sum)).rounded(rounding)
            spread(rest, over: together)
            return (base, off + rest)
        }
    }

    /// Takes a sum off several lines, off each its part: rounded where it ends, so that the parts are the sum.
    private mutating func spread(_ off: Int, over chosen: [Int]) {
        let sum = chosen.reduce(0) { $0 + bases[$1].left }
        guard sum != 0 else { return }
        var (running, taken) = (0, 0)
        for index in chosen {
            running += bases[index].left
            let here = (Fraction(off) * Fraction(running) / Fraction(sum)).rounded(rounding)
            bases[index].left -= here - taken
            taken = here
        }
    }
}
