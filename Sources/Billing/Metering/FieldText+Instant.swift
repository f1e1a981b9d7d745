/// An instant as a source wrote it: with its offset from UTC, or as the time on a clock in the subscription's zone. Only
/// PostgreSQL turns the second into the first.
package struct WrittenInstant: Hashable, Sendable {
    /// Microseconds since 1970-01-01 00:00: of UTC, or of the local clock.
    package var microseconds: Int64
    package var isLocal: Bool

    package init(microseconds: Int64, isLocal: Bool) {
        self.microseconds = microseconds
        self.isLocal = isLocal
    }

    /// The day on that clock.
    package var day: CivilDate? {
        let (days, rest) = microseconds.quotientAndRemainder(dividingBy: 86_400_000_000)
        return Int32(exactly: rest < 0 ? days - 1 : days).flatMap { CivilDate(daysSince1970: $0) }
    }
}

extension FieldText {
    /// An instant as RFC 3339 writes it, `2021-02-10T12:05:00+01:00` or with `Z`; or without the offset, a local time.
    /// A space may stand for the `T`, seconds may be left out, and have up to six decimal places. An offset of whole hours
    /// may be without minutes, `+01`, as PostgreSQL writes it. The years are 1990 to 2199; a leap second is refused, for
    /// PostgreSQL knows none.
    package static func instant(_ bytes: UnsafeRawBufferPointer?) throws(RejectReason) -> WrittenInstant {
        let bytes = try present(bytes)
        if isSpace(bytes[0]) || isSpace(bytes[bytes.count - 1]) { throw .surroundingSpace }
        guard bytes.count >= 16, let day = CivilDate(utf8: UnsafeRawBufferPointer(rebasing: bytes[..<10])) else {
            throw .invalidInstant
        }
        guard firstDay <= day, day <= lastDay else { throw .dateOutOfRange }
        var rest = ClockText(bytes: bytes, index: 10)
        guard rest.take("T") || rest.take("t") || rest.take(" "), let hour = rest.number(most: 23), rest.take(":"),
            let minute = rest.number(most: 59)
        else { throw .invalidInstant }
        var microseconds: Int64 = 0
        if rest.take(":") {
            guard let second = rest.number(most: 59) else { throw .invalidInstant }
            microseconds = second * 1_000_000
            if rest.take(".") {
                guard let fraction = rest.fraction() else { throw .invalidInstant }
                microseconds += fraction
            }
        }
        microseconds += (Int64(day.daysSince1970) * 1_440 + hour * 60 + minute) * 60_000_000
        if rest.isAtEnd { return WrittenInstant(microseconds: microseconds, isLocal: true) }
        if rest.take("Z") || rest.take("z") {
            guard rest.isAtEnd else { throw .invalidInstant }
            return WrittenInstant(microseconds: microseconds, isLocal: false)
        }
        let isAhead = rest.take("+")
        guard isAhead || rest.take("-"), let hours = rest.number(most: 23) else { throw .invalidInstant }
        var minutes: Int64 = 0
        if rest.take(":") {
            guard let written = rest.number(most: 59) else { throw .invalidInstant }
            minutes = written
        }
        guard rest.isAtEnd else { throw .invalidInstant }
        let offset = (hours * 60 + minutes) * 60_000_000
        return WrittenInstant(microseconds: microseconds + (isAhead ? -offset : offset), isLocal: false)
    }
}

/// What is still to be read of a time.
private struct ClockText {
    let bytes: UnsafeRawBufferPointer
    var index: Int

    var isAtEnd: Bool { index == bytes.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    /// Two digits.
    mutating func number(most: Int64) -> Int64? {
        guard let tens = digit(), let ones = digit(), tens * 10 + ones <= most else { return nil }
        return tens * 10 + ones
    }

    /// One to six digits, in millionths.
    mutating func fraction() -> Int64? {
        guard var value = digit() else { return nil }
        for _ in 0..<5 { value = value * 10 + (digit() ?? 0) }
        return value
    }

    private mutating func digit() -> Int64? {
        guard index < bytes.count, (48...57).contains(bytes[index]) else { return nil }
        index += 1
        return Int64(bytes[index - 1] - 48)
    }
}
