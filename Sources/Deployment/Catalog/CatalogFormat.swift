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
    static let mostCurrencies = 50
    static let mostAlerts = 20
    static let mostDecisions = 50
    static let mostReminders = 10
    static let mostConditions = 50
    static let earliestReminder: Int64 = 366

    static let cadenceWords = Cadence.words.map(\.word)

    static let catalog: [KeyRule] = [
        .required("catalog", "the vendor's short name, such as connex"),
        .required(
            "currency",
            """
            the ISO 4217 code of the currency of all prices, such as USD; or a list of several, of which the first is that of \
            subscriptions that name none. Each amount is then a mapping with a number for each, such as \
            {USD: 49.00, EUR: 45.00}
            """),
        .optional(
            "rounding", "how an exact amount becomes whole cents, once a line; half_away_from_zero where it is left out"
        ),
        .optional("meters", "what is counted, by key"),
        .required("plans", "what a customer can subscribe to, by key"),
        .optional("decisions", "when a subscription moves to another plan by itself, by key"),
        .optional(
            "changes",
            "when another plan takes effect that somebody asks for without a day; at the renewal where it is left out"),
        .optional("invoices", "when an invoice is finalized, and what its number looks like"),
        .optional("notices", "what customers are told: how often, and in which words"),
        .optional("seller", "who sells: what invoices say of it, and where it is taxed"),
        .optional("tax", "the tax on invoices; none where it is left out"),
    ]

    static let changes: [KeyRule] = [
        .required("order", "the plans from the lowest to the highest, such as [small, large]"),
        .optional("up", "when a higher plan takes effect: now or renewal; now where it is left out"),
        .optional("down", "when a lower plan takes effect: now or renewal; renewal where it is left out"),
    ]

    static let invoices: [KeyRule] = [
        .optional(
            "finalize",
            """
            when a draft gets its number and is never changed again: at_once, so many days after its date such as 5 days, or \
            by_hand; by_hand where it is left out
            """),
        .optional(
            "number",
            """
            what a number looks like, with {{number}} and perhaps {{year}} in it, such as INV-{{year}}-{{number}}; with the year \
            it begins anew each year. {{year}}-{{number}} where it is left out
            """),
        .optional(
            "credit_number",
            """
            the same for credit notes; with the pattern of the invoices they share one series. CN-{{year}}-{{number}} where it             is left out
            """),
        .optional("digits", "how many digits the number has at least, 1 to 18; 6 where it is left out"),
        .optional(
            "retention",
            """
            for how long after its end a closed period takes late usage, such as 24 months; what comes later is refused and \
            kept. For ever where it is left out
            """),
        .optional("hold", "which drafts are held until a person has seen them; none where it is left out"),
    ]

    static let hold: [KeyRule] = [
        .optional(
            "jump",
            "how many times the median of the periods before a meter may count, such as 5; more is held. Any where it is left out"
        ),
        .optional("least", "a quantity up to which nothing is a jump, such as 100; 0 where it is left out"),
        .optional("silence", "yes to hold what counts nothing where every period before counted something"),
        .optional("stale", "the last days of a period of which some reading has to have come, such as 7 days"),
        .optional("missing_pull", "yes to hold what is closed before every source was read again"),
        .optional("above", "the largest total of an invoice; more is held. Any where it is left out"),
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

    static let decision: [KeyRule] = [
        .required("name", "what people call the figure, such as Orders a month"),
        .required("meters", "the keys of the meters that are added, such as [orders]"),
        .required(
            "window",
            "the complete calendar months before the decision, such as 3 months, or billing periods, such as 3 periods"),
        .required(
            "aggregate",
            "how the months, or periods, become one figure; each_month where each of them has to say the same"),
        .required(
            "ladder",
            "the plans from the lowest to the highest with the most that each holds, such as {small: 1000, large: unlimited}"
        ),
        .optional("equal", "moves where a figure that equals the threshold is too much; stays where it is left out"),
        .optional("up", "no where nobody is moved up"),
        .optional("down", "no where nobody is moved down"),
        .optional("levels", "one where a decision goes to the neighbouring plan at most; several where it is left out"),
        .optional(
            "history",
            "the least complete months, or periods, since the sign-up and the first count; the window where it is left out"
        ),
        .optional("cool_down", "how long after a change there is no other, such as 3 months"),
        .optional(
            "day", "the day of the month from which on it is decided, 1 to 28, with periods 27; 1 where it is left out"),
        .optional("reminders", "how many days before a change the customer is reminded of it, such as [14, 3]"),
    ]

    static let unit: [KeyRule] = [
        .required("one", "the word after 1, such as order"),
        .required("other", "the word after any other number, such as orders"),
    ]

    static let plan: [KeyRule] = [
        .required("name", "the plan's name for people"),
        .required("invoice", "how often an invoice is written, such as month"),
        .optional(
            "align",
            """
            where the periods begin: on each subscription's anniversary, or for everybody with the calendar's months, \
            quarters, years or weeks; anniversary where it is left out
            """),
        .optional("trial", "how long nothing is billed after the sign-up, such as 14 days or 1 month"),
        .required("versions", "the plan's terms, each from a date, in any order"),
        .optional(
            "wording",
            """
            what an invoice says of itself, as a mustache template of the meters' keys, such as based on {{orders}} and \
            {{channels}}
            """),
    ]

    static let version: [KeyRule] = [
        .required("from", "the first day on which the terms hold, as YYYY-MM-DD"),
        .optional(
            "until", "the first day on which they no longer hold; where it is left out, until a later version begins"),
        .optional("contract", "only for the subscriptions under this contract, for whom it goes before all others"),
        .optional(
            "takes_effect",
            """
            at_renewal where those who signed up before the date get the terms only with the next period that they pay \
            for; now where it is left out
            """),
        .optional("signed_up", "for whom, by the date of the sign-up; for everyone where it is left out"),
        .required("prices", "what is charged, by key; {} where nothing is"),
        .optional("entitlements", "what the plan lets its holder do beyond what is priced, by key"),
        .optional(
            "eligible",
            "who may choose the plan, by key: whoever meets all these conditions; anybody where it is left out"),
    ]

    static let condition: [KeyRule] = [
        .required("name", "what people call the figure, such as Orders in the last 30 days"),
        .required("meter", "the key of the meter that is looked at"),
        .optional(
            "days",
            """
            the complete days before the day of the choice that are counted, such as 30; left out for a meter of the \
            aggregate latest, which is taken as it stands
            """),
        .optional("below", "the first number that is too much"),
        .optional("most", "the largest number that is allowed"),
        .optional("least", "the smallest number that suffices"),
        .optional("above", "the last number that is too little"),
    ]

    /// The keys of which a condition has exactly one.
    static let bounds = EligibilityCondition.Bound.allCases.map(\.rawValue)

    static let cohort: [KeyRule] = [
        .optional("from", "the first sign-up date that belongs to it, as YYYY-MM-DD"),
        .optional("before", "the first sign-up date that no longer belongs to it, as YYYY-MM-DD"),
    ]

    private static let priceName = KeyRule.required("name", "what the invoice line says")
    private static let priceWords = [
        KeyRule.optional(
            "wording", "what stands below the name, as a mustache template; a sentence where it is left out"),
        KeyRule.optional("hide_zero", "yes where customers are not shown a line of 0"),
    ]

    private static let priceTax = [
        KeyRule.optional(
            "tax",
            "the tax category, one that has a rate, or exempt for what is never taxed; standard where it is left out")
    ]

    static let flatPrice: [KeyRule] =
        [
            .required(
                "flat",
                "a fixed amount by how often the subscription pays, such as {month: 49.00, year: 490.00}"),
            priceName,
            .optional("charged", "in_advance or in_arrears; in_arrears where it is left out"),
            .optional(
                "prorated", "yes where a part of a period costs its part of the amount, by the day; else it is whole"),
        ] + priceTax + priceWords

    static let minimum: [KeyRule] =
        [
            .required(
                "minimum", "the least that the use of an allowance period costs; what is missing is charged at its end"),
            priceName,
            .optional("on", "the keys of the usage prices that count towards it; all where it is left out"),
            .optional("prorated", "yes where a part of an allowance period costs at least its part, by the day"),
        ] + priceWords

    static let discount: [KeyRule] =
        [
            .required("discount", "what is taken off: {percent: 20}, or {amount: 5.00} off each billing period"),
            priceName,
            .optional("on", "the keys of the prices that it is for; all where it is left out"),
            .optional("pays", "only for who pays this often, such as year"),
            .optional("coupon", "only for who holds this coupon"),
            .optional("periods", "for so many billing periods from the first, or from that of the coupon"),
            .optional("until", "the first day on which no discounted period begins any more, as YYYY-MM-DD"),
            .optional(
                "order",
                "before_maximum where prices are discounted before their maximum is applied, and before other discounts"
            ),
        ] + priceWords

    static let discountEffect: [KeyRule] = [
        .optional("percent", "a share of the prices, from 0 to 100"),
        .optional("amount", "a fixed sum"),
    ]
    static let discountEffects = ["percent", "amount"]

    static let usagePrice: [KeyRule] =
        [
            .required("usage", "the key of the meter that is counted"),
            priceName,
            .optional(
                "allowance", "the quantity included in each allowance period, such as 12000; 0 where it is left out"),
            .optional(
                "per",
                """
                the allowance period, such as year; the count starts again at its end. The plan's invoice cadence where it is \
                left out
                """),
            .optional(
                "unit_price",
                """
                the price of one unit beyond the allowance, such as 0.10; nothing is sold beyond it without this or one of \
                tiers, volume, stair_step, package and percentage
                """),
            .optional("tiers", "the prices of the units beyond the allowance, each unit at the price of its tier"),
            .optional("volume", "the same, but all units at the price of the tier that the whole quantity falls into"),
            .optional("stair_step", "one amount for any quantity up to a bound, step by step"),
            .optional("package", "whole packages, such as {size: 100, price: 2.00}; each begun one at full price"),
            .optional(
                "percentage", "a share of an amount of money that the meter counts, such as {percent: 2.9, fixed: 0.30}"
            ),
            .optional("charge_zero", "yes where the flat fee of the first tier is due also when there was no use"),
            .optional("maximum", "the most that an allowance period costs"),
            .optional(
                "prorated",
                """
                yes where who starts in the midst of an allowance period has a part of the allowance and of the maximum, by the \
                day; else all of both
                """),
            .optional(
                "alerts",
                """
                the percentages of the allowance at which the customer is told, ascending, such as [80, 100]; only beside an \
                allowance
                """),
            .optional(
                "already_paid",
                """
                yes where all that was counted in the allowance period before this version took effect is paid already, \
                also beyond the allowance
                """),
        ] + priceTax + priceWords

    static let tier: [KeyRule] = [
        .optional("from", "where the tier begins: the up_to of the one before it, 0 for the first"),
        .optional(
            "up_to", "the last unit of the tier, counted from the first beyond the allowance; left out in the last"),
        .optional(
            "unit_price", "the price of one unit of the tier, such as 0.10; 0 beside 'flat' where it is left out"),
        .optional("flat", "what is charged once when the quantity reaches into the tier"),
    ]

    static let step: [KeyRule] = [
        .optional("from", "where the step begins: the up_to of the one before it, 0 for the first"),
        .optional("up_to", "the last quantity of the step; left out in the last"),
        .required("amount", "what any quantity of the step costs, such as 10.00"),
    ]

    static let package: [KeyRule] = [
        .required("size", "how many units a package has"),
        .required("price", "what a package costs"),
    ]

    static let percentage: [KeyRule] = [
        .required("percent", "such as 2.9"),
        .optional("fixed", "what is charged beside the share"),
    ]

    /// The keys of which a usage price has at most one.
    static let rates = ["unit_price", "tiers", "volume", "stair_step", "package", "percentage"]
    static let priceKinds = ["flat", "usage", "minimum", "discount"]
    static let mostPeriods: Int64 = 1_200

    static let entitlement: [KeyRule] = [
        .required("name", "the entitlement's name for people"),
        .optional("limit", "how many, or unlimited"),
        .optional("flag", "yes or no"),
        .optional("text", "a text of one line"),
        .optional("meter", "the key of the meter whose use the limit is for; only beside limit"),
    ]

    static let entitlementValues = ["limit", "flag", "text"]
    static let unlimited = "unlimited"

    static let oneADay = "one_a_day"

    static let notices: [KeyRule] =
        [
            .optional(
                oneADay,
                "yes where a subscription gets at most one message a day: the later ones follow on the next days")
        ]
        + NoticeKind.allCases.map { kind in
            .optional(kind.rawValue, "\(kind.meaning), in mustache: \(kind.names.joined(separator: ", "))")
        }

    static let notice: [KeyRule] = [
        .required("subject", "the subject of the message, a mustache template on one line"),
        .required("text", "the text of the message, a mustache template of several lines"),
    ]
}

extension NoticeKind {
    /// What the message says, as a noun phrase.
    fileprivate var meaning: String {
        switch self {
        case .usageAlert: "the message that a share of an allowance is used"
        case .changeAnnounced: "the message that the plan will change"
        case .changeReminder: "the message that the plan will change soon"
        case .changeWithdrawn: "the message that a change of the plan does not take place"
        case .changeApplied: "the message that the plan has changed"
        }
    }
}
