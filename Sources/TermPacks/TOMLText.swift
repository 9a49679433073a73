/// Strings as TOML writes them.
enum TOMLText {
    /// Strings in quotation marks, parted by commas.
    ///
    /// The generator lets no quotation mark and no backslash into a term.
    static func list(_ texts: [String]) -> String {
        texts.map { "\"\($0)\"" }.joined(separator: ", ")
    }

    /// The same over as many lines as it takes, each indented.
    static func lines(_ texts: [String], width: Int = 96) -> [String] {
        var lines: [String] = []
        for text in texts {
            let item = "\"\(text)\","
            if let last = lines.last, last.count + item.count < width {
                lines[lines.count - 1] = last + " " + item
            } else {
                lines.append("    " + item)
            }
        }
        return lines
    }
}
