import Billing

/// The catalog's format: its keys, its words and its limits, once, for the reader and for the schema.
enum CatalogFormat {
    static let longestName = 200
    /// A thousand million million: far more than anything is counted to, and far from the end of 64 bits.
    static let largestQuantity: Int64 = 1_000_000_000_000_000

    static let mostMeters = 100
    /// Channels or categories that one meter names.
    static let mostNames = 1_000
    static let mostPlans = 1_000
    static let mostVersions = 64
    static let mostPrices = 64
    static let mostEntitlements = 200
    static let mostTiers = 100
    static let mostAmounts = 16

    static let cadenceWords = Cadence.words.map(\.word)

    static let catalog: [KeyRule] = [
        .required("catalog", "the vendor's short name, such as connex"),
        .required("currency", "the ISO 4217 code of the currency of all prices, such as USD"),
        .optional(
            "rounding", "how an exact amount becomes whole cents, once a line; half_away_from_zero where it is left out"
        ),
        .optional("meters", "what is counted, by key"),
        .required("plans", "what a customer can subscribe to, by key"),
    ]

    static let meter: [KeyRule] = [
        .required("name", "the meter's name for people, such as Orders synced"),
        .required("aggregate", "how a period's readings become one quantity"),
        .required("unit", "what one and what several are called, such as {one: order, other: orders}"),
        .optional("places", "the decimal places that a reading may have, 0 to 6; 0 where it is left out"),
        .optional("of", "the key under which sources deliver what is counted; the meter's own where it is left out"),
        .optional("channels", "the channels that count, such as [amazon, ebay]; all where it is left out"),
        .optional("categories", "the categories of channels that count, such as [edi]; all where it is left out"),
        .optional("pool", "how several accounts of a subscription count; together where it is left out"),
        .optional(
            "window",
            "the days that count for a period's invoice: period, previous_month, or a number such as 30 days before its end"
        ),
    ]

    static let unit: [KeyRule] = [
        .required("one", "the word after 1, such as order"),
        .required("other", "the word after any other number, such as orders"),
    ]

    static let plan: [KeyRule] = [
        .required("name", "the plan's name for people"),
        .required("invoice", "how often an invoice is written, such as month"),
        .required("versions", "the plan's terms, each from a date, in any order"),
    ]

    static let version: [KeyRule] = [
        .required("from", "the first day on which the terms hold, as YYYY-MM-DD"),
        .optional("signed_up", "for whom, by the date of the sign-up; for everyone where it is left out"),
        .required("prices", "what is charged, by key; {} where nothing is"),
        .optional("entitlements", "what the plan lets its holder do beyond what is priced, by key"),
    ]

    static let cohort: [KeyRule] = [
        .optional("from", "the first sign-up date that belongs to it, as YYYY-MM-DD"),
        .optional("before", "the first sign-up date that no longer belongs to it, as YYYY-MM-DD"),
    ]

    private static let priceName = KeyRule.required("name", "what the invoice line says")

    static let flatPrice: [KeyRule] = [
        .required(
            "flat",
            "a fixed amount by how often the subscription pays, such as {month: 49.00, year: 490.00}; charged in arrears"
        ),
        priceName,
    ]

    static let usagePrice: [KeyRule] = [
        .required("usage", "the key of the meter that is counted"),
        priceName,
        .required("allowance", "the quantity included in each allowance period, such as 12000"),
        .required("per", "the allowance period, such as year; the count starts again at its end"),
        .optional(
            "unit_price",
            "the price of one unit beyond the allowance, such as 0.10; nothing is sold beyond it without this or tiers"),
        .optional("tiers", "the prices of the units beyond the allowance, each unit at the price of its tier"),
        .optional(
            "already_paid",
            """
            yes where all that was counted in the allowance period before this version took effect is paid already, \
            also beyond the allowance
            """),
    ]

    static let tier: [KeyRule] = [
        .optional("from", "where the tier begins: the up_to of the one before it, 0 for the first"),
        .optional(
            "up_to", "the last unit of the tier, counted from the first beyond the allowance; left out in the last"),
        .required("unit_price", "the price of one unit of the tier, such as 0.10"),
    ]

    static let entitlement: [KeyRule] = [
        .required("name", "the entitlement's name for people"),
        .optional("limit", "how many, or unlimited"),
        .optional("flag", "yes or no"),
        .optional("text", "a text of one line"),
    ]

    static let entitlementValues = ["limit", "flag", "text"]
    static let unlimited = "unlimited"
}
