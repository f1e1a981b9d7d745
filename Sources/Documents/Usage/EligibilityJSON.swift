package import Billing

/// Whether a subscription may choose a plan, as JSON: `meterbook.eligibility/1`.
package enum EligibilityJSON {
    package static func render(_ statement: EligibilityStatement, _ style: JSONWriter.Style = .pretty) -> String {
        JSONWriter.document("meterbook.eligibility/1", style) { writer in
            writer.member("subscription", statement.subscription)
            writer.member("customer", statement.customer)
            writer.member("customer_name", statement.customerName)
            writer.member("plan", statement.plan)
            writer.member("plan_name", statement.planName)
            writer.member("as_of", statement.asOf)
            writer.member("eligible", statement.eligibility.isEligible)
            writer.array("conditions", of: statement.eligibility.findings) { writer, finding in
                let unit = finding.meter.writtenUnit
                writer.member("key", finding.condition.key)
                writer.member("name", finding.condition.name)
                writer.member("meter", finding.meter.key)
                writer.object("unit") { writer in
                    writer.member("one", unit.one)
                    writer.member("other", unit.other)
                }
                writer.member("days", finding.window)
                // Absent where it is not known.
                if let figure = finding.figure { writer.member("figure", figure, places: unit.places) }
                writer.member("bound", finding.condition.bound.rawValue)
                writer.member("number", finding.condition.number)
                writer.member("met", finding.isMet)
            }
        }
    }
}
