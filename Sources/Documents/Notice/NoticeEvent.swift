package import Billing

/// A notice as an event: CloudEvents 1.0 in structured mode, `application/cloudevents+json`.
package enum NoticeEvent {
    package static let contentType = "application/cloudevents+json; charset=utf-8"

    /// The same bytes for every attempt.
    ///
    /// - Parameter vendor: the catalog's name.
    package static func bytes(_ notice: OutgoingNotice, vendor: String) -> [UInt8] {
        var writer = JSONWriter(.compact)
        writer.object { writer in
            writer.member("specversion", literal: "1.0")
            writer.member("id", notice.id)
            writer.member("source", "/meterbook/\(vendor)")
            writer.member("type", "meterbook.notice.\(notice.kind)")
            writer.member("subject", notice.subscription)
            writer.member("datacontenttype", literal: "application/json")
            writer.object("data") { writer in
                writer.member("kind", notice.kind)
                writer.member("customer", notice.customer)
                writer.member("customer_name", notice.customerName)
                writer.member("subscription", notice.subscription)
                writer.member("topic", notice.topic)
                writer.member("period_start", notice.periodStart)
                writer.member("threshold", notice.threshold)
                writer.member("as_of", notice.asOf)
                writer.member("subject", notice.subject)
                writer.member("text", notice.text)
            }
        }
        return writer.bytes
    }
}
