import TestSupport
import Testing

/// Billing details from a source and from the command line: versions that are added, and their erasure.
@Suite("Billing details")
struct BillingDetailTests {
    private static let header =
        "customer,name,email,legal_name,address_1,address_2,postal_code,city,region,country,tax_number,po_number,language,"
        + "tax_exempt\n"
    private static let northwind =
        "northwind,Northwind,billing@northwind.example,Northwind GmbH,Rosenweg 1,Hinterhaus,10115,Berlin,BE,DE,"
        + "DE 123 456 789,PO-7,de,\n"

    /// Versions with what is not random, the oldest first.
    private static func versions(_ books: Books, _ customer: String = "northwind") throws -> [String] {
        try books.sql(
            """
            SELECT version, legal_name, replace(address, E'\\n', ' / '), postal_code, city, region, country, tax_number,
                vat_country, po_number, email, language, tax_exempt, recorded_on, erased_on
            FROM meterbook.billing_detail JOIN meterbook.customer USING (customer_id)
            WHERE key = '\(customer)' ORDER BY version
            """
        ).split(separator: "\n").map(String.init)
    }

    private static let first =
        "1|Northwind GmbH|Rosenweg 1 / Hinterhaus|10115|Berlin|BE|DE|DE123456789|DE|PO-7|billing@northwind.example|de||"
        + "2022-06-01|"

    private static func pull(_ books: Books, _ day: String) throws -> JSON {
        try JSON(books.job("pull", "--source", "customers", "--as-of", day, "--json")).list("pulls")[0]
    }

