import Billing

/// When a request is sent again.
package enum RetryPlan {
    /// What a status means for the request.
    package enum Verdict: Hashable {
        case take
        case unchanged
        case follow
        case again
        case notLetIn
        case refuse
        case unexpected
    }

    package static func verdict(_ status: Int) -> Verdict {
        switch status {
        case 200: .take
        case 304: .unchanged
        case 301, 302, 303, 307, 308: .follow
        // RFC 6585 section 4, RFC 9110 sections 15.5.9 and 15.6; 425 is RFC 8470.
        case 408, 425, 429, 500...: .again
        case 401, 403, 407: .notLetIn
        case 400...: .refuse
        default: .unexpected
        }
    }

    /// The pause before try number `next`, 2 or more: twice as long each time, of which a part between a half and all, so
    /// that those who failed together do not come back together.
    package static func backOff(
        before next: Int, first: Duration, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        var pause = first
        var number = 2
        while number < next, pause < HTTPLimits.longestBackOff {
            pause *= 2
            number += 1
        }
        let milliseconds = min(pause, HTTPLimits.longestBackOff).milliseconds
        guard milliseconds > 1 else { return min(pause, HTTPLimits.longestBackOff) }
        return .milliseconds(Int64.random(in: milliseconds / 2...milliseconds, using: &generator))
    }

    /// The seconds that `Retry-After` asks for (RFC 9110 section 10.2.3); nil for none that can be understood.
    ///
    /// - Parameter date: the header `Date` of the same answer: a time is reckoned from it, so that no clock here has to
    ///   agree with the server's.
    package static func retryAfter(_ text: String?, date: String?) -> Int64? {
        guard let text else { return nil }
        if !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) { return Int64(text) ?? .max }
        guard let until = seconds(text), let now = date.flatMap(seconds) else { return nil }
        return max(0, until - now)
    }

    /// Seconds since 1970-01-01 UTC of an IMF-fixdate such as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7);
    /// its older forms count as none.
    static func seconds(_ text: String) -> Int64? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 6, words[0].hasSuffix(","), words[5] == "GMT", let day = number(words[1], digits: 2),
            let month = months.firstIndex(of: String(words[2])), let year = number(words[3], digits: 4),
            let date = CivilDate(year: year, month: month + 1, day: day)
        else { return nil }
        let time = words[4].split(separator: ":", omittingEmptySubsequences: false).map { number($0, digits: 2) }
        guard time.count == 3, let hour = time[0], let minute = time[1], let second = time[2], hour < 24, minute < 60,
            second <= 60
        else { return nil }
        return Int64(date.daysSince1970) * 86_400 + Int64(hour * 3_600 + minute * 60 + second)
    }

    private static func number(_ text: Substring, digits: Int) -> Int? {
        text.utf8.count == digits && text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
    }
}

extension Duration {
    /// Rounded down.
    var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
