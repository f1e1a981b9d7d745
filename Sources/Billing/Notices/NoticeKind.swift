/// Why a customer is written to. Every kind has a template of the catalog, or else the one that is written here, and the
/// names that its template may use: once, for who checks a template and for who fills it in.
package enum NoticeKind: String, Hashable, Sendable, CaseIterable {
    /// A share of an allowance has been used.
    case usageAlert = "usage_alert"
    /// Another plan has been decided for a later day.
    case changeAnnounced = "change_announced"
    /// That day comes nearer.
    case changeReminder = "change_reminder"
    /// The reason is gone, and so is the change.
    case changeWithdrawn = "change_withdrawn"
    /// The plan is another one now.
    case changeApplied = "change_applied"

    /// What every template may use.
    package static let commonNames = ["vendor", "customer", "subscription", "plan", "day"]

    /// What the templates of this kind may use.
    package var names: [String] {
        switch self {
        case .usageAlert:
            Self.commonNames + [
                "percent", "price", "meter", "unit", "counted", "threshold", "left", "over", "period_start",
                "period_end", "last_day",
            ]
        case .changeAnnounced, .changeReminder, .changeWithdrawn, .changeApplied:
            Self.commonNames + ["new_plan", "effective", "reason", "up", "down"]
        }
    }

    /// What is sent where the catalog says nothing.
    package var standard: NoticeTemplate {
        switch self {
        case .usageAlert:
            NoticeTemplate(
                subject: "{{percent}}% of your {{meter}} are used",
                text: """
                    Hello {{customer}},

                    your subscription {{subscription}} (plan {{plan}}) has used {{counted}} of {{threshold}} {{unit}}
                    in the period from {{period_start}} to {{last_day}}: {{percent}}% are reached.
                    """)
        case .changeAnnounced:
            NoticeTemplate(
                subject: "Your plan changes to {{new_plan}} on {{effective}}",
                text: """
                    Hello {{customer}},

                    the plan of your subscription {{subscription}} changes from {{plan}} to {{new_plan}} on {{effective}}.

                    {{reason}}
                    """)
        case .changeReminder:
            NoticeTemplate(
                subject: "Reminder: your plan changes to {{new_plan}} on {{effective}}",
                text: """
                    Hello {{customer}},

                    a reminder: the plan of your subscription {{subscription}} changes from {{plan}} to {{new_plan}}
                    on {{effective}}.

                    {{reason}}
                    """)
        case .changeWithdrawn:
            NoticeTemplate(
                subject: "Your plan stays {{plan}}",
                text: """
                    Hello {{customer}},

                    the change of your subscription {{subscription}} to {{new_plan}} that we had announced for
                    {{effective}} does not take place: your plan stays {{plan}}.

                    {{reason}}
                    """)
        case .changeApplied:
            NoticeTemplate(
                subject: "Your plan is now {{new_plan}}",
                text: """
                    Hello {{customer}},

                    the plan of your subscription {{subscription}} is {{new_plan}} from {{effective}} on.

                    {{reason}}
                    """)
        }
    }
}

/// A message with places for names, in mustache.
package struct NoticeTemplate: Hashable, Sendable {
    /// One line.
    package var subject: String
    /// Plain text of several lines, without a line feed at its end.
    package var text: String

    package init(subject: String, text: String) {
        self.subject = subject
        self.text = text
    }

    package static let longestSubject = 200
    package static let longestText = 10_000
}

/// What a catalog says of the notices to its customers.
package struct NoticeTerms: Hashable, Sendable {
    /// Whether a subscription gets at most one message a day: what comes together is spread over the following days.
    package var oneADay: Bool
    /// The catalog's own templates.
    package var templates: [NoticeKind: NoticeTemplate]

    package init(oneADay: Bool = false, templates: [NoticeKind: NoticeTemplate] = [:]) {
        self.oneADay = oneADay
        self.templates = templates
    }

    package func template(_ kind: NoticeKind) -> NoticeTemplate { templates[kind] ?? kind.standard }
}
