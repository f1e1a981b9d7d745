/// How an exact amount becomes whole minor units. A catalog declares one; each line is rounded once.
package enum Rounding: String, Hashable, Sendable, CaseIterable {
    /// 0.5 becomes 1, −0.5 becomes −1. The default: what commerce and most tax offices expect.
    case halfAwayFromZero = "half_away_from_zero"
    /// 0.5 becomes 0, 1.5 becomes 2 (also called banker's rounding).
    case halfToEven = "half_to_even"
    /// Towards zero.
    case down

    /// `numerator ÷ denominator` as a whole number. The denominator must be positive.
    package func divide(_ numerator: Int128, by denominator: Int128) -> Int128 {
        let (quotient, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
        guard rest != 0 else { return quotient }
        let away: Int128 = numerator < 0 ? quotient - 1 : quotient + 1
        // Compared with the other part of the denominator, not doubled: doubling could overflow.
        let part = rest.magnitude
        let other = denominator.magnitude - part
        switch self {
        case .down: return quotient
        case .halfAwayFromZero: return part >= other ? away : quotient
        case .halfToEven:
            if part == other { return quotient % 2 == 0 ? quotient : away }
            return part > other ? away : quotient
        }
    }
}
