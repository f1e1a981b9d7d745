import Billing
import Deployment
import Testing

@Suite("Mistakes in a catalog")
struct CatalogMistakeTests {
    private static let long = String(repeating: "x", count: 201)

    static let documents: [Mistake] = [
        Mistake("empty_file", "▸"),
        Mistake("empty_file", "▸# only a comment"),
        Mistake("syntax", "catalog: [shop\n▸"),
        Mistake("syntax", "catalog: shop▸: x"),
        Mistake("tab", "meters:\n▸\torders: {}"),
        Mistake("control_character", "catalog: shop\n# ▸\u{7}"),
        Mistake("several_documents", Samples.head("catalog: shop\ncurrency: USD") + "\n▸---\ncatalog: other"),
        Mistake("anchor", Samples.head("catalog: ▸&x shop\ncurrency: USD")),
        Mistake("alias", Samples.head("catalog: shop\ncurrency: USD\nrounding: ▸*x")),
        Mistake("merge_key", Samples.head("catalog: shop\ncurrency: USD\n▸<<: {}")),
        Mistake("tag", Samples.head("catalog: ▸!!str shop\ncurrency: USD")),
        Mistake("key_not_text", Samples.head("catalog: shop\ncurrency: USD\n? ▸[a]\n: b")),
        Mistake("too_deep", String(repeating: "[", count: 32) + "▸" + String(repeating: "[", count: 10)),
        Mistake("wrong_kind", "▸shop"),
        Mistake("wrong_kind", "▸- shop"),
    ]

    static let decisions: [Mistake] = [
        Mistake("missing_key", Samples.decision("▸{name: D, meters: [orders], window: 3 months, aggregate: mean}")),
        Mistake("unknown_key", Samples.decision("{\(Samples.rule), ▸cooldown: 3 months}")),
        Mistake("unknown_meter", Samples.decision("{\(Samples.rule(meters: "[▸order]"))}")),
        Mistake("repeated_name", Samples.decision("{\(Samples.rule(meters: "[orders, ▸orders]"))}")),
        Mistake("none", Samples.decision("{\(Samples.rule(meters: "▸[]"))}")),
        Mistake("decision_meter", Samples.decision("{\(Samples.rule(meters: "[▸carts]"))}")),
        Mistake("places_of_decision", Samples.decision("{\(Samples.rule(meters: "[orders, ▸sales]"))}")),
        Mistake("not_months", Samples.decision("{\(Samples.rule(window: "▸90 days"))}")),
        Mistake("not_months", Samples.decision("{\(Samples.rule(window: "▸25 months"))}")),
        Mistake("unknown_length", Samples.decision("{\(Samples.rule(window: "▸three months"))}")),
        Mistake("not_months", Samples.decision("{\(Samples.rule(window: "▸25 periods"))}")),
        Mistake("not_months", Samples.decision("{\(Samples.rule(window: "▸0 periods"))}")),
        Mistake("not_months", Samples.decision("{\(Samples.rule(window: "▸three periods"))}")),
        Mistake(
            "periods_of_ladder",
            Samples.decision("{\(Samples.rule(window: "▸3 periods", ladder: "{yearly: 1000, long: 2000}"))}")),
        Mistake("history_of_other_kind", Samples.decision("{\(Samples.rule(window: "3 periods")), history: ▸1 month}")),
        Mistake("history_of_other_kind", Samples.decision("{\(Samples.rule), history: ▸3 periods}")),
        Mistake("not_months", Samples.decision("{\(Samples.rule(window: "3 periods")), cool_down: ▸90 days}")),
        Mistake("day_of_periods", Samples.decision("{\(Samples.rule(window: "3 periods")), day: ▸28}")),
        Mistake("unknown_decision_aggregate", Samples.decision("{\(Samples.rule(aggregate: "▸average"))}")),
        Mistake("short_ladder", Samples.decision("{\(Samples.rule(ladder: "▸{basic: 1000}"))}")),
        Mistake("unknown_plan", Samples.decision("{\(Samples.rule(ladder: "{basic: 1000, ▸prime: 2000}"))}")),
        Mistake("threshold_not_ascending", Samples.decision("{\(Samples.rule(ladder: "{basic: 1000, pro: ▸1000}"))}")),
        Mistake(
            "unlimited_before_last", Samples.decision("{\(Samples.rule(ladder: "{basic: ▸unlimited, pro: 2000}"))}")),
        Mistake("not_a_whole_number", Samples.decision("{\(Samples.rule(ladder: "{basic: ▸1.5, pro: 2000}"))}")),
        Mistake("ladder_cadence", Samples.decision("{\(Samples.rule(ladder: "{basic: 1000, ▸yearly: 2000}"))}")),
        Mistake("unknown_equal", Samples.decision("{\(Samples.rule), equal: ▸up}")),
        Mistake("unknown_levels", Samples.decision("{\(Samples.rule), levels: ▸two}")),
        Mistake("not_a_flag", Samples.decision("{\(Samples.rule), up: ▸never}")),
        Mistake("number_too_large", Samples.decision("{\(Samples.rule), day: ▸29}")),
        Mistake("number_too_small", Samples.decision("{\(Samples.rule), day: ▸0}")),
        Mistake(
            "plan_in_two_ladders",
            Samples.decisions("{one: {\(Samples.rule)}, ▸two: {\(Samples.rule(ladder: "{basic: 1, gold: 2}"))}}")),
    ]

