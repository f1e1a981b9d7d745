/// The keys of `seller` and `tax`.
extension CatalogFormat {
    static let mostAddressLines = 8
    static let mostTaxNumbers = 100
    static let longestTaxNumber = 50
    static let mostRates = 2_000

    static let seller: [KeyRule] = [
        .required("name", "the seller's name on invoices"),
        .required("address", "the lines of the address below the name, such as [Rosenweg 1, 10115 Berlin]"),
        .required("country", "where the seller is established, as the two letters of ISO 3166-1, such as DE"),
        .optional("region", "the part of the country, by its code of ISO 3166-2, such as NY"),
        .optional(
            "tax_numbers",
            """
            the numbers under which tax is declared, by country, such as {DE: DE123456789}; one for another country says that \
            its tax is declared there, or by the one-stop-shop
            """),
        .optional("email", "the mail address on invoices"),
    ]

    static let tax: [KeyRule] = [
        .required(
            "prices", "exclusive where tax is added to the amounts of this catalog, inclusive where it is in them"),
        .required("rates", "what is charged, by country and day"),
    ]

    static let taxRate: [KeyRule] = [
        .required("country", "the country whose rate it is, as the two letters of ISO 3166-1, such as DE"),
        .optional("region", "the part of the country that it is for, by its code of ISO 3166-2, such as NY"),
        .optional("category", "the tax category of prices that it is for; standard where it is left out"),
        .required("from", "the first day on which it holds, as YYYY-MM-DD"),
        .optional(
            "until", "the first day on which it no longer holds; where it is left out, until one that begins later"),
        .required("percent", "such as 19, from 0 to 100"),
    ]
}
