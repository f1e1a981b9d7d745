import Billing
import Testing

@Suite("The use of an entitlement")
struct EntitlementTests {
    private func excess(_ value: Entitlement.Value, use: Int64?, places: Int = 0) -> Int64? {
        let unit = UnitName(one: "one", other: "many")
        let meter = Meter(key: "disk", name: "Disk", aggregate: .max, unit: unit, places: places)
        let entitlement = Entitlement(key: "disk", name: "Disk", value: value, meter: "disk")
        return EntitlementStatement.Held(entitlement, meter: meter, use: use).excess
    }

    @Test("What lies beyond a limit is the excess, and a limit that is kept has none")
    func beyond() {
        #expect(excess(.limit(2), use: 0) == 0)
        #expect(excess(.limit(2), use: 2) == 0)
        #expect(excess(.limit(2), use: 3) == 1)
        #expect(excess(.limit(0), use: .max) == .max)
    }

    @Test("A limit is in whole units, and the use in the meter's smallest parts")
    func places() {
        #expect(excess(.limit(10), use: 1_000, places: 2) == 0)
        #expect(excess(.limit(10), use: 1_001, places: 2) == 1)
        // 10^15 with six places is more than any quantity.
        #expect(excess(.limit(1_000_000_000_000_000), use: .max, places: 6) == 0)
    }

    @Test("What has no limit, or is not counted, has no excess")
    func none() {
        #expect(excess(.unlimited, use: 5) == nil)
        #expect(excess(.limit(2), use: nil) == nil)
        let entitlement = Entitlement(key: "seats", name: "Seats", value: .limit(2))
        #expect(EntitlementStatement.Held(entitlement, meter: nil, use: 5).excess == nil)
    }
}
