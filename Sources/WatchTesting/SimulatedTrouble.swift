/// What a simulated feed does to those who watch it.
enum SimulatedTrouble: String, CaseIterable {
    // Nothing that wants telling.
    /// Nothing.
    case none
    /// Edits its items; some edits make an item match.
    case edits
    /// Shows its items in another order every few hours.
    case reorders
    /// Keeps an old item on top.
    case pins
    /// Dates its items up to two hours before they appear.
    case datesEarly
    /// Dates all items anew every few hours.
    case redates
    /// Gives all items one title.
    case bulletins
    /// Appends a campaign tag to links, another every few hours.
    case tracks
    /// Moves from http to https.
    case secures
    /// Is out of reach for twenty minutes.
    case stumbles

    // What has to be told.
    /// Publishes one and a half windows within ten minutes, three times.
    case floods
    /// The same, under an item that stays on top.
    case floodsUnderPin
    /// Publishes three windows at once, three times; older pages (`rel="next"`,
    /// `next_url`) hold them.
    case floodsOverPages
    /// The same, held by archives (RFC 5005).
    case floodsOverArchives
    /// The same over pages that are out of reach at first.
    case floodsOverSlowPages
    /// The same over pages that are too few.
    case floodsPastPages
    /// The same over pages that cannot be had.
    case floodsOverNoPages
    /// The same over pages of which the second leads back.
    case floodsInCircles
    /// The same over more pages than are read.
    case floodsTooDeep
    /// Publishes nothing any more.
    case fallsSilent
    /// Answers 410.
    case goesAway
    /// Its domain is sold.
    case isParked
    /// Answers 404.
    case isMissing
    /// Its host's name is gone.
    case losesName
    /// Makes all identifiers anew, once.
    case renames
    /// Makes all identifiers anew every few hours.
    case renamesAlways
    /// Makes all links anew.
    case relinks
    /// A new system: other identifiers, links, dates, order, and texts laid out otherwise.
    case migrates
    /// Publishes its archive again.
    case republishes
    /// Says falsely that nothing has changed; whole documents come with the old validators.
    case lies
    /// Says falsely that nothing has changed; whole documents come with new validators.
    case liesWithTags
    /// Redirects for good to another address.
    case moves
    /// Is out of reach for some hours.
    case fails
    /// Asks to be left alone for fifty minutes, again and again, for half a day.
    case limits

    /// Whether it publishes more than a window at once.
    var isFlood: Bool {
        switch self {
        case .floods, .floodsUnderPin, .floodsOverPages, .floodsOverArchives,
            .floodsOverSlowPages, .floodsPastPages, .floodsOverNoPages, .floodsInCircles,
            .floodsTooDeep:
            true
        default: false
        }
    }

    /// Whether its server says falsely that nothing has changed.
    var isLie: Bool { self == .lies || self == .liesWithTags }

    /// Whether its document is another every few hours although nothing was published.
    var isRestless: Bool {
        switch self {
        case .reorders, .redates, .tracks, .renamesAlways: true
        default: false
        }
    }
}
