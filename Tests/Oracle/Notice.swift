import Billing

/// A message to a customer, as the oracle says that it has to be.
package struct Notice: Hashable, Sendable {
    package var subscription: String
    package var kind: String
    /// What it is about: a price as `plan.price`, or a rule.
    package var topic: String
    /// The first day of what it is about.
    package var period: Day
    /// A percentage, or the number of a reminder.
    package var number: Int
    package var subject: String
    package var text: String
    package var asOf: Day
    package var due: Day
    package var status = "pending"
}

/// All messages, in the order in which they were written: of each cause the first alone.
package struct NoticeBook: Sendable {
    package private(set) var notices: [Notice] = []

    /// - Parameter values: what the template may name.
    mutating func post(
        _ kind: NoticeTemplates.Kind, to account: SubscriptionAccount, topic: String, period: Day, number: Int = 0,
        _ values: [String: String], _ catalog: Catalog, asOf: Day
    ) {
        let key = account.holding.key
        let isKnown = notices.contains {
            $0.subscription == key && $0.kind == kind.rawValue && $0.topic == topic && $0.period == period
                && $0.number == number
        }
        guard !isKnown, let template = NoticeTemplates.template(kind, catalog) else { return }
        var values = values
        values["vendor"] = catalog.name
        values["customer"] = "The \(account.holding.customer) company"
        values["subscription"] = key
        values["day"] = "\(asOf)"
        // One after the other where only one a day may come, and never before one that is still due.
        let last = notices.filter { $0.subscription == key && $0.status != "withdrawn" && $0.due >= asOf }.map(\.due)
            .max()
        let due = last.map { $0 + (catalog.notices.oneADay ? 1 : 0) } ?? asOf
        notices.append(
            Notice(
                subscription: key, kind: kind.rawValue, topic: topic, period: period, number: number,
                subject: NoticeTemplates.filled(template.subject, values),
                text: NoticeTemplates.filled(template.text, values),
                asOf: asOf, due: due))
    }

    /// Takes back what has not been sent.
    mutating func withdraw(_ kinds: [NoticeTemplates.Kind], of subscription: String, topic: String, period: Day) {
        for index in notices.indices
        where notices[index].subscription == subscription && kinds.map(\.rawValue).contains(notices[index].kind)
            && notices[index].topic == topic && notices[index].period == period
        {
            notices[index].status = "withdrawn"
        }
    }
}

/// The words of messages: the oracle's worlds have templates of their own for all of them.
enum NoticeTemplates {
    enum Kind: String {
        case alert = "usage_alert"
        case announced = "change_announced"
        case reminder = "change_reminder"
        case withdrawn = "change_withdrawn"
        case applied = "change_applied"
    }

    static func template(_ kind: Kind, _ catalog: Catalog) -> NoticeTemplate? {
        catalog.notices.templates.first { $0.key.rawValue == kind.rawValue }?.value
    }

    /// Names in two braces become their values; sections are there for who goes up or down.
    static func filled(_ template: String, _ values: [String: String]) -> String {
        var text = template
        for name in ["up", "down"] {
            let (open, close) = ("{{#\(name)}}", "{{/\(name)}}")
            while let start = text.firstRange(of: open), let end = text.firstRange(of: close) {
                let inner = text[start.upperBound..<end.lowerBound]
                text.replaceSubrange(start.lowerBound..<end.upperBound, with: values[name] == nil ? "" : String(inner))
            }
        }
        for (name, value) in values { text = text.replacing("{{\(name)}}", with: value) }
        return text
    }

    /// A quantity in its smallest parts with a point, and no zeros that say nothing.
    static func number(_ parts: Int, places: Int, grouped: Bool = false) -> String {
        let digits = String(repeating: "0", count: max(0, places + 1 - "\(parts)".count)) + "\(parts)"
        var (whole, fraction) = (String(digits.dropLast(places)), String(digits.suffix(places)))
        while fraction.hasSuffix("0") { fraction.removeLast() }
        if grouped {
            var place = whole.count - 3
            while place > 0 {
                whole.insert(",", at: whole.index(whole.startIndex, offsetBy: place))
                place -= 3
            }
        }
        return fraction.isEmpty ? whole : "\(whole).\(fraction)"
    }
}
