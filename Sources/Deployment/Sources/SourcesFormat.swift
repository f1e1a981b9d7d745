import Billing

/// The format of the sources file: its keys and its limits, once, for the reader and for the schema.
enum SourcesFormat {
    static let mostSources = 200
    static let longestPath = 1_000
    static let longestConnection = 2_000
    static let longestQuery = 100_000
    /// PostgreSQL cuts a column's name at 63 bytes, but a CSV header may be longer.
    static let longestColumn = 500

    static let document: [KeyRule] = [
        .required("sources", "where the rows come from, by a name for each source")
    ]

    static let source: [KeyRule] = [
        .required("feeds", "what the rows are"),
        .optional("file", "a file, a directory or a glob, relative to this file"),
        .optional(
            "format", "the format of the file, where its name (.csv, .ndjson, .jsonl, also with .gz) does not tell"),
        .optional("delimiter", "what stands between the fields of a CSV file; a comma where it is left out"),
        .optional(
            "postgres", "a libpq connection text without a password, or {env: NAME}, {file: PATH} or {credential: NAME}"
        ),
        .optional(
            "query",
            "beside postgres one SELECT; readings take $1, the first day, and $2, the day after the last: with 'at' each a "
                + "day further out, since the days are those of time zones. Beside prometheus the PromQL that selects a counter"
        ),
        .optional(
            "http",
            "the https address of what answers GET with JSON; {{from}}, {{to}} and {{last}} stand for the first day, the "
                + "day after the last and the last, {{page}} for the number of the page"),
        .optional("body", "json (where it is left out), or ndjson: an object a line"),
        .optional(
            "records", "the keys to the array of records, such as data.items; left out where the body is that array"),
        .optional("pages", "how one page leads to the next; left out where one answer holds everything"),
        .optional("prometheus", "the https address of a Prometheus, without /api/v1"),
        .optional("step", "the seconds between two samples, a divisor of 1800 from 10 on; 60 where it is left out"),
        .optional("time_zone", "the IANA time zone of the days that are counted, such as Europe/Berlin"),
        .optional(
            "days",
            "how many days before the end of the last pull the next one begins, 1 to 45; 10 where it is left out"),
        .optional(
            "from_zero",
            "yes where a series that was not there the day before began at zero; else its first sample is where counting begins"
        ),
        .optional("auth", "what lets the program in: a bearer token, a user with a password, or a header"),
        .optional(
            "private",
            "yes where the host is loopback or in a private network: then it may have an http address, or authorities of its own"
        ),
        .optional("authorities", "a PEM file with the certificates that are trusted in place of the system's"),
        .optional("limits", "what a pull may cost"),
        .optional(
            "concurrency",
            "beside postgres, http and prometheus: how many chunks of a backfill may be read at the same time, to 16; 1 where "
                + "it is left out"),
        .optional("columns", "which column is which field: 'ours: theirs'; a field that is left out has the same name"),
        .optional("expect", "beside readings: what the source should deliver, and what a day without it means"),
    ]

    static let expect: [KeyRule] = [
        .optional("every", "day, or usual: the weekdays on which it delivered until then, also where it is left out"),
        .optional("from", "the first day that should be there; the first one that ever came where it is left out"),
        .optional(
            "late", "by how long a day may be late, such as 1 day; it has to be there on the next day without it"),
        .optional("stale", "after how long without readings a channel is stale; 3 days where it is left out"),
        .optional(
            "least", "the percent of what is usual below which a day has shrunk, 1 to 100; 50 where it is left out"),
        .optional(
            "on_gap",
            "what a missing day does to a period: hold: it is not billed; flag: it is, and its invoice says so, also where it "
                + "is left out; show: only 'meterbook gaps' says so; ignore: nobody looks, for nothing of the source. Or a "
                + "mapping with a word for each kind of gap"),
    ]

