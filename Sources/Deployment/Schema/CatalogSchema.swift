import Billing

/// The JSON Schema of a catalog, for editors: completion and descriptions while typing. `CatalogReader` stays the judge.
package enum CatalogSchema {
    /// The whole document, the same bytes every time.
    package static var json: String { schema.document }

    private static var schema: JSONText {
        let document = SchemaParts.mapping(
            CatalogFormat.catalog,
            [
                "catalog": SchemaParts.identifier,
                "currency": SchemaParts.currencies,
                "rounding": SchemaParts.words(.rounding),
                "meters": SchemaParts.named(SchemaParts.reference("meter"), least: 0, most: CatalogFormat.mostMeters),
                "plans": SchemaParts.named(SchemaParts.reference("plan"), least: 1, most: CatalogFormat.mostPlans),
                "decisions": SchemaParts.named(
                    SchemaParts.reference("decision"), least: 0, most: CatalogFormat.mostDecisions),
                "changes": SchemaParts.mapping(
                    CatalogFormat.changes,
                    [
                        "order": SchemaParts.items(SchemaParts.identifier, most: CatalogFormat.mostPlans),
                        "up": SchemaParts.words(.changeEffect), "down": SchemaParts.words(.changeEffect),
                    ]),
                "invoices": SchemaParts.mapping(
                    CatalogFormat.invoices,
                    [
                        "finalize": ["type": "string", "pattern": "^(at_once|by_hand|1 day|[1-9][0-9]{0,2} days)$"],
                        "number": SchemaParts.line(longest: InvoiceNumbering.longestPattern),
                        "credit_number": SchemaParts.line(longest: InvoiceNumbering.longestPattern),
                        "digits": [
                            "type": "integer", "minimum": 1, "maximum": .number(Int64(InvoiceNumbering.mostDigits)),
                        ],
                        "retention": ["type": "string", "pattern": "^(1 month|[1-9][0-9]{0,2} months)$"],
                        "hold": SchemaParts.mapping(
                            CatalogFormat.hold,
                            [
                                "jump": SchemaParts.decimal, "least": SchemaParts.whole(least: 0),
                                "silence": SchemaParts.flag,
                                "stale": ["type": "string", "pattern": "^(1 day|[1-9][0-9]{0,2} days)$"],
                                "missing_pull": SchemaParts.flag, "above": money,
                            ]),
                    ]),
                "notices": notices,
                "seller": seller,
                "tax": tax,
            ])
        let head: [(key: String, value: JSONText)] = [
            ("$schema", SchemaParts.dialect),
            ("title", "Meterbook catalog"),
            ("description", "The plans, meters and prices of one vendor."),
        ]
        guard case .object(let entries) = document else { return document }
        return .object(head + entries + [("$defs", definitions)])
    }

    private static var money: JSONText { SchemaParts.reference("money") }

    private static var definitions: JSONText {
        [
            "money": SchemaParts.money,
            "condition": condition,
            "decision": decision,
            "meter": meter,
            "plan": SchemaParts.mapping(
                CatalogFormat.plan,
                [
                    "invoice": SchemaParts.cadence,
                    "wording": wording,
                    "align": SchemaParts.words(.alignment),
                    "trial": SchemaParts.length,
                    "versions": SchemaParts.items(SchemaParts.reference("version"), most: CatalogFormat.mostVersions),
                ]),
            "version": version,
            "price": ["oneOf": .list(CatalogFormat.priceKinds.map(SchemaParts.reference))],
            "flat": SchemaParts.mapping(
                CatalogFormat.flatPrice,
                [
                    "flat": [
                        "type": "object", "minProperties": 1,
                        "maxProperties": .number(Int64(CatalogFormat.mostAmounts)),
                        "propertyNames": ["pattern": .text(SchemaParts.cadencePattern)],
                        "additionalProperties": money,
                    ],
                    "charged": SchemaParts.words(.charged),
                    "prorated": SchemaParts.flag,
                    "tax": SchemaParts.identifier,
                    "wording": wording, "hide_zero": SchemaParts.flag,
                ]),
            "usage": usage,
            "minimum": SchemaParts.mapping(
                CatalogFormat.minimum,
                [
                    "minimum": money,
                    "prorated": SchemaParts.flag,
                    "on": SchemaParts.items(SchemaParts.identifier, most: CatalogFormat.mostPrices),
                    "wording": wording, "hide_zero": SchemaParts.flag,
                ]),
            "discount": discount,
            "tier": SchemaParts.mapping(
                CatalogFormat.tier,
                [
                    "from": SchemaParts.whole(least: 0), "up_to": SchemaParts.whole(least: 1),
                    "unit_price": money, "flat": money,
                ]),
            "step": SchemaParts.mapping(
                CatalogFormat.step,
                [
                    "from": SchemaParts.whole(least: 0), "up_to": SchemaParts.whole(least: 1),
                    "amount": money,
                ]),
            "entitlement": SchemaParts.adding(
                [
                    SchemaParts.exactlyOne(of: CatalogFormat.entitlementValues),
                    ("dependentRequired", ["meter": ["limit"]]),
                ],
                to: SchemaParts.mapping(
                    CatalogFormat.entitlement,
                    [
                        "limit": [
                            "anyOf": [["const": .text(CatalogFormat.unlimited)], SchemaParts.whole(least: 0)]
                        ],
                        "flag": SchemaParts.flag,
                        "meter": SchemaParts.identifier,
                    ])),
        ]
    }

    private static var meter: JSONText {
        let names = SchemaParts.items(
            SchemaParts.line(longest: CatalogFormat.longestName), most: CatalogFormat.mostNames)
        return SchemaParts.mapping(
            CatalogFormat.meter,
            [
                "aggregate": SchemaParts.words(.aggregate),
                "unit": SchemaParts.mapping(CatalogFormat.unit, [:]),
                "places": ["enum": .list((0...Meter.mostPlaces).map { .number(Int64($0)) })],
                "of": SchemaParts.identifier,
                "channels": names,
                "categories": names,
                "pool": SchemaParts.words(.pool),
                "window": ["type": "string", "pattern": "^(period|previous_month|[1-9][0-9]{0,2} days)$"],
            ])
    }

    private static var version: JSONText {
        let cohort = SchemaParts.mapping(
            CatalogFormat.cohort, ["from": SchemaParts.date, "before": SchemaParts.date])
        return SchemaParts.mapping(
            CatalogFormat.version,
            [
                "from": SchemaParts.date,
                "until": SchemaParts.date,
                "takes_effect": SchemaParts.words(.effect),
                "signed_up": SchemaParts.adding([("minProperties", 1)], to: cohort),
                "prices": SchemaParts.named(SchemaParts.reference("price"), least: 0, most: CatalogFormat.mostPrices),
                "entitlements": SchemaParts.named(
                    SchemaParts.reference("entitlement"), least: 0, most: CatalogFormat.mostEntitlements),
                "eligible": SchemaParts.named(
                    SchemaParts.reference("condition"), least: 1, most: CatalogFormat.mostConditions),
            ])
    }

    private static var condition: JSONText {
        let days: JSONText = ["type": "integer", "minimum": 1, "maximum": .number(Int64(MeterWindow.mostDays))]
        return SchemaParts.adding(
            [SchemaParts.exactlyOne(of: CatalogFormat.bounds)],
            to: SchemaParts.mapping(
                CatalogFormat.condition,
                [
                    "meter": SchemaParts.identifier,
                    "days": days,
                    "below": SchemaParts.whole(least: 1),
                    "most": SchemaParts.whole(least: 0),
                    "least": SchemaParts.whole(least: 1),
                    "above": SchemaParts.whole(least: 0),
                ]))
    }

    private static var usage: JSONText {
        let fields = SchemaParts.mapping(
            CatalogFormat.usagePrice,
            [
                "usage": SchemaParts.identifier,
                "allowance": SchemaParts.whole(least: 0),
                "per": SchemaParts.cadence,
                "unit_price": money,
                "tiers": SchemaParts.items(SchemaParts.reference("tier"), most: CatalogFormat.mostTiers),
                "volume": SchemaParts.items(SchemaParts.reference("tier"), most: CatalogFormat.mostTiers),
                "stair_step": SchemaParts.items(SchemaParts.reference("step"), most: CatalogFormat.mostTiers),
                "package": SchemaParts.mapping(
                    CatalogFormat.package, ["size": SchemaParts.whole(least: 1), "price": money]),
                "percentage": SchemaParts.mapping(
                    CatalogFormat.percentage, ["percent": SchemaParts.decimal, "fixed": money]),
                "charge_zero": SchemaParts.flag,
                "maximum": money,
                "prorated": SchemaParts.flag,
                "alerts": alerts,
                "already_paid": SchemaParts.flag,
                "tax": SchemaParts.identifier,
                "wording": wording, "hide_zero": SchemaParts.flag,
            ])
        return SchemaParts.adding([SchemaParts.atMostOne(of: CatalogFormat.rates)], to: fields)
    }

    private static var alerts: JSONText {
        let percent: JSONText = [
            "type": "integer", "minimum": 1, "maximum": .number(UsagePrice.largestAlert),
        ]
        return SchemaParts.adding(
            [("uniqueItems", true)], to: SchemaParts.items(percent, most: CatalogFormat.mostAlerts))
    }

    private static var notices: JSONText {
        let notice = SchemaParts.mapping(
            CatalogFormat.notice,
            [
                "subject": SchemaParts.line(longest: NoticeTemplate.longestSubject),
                "text": SchemaParts.lines(longest: NoticeTemplate.longestText),
            ])
        var values = Dictionary(uniqueKeysWithValues: NoticeKind.allCases.map { ($0.rawValue, notice) })
        values[CatalogFormat.oneADay] = SchemaParts.flag
        return SchemaParts.mapping(CatalogFormat.notices, values)
    }

    private static var decision: JSONText {
        SchemaParts.mapping(
            CatalogFormat.decision,
            [
                "meters": SchemaParts.items(SchemaParts.identifier, most: CatalogFormat.mostMeters),
                "window": SchemaParts.lengthOrPeriods,
                "aggregate": SchemaParts.words(.decisionAggregate),
                "ladder": [
                    "type": "object", "minProperties": 2, "propertyNames": ["pattern": .text(Identifier.pattern)],
                    "additionalProperties": [
                        "oneOf": [SchemaParts.whole(least: 0), ["const": .text(CatalogFormat.unlimited)]]
                    ],
                ],
                "equal": SchemaParts.words(.equal),
                "up": SchemaParts.flag,
                "down": SchemaParts.flag,
                "levels": SchemaParts.words(.levels),
                "history": SchemaParts.lengthOrPeriods,
                "cool_down": SchemaParts.length,
                "day": SchemaParts.whole(least: 1),
                "reminders": SchemaParts.items(SchemaParts.whole(least: 1), most: CatalogFormat.mostReminders),
            ])
    }

    private static var wording: JSONText { SchemaParts.line(longest: Wording.longest) }

    private static var discount: JSONText {
        let effect = SchemaParts.mapping(
            CatalogFormat.discountEffect, ["percent": SchemaParts.decimal, "amount": money])
        return SchemaParts.mapping(
            CatalogFormat.discount,
            [
                "discount": SchemaParts.adding([SchemaParts.exactlyOne(of: CatalogFormat.discountEffects)], to: effect),
                "on": SchemaParts.items(SchemaParts.identifier, most: CatalogFormat.mostPrices),
                "pays": SchemaParts.cadence,
                "periods": SchemaParts.whole(least: 1),
                "until": SchemaParts.date,
                "order": SchemaParts.words(.order),
                "wording": wording, "hide_zero": SchemaParts.flag,
            ])
    }
}
