import Billing

extension Problem {
    /// What should stand there instead.
    package var expected: String {
        switch self {
        case .fileTooLong(_, let limit): "at most \(limit)"
        case .invalidUTF8: "text in UTF-8"
        case .controlCharacter: "text without control characters"
        case .emptyFile: "a mapping (lines of 'key: value')"
        case .syntax: "YAML"
        case .tab: "spaces"
        case .severalDocuments: "one document a file"
        case .anchor, .alias: "the text itself, written out"
        case .mergeKey: "the keys themselves, written out"
        case .tag: "a plain value"
        case .tooDeep(let limit): "at most \(limit)"
        case .tooManyProblems: "fewer; the rest is not listed"
        case .duplicateKey: "each key once"
        case .keyNotText: "text before the colon"
        case .unknownKey(_, let known): Quoting.oneOf(known)
        case .missingKey(_, let meaning): meaning
        case .wrongKind(_, let expected): expected
        case .tooMany(_, _, let limit): "at most \(limit)"
        case .none: "at least one"
        case .emptyText: "some text"
        case .textTooLong(_, let limit): "at most \(limit)"
        case .controlCharacterInText: "text on one line, without control characters"
        case .controlCharacterInLines: "text without control characters but line feeds"
        case .surroundingSpace: "text without spaces around it"
        case .badIdentifier: "a name of a-z, 0-9, '_' and '-' that starts with a letter and has at most 64 characters"
        case .notADecimal: "a decimal number such as 0.10"
        case .negativePrice: "a price of 0 or more"
        case .tooManyPlaces(_, let limit): "at most \(limit) decimal places"
        case .decimalTooLarge: "at most 18 digits before the point"
        case .amountPlaces(_, let currency):
            currency.exponent == 0
                ? "a whole number (\(currency.code) has no decimal places)"
                : "at most \(currency.exponent) decimal places (\(currency.code))"
        case .amountTooLarge: "an amount that fits 64 bits of the currency's smallest unit"
        case .notAWholeNumber: "a whole number such as 12000"
        case .negativeNumber: "0 or more"
        case .numberTooSmall(_, let least): "\(least) or more"
        case .numberTooLarge(_, let limit): "at most \(limit)"
        case .notADate: "a date as YYYY-MM-DD, such as 2022-02-01"
        case .noSuchDay: "a day that exists"
        case .notAnInstant: "an instant such as 2021-02-10T12:05:00Z, or a local time without the offset"
        case .unknownCadence: "\(Quoting.oneOf(CatalogFormat.cadenceWords)) or a multiple such as '2 months'"
        case .unknownLength: "a length of time such as '14 days' or '1 month'"
        case .unknownDays: "a number of days from 1 to 366 such as '7 days'"
        case .unknownRetention:
            "a number of months from 1 to \(InvoiceTerms.longestRetention) such as '24 months'"
        case .jumpTooSmall: "a number above 1 such as 5"
        case .leastWithoutJump: "'jump' beside it: it is the quantity up to which nothing is a jump"
        case .unknownFinalization: "'at_once', 'by_hand' or a number of days from 1 to 366 such as '5 days'"
        case .invoiceNumber(let flaw):
            switch flaw {
            case .number: "'{{number}}' once in it, such as INV-{{year}}-{{number}}"
            case .year: "'{{year}}' at most once"
            case .character: "letters A to Z, digits, spaces and - / . _ # beside {{number}} and {{year}}"
            }
        case .unknownWindow: "'period', 'previous_month' or a number of days from 1 to 366 such as '30 days'"
        case .notALimit: "a whole number, or '\(CatalogFormat.unlimited)'"
        case .notAFlag: "yes or no (true or false)"
        case .unknownWord(_, let vocabulary): Quoting.oneOf(vocabulary.words)
        case .unknownCurrency: "the code of an active ISO 4217 currency, such as USD"
        case .currencyNotCapital: "three capital letters"
        case .amountWithoutCurrency(let text, let codes):
            "an amount for each, such as {\(codes.map { "\($0): \(text)" }.joined(separator: ", "))}"
        case .otherCurrency(_, let codes): "a currency of the catalog: \(Quoting.oneOf(codes))"
        case .missingCurrencies: "an amount in each currency of the catalog"
        case .unknownCountry: "the two capital letters of a country in ISO 3166-1, such as DE"
        case .notARegion(_, let country): "the code of a region of \(country) in ISO 3166-2, such as NY for US-NY"
        case .notATaxNumber(_, let country):
            "a VAT number with its country's letters, such as \(TaxNumber.example(of: country))"
        case .notALanguage: "a language tag of BCP 47, such as de or pt-BR"
        case .overlappingRates: "one rate on each day: another 'from' or 'until', or one within the days of the other"
        case .rateOfExempt: "no rate for it: it is the category of what is never taxed"
        case .taxWithoutSeller: "'seller' beside it, because tax depends on where the seller is"
        case .unknownCategory(_, let known): Quoting.oneOf(known)
        case .categoryWithoutTax: "'tax' with its rates at the top of the catalog"
        case .severalCategories: "prices of one tax category, with 'on'"
        case .unknownMeter(_, let known): known.isEmpty ? "a meter of this catalog" : Quoting.oneOf(known)
        case .flatCadence(_, let invoice): "a multiple of the plan's invoice cadence, '\(invoice)'"
        case .allowancePeriod(_, let invoice): "a multiple of the plan's invoice cadence, '\(invoice)'"
        case .sameCadence: "each cadence once"
        case .emptyCohort: "'from' to lie before 'before'"
        case .overlappingVersions: "versions of one date to be for different sign-up dates"
        case .priceKind: "exactly one of 'flat', 'usage', 'minimum' and 'discount'"
        case .severalRates: "one of them"
        case .chargeZeroWithoutFee: "a rate whose first tier has a flat fee"
        case .minimumOfOtherPrices: "usage prices with the same 'per'"
        case .beyondHundredPercent: "at most 100"
        case .discountEffect: "exactly one of 'percent' and 'amount'"
        case .amountBeforeMaximum: "'before_maximum' only beside 'percent'"
        case .unknownPrice(_, let known): known.isEmpty ? "a price of this version" : Quoting.oneOf(known)
        case .unclosedTag: "'}}' at the end of each name"
        case .unknownName(_, let known): Quoting.oneOf(known)
        case .badTemplate: "each section '{{#name}}' to be closed with '{{/name}}', in order"
        case .emptyVersion: "'from' to lie before 'until'"
        case .alreadyPaidWithoutRate: "a price for what goes beyond the allowance"
        case .sameMeter: "an allowance in one usage price of a meter in a version"
        case .repeatedName: "each name once"
        case .placesOfPeak: "whole numbers: a peak counts channels"
        case .placesOfSeries(_, _, let first, _): "'\(first)'"
        case .meterPeriod(_, _, let invoice): "'\(invoice)', the plan's invoice cadence"
        case .alreadyPaidByWindow: "it only with a meter that plainly adds up its own readings"
        case .entitlementValue: "exactly one of 'limit', 'flag' and 'text'"
        case .meterWithoutLimit: "'meter' only beside 'limit'"
        case .conditionBound: "exactly one of \(Quoting.oneOf(CatalogFormat.bounds))"
        case .daysOfLevel: "'days' only beside a meter whose 'aggregate' is not latest"
        case .countWithoutDays: "how many days count, such as 'days: 30'"
        case .alertsWithoutAllowance: "'alerts' only beside an 'allowance' of 1 or more"
        case .alertNotAscending(_, let previous): "more than \(previous): ascending, each once"
        case .tierGap(_, let previous), .tierOverlap(_, let previous): "a tier from \(previous)"
        case .tierNotAscending(_, let previous): "more than \(previous)"
        case .tierAfterOpenOne: "the tier without 'up_to' to be the last"
        case .unknownPlan(_, let known): known.isEmpty ? "a plan of this catalog" : Quoting.oneOf(known)
        case .shortLadder: "at least 2"
        case .planInTwoLadders: "each plan in one ladder"
        case .ladderCadence(_, _, let first): "plans that are invoiced alike: every \(first)"
        case .thresholdNotAscending(_, let previous): "more than \(previous)"
        case .unlimitedBeforeLast: "'\(CatalogFormat.unlimited)' only for the highest plan"
        case .decisionMeter: "a meter whose 'aggregate' is sum"
        case .placesOfDecision(_, _, let first): "\(first), as the first meter"
        case .notMonths(_, let most): "1 to \(most) months, such as '3 months'"
        case .notMonthsOrPeriods(_, let most): "1 to \(most) months or periods, such as '3 months' or '3 periods'"
        case .historyOfOtherKind(_, let window):
            switch window {
            case .months: "months, as the window '\(window)'"
            case .periods: "periods, as the window '\(window)'"
            }
        case .periodsOfLadder:
            "plans invoiced every month or in days up to 28, so that one ends each month, or a window of months"
        case .dayOfPeriods:
            "1 to \(DecisionRule.latestDayOfPeriods): a period of who is billed on the 31st ends on February 28th, the next after March 28th"
        case .lastTierClosed: "the last tier without 'up_to', so that every quantity has a price"
        case .notASchedule(_, let mistake):
            switch mistake {
            case .fieldCount: "five: minute, hour, day of the month, month, day of the week, such as '30 2 * * *'"
            case .badField(_, _, let bounds):
                "*, or numbers from \(bounds.lowerBound) to \(bounds.upperBound), such as 1, 1-5, 1,15 or */2"
            case .bothDays: "one of the two to be *: cron takes days that are either, systemd days that are both"
            case .neverComes: "a day that comes"
            }
        case .notATimeZone: "the name of a time zone, such as Europe/Berlin"
        case .stepOrder:
            "each step once, in the order \(JobDefinition.Kind.allCases.map(\.rawValue).joined(separator: ", "))"
        case .severalSteps: "one step an item, such as '- close'"
        case .stepWithoutCarrier, .severalCarriers: "deliver with one of \(Quoting.oneOf(JobFormat.carriers))"
        case .sourceKind: "exactly one of 'file', 'postgres', 'http' and 'prometheus'"
        case .keyOfOtherKind(_, let kind): "it only beside \(kind)"
        case .unknownFileFormat: "'format', because the name does not tell it"
        case .delimiterOfLines: "a delimiter only for csv"
        case .passwordInText: "a connection text without one"
        case .notAnAddress: "one mail address such as billing@example.com"
        case .missingParameter: "$1 (the first day) and $2 (the day after the last)"
        case .strayParameter(_, let feed, let takesWindow):
            takesWindow
                ? "only $1 (the first day) and $2 (the day after the last)"
                : "no parameters: \(feed) are always read whole"
        case .columnRule: "exactly one of 'column' and 'value'"
        case .requiredFieldOptional: "a column that is always there"
        case .bothFields: "one of them"
        case .sourceAddress(let flaw): flaw.expected
        case .strayPlaceholder(_, let feed): "no days: \(feed) are always read whole"
        case .pagePlaceholder(let isUsed):
            isUsed ? "'pages: {number: 1}' beside it" : "{{page}} in the address, since 'pages' counts"
        case .pageKind: "exactly one of \(Quoting.oneOf(SourcesFormat.pageKinds))"
        case .notNext: "'next'"
        case .notAPath: "up to 16 keys with points between them, such as data.items"
        case .authKind: "exactly one of \(Quoting.oneOf(SourcesFormat.auth.map(\.key)))"
        case .secretKind: "exactly one of \(Quoting.oneOf(SecretReference.rules.map(\.key)))"
        case .secretInText: "its place: \(SecretReference.forms)"
        case .secretName: "the name of an environment variable, such as USAGE_TOKEN"
        case .credentialName: "a file's name of letters, digits and . _ - such as usage-token"
        case .severalCarrierSettings: "one of \(Quoting.oneOf(Setting.carriers.map(\.rawValue)))"
        case .settingValue(_, let expected): expected
        case .headerName: "a name of letters, digits and hyphens, and none that the program writes itself"
        case .userWithColon: "a name without one: the first colon ends the name"
        case .notAStep: "a divisor of 1800 such as 15, 30, 60 or 300, so that no step reaches over a midnight"
        case .prometheusFeed: "'feeds: readings'"
        case .countedField: "'account', 'channel', 'meter' and 'category' only: day and quantity are counted"
        case .takenLabel: "another label: label_replace in the query gives it a name"
        }
    }
}
