extension SourceDefinition {
    /// An interface of a vendor that answers GET with JSON.
    package struct HTTPOrigin: Hashable, Sendable {
        /// The address with its placeholders: `{{from}}`, `{{to}}`, `{{last}}` and `{{page}}`.
        package var address: String
        package var body: Body
        /// The keys that lead to the array of records; empty where the body is that array.
        package var records: [String]
        /// Nil where one answer holds everything.
        package var pages: Pages?
        package var access: Access

        package init(address: String, body: Body, records: [String], pages: Pages?, access: Access) {
            self.address = address
            self.body = body
            self.records = records
            self.pages = pages
            self.access = access
        }
    }

    /// How a body holds records.
    package enum Body: String, Hashable, Sendable, CaseIterable {
        /// One JSON text with an array in it.
        case json
        /// A JSON object a line.
        case ndjson
    }

    /// How one page leads to the next.
    package enum Pages: Hashable, Sendable {
        /// A value in the body goes into a parameter of the address. It ends where the value is null or empty, and where it
        /// is missing if it may.
        case cursor(path: [String], parameter: String, canBeMissing: Bool)
        /// `{{page}}` counts from this number on, until a page is empty.
        case number(first: Int64)
        /// An address in the body; ends as a cursor does.
        case next(path: [String], canBeMissing: Bool)
        /// The header `Link` with `rel="next"` (RFC 8288), until an answer has none.
        case link
    }

    /// Counters that a Prometheus has kept.
    package struct PrometheusOrigin: Hashable, Sendable {
        /// Where its interface is, without `/api/v1`.
        package var address: String
        /// What selects the counter, in PromQL.
        package var query: String
        /// Seconds between two samples; an hour's half is a multiple of it.
        package var step: Int
        /// The IANA time zone of the days.
        package var timeZone: String
        /// How many days before the end of the last pull the next one begins.
        package var days: Int
        /// Whether a series that was not there the day before began at zero.
        package var fromZero: Bool
        package var access: Access

        package init(
            address: String, query: String, step: Int, timeZone: String, days: Int, fromZero: Bool, access: Access
        ) {
            self.address = address
            self.query = query
            self.step = step
            self.timeZone = timeZone
            self.days = days
            self.fromZero = fromZero
            self.access = access
        }
    }

    /// How a server is spoken to.
    package struct Access: Hashable, Sendable {
        package var auth: Auth?
        /// Whether the host is one's own: then it may speak plain HTTP, or have a certificate of one's own authority.
        package var isPrivate: Bool
        /// A PEM file with the certificates of the only authorities that are trusted, relative to the sources file.
        package var authorities: String?
        package var limits: Limits

        package init(
            auth: Auth? = nil, isPrivate: Bool = false, authorities: String? = nil, limits: Limits = Limits()
        ) {
            self.auth = auth
            self.isPrivate = isPrivate
            self.authorities = authorities
            self.limits = limits
        }
    }

    /// What is shown to be let in.
    package enum Auth: Hashable, Sendable {
        case bearer(SecretReference)
        case basic(user: String, password: SecretReference)
        case header(name: String, value: SecretReference)
    }

    /// What a pull may cost; nil for the connector's own bounds.
    package struct Limits: Hashable, Sendable {
        package var tries: Int64?
        /// Of a whole pull.
        package var seconds: Int64?
        package var requestSeconds: Int64?
        package var connectSeconds: Int64?
        /// The longest pause that the server may ask for.
        package var pauseSeconds: Int64?
        /// Of one answer, also once expanded.
        package var megabytes: Int64?
        /// Of a whole pull.
        package var records: Int64?
        package var pages: Int64?
        package var perSecond: Int64?

        package init() {}
    }
}
