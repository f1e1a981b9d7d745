/// The oracle of the simulator is a second opinion only as long as it shares nothing with the core but what a catalog says.
extension Rules {
    /// The types of Billing that hold what was written into a catalog, or name a day.
    static let catalogTypes: Set<String> = [
        "Alignment", "Cadence", "Catalog", "ChangePolicy", "CivilDate", "Cohort", "Currency", "DecisionRule",
        "Discount",
        "ExactDecimal", "FlatPrice", "Meter", "MeterWindow", "MinimumPrice", "NoticeTemplate", "NoticeTerms", "Plan",
        "PlanVersion", "Price", "PriceModel", "Rate", "Rounding", "UnitName", "UsagePrice",
    ]

    /// What those types can do beyond saying what was written: their members that reckon.
    private static let reckoning: [String] = [
        "divide", "isRunning", "adding", "isMultiple", "version(on", "range(for", "otherDays", "startOfMonth",
        "components",
        "quantityPlaces", "writtenUnit", "carriesLevels", "countsAs", "counts(channel", "format", "meets", "edition",
        "anchor(for", "latest(onDay", "mondayOnOrBefore", "due(inMonthOf", "completeMonths", "endsEveryMonth", "units",
        "exact", "plain", "word(for",
    ].map { ".\($0)" }

    /// The types that a file of the core declares for others, outside of any other.
    static func declaredTypes(_ file: SourceFile) -> Set<String> {
        let kinds: Set = ["struct", "class", "enum", "protocol", "actor"]
        let types = SourceText(file.text).code.compactMap { line -> String? in
            guard line.first.map({ $0.isLetter || $0 == "@" }) ?? false else { return nil }
            let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
            guard let kind = words.firstIndex(where: kinds.contains), kind + 1 < words.count else { return nil }
            return words[kind + 1]
        }
        return Set(types)
    }

    /// - Parameter core: the types that Billing declares.
    static func borrowedOpinions(_ file: SourceFile, core: Set<String>) -> [Finding] {
        guard file.isBelow("Tests/Oracle") else { return [] }
        return numbered(SourceText(file.text).code).flatMap { number, line in
            let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
            let types = core.subtracting(catalogTypes).intersection(words).sorted()
            let members = reckoning.filter { contains(line, $0) }
            return (types + members).map {
                Finding(path: file.path, line: number, what: "the oracle may not ask the core: \($0)")
            }
        }
    }
}
