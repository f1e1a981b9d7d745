import Foundation

extension PrivateServer {
    /// What a crash of the machine may cost.
    package enum Durability: Sendable, Equatable {
        /// Nothing: every committed transaction survives.
        case durable
        /// Everything. Only for data that a test makes and throws away.
        case throwaway
    }

    /// The server's settings, as a configuration file that `postgresql.conf` includes.
    ///
    /// It is written anew at every start, since the memory of the machine may have changed. What a person sets with
    /// `ALTER SYSTEM` still wins.
    ///
    /// - Parameter compression: how whole pages are packed in the log; see ``logCompression(binaries:data:user:)``.
    static func settings(socketDirectory: String, durability: Durability, compression: String) -> String {
        let cores = max(1, ProcessInfo.processInfo.activeProcessorCount)
        let memory = memoryInMiB()
        var settings: [(String, String)] = [
            // Nothing listens on the network: the mode of the socket directory is the only gate.
            ("listen_addresses", "''"),
            ("unix_socket_directories", quoted(listItem: socketDirectory)),
            ("port", String(port)),
            ("timezone", "'UTC'"),
            ("log_timezone", "'UTC'"),
            // The details and contexts of errors quote the values of rows, and customer data stay out of logs.
            ("log_error_verbosity", "terse"),
            ("max_connections", "100"),
            ("max_parallel_workers_per_gather", String(max(1, cores - 1))),
            ("max_parallel_workers", String(max(2, cores))),
            // Batch statements over millions of rows gain nothing from it, and short ones pay for it.
            ("jit", "off"),
            // Every disk made this decade.
            ("random_page_cost", "1.1"),
            ("effective_io_concurrency", "200"),
        ]
        switch durability {
        case .durable:
            settings += [
                ("shared_buffers", "\(clamp(memory / 4, 128...4096))MB"),
                ("effective_cache_size", "\(clamp(memory / 2, 256...65_536))MB"),
                ("work_mem", "\(clamp(memory / 256, 16...128))MB"),
                ("maintenance_work_mem", "\(clamp(memory / 16, 64...1024))MB"),
                ("fsync", "on"),
                ("full_page_writes", "on"),
                ("synchronous_commit", "on"),
                // A night's load should cause a few long checkpoints, not many that write the same pages again.
                ("checkpoint_timeout", "15min"),
                ("max_wal_size", "4GB"),
                ("min_wal_size", "256MB"),
                ("wal_compression", compression),
                ("wal_buffers", "64MB"),
            ]
        case .throwaway:
            settings += [
                ("shared_buffers", "\(clamp(memory / 32, 64...256))MB"),
                ("work_mem", "16MB"),
                ("maintenance_work_mem", "64MB"),
                ("fsync", "off"),
                ("full_page_writes", "off"),
                ("synchronous_commit", "off"),
                ("wal_level", "minimal"),
                ("max_wal_senders", "0"),
                ("max_wal_size", "4GB"),
            ]
        }
        return "# Written at every start of the private server: change settings with ALTER SYSTEM, not here.\n"
            + settings.map { "\($0.0) = \($0.1)\n" }.joined()
    }

    private static func clamp(_ value: Int, _ range: ClosedRange<Int>) -> Int {
        min(max(value, range.lowerBound), range.upperBound)
    }

    /// The memory that we may use: the machine's, or less where a control group sets a limit.
    private static func memoryInMiB() -> Int {
        let machine = Int(clamping: ProcessInfo.processInfo.physicalMemory / 1_048_576)
        let files = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
        let limits = files.compactMap { Files.text($0) }.compactMap {
            UInt64($0.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        return limits.map { Int(clamping: $0 / 1_048_576) }.reduce(machine, min)
    }

    /// A path as the one item of a list setting: in double quotes against commas and spaces, in single quotes as a value.
    static func quoted(listItem path: String) -> String {
        let item = "\"" + path.replacingOccurrences(of: "\"", with: "\"\"") + "\""
        return "'" + item.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "'", with: "''") + "'"
    }
}
