package import Billing

/// What a plan lets a customer do, and how much of it is used.
package enum EntitlementsText {
    package static func render(_ statement: EntitlementStatement) -> String {
        var page = TextPage()
        page.pair("Entitlements of \(statement.subscription)", "on \(statement.asOf)")
        page.paragraph("\(statement.customerName) (\(statement.customer))")
        let period = statement.period.map { "billing period \(PeriodText.inclusive($0))" } ?? "no billing period"
        page.pair("plan \(statement.planName)", period)
        page.blank()
        guard !statement.entitlements.isEmpty else {
            page.paragraph("The plan names no entitlements.")
            return page.text
        }
        var table = TextTable([.left("Entitlement"), .left("Limit"), .left("Use"), .right("Excess")])
        for held in statement.entitlements {
            let excess = held.excess.map { NumberText.grouped($0, places: held.meter?.quantityPlaces ?? 0) }
            table.add(held.entitlement.name, UsageText.words(held.entitlement.value), use(held), excess ?? "")
        }
        page.table(table)
        return page.text
    }

    private static func use(_ held: EntitlementStatement.Held) -> String {
        guard let unit = held.meter?.writtenUnit else { return "not metered" }
        guard let use = held.use else { return "no billing period" }
        return "\(NumberText.grouped(use, places: unit.places)) \(unit.word(for: use))"
    }
}
