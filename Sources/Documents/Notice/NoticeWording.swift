package import Billing
import Mustache
import Synchronization

/// Fills the templates of notices. A template was checked when its catalog was applied.
package enum NoticeWording {
    /// The words of a draft. Values come from outside: whatever is in them, a subject stays one line, and a text has no
    /// control characters but line feeds.
    package static func words(_ draft: NoticeDraft, _ terms: NoticeTerms) -> NoticeTemplate {
        let template = terms.template(draft.kind)
        let subject = plain(render(template.subject, draft.values), keepsLines: false)
        return NoticeTemplate(
            subject: subject.isEmpty ? draft.kind.rawValue : subject,
            text: plain(render(template.text, draft.values), keepsLines: true))
    }

    /// The values of an alert, by the names of `NoticeKind.usageAlert`.
    ///
    /// - Parameters:
    ///   - plan: the name of the plan in force.
    ///   - vendor: the catalog's name.
    package static func values(
        _ alert: UsageAlert, vendor: String, customer: String, subscription: String, plan: String, asOf: CivilDate
    ) -> [String: String] {
        let unit = alert.meter.writtenUnit
        func count(_ quantity: Int64) -> String { NumberText.plain(quantity, places: unit.places) }
        let (left, over) = (alert.threshold - alert.counted, alert.counted - alert.threshold)
        return [
            "vendor": vendor, "customer": customer, "subscription": subscription, "plan": plan, "day": "\(asOf)",
            "percent": "\(alert.percent)", "price": alert.price.name, "meter": alert.meter.name,
            "unit": unit.word(for: alert.threshold), "counted": count(alert.counted),
            "threshold": count(alert.threshold), "left": count(max(0, left)), "over": count(max(0, over)),
            "period_start": "\(alert.period.start)", "period_end": "\(alert.period.end)",
            "last_day": "\(PeriodText.lastDay(of: alert.period))",
        ]
    }

    private static func plain(_ text: String, keepsLines: Bool) -> String {
        func isPlain(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.value {
            case 0x0A: keepsLines
            // The control characters, and the separators of lines and paragraphs.
            case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: false
            default: true
            }
        }
        guard !text.unicodeScalars.allSatisfy(isPlain) else { return text }
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { scalars.append(isPlain(scalar) ? scalar : " ") }
        return String(scalars)
    }

    private static let parsed = Mutex<[String: MustacheTemplate]>([:])
    /// More templates than any catalog has.
    private static let mostParsed = 1_000

    private static func render(_ template: String, _ values: [String: String]) -> String {
        let ready = parsed.withLock { parsed -> MustacheTemplate? in
            if let known = parsed[template] { return known }
            // Text, not HTML: nothing is escaped here.
            guard let read = try? MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}" + template) else { return nil }
            if parsed.count >= mostParsed { parsed.removeAll() }
            parsed[template] = read
            return read
        }
        return ready?.render(values) ?? template
    }
}
