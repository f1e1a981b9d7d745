/// Why a source that is a server cannot be read. It holds no address, no part of a body and no secret.
package struct HTTPFailure: Sendable, Hashable {
    /// `http:` or `prometheus:` and the name of the source.
    package let source: String
    /// The page, from 1; nil where it is not about one.
    package let page: Int?
    package let problem: Problem

    package enum Problem: Sendable, Hashable {
        // How the source is set up.
        case unusableAddress
        /// Plain HTTP, or authorities of one's own, for a host that is not in a private network.
        case publicHost(isEncrypted: Bool)
        case unusableAuthorities
        /// 401 or 403.
        case notLetIn(status: Int)
        /// Any other status by which the server says that it will never answer this.
        case refused(status: Int)
        case otherOrigin(Reference)
        case tooManyRedirects(Int)
        case unusableReference(Reference)

        // What may be mended by itself.
        case silent(reason: String, tries: Int)
        case untrusted(reason: String)
        case failing(status: Int, tries: Int)
        case longPause(seconds: Int64, limit: Int64)
        case outOfTime(seconds: Int64)
        case stopped

        // What the server says.
        case unexpectedStatus(Int)
        case unaskedUnchanged
        case tooLong(limit: Int)
        case otherEncoding
        case otherCharacters
        case brokenCompression
        case endUnknown
        case secretRepeated
        case empty
        case page
        case notText(looksLike: String)
        case invalidJSON(line: Int, column: Int, found: String, expected: String)
        /// Something else stands at the keys; no keys are the body itself.
        case otherShape(keys: [String], found: String, expected: String)
        case samePage(as: Int)
        case tooManyPages(Int)
        case tooManyRecords(Int)
        /// What a Prometheus says of a query that it refuses: `bad_data`, for instance.
        case queryRefused(String)
        /// It says that its answer may lack something.
        case warned
        case tooManySeries(Int)
        case sampleOffGrid
    }

    /// What names another address.
    package enum Reference: String, Sendable, Hashable {
        case redirect = "a redirect"
        case link = "the Link to the next page"
        case body = "the next page's address in the body"
    }

    /// Whose turn it is.
    package enum Remedy: Sendable, Hashable {
        case setUp, retry, mendData, stopped
    }

    package var remedy: Remedy {
        switch problem {
        case .unusableAddress, .publicHost, .unusableAuthorities, .notLetIn, .refused, .otherOrigin, .tooManyRedirects,
            .unusableReference, .queryRefused:
            .setUp
        case .silent, .untrusted, .failing, .longPause, .outOfTime: .retry
        case .stopped: .stopped
        case .unexpectedStatus, .unaskedUnchanged, .tooLong, .otherEncoding, .otherCharacters, .brokenCompression,
            .endUnknown, .secretRepeated, .empty, .page, .notText, .invalidJSON, .otherShape, .samePage, .tooManyPages,
            .tooManyRecords, .warned, .tooManySeries, .sampleOffGrid:
            .mendData
        }
    }

    package init(source: String, page: Int? = nil, problem: Problem) {
        self.source = source
        self.page = page
        self.problem = problem
    }
}