    @Test("A source that names details writes a version, repeating it none, another word the next one")
    func versions() async throws {
        try await withBooks { books in
            try books.deploy(Subscriber("northwind", anchor: "2022-06-01"))
            // Who does not name the fields says nothing of them.
            #expect(try Self.pull(books, "2022-05-01").number("new") == 1)
            #expect(try Self.versions(books) == [])
            try books.folder.write(Self.header + Self.northwind, to: "customers.csv")
            #expect(try Self.pull(books, "2022-06-01").number("changed") == 1)
            #expect(try Self.versions(books) == [Self.first])
            let before = try books.hash()
            #expect(try Self.pull(books, "2022-06-02").number("unchanged") == 1)
            try books.folder.write("customer,name\nnorthwind,Northwind\n", to: "customers.csv")
            #expect(try Self.pull(books, "2022-06-03").number("unchanged") == 1)
            #expect(try books.hash() == before)
            // A field is set, one is emptied, and the others stay; the address that mail goes to goes along.
            try books.folder.write(
                "customer,name,email,city,po_number\nnorthwind,Northwind,new@northwind.example,Potsdam,\n",
                to: "customers.csv")
            #expect(try Self.pull(books, "2022-07-01").number("changed") == 1)
            #expect(
                try Self.versions(books) == [
                    Self.first,
                    "2|Northwind GmbH|Rosenweg 1 / Hinterhaus|10115|Potsdam|BE|DE|DE123456789|DE||new@northwind.example|de||"
                        + "2022-07-01|",
                ])
            #expect(try books.sql("SELECT email FROM meterbook.customer_contact") == "new@northwind.example")
            let statement = try JSON(books.run("customer", "show", "northwind", "--json"))
            #expect(try statement.list("details").map { try $0.number("version") } == [1, 2])
            #expect(try statement.list("details")[1].text("city") == "Potsdam")
        }
    }

    @Test("What a new customer has is a version with the customer, and a mail address alone is none")
    func newCustomers() async throws {
        try await withBooks { books in
            try books.deploy(Subscriber("northwind", anchor: "2022-06-01"))
            try books.folder.write(
                Self.header + Self.northwind + "harbor,Harbor,a@harbor.example,,,,,,,,,,,\n", to: "customers.csv")
            let pulled = try Self.pull(books, "2022-06-01")
            #expect(try (pulled.number("new"), pulled.number("changed")) == (2, 0))
            #expect(try Self.versions(books) == [Self.first])
            #expect(try Self.versions(books, "harbor") == [])
            // The first version takes over where notices went before.
            try books.run("customer", "details", "harbor", "--country", "CH", "--as-of", "2022-06-02")
            #expect(try Self.versions(books, "harbor") == ["1||||||CH||||a@harbor.example|||2022-06-02|"])
        }
    }

    @Test("NDJSON and a PostgreSQL source say the same as CSV, so after one of them the others add nothing")
    func otherSources() async throws {
        try await withBooks { books in
            try books.deploy(Subscriber("northwind", anchor: "2022-06-01"))
            try books.folder.write(Self.header + Self.northwind, to: "customers.csv")
            #expect(try Self.pull(books, "2022-06-01").number("new") == 1)
            let before = try books.hash()
            try books.folder.write(
                """
                {"customer": "northwind", "name": "Northwind", "legal_name": "Northwind GmbH", "address_1": "Rosenweg 1", \
                "address_2": "Hinterhaus", "postal_code": "10115", "city": "Berlin", "region": "DE-BE", "country": "DE", \
                "tax_number": "DE123456789", "po_number": "PO-7", "language": "de", "tax_exempt": null}

                """, to: "customers.ndjson")
            try books.folder.write(
                "sources:\n  customers: {feeds: customers, file: customers.ndjson}\n", to: "sources.yaml")
            #expect(try Self.pull(books, "2022-06-02").number("unchanged") == 1)
            let shop = try TestDatabase.make()
            defer { try? shop.drop() }
            try shop.run(
                """
                CREATE TABLE buyer (id text, org text, line text, line2 text, zip text, town text, land text, vat text);
                INSERT INTO buyer VALUES ('northwind', 'Northwind', 'Rosenweg 1', 'Hinterhaus', '10115', 'Berlin', 'DE',
                    'de-123456789');
                """)
            try books.folder.write(
                """
                sources:
                  customers:
                    feeds: customers
                    postgres: {env: SHOP_DATABASE}
                    query: SELECT * FROM buyer
                    columns: {customer: id, name: org, address_1: line, address_2: line2, postal_code: zip, city: town, \
                country: land, tax_number: vat, legal_name: {value: Northwind GmbH}}
                """, to: "sources.yaml")
            let outcome = try books.attempt(
                "pull", "--as-of", "2022-06-03", "--json", environment: ["SHOP_DATABASE": shop.conninfo])
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(try JSON(outcome.output).list("pulls")[0].number("unchanged") == 1)
            #expect(try books.hash() == before)
        }
    }

    @Test("A row with an invalid detail is rejected with its reason, and the good ones around it are taken in")
    func rejected() async throws {
        try await withBooks { books in
            try books.deploy(Subscriber("northwind", anchor: "2022-06-01"))
            let rows = [
                ("a,A,,,,,,,,Germany,,,,", "invalid_country country"),
                ("b,B,,,,,,,New York,US,,,,", "invalid_region region"),
                ("c,C,,,,,,,,FR,FR123,,,", "invalid_tax_number tax_number"),
                ("d,D,,,,,,,,,,,english please,", "invalid_language language"),
                ("e,E,,,,,,,,,DE123456789,,,", "missing_field country"),
                ("f,F,nobody,,,,,,,DE,,,,", "invalid_email email"),
                ("g,G,,\(String(repeating: "x", count: 201)),,,,,,DE,,,,", "field_too_long legal_name"),
                ("h,H,,,,,,,,DE,,,,a\u{7}b", "control_character tax_exempt"),
                // Wrong twice: the first reason by precedence.
                ("i,I,nobody,,,,,,,Germany,,,,", "invalid_email email"),
                ("j,J,,,,,,,,DE,,,,", ""), ("j,J,,,,,,,,FR,,,,", "conflicting_duplicate customer"),
            ]
            try books.folder.write(
                Self.header + Self.northwind + rows.map { $0.0 + "\n" }.joined(), to: "customers.csv")
            #expect(
                try books.attempt("pull", "--source", "customers", "--as-of", "2022-06-01").code == 65)
            let found = try books.sql("SELECT reason || ' ' || field FROM meterbook.rejected_row ORDER BY line")
            #expect(found.split(separator: "\n").map(String.init) == rows.map(\.1).filter { !$0.isEmpty })
            #expect(try books.sql("SELECT string_agg(key, ' ' ORDER BY key) FROM meterbook.customer") == "j northwind")
            #expect(try Self.versions(books) == [Self.first])
        }
    }

    @Test("The command sets what it names; a dry run and a wrong word write nothing")
    func command() async throws {
        try await withBooks { books in
            try books.deploy(Subscriber("northwind", anchor: "2022-06-01"))
            _ = try Self.pull(books, "2022-06-01")
            let before = try books.hash()
            try books.run("customer", "details", "northwind", "--country", "DE", "--dry-run", "--as-of", "2022-06-02")
            let wrong: [(words: [String], says: String)] = [
                (
                    ["--country", "Germany"],
                    "--country: found 'Germany', expected the two capital letters of a country"
                ),
                (["--tax-number", "DE123456789"], "--country: nothing found, expected a value for this field"),
                (["--country", "DE", "--tax-number", "DE1"], "--tax-number: found 'DE1', expected"),
                (["--email", "nobody"], "--email: found 'nobody', expected one mail address"),
                ([], "Name what is to be set"),
                (["--address", "1", "--address", "2", "--address", "3", "--address", "4"], "three times at most"),
            ]
            for (words, says) in wrong {
                let outcome = try Program.meterbook.run(
                    ["customer", "details", "northwind", "--database", books.conninfo(for: ["customer", "details"])]
                        + words)
                #expect(outcome.code == 64, "\(words)")
                #expect(outcome.errors.contains(says), "\(outcome.errors)")
            }
            #expect(try books.hash() == before)
            try books.run(
                "customer", "details", "northwind", "--legal-name", "Northwind GmbH", "--address", "Rosenweg 1",
                "--country", "US", "--region", "NY", "--tax-exempt", "Resale certificate", "--as-of", "2022-06-02")
            try books.run("customer", "details", "northwind", "--tax-exempt", "", "--as-of", "2022-06-03")
            try books.run("customer", "details", "northwind", "--legal-name", "Northwind GmbH", "--as-of", "2022-06-04")
            #expect(
                try Self.versions(books) == [
                    "1|Northwind GmbH|Rosenweg 1|||NY|US||||||Resale certificate|2022-06-02|",
                    "2|Northwind GmbH|Rosenweg 1|||NY|US|||||||2022-06-03|",
                ])
        }
    }

    @Test("An erasure takes what is personal out of all versions, and no source brings it back")
    func erasure() async throws {
        try await withBooks { books in
            try books.deploy(Subscriber("northwind", anchor: "2022-06-01"))
            try books.folder.write(Self.header + Self.northwind, to: "customers.csv")
            try books.write([Count("2022-06-03", 100)], to: "all.csv")
            try books.job("nightly", "--as-of", "2022-07-05")
            try books.run("customer", "details", "northwind", "--city", "Potsdam", "--as-of", "2022-07-06")
            let digests = try books.sql("SELECT version, digest FROM meterbook.billing_detail ORDER BY 1")
            let before = try books.hash()
            try books.run("customer", "erase", "northwind", "--as-of", "2022-07-07")
            #expect(
                try Self.versions(books) == [
                    "1|||||BE|DE||DE|||||2022-07-05|2022-07-07", "2|||||BE|DE||DE|||||2022-07-06|2022-07-07",
                ])
            #expect(try books.sql("SELECT count(salt) FROM meterbook.billing_detail") == "0")
            #expect(try books.sql("SELECT version, digest FROM meterbook.billing_detail ORDER BY 1") == digests)
            #expect(try books.sql("SELECT name FROM meterbook.customer") == "northwind")
            let erased = try books.hash()
            #expect(
                Set(erased.filter { before[$0.key] != $0.value }.keys)
                    == ["billing_detail", "customer", "customer_contact"])
            #expect(try !books.run("customer", "show", "northwind", "--json").contains("Rosenweg"))
            // The night after, and a second erasure.
            #expect(try Self.pull(books, "2022-07-08").number("unchanged") == 1)
            try books.run("customer", "erase", "northwind", "--as-of", "2022-07-09")
            #expect(try books.hash() == erased)
            // Who comes back says so; the VAT number counts when it is said again.
            try books.run("customer", "details", "northwind", "--legal-name", "Northwind AG", "--as-of", "2022-07-10")
            #expect(try Self.versions(books).last == "3|Northwind AG||||BE|DE|||||||2022-07-10|")
            #expect(try Self.pull(books, "2022-07-11").number("changed") == 1)
            #expect(try Self.versions(books).last?.hasPrefix("4|Northwind GmbH|Rosenweg 1") == true)
        }
    }

    @Test("Of whom nothing but a name and an address was known, an erasure holds too")
    func erasureWithoutDetails() async throws {
        try await withBooks { books in
            try books.deploy(Subscriber("northwind", anchor: "2022-06-01"))
            try books.folder.write(
                "customer,name,email\nnorthwind,Nora Wind,nora@northwind.example\n", to: "customers.csv")
            _ = try Self.pull(books, "2022-06-01")
            try books.run("customer", "erase", "northwind", "--as-of", "2022-06-02")
            _ = try Self.pull(books, "2022-06-03")
            #expect(try books.sql("SELECT name FROM meterbook.customer") == "northwind")
            #expect(try books.sql("SELECT count(*) FROM meterbook.customer_contact") == "0")
            #expect(try Self.versions(books) == ["1|||||||||||||2022-06-02|2022-06-02"])
        }
    }

    @Test("The digest is that of salt and content, salts differ, and nobody changes or deletes a version")
    func sealed() async throws {
        try await withBooks { books in
            try books.deploy(Subscriber("northwind", anchor: "2022-06-01"))
            try books.folder.write(
                Self.header + Self.northwind + Self.northwind.replacing("northwind,N", with: "harbor,N"),
                to: "customers.csv")
            _ = try Self.pull(books, "2022-06-01")
            let content = [
                "14:Northwind GmbH", "21:Rosenweg 1\nHinterhaus", "5:10115", "6:Berlin", "2:BE", "2:DE",
                "11:DE123456789", "2:DE", "4:PO-7",
                "25:billing@northwind.example", "2:de", "-",
            ].joined(separator: ",")
            let sound = try books.sql(
                "SELECT bool_and(digest = sha256(salt || convert_to('\(content)', 'UTF8'))), count(DISTINCT salt) "
                    + "FROM meterbook.billing_detail")
            #expect(sound == "t|2")
            for statement in [
                "UPDATE meterbook.billing_detail SET city = 'Potsdam'", "DELETE FROM meterbook.billing_detail",
                "UPDATE meterbook.billing_detail SET erased_on = '2022-06-01', country = 'FR', legal_name = NULL, "
                    + "address = NULL, postal_code = NULL, city = NULL, tax_number = NULL, po_number = NULL, email = NULL, "
                    + "language = NULL, salt = NULL",
            ] {
                #expect(throws: (any Error).self) { try books.sql(statement) }
            }
        }
    }
}
