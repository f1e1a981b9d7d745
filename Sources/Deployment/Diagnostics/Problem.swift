package import Billing

/// What can be wrong with a file that a person wrote. `Problem+Wording` says it in words, `Problem+Code` for scripts.
package enum Problem: Hashable, Sendable {
    // The text of the file.
    case fileTooLong(bytes: Int, limit: Int)
    case invalidUTF8(byte: UInt8)
    case controlCharacter(scalar: UInt32)
    case emptyFile
    case syntax(String)
    case tab
    case severalDocuments
    case anchor
    case alias
    case mergeKey
    case tag(String)
    case tooDeep(limit: Int)
    case tooManyProblems(limit: Int)

    // The shape of the document.
    case duplicateKey(String, firstLine: Int)
    case keyNotText
    case unknownKey(String, known: [String])
    case missingKey(String, meaning: String)
    case wrongKind(found: YAMLKind, expected: String)
    case tooMany(String, count: Int, limit: Int)
    case none(of: String)

    // A single value.
    case emptyText
    case textTooLong(count: Int, limit: Int)
    case controlCharacterInText(scalar: UInt32)
    case controlCharacterInLines(scalar: UInt32)
    case surroundingSpace(String)
    case badIdentifier(String)
    case notADecimal(String)
    case negativePrice(String)
    case tooManyPlaces(String, limit: Int)
    case decimalTooLarge(String)
    case amountPlaces(String, Currency)
    case amountTooLarge(String)
    case notAWholeNumber(String)
    case negativeNumber(String)
    case numberTooSmall(String, least: Int64)
    case numberTooLarge(String, limit: Int64)
    case notADate(String)
    case noSuchDay(String)
    case notAnInstant(String)
    case unknownCadence(String)
    case unknownLength(String)
    case unknownWindow(String)
    case unknownFinalization(String)
    case invoiceNumber(InvoiceNumbering.Flaw)
    case unknownDays(String)
    case unknownRetention(String)
    case jumpTooSmall(String)
    case leastWithoutJump
    case notAFlag(String)
    case notALimit(String)
    case unknownWord(String, Vocabulary)
    case unknownCurrency(String)
    case currencyNotCapital(String)
    case amountWithoutCurrency(String, codes: [String])
    case otherCurrency(String, codes: [String])
    case missingCurrencies([String])
    case unknownCountry(String)
    case notARegion(String, Country)
    case notATaxNumber(String, Country)
    case notALanguage(String)

    // What the values of a catalog mean together.
    case unknownMeter(String, known: [String])
    case flatCadence(Cadence, invoice: Cadence)
    case sameCadence(String, first: String, firstLine: Int)
    case allowancePeriod(Cadence, invoice: Cadence)
    case emptyCohort(from: CivilDate, before: CivilDate)
    case overlappingVersions(from: CivilDate, firstLine: Int)
    case priceKind(found: [String])
    case severalRates(found: [String])
    case chargeZeroWithoutFee
    case minimumOfOtherPrices
    case beyondHundredPercent(String)
    case discountEffect(found: [String])
    case amountBeforeMaximum
    case unknownPrice(String, known: [String])
    case unclosedTag
    case unknownName(String, known: [String])
    case badTemplate
    case emptyVersion(from: CivilDate, until: CivilDate)
    case alreadyPaidWithoutRate
    case sameMeter(String, price: String, firstLine: Int)
    case repeatedName(String)
    case placesOfPeak
    case placesOfSeries(String, places: Int, first: Int, meter: String)
    case meterPeriod(Cadence, meter: String, invoice: Cadence)
    case alreadyPaidByWindow(String)
    case entitlementValue(found: [String])
    case meterWithoutLimit
    case conditionBound(found: [String])
    case daysOfLevel(String)
    case countWithoutDays(String)
    case alertsWithoutAllowance
    case alertNotAscending(percent: Int32, previous: Int32)
    case tierGap(from: Int64, previous: Int64)
    case tierOverlap(from: Int64, previous: Int64)
    case tierNotAscending(upTo: Int64, previous: Int64)
    case tierAfterOpenOne(firstLine: Int)
    case lastTierClosed(upTo: Int64)
    case unknownPlan(String, known: [String])
    case shortLadder(count: Int)
    case planInTwoLadders(String, rule: String, firstLine: Int)
    case ladderCadence(String, Cadence, first: Cadence)
    case thresholdNotAscending(Int64, previous: Int64)
    case unlimitedBeforeLast(String)
    case decisionMeter(String)
    case placesOfDecision(String, places: Int, first: Int)
    case notMonths(String, most: Int)
    case notMonthsOrPeriods(String, most: Int)
    case historyOfOtherKind(String, window: DecisionRule.Window)
    case periodsOfLadder(plan: String, Cadence)
    case dayOfPeriods(Int)
    case overlappingRates(place: TaxPlace, category: String, from: CivilDate, first: CivilDate, firstLine: Int)
    case rateOfExempt
    case taxWithoutSeller
    case unknownCategory(String, known: [String])
    case categoryWithoutTax(String)
    case severalCategories([String])

    // What the values of a job mean together.
    case notASchedule(String, CronSchedule.Mistake)
    case notATimeZone(String)
    case stepOrder(JobDefinition.Kind, after: JobDefinition.Kind)
    case severalSteps([String])
    case stepWithoutCarrier
    case severalCarriers([String])

    // What the values of a configuration mean.
    case severalCarrierSettings([String])
    case settingValue(shown: String?, expected: String)

    // What the values of a source mean together.
    case sourceKind(found: [String])
    case keyOfOtherKind(String, belongsTo: String)
    case unknownFileFormat(String)
    case delimiterOfLines
    case passwordInText
    case notAnAddress(String)
    case missingParameter(String)
    case strayParameter(String, feed: String, takesWindow: Bool)
    case columnRule(found: [String])
    case requiredFieldOptional(String, feed: String)
    case bothFields(String, String)

    // What the values of a source that is a server mean together.
    case sourceAddress(AddressFlaw)
    case strayPlaceholder(String, feed: String)
    case pagePlaceholder(isUsed: Bool)
    case pageKind(found: [String])
    case notNext(String)
    case notAPath(String)
    case authKind(found: [String])
    case secretKind(found: [String])
    case secretInText
    case secretName
    case credentialName
    case headerName(String)
    case userWithColon
    case notAStep(Int64)
    case prometheusFeed(String)
    case countedField(String)
    case takenLabel(String)

    /// A closed list of words, each with a code of its own for the mistake.
    package enum Vocabulary: String, Hashable, Sendable, CaseIterable {
        case rounding, aggregate, pool, alignment, charged, order, effect, feed, format, delimiter, body
        case decisionAggregate = "decision_aggregate"
        case equal, levels
        case taxPrices = "tax_prices"
        case changeEffect = "change_effect"
        case step
        case onFailure = "on_failure"
        case jobWindow = "job_window"
        case rhythm
        case onGap = "on_gap"

        /// The words, in the order in which they are listed to people.
        package var words: [String] {
            switch self {
            case .rounding: Rounding.allCases.map(\.rawValue)
            case .aggregate: Meter.Aggregate.allCases.map(\.rawValue)
            case .charged: FlatPrice.Charged.allCases.map(\.rawValue)
            case .order: Discount.Order.allCases.map(\.rawValue)
            case .effect: PlanVersion.TakesEffect.allCases.map(\.rawValue)
            case .alignment: Alignment.allCases.map(\.rawValue)
            case .pool: Meter.Pool.allCases.map(\.rawValue)
            case .feed: Feed.allCases.map(\.rawValue)
            case .format: SourceDefinition.FileFormat.allCases.map(\.rawValue)
            case .body: SourceDefinition.Body.allCases.map(\.rawValue)
            case .decisionAggregate: DecisionRule.Aggregate.allCases.map(\.rawValue)
            case .equal: DecisionRule.Equal.allCases.map(\.rawValue)
            case .changeEffect: ChangePolicy.Effect.allCases.map(\.rawValue)
            case .step: JobDefinition.Kind.allCases.map(\.rawValue)
            case .onFailure: JobDefinition.OnFailure.allCases.map(\.rawValue)
            case .jobWindow: JobWindow.allCases.map(\.rawValue)
            case .rhythm: Expectation.Rhythm.allCases.map(\.rawValue)
            case .onGap: Expectation.OnGap.allCases.map(\.rawValue)
            case .levels: DecisionRule.Levels.allCases.map(\.rawValue)
            case .taxPrices: TaxRules.Prices.allCases.map(\.rawValue)
            case .delimiter: SourceDefinition.Delimiter.allCases.map(\.word)
            }
        }
    }
}
