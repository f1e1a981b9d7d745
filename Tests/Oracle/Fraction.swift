package import Billing

/// An exact rational number. The oracle reckons with nothing else until the one rounding that a rule asks for.
package struct Fraction: Hashable, Comparable, Sendable {
    /// What is divided; it has the sign.
    private let over: Int128
    /// By what; always positive.
    private let under: Int128

    package init(_ over: Int128, _ under: Int128 = 1) {
        var (left, right) = (over.magnitude, under.magnitude)
        while right != 0 { (left, right) = (right, left % right) }
        let common = Int128(max(left, 1)) * (under < 0 ? -1 : 1)
        self.over = over / common
        self.under = under / common
    }

    package init(_ number: Int) { self.init(Int128(number)) }

    /// What a catalog writes: digits, and perhaps a point and more digits.
    package init(_ decimal: ExactDecimal) {
        var (over, under, isBehindPoint) = (Int128(0), Int128(1), false)
        for digit in decimal.description {
            guard let value = digit.wholeNumberValue else {
                isBehindPoint = true
                continue
            }
            over = over * 10 + Int128(value)
            if isBehindPoint { under *= 10 }
        }
        self.init(over, under)
    }

    package static func + (left: Fraction, right: Fraction) -> Fraction {
        Fraction(left.over * right.under + right.over * left.under, left.under * right.under)
    }

    package static func - (left: Fraction, right: Fraction) -> Fraction {
        Fraction(left.over * right.under - right.over * left.under, left.under * right.under)
    }

    package static func * (left: Fraction, right: Fraction) -> Fraction {
        // Crosswise first, so that what cancels never grows.
        let (first, second) = (Fraction(left.over, right.under), Fraction(right.over, left.under))
        return Fraction(first.over * second.over, first.under * second.under)
    }

    package static func / (left: Fraction, right: Fraction) -> Fraction {
        left * Fraction(right.under, right.over)
    }

    package static func < (left: Fraction, right: Fraction) -> Bool {
        left.over * right.under < right.over * left.under
    }

    /// The largest whole number that is not above it.
    package var floor: Int128 {
        let quotient = over / under
        return over % under < 0 ? quotient - 1 : quotient
    }

    /// The nearest whole number, as the catalog says which of two is the nearest.
    package func rounded(_ rounding: Rounding) -> Int {
        if over < 0 { return -Fraction(-over, under).rounded(rounding) }
        let whole = floor
        let rest = self - Fraction(whole)
        let half = Fraction(1, 2)
        let isUp =
            switch rounding {
            case .down: false
            case .halfAwayFromZero: rest >= half
            case .halfToEven: rest > half || (rest == half && whole % 2 == 1)
            }
        return Int(whole) + (isUp ? 1 : 0)
    }
}
