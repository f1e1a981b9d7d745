import Failpoints
import Foundation

extension PrivateServer {
    static let settingsName = "meterbook.conf"
    /// A fresh cluster takes 40 MiB; the rest is for its first write-ahead log.
    private static let neededSpace: UInt64 = 128 * 1_048_576

    /// Makes the cluster: complete, or not at all.
    ///
    /// `initdb` works under another name, and the directory gets its own by one rename. It is given the lock to hold as
    /// well, so that if we are killed the next `start()` waits for an `initdb` that is still writing.
    func create(at place: Location, user: ServerUser, lock: FileLock) throws(PrivateServerError) {
        try removeLeftovers(at: place)
        let binaries = try Self.binaries(environment: environment, major: nil)
        try checkSpace(at: place)

        let fresh = place.data + ".new-\(getpid())"
        try Files.makePrivateDirectory(fresh, owner: user)
        do throws(PrivateServerError) {
            try initialise(fresh, binaries: binaries, user: user, lock: lock)
            guard Failpoint.rename(fresh, to: place.data) else { throw .system("rename", fresh, errno) }
        } catch {
            // The first error is the one that says what went wrong.
            try? Files.remove(fresh)
            throw error
        }
    }

    /// Removes clusters that were never finished.
    func removeLeftovers(at place: Location) throws(PrivateServerError) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place.directory)) ?? []
        for name in names where name.hasPrefix("data.new-") { try Files.remove(place.directory + "/" + name) }
    }

    private func initialise(
        _ data: String, binaries: String, user: ServerUser, lock: FileLock
    ) throws(PrivateServerError) {
        var arguments = [
            "--pgdata=\(data)", "--username=\(Self.superuser)", "--auth=trust", "--encoding=UTF8",
            // Bytes decide the order of text: the same on every system, and after every upgrade of its C library.
            "--locale=C",
        ]
        arguments.append(durability == .durable ? "--data-checksums" : "--no-sync")
        var command = user.command(binaries + "/initdb", arguments)
        command.kept = lock.descriptor
        let result: Command.Result
        do { result = try command.run() } catch { throw .initFailed(location: data, tail: "\(error)") }
        guard result.succeeded else {
            let tail = Files.tail(of: result.errorText)
            throw .initFailed(location: data, tail: tail.isEmpty ? "(nothing; it ended with \(result.ending))" : tail)
        }
        let configuration = data + "/postgresql.conf"
        let text = Files.text(configuration) ?? ""
        try Files.replace(configuration, with: text + "\ninclude_if_exists = '\(Self.settingsName)'\n", owner: user)
    }

    /// Writes the settings for the next start.
    func writeSettings(
        at place: Location, binaries: String, socketDirectory: String, user: ServerUser
    ) throws(PrivateServerError) {
        // The log of a throwaway cluster has no whole pages, and nobody should wait for the answer.
        let compression =
            durability == .durable
            ? Self.logCompression(binaries: binaries, data: place.data, user: user) : "off"
        let text = Self.settings(
            socketDirectory: socketDirectory, durability: durability, compression: compression)
        try Files.replace(place.data + "/" + Self.settingsName, with: text, owner: user)
    }

    /// LZ4 where the server was built with it: PostgreSQL's own way of packing pages took 6 % of the processor time of a
    /// nightly pull.
    static func logCompression(binaries: String, data: String, user: ServerUser) -> String {
        // The server itself tells: it refuses a value that it does not know.
        let question = user.command(
            binaries + "/postgres", ["-C", "wal_compression", "-D", data, "-c", "wal_compression=lz4"])
        let answer = try? question.run()
        return answer?.succeeded == true ? "lz4" : "on"
    }

    private func checkSpace(at place: Location) throws(PrivateServerError) {
        var status = statvfs()
        guard statvfs(place.directory, &status) == 0 else { return }
        let free = UInt64(status.f_bavail) * UInt64(status.f_frsize)
        guard free >= Self.neededSpace else {
            throw .diskFull(path: place.directory, free: free, needed: Self.neededSpace)
        }
    }
}
