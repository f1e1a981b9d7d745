import ArgumentParser
import Billing

/// The day that a command takes for today.
enum AsOf {
    private static let years: Int32 = 10

    /// Whoever means next month may say so, but a year that was mistyped would bill centuries, and nothing takes that back.
    ///
    /// - Throws: `ValidationError` for a day that lies far ahead of this machine's.
    static func check(_ asOf: CivilDate?) throws {
        let today = Int32(clamping: Clock.now / 86_400_000_000)
        guard let asOf, let latest = CivilDate(daysSince1970: today + years * 366), asOf > latest else { return }
        throw ValidationError(
            "--as-of \(asOf) lies more than \(years) years ahead of this machine's clock; what is billed until then stays billed."
        )
    }
}
