import Billing

extension Problem {
    /// What stands in the file, quoted, shortened, and never with a password in it.
    package var found: String {
        switch self {
        case .fileTooLong(let bytes, _): "\(bytes) bytes"
        case .invalidUTF8(let byte): "the byte 0x\(Quoting.hex(UInt32(byte), width: 2)), which is not valid UTF-8 here"
        case .controlCharacter(let scalar), .controlCharacterInText(let scalar), .controlCharacterInLines(let scalar):
            "the control character U+\(Quoting.hex(scalar, width: 4))"
        case .emptyFile: "nothing"
        case .syntax(let problem): "text that is not YAML (\(problem))"
        case .tab: "a tab"
        case .severalDocuments: "a second YAML document"
        case .anchor: "an anchor ('&')"
        case .alias: "an alias ('*')"
        case .mergeKey: "a merge key ('<<')"
        case .tag(let tag): "the tag \(Quoting.quoted(tag))"
        case .tooDeep(let limit): "more than \(limit) levels of nesting"
        case .tooManyProblems(let limit): "more than \(limit) mistakes"
        case .duplicateKey(let key, let firstLine):
            "the key \(Quoting.quoted(key)) again (it is already on line \(firstLine))"
        case .keyNotText: "a key that is a list or a mapping"
        case .unknownKey(let key, _): "the unknown key \(Quoting.quoted(key))"
        case .missingKey(let key, _): "no key '\(key)'"
        case .wrongKind(let kind, _): kind.description
        case .tooMany(let what, let count, _): "\(count) \(what)"
        case .none(let what): "no \(what)"
        case .emptyText: "empty text"
        case .textTooLong(let count, _): "a text of \(count) characters"
        case .surroundingSpace(let text): "\(Quoting.quoted(text)), with a space at an end"
        case .currencyNotCapital(let text), .unknownCurrency(let text), .badIdentifier(let text),
            .notADecimal(let text),
            .negativePrice(let text), .tooManyPlaces(let text, _), .decimalTooLarge(let text),
            .amountPlaces(let text, _),
            .amountTooLarge(let text), .notAWholeNumber(let text), .negativeNumber(let text),
            .numberTooSmall(let text, _), .numberTooLarge(let text, _), .notADate(let text), .noSuchDay(let text),
            .notAnInstant(let text),
            .unknownCadence(let text), .unknownLength(let text), .notAFlag(let text), .notALimit(let text),
            .unknownWord(let text, _), .unknownMeter(let text, _), .unknownPrice(let text, _),
            .unknownName(let text, _), .beyondHundredPercent(let text), .unknownWindow(let text),
            .unknownFinalization(let text), .unknownDays(let text), .unknownRetention(let text),
            .jumpTooSmall(let text),
            .unknownFileFormat(let text), .otherCurrency(let text, _),
            .notAnAddress(let text), .unknownCountry(let text), .notARegion(let text, _),
            .notATaxNumber(let text, _), .notALanguage(let text):
            Quoting.quoted(text)
        case .amountWithoutCurrency(let text, let codes):
            "\(Quoting.quoted(text)) without a currency, in a catalog with \(codes.count)"
        case .missingCurrencies(let codes): "no amount in \(codes.joined(separator: ", "))"
        case .flatCadence(let cadence, _), .allowancePeriod(let cadence, _): "'\(cadence)'"
        case .sameCadence(let text, let first, let firstLine):
            "'\(text)', the same cadence as '\(first)' on line \(firstLine)"
        case .emptyCohort(let from, let before): "from \(from) before \(before), which no day satisfies"
        case .overlappingVersions(let from, let firstLine):
            "a second version from \(from) for some of the same subscriptions as the one on line \(firstLine)"
        case .priceKind(let keys): Quoting.keys(keys)
        case .bothFields(let first, let second): "both '\(first)' and '\(second)'"
        case .severalRates(let keys): "both \(keys.prefix(2).map { "'\($0)'" }.joined(separator: " and "))"
        case .alreadyPaidWithoutRate: "'already_paid' on a price with no rate"
        case .chargeZeroWithoutFee: "'charge_zero' on a price that costs nothing without use"
        case .minimumOfOtherPrices: "a minimum for no usage price, or for several allowance periods"
        case .amountBeforeMaximum: "a fixed sum off before the maximum"
        case .leastWithoutJump: "'least' without 'jump'"
        case .invoiceNumber(let flaw):
            switch flaw {
            case .number: "no '{{number}}', or several"
            case .year: "several '{{year}}'"
            case .character(let character): "the character \(Quoting.quoted(String(character)))"
            }
        case .unclosedTag: "'{{' without its '}}'"
        case .badTemplate: "sections that do not meet"
        case .emptyVersion(let from, let until): "from \(from) until \(until), which no day satisfies"
        case .sameMeter(let meter, let price, let firstLine):
            "a second allowance on the meter '\(meter)' (the first is in '\(price)' on line \(firstLine))"
        case .repeatedName(let name): "\(Quoting.quoted(name)) again"
        case .placesOfPeak: "decimal places for a peak"
        case .placesOfSeries(let series, let places, _, let meter):
            "\(places) places for the readings of '\(series)', of which the meter '\(meter)' says otherwise"
        case .meterPeriod(let cadence, let meter, _):
            "'\(cadence)' for the meter '\(meter)', which has one quantity for each billing period"
        case .alreadyPaidByWindow(let meter): "'already_paid' on the meter '\(meter)'"
        case .discountEffect(let keys), .entitlementValue(let keys), .conditionBound(let keys), .sourceKind(let keys),
            .columnRule(let keys), .pageKind(let keys), .authKind(let keys), .secretKind(let keys):
            Quoting.keys(keys)
        case .meterWithoutLimit: "a meter for what has no limit"
        case .daysOfLevel(let meter): "days beside the meter '\(meter)', whose last reading stands"
        case .countWithoutDays(let meter): "the meter '\(meter)' without 'days'"
        case .alertsWithoutAllowance: "alerts on a price without an allowance"
        case .alertNotAscending(let percent, let previous): "\(percent) after \(previous)"
        case .tierGap(let from, let previous): "a tier from \(from), which leaves a gap after \(previous)"
        case .tierOverlap(let from, let previous): "a tier from \(from), which overlaps the one up to \(previous)"
        case .tierNotAscending(let upTo, let previous): "a tier up to \(upTo) after one up to \(previous)"
        case .tierAfterOpenOne(let firstLine): "a tier after the open one on line \(firstLine)"
        case .lastTierClosed(let upTo): "a last tier that ends at \(upTo)"
        case .unknownPlan(let plan, _): Quoting.quoted(plan)
        case .shortLadder(let count): "\(count) plan\(count == 1 ? "" : "s")"
        case .planInTwoLadders(let plan, let rule, let firstLine):
            "the plan '\(plan)' in a second ladder (the first is in '\(rule)' on line \(firstLine))"
        case .ladderCadence(let plan, let cadence, _): "the plan '\(plan)', invoiced every \(cadence)"
        case .thresholdNotAscending(let threshold, let previous): "\(threshold) after \(previous)"
        case .unlimitedBeforeLast(let plan): "no bound for '\(plan)', which is not the last"
        case .decisionMeter(let meter): "the meter '\(meter)', whose days do not add up to a month"
        case .placesOfDecision(let meter, let places, _): "the meter '\(meter)' with \(places) places"
        case .notMonths(let length, _), .notMonthsOrPeriods(let length, _), .historyOfOtherKind(let length, _):
            "'\(length)'"
        case .periodsOfLadder(let plan, let cadence):
            "periods of the plan '\(plan)', invoiced every \(cadence)"
        case .dayOfPeriods(let day): "\(day) with a window of periods"
        case .overlappingRates(let place, let category, let from, let first, let firstLine):
            """
            a rate for \(place), category '\(category)', from \(from) that overlaps the one from \(first) on line \
            \(firstLine)
            """
        case .rateOfExempt: "a rate for 'exempt'"
        case .taxWithoutSeller: "'tax' without 'seller'"
        case .unknownCategory(let category, _): "the tax category '\(category)', which has no rate"
        case .categoryWithoutTax(let category): "the tax category '\(category)' in a catalog without 'tax'"
        case .severalCategories(let categories):
            "prices of the tax categories \(categories.map { "'\($0)'" }.joined(separator: " and "))"
        case .notASchedule(let text, let mistake):
            switch mistake {
            case .fieldCount(let count): "\(Quoting.quoted(text)) with \(count) field\(count == 1 ? "" : "s")"
            case .badField(let field, let name, _): "\(Quoting.quoted(field)) for the \(name)"
            case .bothDays: "a day of the month and a day of the week"
            case .neverComes: "\(Quoting.quoted(text)), a day that no year has"
            }
        case .notATimeZone(let text): Quoting.quoted(text)
        case .stepOrder(let kind, let last):
            kind == last ? "'\(kind.rawValue)' twice" : "'\(kind.rawValue)' after '\(last.rawValue)'"
        case .severalSteps(let keys): keys.isEmpty ? "an empty mapping" : Quoting.keys(keys)
        case .stepWithoutCarrier: "'deliver' alone"
        case .severalCarriers(let keys), .severalCarrierSettings(let keys): Quoting.keys(keys)
        case .keyOfOtherKind(let key, let kind): "the key '\(key)', which belongs to \(kind)"
        case .delimiterOfLines: "a delimiter for ndjson"
        case .sourceAddress(let flaw): flaw.found
        case .strayPlaceholder(let name, _): "{{\(name)}} in the address"
        case .pagePlaceholder(let isUsed):
            isUsed ? "{{page}} without 'pages: {number: …}'" : "an address without {{page}}"
        case .notNext(let text), .notAPath(let text), .headerName(let text): Quoting.quoted(text)
        case .secretInText: "a text in place of a secret (not shown)"
        case .secretName: "what is no variable's name (not shown)"
        case .credentialName: "what is no credential's name (not shown)"
        case .settingValue(let shown, _): shown.map(Quoting.quoted) ?? "what cannot be used (not shown)"
        case .userWithColon: "a user with a colon in his name"
        case .notAStep(let step): "\(step)"
        case .prometheusFeed(let feed): "'feeds: \(feed)' of a Prometheus"
        case .countedField(let field): "the field '\(field)'"
        case .takenLabel(let label): "the label '\(label)', whose name is taken"
        case .passwordInText: "a password (not shown)"
        case .missingParameter(let parameter): "a query without \(parameter)"
        case .strayParameter(let parameter, _, _): "\(parameter) in the query"
        case .requiredFieldOptional(let field, let feed): "'optional' on '\(field)', which \(feed) cannot do without"
        }
    }
}
