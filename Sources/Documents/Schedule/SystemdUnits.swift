import Billing

/// Jobs as pairs of a service and a timer of systemd (systemd.service(5), systemd.timer(5), systemd.exec(5)).
package enum SystemdUnits {
    /// - Parameter user: who runs them.
    package static func files(_ jobs: [ScheduledJob], user: String) -> [ScheduleFile] {
        jobs.flatMap { job in
            [
                ScheduleFile(name: "\(job.unit).service", text: service(job, user: user)),
                ScheduleFile(name: "\(job.unit).timer", text: timer(job)),
            ]
        }
    }

    private static func service(_ job: ScheduledJob, user: String) -> String {
        let command = ([job.program] + job.arguments).map(quoted).joined(separator: " ")
        return """
            # What 'meterbook schedule systemd' writes.
            [Unit]
            Description=Meterbook: \(specifierSafe(job.description))
            Documentation=man:meterbook(1)
            Wants=network-online.target
            After=network-online.target postgresql.service
            # Six attempts, then it waits for the next time or for a person.
            StartLimitIntervalSec=6h
            StartLimitBurst=6

            [Service]
            Type=oneshot
            ExecStart=\(command)
            User=\(specifierSafe(user))
            # The journal keeps what a run does; settings of one's own go before this.
            Environment=METERBOOK_LOG_LEVEL=info
            # METERBOOK_… and PGHOST, PGDATABASE, PGUSER … as libpq has them.
            EnvironmentFile=-/etc/meterbook/environment
            # \(list(ScheduleStatus.worthAnother)): the database or a source is away, or another run is at work. Running again changes nothing.
            Restart=on-failure
            RestartSec=10min
            RestartPreventExitStatus=\(list(ScheduleStatus.forAPerson))
            # The program ends its batch and says so; what was committed stays.
            KillSignal=SIGTERM
            TimeoutStopSec=2min
            StateDirectory=meterbook
            UMask=0077
            # A memory image would hold secrets and customers' data.
            LimitCORE=0
            NoNewPrivileges=yes
            CapabilityBoundingSet=
            LockPersonality=yes
            MemoryDenyWriteExecute=yes
            PrivateDevices=yes
            PrivateTmp=yes
            ProtectClock=yes
            ProtectControlGroups=yes
            ProtectHome=yes
            ProtectHostname=yes
            ProtectKernelLogs=yes
            ProtectKernelModules=yes
            ProtectKernelTunables=yes
            ProtectSystem=strict
            RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
            RestrictNamespaces=yes
            RestrictRealtime=yes
            RestrictSUIDSGID=yes
            SystemCallArchitectures=native
            SystemCallFilter=@system-service

            """
    }

    private static func timer(_ job: ScheduledJob) -> String {
        """
        # What 'meterbook schedule systemd' writes.
        [Unit]
        Description=Meterbook: when '\(job.name)' starts

        [Timer]
        OnCalendar=\(job.cron.onCalendar(zone: job.zone))
        # What was missed while the machine was down is made up for at its start.
        Persistent=true

        [Install]
        WantedBy=timers.target

        """
    }

    private static func list(_ codes: [Int]) -> String { codes.map { "\($0)" }.joined(separator: " ") }

    private static func specifierSafe(_ text: String) -> String {
        text.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")
    }

    /// A word of ExecStart: systemd reads quotes, backslashes, `$` and `%` in it.
    private static func quoted(_ word: String) -> String {
        var safe = ""
        for character in specifierSafe(word) {
            switch character {
            case "\\": safe += "\\\\"
            case "\"": safe += "\\\""
            case "$": safe += "$$"
            default: safe.append(character)
            }
        }
        let isPlain = !safe.isEmpty && !safe.contains { $0.isWhitespace || "\"'\\;".contains($0) }
        return isPlain ? safe : "\"\(safe)\""
    }
}
