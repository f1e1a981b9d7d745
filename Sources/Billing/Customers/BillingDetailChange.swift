/// What somebody says of a customer's billing details: some fields, and what they are from now on. The others stay.
package struct BillingDetailChange: Hashable, Sendable {
    /// Fields that are set or taken away together. The raw values are stored for the length of a pull.
    package struct Fields: OptionSet, Hashable, Sendable {
        package let rawValue: Int32

        package init(rawValue: Int32) { self.rawValue = rawValue }

        package static let legalName = Fields(rawValue: 1)
        package static let address = Fields(rawValue: 2)
        package static let postalCode = Fields(rawValue: 4)
        package static let city = Fields(rawValue: 8)
        package static let region = Fields(rawValue: 16)
        package static let country = Fields(rawValue: 32)
        package static let taxNumber = Fields(rawValue: 64)
        package static let poNumber = Fields(rawValue: 128)
        package static let language = Fields(rawValue: 256)
        package static let taxExempt = Fields(rawValue: 512)
        package static let email = Fields(rawValue: 1_024)
    }

    package var said: Fields
    /// What is said; of fields that are not said it says nothing.
    package var detail: BillingDetail

    package init(said: Fields = [], detail: BillingDetail = BillingDetail()) {
        self.said = said
        self.detail = detail
    }

    /// The details after this. A region belongs to its country, so where another country is said without one, there is
    /// none any more.
    package func applied(to known: BillingDetail) -> BillingDetail {
        var new = known
        if said.contains(.legalName) { new.legalName = detail.legalName }
        if said.contains(.address) { new.address = detail.address }
        if said.contains(.postalCode) { new.postalCode = detail.postalCode }
        if said.contains(.city) { new.city = detail.city }
        if said.contains(.country) {
            if detail.country != known.country { new.region = nil }
            new.country = detail.country
        }
        if said.contains(.region) { new.region = detail.region }
        if said.contains(.taxNumber) { (new.taxNumber, new.vatCountry) = (detail.taxNumber, detail.vatCountry) }
        if said.contains(.poNumber) { new.poNumber = detail.poNumber }
        if said.contains(.language) { new.language = detail.language }
        if said.contains(.taxExempt) { new.taxExempt = detail.taxExempt }
        if said.contains(.email) { new.email = detail.email }
        return new
    }
}

extension BillingDetailChange {
    /// The fields as sources and people name them, but the mail address.
    package enum Name: Int, CaseIterable, Sendable {
        case legalName, address1, address2, address3, postalCode, city, region, country, taxNumber, poNumber, language
        case taxExempt
    }

    /// Reads what is said, text by text.
    ///
    /// A tax number and a region are read by the country, so whoever names one of them names the country as well. The lines
    /// of the address are one field: who names one says them all.
    ///
    /// - Parameters:
    ///   - known: the country where nobody names another.
    ///   - text: nil where nothing is said of a field, and empty where it is taken away.
    ///   - refuse: is told what is wrong; the change is then not to be used.
    package init(
        known: Country? = nil, text: (Name) -> String?, refuse: (RejectReason, Name) -> Void
    ) {
        self.init()
        func read<Value>(_ name: Name, _ fields: Fields, _ rule: (String) throws(RejectReason) -> Value) -> Value? {
            guard let text = text(name) else { return nil }
            said.insert(fields)
            guard !text.isEmpty else { return nil }
            do throws(RejectReason) {
                return try rule(text)
            } catch {
                refuse(error, name)
                return nil
            }
        }
        detail.legalName = read(.legalName, .legalName, FieldText.line)
        detail.address = [Name.address1, .address2, .address3].compactMap { read($0, .address, FieldText.line) }
        detail.postalCode = read(.postalCode, .postalCode, FieldText.line)
        detail.city = read(.city, .city, FieldText.line)
        detail.country = read(.country, .country) { text throws(RejectReason) in
            guard let country = Country(code: text) else { throw .invalidCountry }
            return country
        }
        let isUnreadable = detail.country == nil && text(.country)?.isEmpty == false
        let country = said.contains(.country) ? detail.country : known
        func needsCountry<Value>(
            _ name: Name, _ fields: Fields, _ rule: (String, Country) throws(RejectReason) -> Value
        ) -> Value? {
            read(name, fields) { text throws(RejectReason) in
                let text = try FieldText.line(text)
                if let country { return try rule(text, country) }
                // What is wrong with the country is told already.
                if !isUnreadable { refuse(.missingField, .country) }
                return nil
            } ?? nil
        }
        detail.region = needsCountry(.region, .region) { text, country throws(RejectReason) in
            guard let region = Region(text, of: country) else { throw .invalidRegion }
            return region
        }
        let number = needsCountry(.taxNumber, .taxNumber) { text, country throws(RejectReason) in
            guard let number = TaxNumber(text, in: country) else { throw .invalidTaxNumber }
            return number
        }
        (detail.taxNumber, detail.vatCountry) = (number?.text, number?.vatCountry)
        detail.poNumber = read(.poNumber, .poNumber, FieldText.line)
        detail.language = read(.language, .language) { text throws(RejectReason) in
            guard let language = LanguageTag(text) else { throw .invalidLanguage }
            return language
        }
        detail.taxExempt = read(.taxExempt, .taxExempt, FieldText.line)
    }
}
