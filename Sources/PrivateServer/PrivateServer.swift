import Foundation

/// A PostgreSQL server of our own: the default when nobody names another one.
///
/// The cluster is made on the first `start()` and keeps its data from then on. The server is a daemon: it outlives the
/// process that started it, every process that calls `start()` gets the same one, and `stop()` ends it. It listens on no
/// network. Whoever may enter its socket directory, which is 0700, is trusted; that is its owner, and root.
///
/// What does not throw: starting a server that runs, stopping one that does not, destroying one that never was. A server
/// that was killed, with its stale files, is an ordinary thing to find.
package struct PrivateServer: Sendable {
    static let port = 5432
    static let socketName = ".s.PGSQL.\(port)"
    static let superuser = "meterbook"

    private let home: String
    let durability: Durability
    let environment: [String: String]

    /// - Parameters:
    ///   - home: the directory for the cluster and its log; made when missing. `location` says where they really are.
    ///   - durability: `.throwaway` turns off everything that keeps data through a crash.
    ///   - environment: where `PGBIN` and `PATH` are looked up.
    package init(
        home: String, durability: Durability = .durable,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.home = home
        self.durability = durability
        self.environment = environment
    }

    /// The directory of the cluster: `home`, or another one where the server's user cannot reach `home`.
    package var location: String { place.directory }

    var place: Location { Location.resolve(home: home) }

    /// Whether the cluster has been created.
    package var exists: Bool { place.holdsCluster }

    /// Whether this user may not look for it.
    package var isOutOfReach: Bool { place.isOutOfReach }

    /// Whether the server runs. It may still be on its way to accept connections.
    package var isRunning: Bool { Postmaster.runningPid(data: place.data) != nil }

    /// Creates the cluster unless it exists, starts the server unless it runs, and returns once it accepts connections.
    ///
    /// Processes that call this at the same time take turns; the first does the work.
    package func start() throws(PrivateServerError) -> Endpoint {
        let place = place
        let user = try ServerUser.running(in: place)
        try place.prepare(user: user)
        try Location.point(from: home, to: place)
        let lock = try FileLock(place.lock, owner: user)
        defer { lock.release() }
        if !place.holdsCluster { try create(at: place, user: user, lock: lock) }
        let sockets = try place.prepareSocketDirectory(user: user)
        let endpoint = Endpoint(host: sockets, port: Self.port, user: Self.superuser)

        let postmaster = Postmaster(place: place, user: user)
        let socket = sockets + "/" + Self.socketName
        switch try postmaster.settle(socket: socket) {
        case .answers: return endpoint
        case .unreachable: try postmaster.stop()
        case .absent: break
        }
        try postmaster.clearAway(socket: socket)
        let binaries = try matchingBinaries(data: place.data)
        try writeSettings(at: place, binaries: binaries, socketDirectory: sockets, user: user)
        try postmaster.launch(binaries: binaries)
        return endpoint
    }

    /// Stops the server: transactions under way are rolled back, and everything committed is on disk when this returns.
    package func stop() throws(PrivateServerError) {
        let place = place
        guard place.holdsCluster else { return }
        let user = try ServerUser.running(in: place)
        let lock = try FileLock(place.lock, owner: user)
        defer { lock.release() }
        try Postmaster(place: place, user: user).stop()
    }

    /// Stops the server and removes the cluster with all its data.
    package func destroy() throws(PrivateServerError) {
        let place = place
        guard Files.isDirectory(place.directory) else { return }
        let user = try ServerUser.running(in: place)
        let lock = try FileLock(place.lock, owner: user)
        defer { lock.release() }
        try Postmaster(place: place, user: user).stop()
        try removeLeftovers(at: place)
        for path in [place.data, place.socketDirectory(user: user), place.log, place.log + ".old", place.lock] {
            try Files.remove(path)
        }
        // Only if nothing else lives there.
        rmdir(place.directory)
        try Location.removePointer(from: home, to: place)
    }

    /// The binaries for a data directory: of its own major version, or an error that says what to install.
    func matchingBinaries(data: String) throws(PrivateServerError) -> String {
        let dataMajor = Self.majorVersion(data: data)
        let binaries = try Self.binaries(environment: environment, major: dataMajor)
        guard let dataMajor, let major = Self.majorVersion(binaries: binaries), major != dataMajor else {
            return binaries
        }
        throw .otherMajorVersion(data: data, dataMajor: dataMajor, binaries: binaries, binariesMajor: major)
    }
}