    static let heads: [Mistake] = [
        Mistake("unknown_key", Samples.head("catalog: shop\ncurrency: USD\n▸roundin: down")),
        Mistake("duplicate_key", Samples.head("catalog: shop\ncurrency: USD\n▸catalog: other")),
        Mistake("missing_key", Samples.head("▸catalog: shop")),
        Mistake("bad_identifier", Samples.head("catalog: ▸Shop & Co\ncurrency: USD")),
        Mistake("wrong_kind", Samples.head("catalog: ▸~\ncurrency: USD")),
        Mistake("wrong_kind", Samples.head("catalog: ▸[shop]\ncurrency: USD")),
        Mistake("unknown_currency", Samples.head("catalog: shop\ncurrency: ▸USS")),
        Mistake("currency_not_capital", Samples.head("catalog: shop\ncurrency: ▸usd")),
        Mistake("currency_not_capital", Samples.head("catalog: shop\ncurrency: [EUR, ▸usd]")),
        Mistake("repeated_name", Samples.head("catalog: shop\ncurrency: [EUR, USD, ▸EUR]")),
        Mistake("none", Samples.head("catalog: shop\ncurrency: ▸[]")),
        Mistake("unknown_rounding", Samples.head("catalog: shop\ncurrency: USD\nrounding: ▸up")),
        Mistake("unknown_aggregate", Samples.meter("{name: O, aggregate: ▸total, unit: {one: o, other: o}}")),
        Mistake("wrong_kind", Samples.meter("{name: O, aggregate: sum, unit: ▸order}")),
        Mistake("missing_key", Samples.meter("{name: O, aggregate: sum, unit: ▸{one: o}}")),
        Mistake("empty_text", Samples.meter("{name: ▸'', aggregate: sum, unit: {one: o, other: o}}")),
        Mistake("text_too_long", Samples.meter("{name: ▸\(long), aggregate: sum, unit: {one: o, other: o}}")),
        Mistake("surrounding_space", Samples.meter("{name: ▸' O', aggregate: sum, unit: {one: o, other: o}}")),
        Mistake(
            "control_character_in_text", Samples.meter(#"{name: ▸"a\nb", aggregate: sum, unit: {one: o, other: o}}"#)),
        Mistake("number_too_large", Samples.meter("{name: O, aggregate: sum, unit: {one: o, other: o}, places: ▸7}")),
        Mistake(
            "not_a_whole_number", Samples.meter("{name: O, aggregate: sum, unit: {one: o, other: o}, places: ▸1.5}")),
        Mistake("places_of_peak", Samples.meter("{name: O, aggregate: peak, unit: {one: o, other: o}, places: ▸1}")),
        Mistake(
            "bad_identifier", Samples.meter("{name: O, aggregate: sum, unit: {one: o, other: o}, of: ▸The orders}")),
        Mistake("wrong_kind", Samples.meter("{name: O, aggregate: sum, unit: {one: o, other: o}, channels: ▸amazon}")),
        Mistake("none", Samples.meter("{name: O, aggregate: sum, unit: {one: o, other: o}, categories: ▸[]}")),
        Mistake(
            "repeated_name", Samples.meter("{name: O, aggregate: sum, unit: {one: o, other: o}, channels: [a, b, ▸a]}")),
        Mistake("unknown_pool", Samples.meter("{name: O, aggregate: max, unit: {one: o, other: o}, pool: ▸apart}")),
        Mistake("unknown_window", Samples.meter("{name: O, aggregate: max, unit: {one: o, other: o}, window: ▸month}")),
        Mistake(
            "unknown_window", Samples.meter("{name: O, aggregate: max, unit: {one: o, other: o}, window: ▸0 days}")),
        Mistake(
            "places_of_series",
            Samples.head(
                """
                catalog: shop
                currency: USD
                meters:
                  orders: {name: O, aggregate: sum, unit: {one: o, other: o}, places: 1}
                  ▸best: {name: B, aggregate: max, unit: {one: o, other: o}, of: orders}
                """)),
        Mistake("none", "catalog: shop\ncurrency: USD\nplans: ▸{}"),
        Mistake("wrong_kind", "catalog: shop\ncurrency: USD\nplans: ▸[basic]"),
        Mistake("bad_identifier", "catalog: shop\ncurrency: USD\nplans: {▸Basic: {}}"),
        Mistake(
            "too_many",
            "catalog: shop\ncurrency: USD\nplans: ▸{" + (0...1_000).map { "p\($0): {}" }.joined(separator: ", ") + "}"),
    ]

    static let versions: [Mistake] = [
        Mistake("none", Samples.versions("▸[]")),
        Mistake("wrong_kind", Samples.versions("▸{from: 2020-01-01}")),
        Mistake("too_many", Samples.versions("▸[" + Array(repeating: "{}", count: 65).joined(separator: ", ") + "]")),
        Mistake("not_a_date", Samples.versions("[{from: ▸1.2.2020, prices: {}}]")),
        Mistake("no_such_day", Samples.versions("[{from: ▸2023-02-29, prices: {}}]")),
        Mistake("missing_key", Samples.versions("[▸{from: 2020-01-01}]")),
        Mistake("none", Samples.cohort("▸{}")),
        Mistake("not_a_date", Samples.cohort("{from: ▸2021}")),
        Mistake("empty_cohort", Samples.cohort("▸{from: 2021-01-01, before: 2021-01-01}")),
        Mistake(
            "overlapping_versions",
            Samples.versions("[{from: 2020-01-01, prices: {}}, {from: ▸2020-01-01, prices: {}}]")),
        Mistake(
            "overlapping_versions",
            Samples.versions(
                """

                      - {from: 2020-01-01, prices: {}, signed_up: {before: 2019-01-01}}
                      - {from: 2020-01-01, prices: {}, signed_up: {from: 2019-01-01, before: 2019-06-01}}
                      - {from: ▸2020-01-01, prices: {}, signed_up: {from: 2018-12-31, before: 2019-01-02}}
                """)),
        Mistake("empty_version", Samples.versions("[{from: 2020-01-02, until: ▸2020-01-02, prices: {}}]")),
        Mistake("unknown_effect", Samples.versions("[{from: 2020-01-02, takes_effect: ▸later, prices: {}}]")),
        Mistake("empty_text", Samples.versions("[{from: 2020-01-02, contract: ▸\"\", prices: {}}]")),
        Mistake(
            "overlapping_versions",
            Samples.versions(
                """

                      - {from: 2020-01-01, prices: {}, contract: acme}
                      - {from: 2020-01-01, prices: {}}
                      - {from: ▸2020-01-01, prices: {}, contract: acme}
                """)),
        Mistake("entitlement_value", Samples.entitlement("▸{name: Seats}")),
        Mistake("entitlement_value", Samples.entitlement("▸{name: Seats, limit: 1, flag: yes}")),
        Mistake("negative_number", Samples.entitlement("{name: Seats, limit: ▸-1}")),
        Mistake("not_a_limit", Samples.entitlement("{name: Seats, limit: ▸unlimitd}")),
        Mistake("not_a_flag", Samples.entitlement("{name: Seats, flag: ▸NO}")),
        Mistake("unknown_meter", Samples.entitlement("{name: Seats, limit: 2, meter: ▸ordes}")),
        Mistake("wrong_kind", Samples.entitlement("{name: Seats, limit: 2, meter: ▸[orders]}")),
        Mistake("meter_without_limit", Samples.entitlement("{name: Seats, flag: yes, meter: ▸orders}")),
        Mistake("meter_without_limit", Samples.entitlement("{name: Seats, text: Two, meter: ▸orders}")),
    ]

    static let eligible: [Mistake] = [
        Mistake("wrong_kind", Samples.conditions("▸[orders]")),
        Mistake("wrong_kind", Samples.conditions("▸free")),
        Mistake("none", Samples.conditions("▸{}")),
        Mistake("bad_identifier", Samples.conditions("{▸The orders: {name: O, meter: orders, days: 30, below: 5}}")),
        Mistake(
            "too_many",
            Samples.conditions(
                "▸{" + (0...50).map { "c\($0): {name: C, meter: products, most: 1}" }.joined(separator: ", ") + "}")),
        Mistake("wrong_kind", Samples.condition("▸500")),
        Mistake("missing_key", Samples.condition("▸{meter: orders, days: 30, below: 500}")),
        Mistake("missing_key", Samples.condition("▸{name: Orders, days: 30, below: 500}")),
        Mistake("unknown_key", Samples.condition("{name: Orders, meter: orders, days: 30, ▸under: 500, below: 500}")),
        Mistake("unknown_meter", Samples.condition("{name: Orders, meter: ▸ordres, days: 30, below: 500}")),
        Mistake("empty_text", Samples.condition("{name: ▸\"\", meter: orders, days: 30, below: 500}")),
        Mistake("condition_bound", Samples.condition("▸{name: Orders, meter: orders, days: 30}")),
        Mistake("condition_bound", Samples.condition("▸{name: Orders, meter: orders, days: 30, below: 5, most: 5}")),
        Mistake("count_without_days", Samples.condition("{name: Orders, meter: ▸orders, below: 500}")),
        Mistake("days_of_level", Samples.condition("{name: Products, meter: products, ▸days: 30, most: 5}")),
        Mistake("number_too_small", Samples.condition("{name: Orders, meter: orders, days: ▸0, below: 500}")),
        Mistake("number_too_large", Samples.condition("{name: Orders, meter: orders, days: ▸367, below: 500}")),
        Mistake("not_a_whole_number", Samples.condition("{name: Orders, meter: orders, days: ▸1 month, below: 500}")),
        Mistake("number_too_small", Samples.condition("{name: Orders, meter: orders, days: 30, below: ▸0}")),
        Mistake("number_too_small", Samples.condition("{name: Orders, meter: orders, days: 30, least: ▸0}")),
        Mistake("negative_number", Samples.condition("{name: Products, meter: products, most: ▸-1}")),
        Mistake("not_a_whole_number", Samples.condition("{name: Products, meter: products, most: ▸'1,000'}")),
        Mistake("not_a_whole_number", Samples.condition("{name: Products, meter: products, most: ▸010}")),
        Mistake("number_too_large", Samples.condition("{name: Products, meter: products, most: ▸1000000000000001}")),
        Mistake("wrong_kind", Samples.condition("{name: Products, meter: products, above: ▸[1]}")),
    ]

    static let prices: [Mistake] = [
        Mistake("meter_period", Samples.peak("allowance: 3, per: ▸year, unit_price: 1")),
        Mistake("allowance_period", Samples.peak("allowance: 3, per: ▸week, unit_price: 1")),
        Mistake(
            "already_paid_by_window", Samples.peak("allowance: 3, per: month, unit_price: 1, already_paid: ▸yes")),
        Mistake("price_kind", Samples.prices("base: ▸{name: Base}")),
        Mistake("price_kind", Samples.prices("base: ▸{name: Base, flat: {month: 1}, usage: orders}")),
        Mistake("unknown_key", Samples.prices("base: {name: Base, flat: {month: 1}, ▸allowance: 12}")),
        Mistake("missing_key", Samples.prices("base: ▸{flat: {month: 1}}")),
        Mistake("none", Samples.flat("▸{}")),
        Mistake("wrong_kind", Samples.flat("▸49.00")),
        Mistake("not_a_decimal", Samples.flat("{month: ▸49.0.0}")),
        Mistake("not_a_decimal", Samples.flat("{month: ▸010}")),
        Mistake("not_a_decimal", Samples.flat("{month: ▸1:30}")),
        Mistake("not_a_decimal", Samples.flat("{month: ▸1_000}")),
        Mistake("not_a_decimal", Samples.flat("{month: ▸0x1F}")),
        Mistake("not_a_decimal", Samples.flat("{month: ▸.inf}")),
        Mistake("not_a_decimal", Samples.flat("{month: ▸4.9e1}")),
        Mistake("negative_price", Samples.flat("{month: ▸-49.00}")),
        Mistake("amount_places", Samples.flat("{month: ▸49.005}")),
        Mistake("amount_places", Samples.flat("{month: ▸49.5}", currency: "JPY")),
        Mistake("amount_places", Samples.flat("{month: {USD: 49.5, JPY: ▸49.5}}", currency: "[USD, JPY]")),
        Mistake("not_a_decimal", Samples.flat("{month: {USD: 49, EUR: ▸x}}", currency: "[USD, EUR]")),
        Mistake("missing_currencies", Samples.flat("{month: ▸{USD: 49}}", currency: "[USD, EUR]")),
        Mistake("missing_currencies", Samples.flat("{month: ▸{}}")),
        Mistake("other_currency", Samples.flat("{month: {USD: 49, ▸EUR: 45}}")),
        Mistake("other_currency", Samples.flat("{month: {USD: 49, EUR: 45, ▸eur: 45}}", currency: "[USD, EUR]")),
        Mistake("amount_without_currency", Samples.flat("{month: ▸49}", currency: "[USD, EUR]")),
        Mistake("wrong_kind", Samples.flat("{month: {USD: ▸[49]}}")),
        Mistake("amount_too_large", Samples.flat("{month: ▸100000000000000000}")),
        Mistake("decimal_too_large", Samples.flat("{month: ▸1000000000000000000}")),
        Mistake("unknown_cadence", Samples.flat("{▸monthly: 49.00}")),
        Mistake("flat_cadence", Samples.flat("{year: 1, ▸month: 49.00}", invoice: "quarter")),
        Mistake("same_cadence", Samples.flat("{year: 490.00, ▸12 months: 490.00}")),
        Mistake("unknown_cadence", Samples.prices("{}", invoice: "▸fortnight")),
        Mistake("unknown_meter", Samples.prices("extra: {usage: ▸order, name: E, allowance: 1, per: year}")),
        Mistake("not_a_whole_number", Samples.usage("unit_price: 1", allowance: "▸12.5")),
        Mistake("not_a_whole_number", Samples.usage("unit_price: 1", allowance: "▸010")),
        Mistake("not_a_whole_number", Samples.usage("unit_price: 1", allowance: "▸60_000")),
        Mistake("negative_number", Samples.usage("unit_price: 1", allowance: "▸-1")),
        Mistake("number_too_large", Samples.usage("unit_price: 1", allowance: "▸1000000000000001")),
        Mistake("allowance_period", Samples.usage("unit_price: 1", per: "▸10 days")),
        Mistake("too_many_places", Samples.usage("unit_price: ▸0.0000000000001")),
        Mistake("not_a_flag", Samples.usage("unit_price: 1, already_paid: ▸on")),
        Mistake("already_paid_without_rate", Samples.usage("already_paid: ▸yes")),
        Mistake("several_rates", Samples.usage("unit_price: 1, ▸tiers: [{unit_price: 1}]")),
        Mistake("several_rates", Samples.usage("volume: [{unit_price: 1}], ▸package: {size: 1, price: 1}")),
        Mistake("charge_zero_without_fee", Samples.usage("unit_price: 1, charge_zero: ▸yes")),
        Mistake("charge_zero_without_fee", Samples.usage("charge_zero: ▸yes")),
        Mistake("number_too_small", Samples.usage("package: {size: ▸0, price: 1}")),
        Mistake("missing_key", Samples.usage("package: ▸{size: 10}")),
        Mistake("beyond_hundred_percent", Samples.usage("percentage: {percent: ▸100.1}")),
        Mistake("negative_price", Samples.usage("percentage: {percent: ▸-1}")),
        Mistake("amount_places", Samples.usage("unit_price: 1, maximum: ▸5.001")),
        Mistake("missing_key", Samples.usage("stair_step: [{up_to: 5, amount: 1}, ▸{}]")),
        Mistake("last_tier_closed", Samples.usage("stair_step: [{up_to: ▸5, amount: 1}]")),
        Mistake("unknown_charged", Samples.prices("base: {name: B, flat: {month: 1}, charged: ▸advance}")),
        Mistake("not_a_flag", Samples.prices("base: {name: B, flat: {month: 1}, prorated: ▸daily}")),
        Mistake("discount_effect", Samples.prices("off: {name: O, discount: ▸{percent: 1, amount: 2}}")),
        Mistake("discount_effect", Samples.prices("off: {name: O, discount: ▸{}}")),
        Mistake("beyond_hundred_percent", Samples.prices("off: {name: O, discount: {percent: ▸101}}")),
        Mistake("unknown_price", Samples.prices("off: {name: O, discount: {percent: 1}, on: [▸of]}")),
        Mistake("number_too_small", Samples.prices("off: {name: O, discount: {percent: 1}, periods: ▸0}")),
        Mistake("number_too_large", Samples.prices("off: {name: O, discount: {percent: 1}, periods: ▸1201}")),
        Mistake("no_such_day", Samples.prices("off: {name: O, discount: {percent: 1}, until: ▸2023-02-29}")),
        Mistake(
            "amount_before_maximum",
            Samples.prices("off: {name: O, discount: {amount: 1}, order: ▸before_maximum}")),
        Mistake("minimum_of_other_prices", Samples.prices("▸least: {name: L, minimum: 5.00}")),
        Mistake(
            "minimum_of_other_prices",
            Samples.prices("{base: {name: B, flat: {month: 1}}, ▸least: {name: L, minimum: 5.00, on: [base]}}")),
        Mistake("duplicate_key", Samples.usage("unit_price: 1, ▸unit_price: 2")),
        Mistake("unclosed_tag", Samples.usage("unit_price: 1, wording: ▸\"{{quantity\"")),
        Mistake("unclosed_tag", Samples.usage("unit_price: 1, wording: ▸\"{{{quantity}}\"")),
        Mistake("unknown_name", Samples.usage("unit_price: 1, wording: ▸\"{{quantities}}\"")),
        Mistake("unknown_name", Samples.usage("unit_price: 1, wording: ▸\"{{> header}}\"")),
        Mistake("unknown_name", Samples.usage("unit_price: 1, wording: ▸\"{{=<% %>=}}\"")),
        Mistake("bad_template", Samples.usage("unit_price: 1, wording: ▸\"{{#unit}}{{quantity}}\"")),
        Mistake("bad_template", Samples.usage("unit_price: 1, wording: ▸\"{{#unit}}{{/quantity}}\"")),
        Mistake("not_a_flag", Samples.usage("unit_price: 1, hide_zero: ▸maybe")),
        Mistake(
            "same_meter",
            Samples.prices(
                """
                a: {usage: orders, name: A, allowance: 1, per: year}
                          ▸b: {usage: orders, name: B, allowance: 2, per: month}
                """)),
    ]

    static let notices: [Mistake] = [
        Mistake("wrong_kind", Samples.alerts("▸80")),
        Mistake("none", Samples.alerts("▸[]")),
        Mistake("too_many", Samples.alerts("▸[\((1...21).map(String.init).joined(separator: ", "))]")),
        Mistake("alert_not_ascending", Samples.alerts("[80, ▸80]")),
        Mistake("alert_not_ascending", Samples.alerts("[100, ▸80, 120]")),
        Mistake("number_too_small", Samples.alerts("[▸0, 80]")),
        Mistake("number_too_large", Samples.alerts("[80, ▸1001]")),
        Mistake("negative_number", Samples.alerts("[▸-80]")),
        Mistake("not_a_whole_number", Samples.alerts("[▸80.5]")),
        Mistake("not_a_whole_number", Samples.alerts("[▸80%]")),
        Mistake("alerts_without_allowance", Samples.usage("unit_price: 1, alerts: ▸[80]", allowance: "0")),
        Mistake(
            "alerts_without_allowance", Samples.prices("extra: {usage: orders, name: E, unit_price: 1, alerts: ▸[80]}")),
        Mistake("unknown_key", Samples.prices("base: {flat: {month: 1}, name: B, ▸alerts: [80]}")),
        Mistake("wrong_kind", Samples.notices("▸yes")),
        Mistake("not_a_flag", Samples.notices("{one_a_day: ▸1}")),
        Mistake("unknown_key", Samples.notices("{▸usage_alarm: {}}")),
        Mistake("missing_key", Samples.notices("{usage_alert: ▸{subject: S}}")),
        Mistake("unknown_name", Samples.notices("{usage_alert: {subject: ▸'{{percents}}', text: T}}")),
        Mistake("unknown_name", Samples.notices("{usage_alert: {subject: S, text: ▸'{{new_plan}}'}}")),
        Mistake("unknown_name", Samples.notices("{change_applied: {subject: S, text: ▸'{{percent}}'}}")),
        Mistake(
            "unknown_name",
            Samples.notices("\n  usage_alert:\n    subject: S\n    text: ▸|\n      Hello\n      {{name}}")),
        Mistake("unclosed_tag", Samples.notices("{usage_alert: {subject: S, text: ▸'{{percent'}}")),
        Mistake("bad_template", Samples.notices("{usage_alert: {subject: S, text: ▸'{{#left}}'}}")),
        Mistake("control_character_in_text", Samples.notices(#"{usage_alert: {subject: ▸"a\nBcc: b", text: T}}"#)),
        Mistake("control_character_in_lines", Samples.notices(#"{usage_alert: {subject: S, text: ▸"a\rb"}}"#)),
        Mistake("empty_text", Samples.notices(#"{usage_alert: {subject: S, text: ▸"\n\n"}}"#)),
        Mistake("text_too_long", Samples.notices("{usage_alert: {subject: ▸\(long), text: T}}")),
    ]

    static let invoices: [Mistake] = [
        Mistake("wrong_kind", Samples.invoices("▸at_once")),
        Mistake("unknown_key", Samples.invoices("{▸finalise: at_once}")),
        Mistake("unknown_finalization", Samples.invoices("{finalize: ▸now}")),
        Mistake("unknown_finalization", Samples.invoices("{finalize: ▸0 days}")),
        Mistake("unknown_finalization", Samples.invoices("{finalize: ▸367 days}")),
        Mistake("invoice_number", Samples.invoices("{number: ▸'INV-{{year}}'}")),
        Mistake("invoice_number", Samples.invoices("{number: ▸'{{number}}/{{number}}'}")),
        Mistake("invoice_number", Samples.invoices("{number: ▸'{{month}}-{{number}}'}")),
        Mistake("text_too_long", Samples.invoices("{number: ▸'{{number}}\(long)'}")),
        Mistake("number_too_large", Samples.invoices("{digits: ▸19}")),
        Mistake("number_too_small", Samples.invoices("{digits: ▸0}")),
        Mistake("jump_too_small", Samples.invoices("{hold: {jump: ▸1}}")),
        Mistake("number_too_large", Samples.invoices("{hold: {jump: ▸1000.5}}")),
        Mistake("not_a_decimal", Samples.invoices("{hold: {jump: ▸five}}")),
        Mistake("least_without_jump", Samples.invoices("{hold: ▸{least: 5}}")),
        Mistake("not_a_flag", Samples.invoices("{hold: {silence: ▸1}}")),
        Mistake("unknown_days", Samples.invoices("{hold: {stale: ▸a week}}")),
        Mistake("unknown_days", Samples.invoices("{hold: {stale: ▸at_once}}")),
        Mistake("amount_places", Samples.invoices("{hold: {above: ▸1.005}}")),
        Mistake("unknown_key", Samples.invoices("{hold: {▸most: 5}}")),
    ]

    static let tiers: [Mistake] = [
        Mistake("none", Samples.usage("tiers: ▸[]")),
        Mistake("wrong_kind", Samples.usage("tiers: ▸{up_to: 1}")),
        Mistake("last_tier_closed", Samples.tiers("{up_to: 5, unit_price: 1}, {up_to: ▸9, unit_price: 1}")),
        Mistake("tier_after_open_one", Samples.tiers("{unit_price: 1}, ▸{unit_price: 2}")),
        Mistake(
            "tier_not_ascending",
            Samples.tiers("{up_to: 5, unit_price: 1}, {up_to: ▸5, unit_price: 2}, {unit_price: 3}")),
        Mistake("tier_gap", Samples.tiers("{up_to: 5, unit_price: 1}, {from: ▸6, unit_price: 2}")),
        Mistake("tier_gap", Samples.tiers("{from: ▸1, up_to: 5, unit_price: 1}, {unit_price: 2}")),
        Mistake("tier_overlap", Samples.tiers("{up_to: 5, unit_price: 1}, {from: ▸4, unit_price: 2}")),
        Mistake("number_too_small", Samples.tiers("{up_to: ▸0, unit_price: 1}, {unit_price: 2}")),
        Mistake("missing_key", Samples.tiers("{up_to: 5, unit_price: 1}, ▸{}")),
    ]

    @Test(
        "Each mistake is the only one reported, at its place",
        arguments: documents + heads + decisions + versions + eligible + prices + notices + invoices + tiers)
    func oneMistake(_ mistake: Mistake) {
        let found = problems(mistake.text)
        #expect(mistake.matches(found), "expected \(mistake.line):\(mistake.column) \(mistake.code), got \(found)")
        for diagnostic in found {
            #expect(!diagnostic.found.isEmpty && diagnostic.message.contains("found \(diagnostic.found)"))
            #expect(!diagnostic.expected.isEmpty && diagnostic.message.contains("expected \(diagnostic.expected)"))
        }
    }

    @Test("There are more than thirty kinds of mistakes in the table")
    func kinds() {
        let all = Self.documents + Self.heads + Self.decisions + Self.versions + Self.prices + Self.tiers
        #expect(Set(all.map(\.code)).count >= 30)
    }

    @Test("All mistakes of a file are reported at once, in the order of its lines")
    func allAtOnce() {
        let text = """
            catalog: shop
            curency: usd
            meters: {orders: {name: Orders, aggregate: sum, unit: {one: order, other: orders}}}
            plans:
              basic:
                name: ""
                invoice: month
                versions:
                  - from: 2020-02-30
                    prices:
                      base: {flat: {month: 49.0.0}, name: Base}
                      extra: {usage: order, name: Extra, allowance: 12, per: yaer, unit_price: -1}
            """
        #expect(
            problems(text).map(\.description) == [
                "catalog.yaml:2:1: curency: found the unknown key 'curency', expected 'currency', 'rounding', "
                    + "'decisions', 'changes', 'invoices', 'notices', 'seller' or 'tax' "
                    + "(did you mean 'currency'?)",
                "catalog.yaml:6:11: plans.basic.name: found empty text, expected some text",
                "catalog.yaml:9:15: plans.basic.versions[0].from: found '2020-02-30', expected a day that exists",
                "catalog.yaml:11:32: plans.basic.versions[0].prices.base.flat.month: found '49.0.0', "
                    + "expected a decimal number such as 0.10",
                "catalog.yaml:12:26: plans.basic.versions[0].prices.extra.usage: found 'order', expected 'orders' "
                    + "(did you mean 'orders'?)",
                "catalog.yaml:12:66: plans.basic.versions[0].prices.extra.per: found 'yaer', expected 'day', 'week', "
                    + "'month', 'quarter', 'half_year' or 'year' or a multiple such as '2 months' "
                    + "(did you mean 'year'?)",
                "catalog.yaml:12:84: plans.basic.versions[0].prices.extra.unit_price: found '-1', "
                    + "expected a price of 0 or more (a discount is not a negative price)",
            ])
    }
}
