import Foundation

/// Where a cluster lives, and the names inside.
///
/// ```
/// <directory>/            0700, the server's user
///   data/                 the cluster; it appears complete, by one rename
///   data.new-<pid>/       a cluster that is being made; a leftover is worth nothing
///   socket/               0700, where clients connect (or a short directory in /tmp, see `socketDirectory`)
///   postgres.log          what the server says
///   elsewhere             instead of all this: the directory that was used because the server's user cannot get here
///   lock                  held (flock) while someone creates, starts, stops or removes the cluster
/// ```
struct Location: Sendable, Equatable {
    var directory: String

    var data: String { directory + "/data" }
    var log: String { directory + "/postgres.log" }
    var lock: String { directory + "/lock" }

    /// Whether there is a cluster.
    var holdsCluster: Bool { Files.status(data + "/PG_VERSION") != nil }

    /// Whether there may be one that this user may not look for.
    var isOutOfReach: Bool {
        var status = stat()
        return stat(data + "/PG_VERSION", &status) != 0 && errno == EACCES
    }

    /// The place for the cluster of `home`.
    ///
    /// That is `home` itself, unless we are root and the server's user cannot get there: a checkout below `/root`, which
    /// is 0700, is the usual case. It then goes to a directory of its own below /var/lib, named by a hash of `home`. Not
    /// below /var/tmp or /tmp, which many systems clear of files untouched for some days. A cluster that exists at
    /// either place settles the question, so that a later change of a mode somewhere above does not hide the data.
    static func resolve(home: String) -> Location {
        let home = Location(directory: canonical(home))
        guard geteuid() == 0 else { return home }
        let refuge = Location(directory: "/var/lib/meterbook/" + hash(home.directory))
        if home.holdsCluster { return home }
        if refuge.holdsCluster { return refuge }
        guard let user = try? ServerUser.running(in: home) else { return home }
        return user.canEnter(nearestExisting(home.directory)) ? home : refuge
    }

    /// The directory of the server's socket.
    ///
    /// A socket's path has at most 107 bytes, and libpq takes a comma for the end of a host. Where the cluster's path is
    /// no good, the socket goes to a directory in /tmp, whose name anybody can foresee: so `prepareSocketDirectory`
    /// insists on its owner and mode.
    func socketDirectory(user: ServerUser) -> String {
        let near = directory + "/socket"
        if near.utf8.count + PrivateServer.socketName.utf8.count + 1 <= 107, !near.contains(",") { return near }
        return "/tmp/meterbook-\(user.uid)-\(Self.hash(directory))"
    }

    /// Makes the socket directory, and makes sure that no other user can be behind it or get into it.
    func prepareSocketDirectory(user: ServerUser) throws(PrivateServerError) -> String {
        let path = socketDirectory(user: user)
        try Files.makePrivateDirectory(path, owner: user)
        try Self.checkPrivate(path, user: user)
        return path
    }

    /// Makes the directory itself. One that we find is left its owner: it may hold more than a cluster.
    func prepare(user: ServerUser) throws(PrivateServerError) {
        try Files.makePrivateDirectory(directory, owner: user)
        guard let status = Files.status(directory) else { throw .system("find", directory, errno) }
        // With another user's directory, that user could swap the cluster under our feet.
        guard [user.uid, geteuid()].contains(status.st_uid) else {
            throw .foreignOwner(
                path: directory, owner: ServerUser.name(of: status.st_uid), user: ServerUser.name(of: geteuid()))
        }
    }

    /// Leaves a note in `home` where its cluster is, if it is elsewhere: for a person, and for `make clean`.
    static func point(from home: String, to place: Location) throws(PrivateServerError) {
        let home = canonical(home)
        guard home != place.directory else { return }
        try Files.makePrivateDirectory(home, owner: .ourselves)
        try Files.replace(home + "/elsewhere", with: place.directory + "\n", owner: .ourselves)
    }

    /// Removes that note, and the directory if nothing else is in it.
    static func removePointer(from home: String, to place: Location) throws(PrivateServerError) {
        let home = canonical(home)
        guard home != place.directory else { return }
        try Files.remove(home + "/elsewhere")
        rmdir(home)
    }

    private static func checkPrivate(_ path: String, user: ServerUser) throws(PrivateServerError) {
        guard let status = Files.status(path) else { throw .system("find", path, errno) }
        guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == user.uid, status.st_mode & 0o077 == 0 else {
            throw .squatted(path: path, owner: ServerUser.name(of: status.st_uid), mode: status.st_mode)
        }
    }

    /// The absolute path, with the links in its existing part resolved: one directory, one name.
    private static func canonical(_ path: String) -> String {
        let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
        let existing = nearestExisting(absolute)
        guard let resolved = realpath(existing, nil) else { return absolute }
        defer { free(resolved) }
        guard existing != "/" else { return absolute }
        return String(cString: resolved) + String(Substring(absolute.utf8.dropFirst(existing.utf8.count)))
    }

    static func nearestExisting(_ path: String) -> String {
        var path = path
        while path != "/", access(path, F_OK) != 0 {
            path = (path as NSString).deletingLastPathComponent
            if path.isEmpty { return "/" }
        }
        return path
    }

    /// FNV-1a, 64 bits: the same on every run, unlike Swift's own hashing.
    private static func hash(_ text: String) -> String {
        let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}
