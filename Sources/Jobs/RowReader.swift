import Billing
import Connectors

/// Reads the fields of one row, and remembers the first reason against it: first by precedence, then by field.
struct RowReader {
    private let page: RawPage
    private let row: Int
    private let fields: [String]
    private var worst: (reason: RejectReason, field: Int)?

    /// - Parameter fields: the names of the fields, in the order of the page's.
    init(_ page: RawPage, _ row: Int, fields: [String]) {
        self.page = page
        self.row = row
        self.fields = fields
    }

    mutating func key(_ field: Int) -> String? {
        read(field, FieldText.key)
    }

    mutating func day(_ field: Int) -> CivilDate? {
        read(field, FieldText.day)
    }

    mutating func quantity(_ field: Int, places: Int) -> Int64? {
        read(field) { bytes throws(RejectReason) in try FieldText.quantity(bytes, places: places) }
    }

    mutating func instant(_ field: Int) -> WrittenInstant? {
        read(field, FieldText.instant)
    }

    mutating func optionalInstant(_ field: Int) -> WrittenInstant? {
        isAbsent(field) ? nil : instant(field)
    }

    /// An optional field is absent when the row has none or an empty one: CSV cannot tell the two apart.
    mutating func optionalKey(_ field: Int) -> String? {
        isAbsent(field) ? nil : key(field)
    }

    mutating func optionalDay(_ field: Int) -> CivilDate? {
        isAbsent(field) ? nil : day(field)
    }

    /// A day of the month, 1 to 31.
    mutating func optionalDayOfMonth(_ field: Int) -> Int? {
        isAbsent(field) ? nil : read(field, FieldText.dayOfMonth)
    }

    /// A mail address. An empty one says that there is none; a row without the field says nothing of it.
    mutating func contact(_ field: Int) -> ImportStore.Contact {
        guard !isAbsent(field) else { return page.withField(row, field) { $0 == nil } ? .unsaid : .none }
        return read(field, FieldText.email).map { .email($0) } ?? .unsaid
    }

    /// What the row says of billing details. A field that it does not have says nothing, an empty one takes away.
    ///
    /// - Parameter first: the field of the first of `BillingDetailChange.Name`, in whose order the others follow.
    mutating func details(from first: Int) -> BillingDetailChange {
        var refused: [(RejectReason, Int)] = []
        let change = BillingDetailChange { name in
            page.text(row, first + name.rawValue)
        } refuse: { reason, name in
            refused.append((reason, first + name.rawValue))
        }
        for (reason, field) in refused { refuse(reason, field) }
        return change
    }

    func isAbsent(_ field: Int) -> Bool {
        page.withField(row, field) { $0?.isEmpty ?? true }
    }

    private mutating func read<Value>(
        _ field: Int, _ rule: (UnsafeRawBufferPointer?) throws(RejectReason) -> Value
    ) -> Value? {
        do {
            return try page.withField(row, field) { try rule($0) }
        } catch {
            if let reason = error as? RejectReason { refuse(reason, field) }
            return nil
        }
    }

    mutating func refuse(_ reason: RejectReason, _ field: Int) {
        if let worst, worst.reason <= reason { return }
        worst = (reason, field)
    }

    mutating func refuse(_ reason: RejectReason, _ field: String) {
        refuse(reason, fields.firstIndex(of: field) ?? 0)
    }

    var isRefused: Bool { worst != nil }

    /// The rejection, when there is a reason for one.
    var rejection: Rejection? {
        guard let worst else { return nil }
        let position = page.position(row, worst.field)
        return Rejection(
            origin: page.origin, line: page.line(row), column: position?.column ?? 0, field: fields[worst.field],
            reason: worst.reason, found: String((page.text(row, worst.field) ?? "").prefix(200)),
            expected: worst.reason.expected, row: page.rawText(row))
    }

    var origin: ImportStore.Origin {
        ImportStore.Origin(file: page.origin, line: page.line(row), row: page.rawText(row))
    }
}

import Store
