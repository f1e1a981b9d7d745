import Billing

extension CatalogSchema {
    private static let country: JSONText = ["type": "string", "pattern": "^[A-Z]{2}$"]
    private static let region: JSONText = ["type": ["string", "integer"], "pattern": "^([A-Z]{2}-)?[A-Z0-9]{1,3}$"]

    static var seller: JSONText {
        let number = SchemaParts.line(longest: CatalogFormat.longestTaxNumber)
        return SchemaParts.mapping(
            CatalogFormat.seller,
            [
                "address": SchemaParts.items(
                    SchemaParts.line(longest: CatalogFormat.longestName), most: CatalogFormat.mostAddressLines),
                "country": country,
                "region": region,
                "tax_numbers": [
                    "type": "object", "maxProperties": .number(Int64(CatalogFormat.mostTaxNumbers)),
                    "propertyNames": ["pattern": "^[A-Z]{2}$"], "additionalProperties": number,
                ],
                "email": SchemaParts.line(longest: EmailAddress.longest),
            ])
    }

    static var tax: JSONText {
        let rate = SchemaParts.mapping(
            CatalogFormat.taxRate,
            [
                "country": country,
                "region": region,
                "category": SchemaParts.identifier,
                "from": SchemaParts.date,
                "until": SchemaParts.date,
                "percent": SchemaParts.decimal,
            ])
        return SchemaParts.mapping(
            CatalogFormat.tax,
            ["prices": SchemaParts.words(.taxPrices), "rates": SchemaParts.items(rate, most: CatalogFormat.mostRates)])
    }
}
