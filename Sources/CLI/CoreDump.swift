import Foundation

/// What the system writes to a disk of a program that crashes: all of its memory, and so every secret in it.
enum CoreDump {
    /// For this process and those that it starts, the private server and a mailer, whoever started it: a systemd unit says so
    /// itself, cron and a container do not. Called once, before anything else.
    static func switchOff() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        // To lower a limit needs no right, so it cannot fail.
        #if os(Linux)
        _ = setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        #else
        _ = setrlimit(RLIMIT_CORE, &none)
        #endif
    }
}
