/// A row that was not taken in: where it stood, what is wrong with it, and the row itself.
///
/// A rejected row is a result, not an error: the good rows around it are stored, and somebody reads this the next morning.
package struct Rejection: Hashable, Sendable {
    /// The file or query, as the source names it.
    package var origin: String
    /// The line on which the row starts, from 1.
    package var line: Int
    /// Where in the line, from 1; 0 when the whole row is meant.
    package var column: Int
    /// The field that is wrong; empty when the whole row is meant.
    package var field: String
    package var reason: RejectReason
    package var found: String
    package var expected: String
    /// The row as the source delivered it, cut at 2,000 bytes.
    package var row: String

    package init(
        origin: String, line: Int, column: Int, field: String, reason: RejectReason, found: String, expected: String,
        row: String
    ) {
        self.origin = origin
        self.line = line
        self.column = column
        self.field = field
        self.reason = reason
        self.found = found
        self.expected = expected
        self.row = row
    }
}

extension Rejection: CustomStringConvertible {
    /// `orders.csv:12:9: day: found '2022-02-30', expected a day that exists, as YYYY-MM-DD (invalid_date)`
    package var description: String {
        let place = column > 0 ? "\(origin):\(line):\(column)" : "\(origin):\(line)"
        let subject = field.isEmpty ? "" : "\(field): "
        let what = found.isEmpty ? "nothing found" : "found '\(found)'"
        return "\(place): \(subject)\(what), expected \(expected) (\(reason.rawValue))"
    }
}

extension RejectReason {
    /// What should have stood there, in words that tell a person what to write instead.
    package var expected: String {
        switch self {
        case .rowTooLong: "a row of at most 1 MiB"
        case .invalidUTF8: "text in UTF-8"
        case .nulCharacter: "text without NUL characters"
        case .unterminatedQuote: "a closing quote"
        case .strayQuote: "quotes only around a whole field, and doubled inside it"
        case .wrongFieldCount: "as many fields as the header has"
        case .invalidJSON: "one JSON value a line (RFC 8259)"
        case .notAnObject: "a JSON object"
        case .duplicateField: "each field once"
        case .nestedValue: "a text or a number, not a list or an object"
        case .missingField: "a value for this field"
        case .emptyField: "a value that is not empty"
        case .fieldTooLong: "at most 200 bytes"
        case .controlCharacter: "text without control characters"
        case .surroundingSpace: "a value without spaces around it"
        case .invalidDate: "a day that exists, as YYYY-MM-DD"
        case .invalidInstant: "an instant such as 2021-02-10T12:05:00Z, or a local time without the offset"
        case .dateOutOfRange: "a day from 1990-01-01 to 2199-12-31"
        case .invalidNumber: "a whole number in digits"
        case .fractionalQuantity: "a whole number, or one with no more decimal places than its meter has"
        case .negativeQuantity: "a number that is not negative"
        case .quantityOutOfRange: "at most 1000000000000"
        case .invalidCurrency: "an ISO 4217 code"
        case .invalidTimeZone: "the IANA name of a time zone, such as America/New_York"
        case .invalidCadence: "a cadence at which the plan's flat prices are sold"
        case .invalidEmail: "one mail address such as billing@example.com, at most 254 bytes"
        case .invalidBillingDay: "a day of the month, from 1 to 31"
        case .endNotAfterStart: "an end after the start"
        case .futureDay: "a day that has begun"
        case .secondAnchor: "no anchor date beside a billing day, or on a plan whose periods follow the calendar"
        case .billingDayWithoutMonths: "a billing day only on a plan that is invoiced by months"
        case .trialEndsBeforeSignUp: "a day on or after the sign-up"
        case .startInTrial: "a day on or after the end of the trial"
        case .unknownMeter: "a meter of the catalog"
        case .ambiguousMeter:
            "the day in place of the instant, for what some meters add up and others take for a level"
        case .unknownPlan: "a plan of the catalog"
        case .unknownCustomer: "a customer that has been imported"
        case .unknownSubscription: "a subscription that has been imported"
        case .unknownAccount: "an account that has been imported"
        case .planNotSold: "a plan with a version for this sign-up date on the first day"
        case .otherCurrency: "the currency of the catalog"
        case .notAMember: "a day on which the account is linked to a subscription"
        case .overlappingMembership: "a time in which the account is linked to no other subscription"
        case .invalidCountry: "the two capital letters of a country in ISO 3166-1, such as DE"
        case .invalidRegion: "the code of a region of the country in ISO 3166-2, such as NY or US-NY"
        case .invalidTaxNumber:
            "in a country of the European Union a VAT number such as DE123456789; elsewhere at most 50 bytes"
        case .invalidLanguage: "a language tag of BCP 47, such as de or pt-BR"
        case .invalidChangeDay: "now, renewal, or a day as YYYY-MM-DD"
        case .changeRefused: "a change that can be carried out; until then the subscription stays as it is"
        case .fixedField: "the value that was imported first, which closed periods rest on"
        case .beyondRetention:
            "a count of a period that has not ended longer ago than the catalog's retention, or the known one"
        case .conflictingDuplicate: "one row a key in a file, or rows that agree"
        }
    }
}
