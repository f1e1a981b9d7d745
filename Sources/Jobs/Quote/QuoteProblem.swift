package import Billing
import Deployment

/// Why something cannot be quoted, in words: what was found where, and what was expected.
package struct QuoteProblem: Error, Hashable, Sendable {
    /// The stable word for it.
    package var code: String
    /// `--plan`, or in a batch `plan`; empty for a line as such.
    package var place: String
    package var found: String
    package var expected: String
    package var hint: String?
    /// True for what only shows when amounts are computed.
    package var isOfRating = false

    /// Who asks, and so how the parts of a question are called.
    package enum Asker: Hashable, Sendable {
        case commandLine
        case batch

        func place(_ key: String) -> String {
            switch self {
            case .commandLine: "--" + key.split(separator: "_").joined(separator: "-")
            case .batch: key
            }
        }

        func use(_ meter: String) -> String {
            switch self {
            case .commandLine: "--use \(Quoting.pathPart(meter))"
            case .batch: "use.\(Quoting.pathPart(meter))"
            }
        }
    }

    init(code: String, place: String, found: String, expected: String, hint: String? = nil) {
        self.code = code
        self.place = place
        self.found = found
        self.expected = expected
        self.hint = hint
    }
}

extension QuoteProblem: CustomStringConvertible {
    package var description: String {
        let subject = place.isEmpty ? "" : "\(place): "
        let advice = hint.map { " (\($0))" } ?? ""
        return "\(subject)found \(found), expected \(expected)\(advice)"
    }
}

extension QuoteProblem {
    /// More names than these are not listed.
    private static let mostListed = 20

    private static func names(_ known: [String], _ what: String) -> String {
        if known.isEmpty { return "none: there is no \(what)" }
        let listed = Quoting.oneOf(Array(known.prefix(mostListed)))
        return known.count > mostListed ? "a \(what), such as \(listed)" : listed
    }

    private init(
        unknown code: String, _ word: String, at place: String, _ known: [String], _ what: String
    ) {
        self.init(
            code: code, place: place, found: Quoting.quoted(word), expected: Self.names(known, what),
            hint: Suggestion.text(for: word, among: known))
    }

    init(_ refusal: QuoteRefusal, _ asker: Asker) {
        switch refusal {
        case .unknownCurrency(let code, let known):
            self.init(unknown: "unknown_currency", code, at: asker.place("currency"), known, "currency in the catalog")
        case .unknownPlan(let plan, let known):
            self.init(unknown: "unknown_plan", plan, at: asker.place("plan"), known, "plan in the catalog")
        case .samePlan(let plan):
            self.init(
                code: "same_plan", place: asker.place("change_to"), found: Quoting.quoted(plan),
                expected: "another plan than --plan")
        case .unknownMeter(let meter, let known):
            self.init(unknown: "unknown_meter", meter, at: asker.place("use"), known, "meter in the catalog")
        case .repeatedMeter(let meter):
            self.init(
                code: "duplicate_key", place: asker.use(meter), found: "the meter a second time",
                expected: "each meter once")
        case .unknownContract(let contract, let known):
            self.init(
                unknown: "unknown_contract", contract, at: asker.place("contract"), known, "contract in the plan")
        case .unknownCoupon(let coupon, let known):
            self.init(unknown: "unknown_coupon", coupon, at: asker.place("coupon"), known, "coupon in the plan")
        case .noVersion(let plan, let day, let signedUp, let earliest):
            let who = signedUp.map { " for who signed up on \($0)" } ?? ""
            self.init(
                code: "no_plan_version", place: asker.place("on"), found: day.map { "\($0)" } ?? "no day",
                expected: "a day on which plan '\(plan)' has a version\(who)",
                hint: earliest.map { "the first one begins on \($0)" })
        case .noCadence(let cadence, let invoiceEvery, let known):
            self.init(
                code: "no_amount", place: asker.place("cadence"), found: "'\(cadence)'",
                expected: known.isEmpty
                    ? "'\(invoiceEvery)' or a multiple of it" : Quoting.oneOf(known.map(\.description)))
        case .tooManyPeriods(let count, let limit):
            self.init(
                code: "too_many_periods", place: asker.place("cadence"), found: "\(count) billing periods",
                expected: "at most \(limit)")
        case .dayOutsidePeriod(let day, let period):
            self.init(
                code: "day_outside_period", place: asker.place("on"), found: "\(day)",
                expected: "a day from \(period.start) and before \(period.end)")
        case .billing(let error):
            self.init(
                code: error.code, place: "", found: error.description, expected: "an amount that can be computed")
            isOfRating = true
        }
    }

