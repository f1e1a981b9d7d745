extension Rate {
    /// The one price of every unit, where there is nothing else to it.
    package var plainUnitPrice: ExactDecimal? {
        guard case .graduated(let tiers) = model, tiers.count == 1, let tier = tiers.first, tier.flat == .zero else {
            return nil
        }
        return tier.unitPrice
    }
}

extension Rate: CustomStringConvertible {
    /// `0.1`; `up to 1,000 at 0.1, beyond at 0.05 and 5`; `packages of 100 at 2`; `2.9% and 0.3`.
    package var description: String {
        let text =
            switch model {
            case .graduated(let tiers): Self.list(tiers)
            case .volume(let tiers): "all units: \(Self.list(tiers))"
            case .stairStep(let steps):
                steps.map { "\(Self.bound($0.upTo, of: steps.count)) \($0.amount)" }.joined(separator: ", ")
            case .package(let size, let price): "packages of \(CatalogChange.Term.grouped(size)) at \(price)"
            case .percentage(let percentage):
                "\(percentage.percent)%\(percentage.fixed == .zero ? "" : " and \(percentage.fixed)")"
            }
        return chargesZero ? "\(text), also for none" : text
    }

    private static func list(_ tiers: [Tier]) -> String {
        tiers.map { tier in
            let fee = tier.flat == .zero ? "" : " and \(tier.flat)"
            return tiers.count == 1 && tier.upTo == nil
                ? "\(tier.unitPrice)\(fee)" : "\(bound(tier.upTo, of: tiers.count)) at \(tier.unitPrice)\(fee)"
        }.joined(separator: ", ")
    }

    private static func bound(_ upTo: Int64?, of count: Int) -> String {
        upTo.map { "up to \(CatalogChange.Term.grouped($0))" } ?? (count > 1 ? "beyond" : "any")
    }
}

extension Discount: CustomStringConvertible {
    /// `20% off base and orders, paid every year, 3 periods, until 2023-01-01`.
    package var description: String {
        var text =
            switch effect {
            case .percent(let percent): "\(percent)% off"
            case .amount(let minor): "\(minor) minor units off"
            }
        if let on { text += " " + on.joined(separator: " and ") }
        if let pays { text += ", paid every \(pays)" }
        if let coupon { text += ", coupon \(coupon)" }
        if let periods { text += ", \(periods) period\(periods == 1 ? "" : "s")" }
        if let until { text += ", until \(until)" }
        if order == .beforeMaximum { text += ", before the maximum" }
        return text
    }
}
