/// Names of months and days of the week.
enum DateNames {
    /// The month, 1 to 12, that a word in lower case names.
    static func month(_ word: String) -> Int? { months[word] }

    /// Whether a word in lower case names a day of the week.
    static func isWeekday(_ word: String) -> Bool { weekdays.contains(word) }

    private static let months: [String: Int] = {
        var months: [String: Int] = [:]
        let names = [
            "january jan", "february feb febr", "march mar", "april apr", "may", "june jun",
            "july jul", "august aug", "september sep sept", "october oct", "november nov",
            "december dec",
        ]
        for (index, line) in names.enumerated() {
            for name in line.split(separator: " ") { months[String(name)] = index + 1 }
        }
        return months
    }()

    private static let weekdays: Set<String> = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
        "mon", "tue", "tues", "wed", "wednes", "thu", "thur", "thurs", "fri", "sat", "sun",
    ]
}
