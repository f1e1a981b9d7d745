/// What a meter's quantity for a window is made of, by name: for a person who asks where it came from.
package struct WindowCount: Hashable, Sendable {
    package var meter: Meter
    package var window: DateRange
    package var quantity: Int64
    /// By account and channel.
    package var sources: [Source]

    /// What one channel of one account contributes.
    package struct Source: Hashable, Sendable {
        package var account: String
        package var channel: String
        /// Empty for none.
        package var category: String
        /// As in `WindowQuantity.Part`.
        package var quantity: Int64
        /// The day of the reading that is meant; for a peak the day of its instant.
        package var day: CivilDate
        /// peak: the instant at which the most channels were on, on the clock of the subscription's zone, such as
        /// `2021-02-10 11:55:00`.
        package var instant: String?

        package init(
            account: String, channel: String, category: String, quantity: Int64, day: CivilDate, instant: String?
        ) {
            self.account = account
            self.channel = channel
            self.category = category
            self.quantity = quantity
            self.day = day
            self.instant = instant
        }
    }

    package init(meter: Meter, window: DateRange, quantity: Int64, sources: [Source]) {
        self.meter = meter
        self.window = window
        self.quantity = quantity
        self.sources = sources
    }

    /// What a source contributes to the quantity itself: a mean's level-days are divided by the window's days, each
    /// rounded by itself, so that they need not add up to the last place.
    package func share(_ source: Source) -> Int64 {
        guard meter.aggregate == .mean else { return source.quantity }
        let share = Rounding.halfAwayFromZero.divide(Int128(source.quantity), by: Int128(window.days))
        return Int64(clamping: share)
    }
}
