extension RatingCatalog {
    /// What the prices of each plan count, as readings name it; in the order of the plans.
    package var countedSeries: [(plan: Int32, series: Int32)] {
        let series = Dictionary(meters.map { ($0.id, $0.series) }) { first, _ in first }
        return plans.sorted { $0.key < $1.key }.flatMap { id, plan in
            let counted = plan.versions.flatMap { $0.usages.compactMap { series[$0.terms.meterID] } }
            return Set(counted).sorted().map { (id, $0) }
        }
    }
}
