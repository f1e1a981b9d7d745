/// The kinds of rows that a source can deliver, in the order in which they are taken in: each refers to those before it.
package enum Feed: String, Hashable, Sendable, CaseIterable {
    case customers, subscriptions, accounts, memberships, readings, intervals

    /// A field of a feed's rows.
    package struct Field: Hashable, Sendable {
        package let name: String
        package let isRequired: Bool
        /// What the field says, as a noun phrase.
        package let meaning: String
        let value: Value

        /// How a constant for the field is checked.
        enum Value: Hashable, Sendable {
            case text, identifier, date, instant, quantity, cadence, currency, billingDay, email, country, language
        }
    }

    /// Required fields first.
    package var fields: [Field] {
        switch self {
        case .customers:
            [
                .required("customer", "the customer's key"),
                .optional("name", "the customer's name for the invoice"),
                .optional("email", "the address that notices are mailed to", .email),
                // In the order of `BillingDetailChange.Name`.
                .optional("legal_name", "the name that the law knows, where invoices bear another than 'name'"),
                .optional("address_1", "the first line of the address; who names a line says the whole address"),
                .optional("address_2", "the second line of the address"),
                .optional("address_3", "the third line of the address"),
                .optional("postal_code", "the postal code"),
                .optional("city", "the city"),
                .optional("region", "the part of the country by its code of ISO 3166-2, such as NY; with 'country'"),
                .optional("country", "the country as the two letters of ISO 3166-1, such as DE", .country),
                .optional(
                    "tax_number",
                    "the tax number, in the European Union a VAT number such as DE123456789; with 'country'"),
                .optional("po_number", "the customer's number for the order, which invoices repeat"),
                .optional("language", "the language of documents as a tag of BCP 47, such as de", .language),
                .optional("tax_exempt", "why the customer pays no tax; empty for who does"),
            ]
        case .subscriptions:
            [
                .required("subscription", "the subscription's key"),
                .required("customer", "the key of the customer who is invoiced"),
                .required("plan", "the key of a plan of the catalog", .identifier),
                .optional(
                    "anchor",
                    "the date from which all periods are counted, as YYYY-MM-DD; without it they follow from "
                        + "billing_day, from the plan's 'align: calendar', or from the start", .date),
                .optional(
                    "signed_up", "the date of the sign-up, which decides the cohort and begins the trial", .date),
                .optional(
                    "starts", "the first day that is billed, also between two periods: the first one is then short",
                    .date),
                .optional("ends", "the first day that is no longer billed", .date),
                .optional("cadence", "how often the subscription pays, such as month", .cadence),
                .optional("currency", "the ISO 4217 code of the currency, such as USD", .currency),
                .optional("time_zone", "the IANA time zone of the days, such as Europe/Berlin"),
                .optional("trial_ends", "the first day after the trial, in place of the plan's own trial", .date),
                .optional(
                    "billing_day", "the day of the month, 1 to 31, on which periods begin, in place of an anchor",
                    .billingDay),
                .optional(
                    "time_zone_from", "the first day that is counted in time_zone, where another zone counted before",
                    .date),
                .optional("contract", "the contract whose terms in the catalog go before the plan's own"),
                .optional("coupon", "the coupon that the subscription holds"),
                .optional("coupon_from", "the day on which the coupon was taken; the start without it", .date),
                .optional(
                    "change_at",
                    "when another plan or cadence than before takes effect: now, renewal, or a day as YYYY-MM-DD; without it "
                        + "as the catalog's 'changes' say"),
            ]
        case .accounts:
            [
                .required("account", "the key of the account whose use is metered"),
                .optional("name", "the account's name for people"),
            ]
        case .memberships:
            [
                .required("account", "the account's key"),
                .required("subscription", "the key of the subscription that the account belongs to"),
                .optional("from", "the first day of the membership, as YYYY-MM-DD", .date),
                .optional("until", "the first day after the membership, as YYYY-MM-DD", .date),
            ]
        case .readings:
            [
                .required("account", "the account's key"),
                .required("channel", "the channel of the account that was counted"),
                .required("meter", "the key of a meter of the catalog", .identifier),
                .required("day", "the day that was counted, as YYYY-MM-DD", .date),
                .required(
                    "quantity", "the count of the day, with no more decimal places than the meter has", .quantity),
                .optional("category", "the category of the channel"),
            ]
        case .intervals:
            [
                .required("account", "the account's key"),
                .required("channel", "the channel of the account that was on"),
                .required("meter", "the key of a meter of the catalog", .identifier),
                .required("on", "when it was switched on, such as 2021-02-10T12:05:00Z"),
                .optional(
                    "off", "when it was switched off; left out while it is on, and the same as on to take it back"),
                .optional("category", "the category of the channel"),
            ]
        }
    }

    /// Fields that may stand in the place of another one, by the other's name: a source has exactly one of the two, and the
    /// one that `fields` names unless its columns say otherwise.
    package var standIns: [String: Field] {
        guard self == .readings else { return [:] }
        return [
            "day": .required(
                Self.instantField,
                "the instant at which something was counted, such as 2021-02-10T12:05:00Z, in place of day: what was "
                    + "counted on one local day is its reading", .instant)
        ]
    }

    static let instantField = "at"

    /// Every field that a source of the feed may name, each beside the one whose place it takes.
    var namedFields: [Field] { fields.flatMap { field in [field] + (standIns[field.name].map { [$0] } ?? []) } }

    /// Readings are asked for by days; everything else is always read whole.
    package var takesWindow: Bool { self == .readings }
}

extension Feed.Field {
    fileprivate static func required(_ name: String, _ meaning: String, _ value: Value = .text) -> Feed.Field {
        Feed.Field(name: name, isRequired: true, meaning: meaning, value: value)
    }

    fileprivate static func optional(_ name: String, _ meaning: String, _ value: Value = .text) -> Feed.Field {
        Feed.Field(name: name, isRequired: false, meaning: meaning, value: value)
    }
}
