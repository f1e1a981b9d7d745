import Billing
import Store

/// The accounts that a source names, each looked up once. The answers come while the next page is being read.
///
/// They are thrown away whole when they have grown, so memory has a bound however many accounts there are.
struct KnownAccounts {
    /// An account, and how the usage of each of its subscriptions is cut.
    struct Entry {
        let account: ReadingStore.Account
        let slicings: [Slicing]
    }

    /// What was asked for some pages.
    struct Question {
        /// The place of the first one.
        fileprivate let first: Int
        /// Nil where nothing was to be asked.
        fileprivate let answer: (() throws -> ReadingStore.FoundAccounts)?
    }

    private let catalog: RatingCatalog
    private let cuts: [CivilDate]
    private var places: [String: Int] = [:]
    /// By place; nil for what nobody knows, and before the answer has come.
    private var entries: [Entry?] = []
    /// The keys of the last places, which nobody has asked for.
    private var named: [String] = []
    private var last: (key: String, place: Int)?
    private static let most = 200_000

    init(_ catalog: RatingCatalog, cuts: [CivilDate]) {
        self.catalog = catalog
        self.cuts = cuts
    }

    var isFull: Bool { entries.count > Self.most }

    /// Makes all places mean nothing that were given out. There must be no question open.
    mutating func forget() {
        places.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
        last = nil
    }

    /// Where an account is to be found once it has been asked for.
    mutating func place(of key: String) -> Int {
        // The channels of an account mostly stand in a row.
        if let last, last.key == key { return last.place }
        let place = places[key] ?? entries.count
        if place == entries.count {
            places[key] = place
            entries.append(nil)
            named.append(key)
        }
        last = (key, place)
        return place
    }

    subscript(place: Int) -> Entry? { entries[place] }

    /// Asks for all that have been named since the last time.
    mutating func ask(_ store: ReadingStore) -> Question {
        defer { named = [] }
        return Question(first: entries.count - named.count, answer: named.isEmpty ? nil : store.find(named))
    }

    mutating func learn(_ question: Question) throws {
        guard let found = try question.answer?() else { return }
        for (number, account) in found.accounts.enumerated() {
            guard let account else { continue }
            let slicings = try account.memberships.map { membership in
                try catalog.slicing(
                    of: Subscription(
                        plan: membership.plan, anchor: membership.anchor, starts: membership.billedFrom,
                        signedUp: membership.anchor, paysEvery: .month, ends: nil),
                    cuts: cuts + found.cuts[membership.subscriptionID])
            }
            entries[question.first + number] = Entry(account: account, slicings: slicings)
        }
    }
}
