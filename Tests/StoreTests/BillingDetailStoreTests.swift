import Billing
import Postgres
import Store
import TestSupport
import Testing

/// Billing details as an invoice asks for them.
@Suite("The store of billing details")
struct BillingDetailStoreTests {
    private static let template = Template.named("schema") { conninfo in
        _ = try Migrator(Connection(conninfo: conninfo)).migrate()
    }

    /// 3,000 customers: of every third one version, of every third two, and of the others none.
    private static let customers = """
        INSERT INTO meterbook.customer (key, name) SELECT 'c' || n, 'C' FROM generate_series(1, 3000) AS n;
        INSERT INTO meterbook.billing_detail (customer_id, version, country, region, tax_number, vat_country, tax_exempt,
            recorded_on, run_id, salt, digest)
        SELECT c, v, 'FR', CASE v WHEN 1 THEN '75C' END, 'FR12345678901', 'FR', CASE v WHEN 2 THEN 'Mission' END,
            '2022-01-01', 1, s, meterbook.detail_digest(s, NULL, NULL, NULL, NULL, CASE v WHEN 1 THEN '75C' END, 'FR',
                'FR12345678901', 'FR', NULL, NULL, NULL, CASE v WHEN 2 THEN 'Mission' END)
        FROM generate_series(1, 3000) AS c CROSS JOIN generate_series(1, 2) AS v
        CROSS JOIN (SELECT decode(repeat('ab', 32), 'hex') AS s) AS salt
        WHERE c % 3 <> 0 AND v <= c % 3;
        """

    @Test("The newest versions of some thousand customers are read at once, and who has none is not among them")
    func current() async throws {
        try await withDatabase(Self.template) { database in
            try database.run(Self.customers)
            let store = BillingDetailStore(try Connection(conninfo: database.conninfo))
            let current = try store.current(Array(1...3_000))
            #expect(current.count == 2_000)
            #expect(try store.current([]) == [:])
            let france = try #require(Country(code: "FR"))
            let first = try #require(current[1])
            #expect(first.version == 1)
            #expect(
                first.buyer
                    == TaxBuyer(
                        place: TaxPlace(country: france, region: Region("75C", of: france)), vatCountry: france))
            let second = try #require(current[2])
            #expect(second.version == 2)
            #expect(
                second.buyer
                    == TaxBuyer(place: TaxPlace(country: france), vatCountry: france, exemptReason: "Mission"))
            #expect(current[3] == nil)
            let digest = try database.run(
                "SELECT encode(digest, 'hex') FROM meterbook.billing_detail WHERE customer_id = 2 AND version = 2")
            #expect(second.digest.count == 32)
            let hex = second.digest.map { byte in
                let digits = String(byte, radix: 16)
                return digits.count == 1 ? "0\(digits)" : digits
            }.joined()
            #expect(hex == digest)
            let version = try #require(try store.version(1, of: 2))
            #expect(version.detail.taxNumber == "FR12345678901")
            #expect(version.detail.region?.code == "75C")
            #expect(try store.version(3, of: 2) == nil)
            #expect(try store.versions(of: 2).map(\.number) == [1, 2])
        }
    }
}
