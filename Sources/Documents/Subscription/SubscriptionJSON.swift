package import Billing

/// A subscription, a change of its plan, and what another plan would not allow, as JSON.
package enum SubscriptionJSON {
    /// `meterbook.subscription/1`
    package static func render(_ statement: SubscriptionStatement) -> String {
        JSONWriter.document("meterbook.subscription/1", .pretty) { writer in
            writer.member("subscription", statement.subscription)
            writer.member("customer", statement.customer)
            writer.member("customer_name", statement.customerName)
            writer.member("plan", statement.plan)
            writer.member("as_of", statement.asOf)
            writer.member("pays_every", statement.paysEvery.description)
            writer.member("currency", statement.currency)
            writer.member("anchor", statement.anchor)
            writer.member("starts", statement.starts)
            if let ends = statement.ends { writer.member("ends", ends) }
            writer.member("period", statement.period)
            if let renewal = statement.renewal { writer.member("renewal", renewal) }
            writer.array("changes", of: statement.changes) { writer, change in
                writer.member("takes_effect", change.takesEffect)
                writer.member("was_plan", change.wasPlan)
                writer.member("plan", change.plan)
                writer.member("was_pays_every", change.wasPaysEvery?.description)
                writer.member("pays_every", change.paysEvery?.description)
                writer.member("origin", change.origin)
                writer.member("rule", change.rule)
                writer.member("status", change.status)
                writer.member("announced_on", change.announcedOn)
                if let day = change.settledOn { writer.member("settled_on", day) }
                writer.member("invoiced", change.isInvoiced)
            }
            if let review = statement.review { writer.object("review") { write(review, to: &$0) } }
        }
    }

    /// `meterbook.plan-change-request/1`
    package static func render(_ change: RequestedChange, _ style: JSONWriter.Style = .pretty) -> String {
        JSONWriter.document("meterbook.plan-change-request/1", style) { writer in
            writer.member("subscription", change.subscription)
            writer.member("was_plan", change.wasPlan)
            writer.member("plan", change.plan)
            writer.member("pays_every", change.paysEvery?.description)
            if let day = change.takesEffect { writer.member("takes_effect", day) }
            writer.member("at_once", change.isAtOnce)
            writer.member("invoiced", change.isInvoiced)
            writer.member("held", change.isHeld)
            if let review = change.review { writer.object("review") { write(review, to: &$0) } }
        }
    }

    /// `meterbook.plan-review/1`
    package static func render(_ review: PlanReview) -> String {
        JSONWriter.document("meterbook.plan-review/1", .pretty) { write(review, to: &$0) }
    }

    private static func write(_ review: PlanReview, to writer: inout JSONWriter) {
        writer.member("plan", review.plan)
        writer.member("as_of", review.asOf)
        writer.array("excesses", of: review.excesses) { writer, excess in
            let places = excess.meter.quantityPlaces
            writer.member("entitlement", excess.entitlement.key)
            writer.member("meter", excess.meter.key)
            writer.member("used", excess.used, places: places)
            writer.member("most", excess.most, places: places)
            writer.array("pauses", of: excess.pauses) { writer, item in
                writer.member("account", item.account)
                writer.member("channel", item.channel)
                writer.member("since", item.since)
                writer.member("quantity", item.quantity, places: places)
            }
        }
    }
}
