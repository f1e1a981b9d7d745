import Foundation

/// The only place where the program asks for the time.
enum Clock {
    /// Microseconds since 1970-01-01 UTC.
    static var now: Int64 {
        Int64((Date().timeIntervalSince1970 * 1_000_000).rounded(.down))
    }
}
