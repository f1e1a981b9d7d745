package import Billing

extension BackfillJSON {
    /// The statement that `text` wrote; nil for anything else.
    package static func read(_ json: String) -> BackfillStatement? {
        guard let fields = JSONFields(json), let sources = fields.objects("sources", source),
            let readings = fields.objects("readings", readings), let totals = fields.objects("totals", totals),
            let corrections = fields.object("corrections").flatMap(corrections)
        else { return nil }
        return BackfillStatement(sources: sources, readings: readings, totals: totals, corrections: corrections)
    }

    private static func source(_ fields: JSONFields) -> BackfillStatement.Source? {
        guard let name = fields["source"], let chunks: Int = fields.number("chunks"),
            let done: Int = fields.number("done_before"), let runs = fields.list("by_runs")
        else { return nil }
        return BackfillStatement.Source(
            name: name, chunks: chunks, doneBefore: done, runs: runs.compactMap { Int64($0) })
    }

    private static func readings(_ fields: JSONFields) -> BackfillStatement.Readings? {
        guard let source = fields["source"], let month = fields["month"].flatMap({ CivilDate($0) }),
            let meter = fields["meter"], let places: Int = fields.number("places"),
            let new: Int64 = fields.number("new"), let restated: Int64 = fields.number("restated"),
            let quantity = fields.parts("new_quantity", places: places),
            let difference = fields.parts("difference", places: places)
        else { return nil }
        return BackfillStatement.Readings(
            source: source, month: month, meter: meter, places: places, new: new, newQuantity: quantity,
            restated: restated, difference: difference)
    }

    private static func totals(_ fields: JSONFields) -> BackfillStatement.Totals? {
        guard let meter = fields["meter"], let count: Int64 = fields.number("count") else { return nil }
        return BackfillStatement.Totals(meter: meter, count: count)
    }

    private static func corrections(_ fields: JSONFields) -> BackfillStatement.Corrections? {
        guard let subscriptions: Int64 = fields.number("subscriptions"), let periods: Int64 = fields.number("periods"),
            let failed: Int64 = fields.number("failed"), let sums = fields.objects("sums", sum),
            let largest = fields.objects("largest", correction)
        else { return nil }
        var corrections = BackfillStatement.Corrections()
        (corrections.subscriptions, corrections.periods, corrections.failed) = (subscriptions, periods, failed)
        (corrections.sums, corrections.largest) = (sums, largest)
        return corrections
    }

    private static func sum(_ fields: JSONFields) -> BackfillStatement.Sum? {
        guard let currency = fields["currency"].flatMap({ Currency(code: $0) }),
            let subscriptions: Int64 = fields.number("subscriptions"), let lines: Int64 = fields.number("lines"),
            let more = fields.parts("more", places: currency.exponent),
            let less = fields.parts("less", places: currency.exponent)
        else { return nil }
        var sum = BackfillStatement.Sum(currency: currency)
        (sum.subscriptions, sum.lines, sum.more, sum.less) = (subscriptions, lines, more, less)
        return sum
    }

    private static func correction(_ fields: JSONFields) -> BackfillStatement.Correction? {
        guard let subscription = fields["subscription"], let lines: Int = fields.number("lines"),
            let currency = fields["currency"].flatMap({ Currency(code: $0) }),
            let amount = fields.parts("amount", places: currency.exponent)
        else { return nil }
        return BackfillStatement.Correction(
            subscription: subscription, currency: currency, lines: lines, amount: amount)
    }
}

/// The members of an object by their keys.
private struct JSONFields {
    private let members: [String: String]

    /// Nil for what is no object.
    init?(_ json: String) {
        guard let members = JSONScanner.members(of: json) else { return nil }
        self.members = Dictionary(members.map { ($0.key, $0.value) }) { first, _ in first }
    }

    subscript(key: String) -> String? { members[key] }

    func number<Number: FixedWidthInteger>(_ key: String) -> Number? { members[key].flatMap { Number($0) } }

    func list(_ key: String) -> [String]? { members[key].flatMap { JSONScanner.elements(of: $0) } }

    func object(_ key: String) -> JSONFields? { members[key].flatMap { JSONFields($0) } }

    /// Nil when one of the array's objects cannot be read.
    func objects<Value>(_ key: String, _ read: (JSONFields) -> Value?) -> [Value]? {
        guard let texts = list(key) else { return nil }
        let values = texts.compactMap { JSONFields($0).flatMap(read) }
        return values.count == texts.count ? values : nil
    }

    /// A decimal number in its smallest parts: `12.5` of two places is 1250.
    func parts(_ key: String, places: Int) -> Int128? {
        guard let text = members[key] else { return nil }
        let halves = text.split(separator: ".", omittingEmptySubsequences: false)
        let fraction = halves.count > 1 ? halves[1] : ""
        guard halves.count <= 2, fraction.utf8.count <= places else { return nil }
        return Int128(halves[0] + fraction + String(repeating: "0", count: places - fraction.utf8.count))
    }
}
