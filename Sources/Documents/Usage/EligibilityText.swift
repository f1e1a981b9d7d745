package import Billing

/// Whether a subscription may choose a plan: every condition with its figure, and the verdict.
package enum EligibilityText {
    package static func render(_ statement: EligibilityStatement) -> String {
        var page = TextPage()
        let findings = statement.eligibility.findings
        page.pair("\(statement.planName) for \(statement.subscription)", "on \(statement.asOf)")
        page.paragraph("\(statement.customerName) (\(statement.customer))")
        page.blank()
        if !findings.isEmpty {
            var table = TextTable([.left("Condition"), .left("Found"), .left("Asked for"), .left("Met")])
            for finding in findings {
                table.add(
                    finding.condition.name, EligibilityWords.figure(finding), EligibilityWords.bound(finding.condition),
                    finding.isMet ? "yes" : "no")
            }
            page.table(table)
            page.blank()
        }
        for finding in findings where finding.condition.days != nil {
            page.paragraph("\(finding.condition.name): counted \(PeriodText.inclusive(finding.window)).", hanging: 2)
        }
        page.paragraph(
            EligibilityWords.verdict(
                statement.eligibility, subscription: statement.subscription, plan: statement.planName), hanging: 2)
        return page.text
    }
}
