package import Oracle
import Postgres
import Store
import Synchronization
package import TestSupport

/// Plays worlds: the program on a database, the oracle beside it.
package enum Simulation {
    private static let mostStories = 3
    private static let stories = Atomic(0)

    /// A database with the schema, to be copied.
    package static let template = Template.named("schema") { conninfo in
        _ = try Migrator(Connection(conninfo: conninfo)).migrate()
    }

    /// - Parameter conninfo: a database with the schema and nothing else.
    /// - Returns: nil where the two agree.
    /// - Throws: `Puzzle` where the world is none.
    package static func flaw(in world: World, conninfo: String, death: Death = Death()) throws -> Flaw? {
        var play = Play(world, conninfo: conninfo, folder: try TemporaryDirectory(), death: death)
        do {
            try play.run()
            return nil
        } catch let flaw as Flaw {
            return flaw
        }
    }

    /// The same on a database of its own, without waiting for one of the tests' places.
    package static func flaw(in world: World, death: Death = Death()) throws -> Flaw? {
        let database = try TestDatabase.make(template: template)
        defer { try? database.drop() }
        return try flaw(in: world, conninfo: database.conninfo, death: death)
    }

    /// What to tell of a world in which they do not agree: its smallest form, written down so that a person can play it.
    ///
    /// Making it small takes a hundred worlds' time, so only the first few have that done.
    package static func story(of world: World, _ flaw: Flaw) throws -> String {
        guard stories.add(1, ordering: .relaxed).oldValue < mostStories else {
            return "seed \(world.seed) (again: make simulate SEED=\(world.seed))\n\(flaw)"
        }
        var shrinking = Shrinking(world, flaw)
        shrinking.run()
        return try """
        seed \(world.seed) (again: make simulate SEED=\(world.seed))
        \(shrinking.world.written(because: shrinking.flaw))
        """
    }
}
