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
                "currency": SchemaParts.currency,
                "rounding": SchemaParts.words(.rounding),
                "meters": SchemaParts.named(SchemaParts.reference("meter"), least: 0, most: CatalogFormat.mostMeters),
                "plans": SchemaParts.named(SchemaParts.reference("plan"), least: 1, most: CatalogFormat.mostPlans),
            ])
        let head: [(key: String, value: JSONText)] = [
            ("$schema", SchemaParts.dialect),
            ("title", "Meterbook catalog"),
            ("description", "The plans, meters and prices of one vendor."),
        ]
        guard case .object(let entries) = document else { return document }
        return .object(head + entries + [("$defs", definitions)])
    }

    private static var definitions: JSONText {
        [
            "meter": meter,
            "plan": SchemaParts.mapping(
                CatalogFormat.plan,
                [
                    "invoice": SchemaParts.cadence,
                    "versions": SchemaParts.items(SchemaParts.reference("version"), most: CatalogFormat.mostVersions),
                ]),
            "version": version,
            "price": ["oneOf": [SchemaParts.reference("flat"), SchemaParts.reference("usage")]],
            "flat": SchemaParts.mapping(
                CatalogFormat.flatPrice,
                [
                    "flat": [
                        "type": "object", "minProperties": 1,
                        "maxProperties": .number(Int64(CatalogFormat.mostAmounts)),
                        "propertyNames": ["pattern": .text(SchemaParts.cadencePattern)],
                        "additionalProperties": SchemaParts.decimal,
                    ]
                ]),
            "usage": usage,
            "tier": SchemaParts.mapping(
                CatalogFormat.tier,
                [
                    "from": SchemaParts.whole(least: 0), "up_to": SchemaParts.whole(least: 1),
                    "unit_price": SchemaParts.decimal,
                ]),
            "entitlement": SchemaParts.adding(
                [SchemaParts.exactlyOne(of: CatalogFormat.entitlementValues)],
                to: SchemaParts.mapping(
                    CatalogFormat.entitlement,
                    [
                        "limit": [
                            "anyOf": [["const": .text(CatalogFormat.unlimited)], SchemaParts.whole(least: 0)]
                        ],
                        "flag": SchemaParts.flag,
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
                "signed_up": SchemaParts.adding([("minProperties", 1)], to: cohort),
                "prices": SchemaParts.named(SchemaParts.reference("price"), least: 0, most: CatalogFormat.mostPrices),
                "entitlements": SchemaParts.named(
                    SchemaParts.reference("entitlement"), least: 0, most: CatalogFormat.mostEntitlements),
            ])
    }

    private static var usage: JSONText {
        let fields = SchemaParts.mapping(
            CatalogFormat.usagePrice,
            [
                "usage": SchemaParts.identifier,
                "allowance": SchemaParts.whole(least: 0),
                "per": SchemaParts.cadence,
                "unit_price": SchemaParts.decimal,
                "tiers": SchemaParts.items(SchemaParts.reference("tier"), most: CatalogFormat.mostTiers),
                "already_paid": SchemaParts.flag,
            ])
        return SchemaParts.adding([("not", ["required": ["unit_price", "tiers"]])], to: fields)
    }
}
