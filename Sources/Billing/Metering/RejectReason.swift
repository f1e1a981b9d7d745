/// Why a row that a source delivered was not taken in.
///
/// The cases stand in their order of precedence: a row that is wrong twice is always reported with the first reason that
/// applies, so a rerun says the same thing. First what makes the row unreadable as a row, then what makes a single
/// field unreadable, then what the values mean, and last what the store says about them.
///
/// The raw value is the reason code that users see, search for and count; it is stored, so it never changes.
package enum RejectReason: String, Error, Sendable, Hashable, CaseIterable {
    // The row as a row.
    case rowTooLong = "row_too_long"
    case invalidUTF8 = "invalid_utf8"
    case nulCharacter = "nul_character"
    case unterminatedQuote = "unterminated_quote"
    case strayQuote = "stray_quote"
    case wrongFieldCount = "wrong_field_count"
    case invalidJSON = "invalid_json"
    case notAnObject = "not_an_object"
    case duplicateField = "duplicate_field"
    case nestedValue = "nested_value"

    // One field.
    case missingField = "missing_field"
    case emptyField = "empty_field"
    case fieldTooLong = "field_too_long"
    case controlCharacter = "control_character"
    case surroundingSpace = "surrounding_space"
    case invalidDate = "invalid_date"
    case dateOutOfRange = "date_out_of_range"
    case invalidInstant = "invalid_instant"
    case invalidNumber = "invalid_number"
    case fractionalQuantity = "fractional_quantity"
    case negativeQuantity = "negative_quantity"
    case quantityOutOfRange = "quantity_out_of_range"
    case invalidCurrency = "invalid_currency"
    case invalidTimeZone = "invalid_time_zone"
    case invalidCadence = "invalid_cadence"
    case invalidBillingDay = "invalid_billing_day"
    case invalidEmail = "invalid_email"
    case invalidChangeDay = "invalid_change_day"
    case invalidCountry = "invalid_country"
    case invalidRegion = "invalid_region"
    case invalidTaxNumber = "invalid_tax_number"
    case invalidLanguage = "invalid_language"

    // What the values mean together.
    case endNotAfterStart = "end_not_after_start"
    case futureDay = "future_day"
    case secondAnchor = "second_anchor"
    case billingDayWithoutMonths = "billing_day_without_months"
    case trialEndsBeforeSignUp = "trial_ends_before_sign_up"
    case startInTrial = "start_in_trial"

    // What the store knows.
    case unknownMeter = "unknown_meter"
    case ambiguousMeter = "ambiguous_meter"
    case unknownPlan = "unknown_plan"
    case unknownCustomer = "unknown_customer"
    case unknownSubscription = "unknown_subscription"
    case unknownAccount = "unknown_account"
    case planNotSold = "plan_not_sold"
    case otherCurrency = "other_currency"
    case notAMember = "not_a_member"
    case beyondRetention = "beyond_retention"
    case conflictingDuplicate = "conflicting_duplicate"
    case overlappingMembership = "overlapping_membership"
    case fixedField = "fixed_field"
    case changeRefused = "change_refused"
}

extension RejectReason: Comparable {
    /// Precedence: the smaller reason is the one reported.
    package static func < (left: RejectReason, right: RejectReason) -> Bool {
        left.precedence < right.precedence
    }

    private var precedence: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
