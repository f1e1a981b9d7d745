/// The first of many by their order, and how many there were: what is kept does not grow with them.
package struct Ranking<Element: Comparable & Hashable & Sendable>: Hashable, Sendable {
    /// At most so many are kept.
    package let limit: Int
    /// The first ones, in order.
    package private(set) var first: [Element] = []
    /// All that were offered.
    package private(set) var count: Int64 = 0

    package init(limit: Int) {
        self.limit = limit
    }

    /// Those that are not kept.
    package var rest: Int64 { count - Int64(first.count) }

    package mutating func offer(_ element: Element) {
        count += 1
        keep(element)
    }

    package mutating func add(_ other: Ranking) {
        count += other.count
        for element in other.first { keep(element) }
    }

    private mutating func keep(_ element: Element) {
        guard limit > 0 else { return }
        if first.count == limit, let last = first.last, !(element < last) { return }
        first.insert(element, at: first.firstIndex { element < $0 } ?? first.endIndex)
        if first.count > limit { first.removeLast() }
    }
}
