package import Billing

/// Whether a plan may be chosen, in words.
package enum EligibilityWords {
    /// `620 orders`, `not known`.
    static func figure(_ finding: Eligibility.Finding) -> String {
        let unit = finding.meter.writtenUnit
        return finding.figure.map { "\(NumberText.grouped($0, places: unit.places)) \(unit.word(for: $0))" }
            ?? "not known"
    }

    /// What is asked for: `below 500`.
    static func bound(_ condition: EligibilityCondition) -> String {
        let number = NumberText.grouped(condition.number)
        switch condition.bound {
        case .below: return "below \(number)"
        case .most: return "at most \(number)"
        case .least: return "at least \(number)"
        case .above: return "above \(number)"
        }
    }

    /// Why a condition is not met: `API keys: 1 API key, more than 0`.
    package static func reason(_ finding: Eligibility.Finding) -> String {
        let (name, number) = (finding.condition.name, NumberText.grouped(finding.condition.number))
        guard finding.figure != nil else {
            return "\(name): not known, since nothing of the meter '\(finding.meter.key)' was ever delivered"
        }
        switch finding.condition.bound {
        case .below: return "\(name): \(figure(finding)), not below \(number)"
        case .most: return "\(name): \(figure(finding)), more than \(number)"
        case .least: return "\(name): \(figure(finding)), less than \(number)"
        case .above: return "\(name): \(figure(finding)), not above \(number)"
        }
    }

    /// The verdict as a sentence, with every reason: `wren may not choose Free for 3 reasons: …`.
    package static func verdict(_ eligibility: Eligibility, subscription: String, plan: String) -> String {
        let failing = eligibility.failing
        guard failing.isEmpty else {
            let count = failing.count == 1 ? "one reason" : "\(failing.count) reasons"
            let reasons = failing.map(reason).joined(separator: "; ")
            return "\(subscription) may not choose \(plan) for \(count): \(reasons)."
        }
        switch eligibility.findings.count {
        case 0: return "\(subscription) may choose \(plan): it has no conditions."
        case 1: return "\(subscription) may choose \(plan): its one condition is met."
        case let count: return "\(subscription) may choose \(plan): all \(count) conditions are met."
        }
    }
}
