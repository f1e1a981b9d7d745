import Billing

/// Whether any reading of a pull may come again: never wrong when it says no.
///
/// It remembers of each key one number, made by steps that can be undone, so that two keys seldom share one. A set of the
/// library's would do, at five times the cost: its numbers withstand an attacker, and here one wins nothing but the time
/// that the database takes to tell.
struct KeyWatch {
    private(set) var mayRepeat = false
    /// The numbers, each where it points to or at the next free place behind. Zero is a free place.
    private var places: [UInt64] = Array(repeating: 0, count: 1 << 12)
    private var count = 0
    /// Of more than so many the database tells.
    private static let most = 1 << 20

    mutating func note(_ row: ReadingStore.Row) {
        guard !mayRepeat else { return }
        var number = Self.mixed(UInt64(bitPattern: row.accountID))
        number = Self.mixed(number ^ UInt64(UInt32(bitPattern: row.day.daysSince1970)))
        number = Self.mixed(
            number ^ (UInt64(UInt32(bitPattern: row.channelID)) << 32 | UInt64(UInt32(bitPattern: row.meterID))))
        // Zero is taken for one: as said, two keys may share a number.
        if !insert(max(number, 1)) || count > Self.most {
            mayRepeat = true
            places = []
        }
    }

    /// The finalizer of SplitMix64, which spreads each bit over all.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var value = value &+ 0x9E37_79B9_7F4A_7C15
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// - Returns: false where the number is there already.
    private mutating func insert(_ number: UInt64) -> Bool {
        guard put(number) else { return false }
        count += 1
        if count * 2 > places.count {
            let old = places
            places = Array(repeating: 0, count: old.count * 2)
            for number in old where number != 0 { _ = put(number) }
        }
        return true
    }

    private mutating func put(_ number: UInt64) -> Bool {
        let last = places.count - 1
        var place = Int(truncatingIfNeeded: number) & last
        while places[place] != 0 {
            if places[place] == number { return false }
            place = (place + 1) & last
        }
        places[place] = number
        return true
    }
}
