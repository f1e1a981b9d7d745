/// The format of a job file: its keys and its limits.
enum JobFormat {
    static let mostSteps = 50
    static let longestPath = 1_000
    static let mostWorkers: Int64 = 64
    static let largestBatch: Int64 = 100_000
    static let mostAttempts: Int64 = 1_000

    static let document: [KeyRule] = [
        .required("job", "the job's name, by which the journal knows it"),
        .optional("about", "what it is for, in a sentence"),
        .optional("schedule", "when it starts; left out for a job that a person starts"),
        .optional("window", "'required' for a job that is told --from and --to, and takes the end for today"),
        .optional("options", "how it works"),
        .required("steps", "what it does, in order"),
    ]

    static let schedule: [KeyRule] = [
        .required("cron", "minute, hour, day of the month, month and day of the week"),
        .optional("zone", "the time zone of these, such as Europe/Berlin; the machine's where it is left out"),
    ]

    static let options: [KeyRule] = [
        .optional("workers", "threads that work side by side"),
        .optional("batch", "subscriptions a transaction"),
    ]

    static let onFailure = KeyRule.optional("on_failure", "what its failure means for the rest of the run")
    static let step = [onFailure]
    static let pull = [
        onFailure, .optional("source", "the only source to read; all where it is left out"),
        .optional(
            "chunk", "how many days of the window at a time, such as week or 10 days; a month where it is left out"),
    ]
    static let carriers = ["directory", "sendmail", "webhook"]
    static let deliver = [
        onFailure,
        .optional("directory", "a directory for a file a notice"),
        .optional("sendmail", "a program that takes mail as sendmail does"),
        .optional("webhook", "the URL that notices are posted to"),
        .optional("from", "mail: the address of the sender"),
        .optional("secret_file", "webhook: the file with the secret; without it the setting notice_secret"),
        .optional("attempts", "after how many a notice is given up"),
    ]
}
