extension CatalogChange {
    /// Whether it changes amounts, and only on days from `day` on: then it is in no figure of what came before.
    package func comesAfter(_ day: CivilDate?) -> Bool {
        guard let day else { return false }
        return switch self {
        case .inCurrency(_, let change): change.comesAfter(day)
        // Whatever would not alter an amount on any day is not missed.
        case .terms(_, _, let from, _, _): day <= from && changesPast(before: .latest)
        default: false
        }
    }

    /// Whether an allowance is for a longer or shorter time than it was.
    package var changesAllowancePeriod: Bool {
        switch self {
        case .inCurrency(_, let change): change.changesAllowancePeriod
        case .terms(_, _, _, _, .allowance(_, let old, let new)): old.per != new.per
        default: false
        }
    }

    /// Whether there was no such plan.
    package var addsPlan: Bool {
        if case .planAdded = self { true } else { false }
    }
}
