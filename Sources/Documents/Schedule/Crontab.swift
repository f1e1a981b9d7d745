import Billing

/// Jobs as lines of a crontab.
package enum Crontab {
    /// - Parameter user: who runs them, for a file in /etc/cron.d; nil for a crontab of one's own, which has no such column.
    package static func file(_ jobs: [ScheduledJob], user: String?) -> ScheduleFile {
        var lines = [
            "# What 'meterbook schedule crontab' writes.",
            "# A job that has nothing for a person prints nothing, so cron sends no mail.",
        ]
        var zone: String?
        for job in jobs {
            lines.append("")
            if let own = job.zone, own != zone {
                lines.append("# cronie takes CRON_TZ; Debian's cron goes by the time of the machine.")
                lines.append("CRON_TZ=\(own)")
            }
            zone = job.zone ?? zone
            lines.append("# \(job.name): \(job.description)")
            let command = ([job.program] + job.arguments).map(quoted).joined(separator: " ")
            // A percent sign ends a crontab's command.
            let safe = command.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "\\%")
            lines.append([job.cron.text, user, safe].compactMap(\.self).joined(separator: " "))
        }
        return ScheduleFile(name: "meterbook", text: lines.joined(separator: "\n") + "\n")
    }

    /// For a shell: as it is where that is safe.
    private static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.utf8.allSatisfy {
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
                    || "_-./:=,@%".utf8.contains($0)
            }
        guard !isPlain else { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