    static let onGap: [KeyRule] = [
        .optional(PeriodGap.Kind.missingDay.rawValue, "a day of which nothing came; flag where it is left out"),
        .optional(
            PeriodGap.Kind.shrunkDay.rawValue, "a day with far less than is usual; show where it is left out"),
        .optional(
            PeriodGap.Kind.unreadSource.rawValue, "the days since the source was last read; show where it is left out"),
        .optional(
            PeriodGap.Kind.missingChannel.rawValue,
            "a day on which a channel is missed that was there on nearly every day; show where it is left out"),
    ]

    static let ofFiles = ["format", "delimiter"]
    static let ofHTTP = ["body", "records", "pages"]
    static let ofPrometheus = ["step", "time_zone", "days", "from_zero"]
    static let askedForDays = ["postgres", "http", "prometheus"]
    static let mostConcurrency: Int64 = 16
    static let ofServers = ["auth", "private", "authorities", "limits"]
    static let kinds = ["file", "postgres", "http", "prometheus"]
    static let placeholders = ["from", "to", "last", "page"]

    static let pages: [KeyRule] = [
        .optional("cursor", "the keys to the value in the body that asks for the next page"),
        .optional("parameter", "the parameter of the address that takes the cursor"),
        .optional("number", "the number of the first page; {{page}} in the address takes it"),
        .optional("next", "the keys to the next page's address in the body"),
        .optional("link", "next: the header Link with rel=\"next\" has the next page's address"),
    ]
    static let pageKinds = ["cursor", "number", "next", "link"]

    /// Keys to a value that may be missing on the last page.
    static let pathRule: [KeyRule] = [
        .required("path", "the keys to the value, such as meta.next"),
        .optional("optional", "yes where the last page leaves it out"),
    ]

    static let auth: [KeyRule] = [
        .optional("bearer", "the token of 'Authorization: Bearer', as {env: NAME}, {file: PATH} or {credential: NAME}"),
        .optional("basic", "a user and a password"),
        .optional("header", "a header with a value of its own"),
    ]
    static let basic: [KeyRule] = [
        .required("user", "the user's name"),
        .required("password", "the password, as {env: NAME}, {file: PATH} or {credential: NAME}"),
    ]
    static let header: [KeyRule] = [
        .required("name", "the header's name, such as X-Api-Key"),
        .required("value", "its value, as {env: NAME}, {file: PATH} or {credential: NAME}"),
    ]
    static let limits: [KeyRule] = [
        .optional("tries", "how often one page is asked for, 1 to 20; 5 where it is left out"),
        .optional("seconds", "the time of a whole pull, to 86400; 3600"),
        .optional("request_seconds", "the time of a request with its answer, to 3600; 60"),
        .optional("connect_seconds", "the time to a connection, to 300; 10"),
        .optional("pause_seconds", "the longest pause that the server may ask for, to 3600; 300"),
        .optional("megabytes", "the size of one answer, also once expanded, to 256; 32"),
        .optional("records", "the records of a whole pull, to 100000000; 10000000"),
        .optional("pages", "the pages of a pull, to 1000000; 10000"),
        .optional("per_second", "requests a second, to 100; no bound"),
    ]
    /// The largest value of each limit.
    static let largest: [String: Int64] = [
        "tries": 20, "seconds": 86_400, "request_seconds": 3_600, "connect_seconds": 300, "pause_seconds": 3_600,
        "megabytes": 256, "records": 100_000_000, "pages": 1_000_000, "per_second": 100,
    ]
    static let longestAddress = 2_000

    static let columnRule: [KeyRule] = [
        .optional("column", "the column's name"),
        .optional("value", "the same text for every row, instead of a column"),
        .optional("optional", "yes where the column may be missing"),
    ]

    /// The field names of a feed as keys of `columns`. None is required there: one that is left out has its own name.
    static func columns(of feed: Feed) -> [KeyRule] {
        feed.namedFields.map { .optional($0.name, $0.meaning) }
    }

    static let knownExtensions = [".csv", ".ndjson", ".jsonl"]
}
