package import Billing

/// What a plan lets a customer do, and how much of it is used, as JSON: `meterbook.entitlements/1`.
package enum EntitlementsJSON {
    package static func render(_ statement: EntitlementStatement, _ style: JSONWriter.Style = .pretty) -> String {
        JSONWriter.document("meterbook.entitlements/1", style) { writer in
            writer.member("subscription", statement.subscription)
            writer.member("customer", statement.customer)
            writer.member("customer_name", statement.customerName)
            writer.member("plan", statement.plan)
            writer.member("plan_name", statement.planName)
            writer.member("as_of", statement.asOf)
            // Absent where the day lies in none.
            writer.member("period", statement.period)
            writer.array("entitlements", of: statement.entitlements) { writer, held in
                UsageJSON.write(held.entitlement, to: &writer)
                writer.member("metered", held.meter != nil)
                guard let meter = held.meter else { return }
                let unit = meter.writtenUnit
                writer.member("meter", meter.key)
                writer.object("unit") { writer in
                    writer.member("one", unit.one)
                    writer.member("other", unit.other)
                }
                // Absent where there is no billing period, and the excess also where there is no limit.
                if let use = held.use { writer.member("use", use, places: unit.places) }
                if let excess = held.excess { writer.member("excess", excess, places: unit.places) }
            }
        }
    }
}