    init(_ mistake: QuantityText.Mistake, _ text: String, of meter: String, _ asker: Asker) {
        let (code, expected, hint): (String, String, String?) =
            switch mistake {
            case .notANumber: ("invalid_number", "a number such as 12000", Suggestion.number(for: text))
            case .negative: ("negative_quantity", "0 or more", nil)
            case .tooManyPlaces(0): ("fractional_quantity", "a whole number", nil)
            case .tooManyPlaces(let limit): ("fractional_quantity", "at most \(limit) decimal places", nil)
            case .tooLarge: ("quantity_out_of_range", "at most \(QuantityText.largest)", nil)
            }
        self.init(
            code: code, place: asker.use(meter), found: Quoting.quoted(text), expected: expected, hint: hint)
    }

    /// The first mistake of a catalog.
    init(_ diagnostics: Diagnostics) {
        let first = diagnostics.all.first
        let path = first.map { $0.path.isEmpty ? "catalog" : "catalog.\($0.path)" } ?? "catalog"
        let more = diagnostics.all.count > 1 ? "and \(diagnostics.all.count - 1) more in this catalog" : nil
        self.init(
            code: first?.code ?? "invalid_catalog", place: path, found: first?.found ?? "mistakes",
            expected: first?.expected ?? "a sound catalog",
            hint: [first?.hint, more].compactMap(\.self).isEmpty
                ? nil : [first?.hint, more].compactMap(\.self).joined(separator: "; "))
    }
}

extension Quoter {
    /// Quotes quantities that stand as text.
    package func quote(
        _ request: QuoteRequest, use: [(meter: String, text: String)], for asker: QuoteProblem.Asker
    ) throws(QuoteProblem) -> Quote {
        var quantities: [MeterUse] = []
        quantities.reserveCapacity(use.count)
        do throws(QuoteRefusal) {
            _ = try plan(request.plan)
        } catch {
            throw QuoteProblem(error, asker)
        }
        for (meter, text) in use {
            let places: Int
            do throws(QuoteRefusal) {
                places = try self.places(of: meter)
            } catch {
                throw QuoteProblem(error, asker)
            }
            do throws(QuantityText.Mistake) {
                quantities.append(MeterUse(meter: meter, quantity: try QuantityText.parse(text.utf8, places: places)))
            } catch {
                throw QuoteProblem(error, text, of: meter, asker)
            }
        }
        do throws(QuoteRefusal) {
            return try quote(request, use: quantities)
        } catch {
            throw QuoteProblem(error, asker)
        }
    }

    /// What a change of plan costs, for the command line.
    package func planChange(
        _ request: QuoteRequest, to plan: String, period: DateRange, on day: CivilDate
    ) throws(QuoteProblem) -> PlanChange {
        do throws(QuoteRefusal) {
            return try change(request, to: plan, period: period, on: day)
        } catch {
            throw QuoteProblem(error, .commandLine)
        }
    }
}

extension QuoteProblem {
    /// Takes `METER=NUMBER` apart.
    package static func use(_ word: String) throws(QuoteProblem) -> (meter: String, text: String) {
        guard let sign = word.firstIndex(of: "="), sign > word.startIndex else {
            throw QuoteProblem(
                code: "invalid_use", place: "--use", found: Quoting.quoted(word), expected: "METER=NUMBER",
                hint: "for example orders=12000")
        }
        return (String(word[..<sign]), String(word[word.index(after: sign)...]))
    }
}
