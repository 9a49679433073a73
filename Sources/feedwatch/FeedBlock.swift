internal import WatchCore

/// A `[[feed]]` as it stands in a configuration.
struct FeedBlock {
    /// Lines above it.
    var comments: [String] = []
    /// The address.
    var url: String
    /// The title.
    var title: String?
    /// The folders it stands in, from the outside.
    var folders: [String] = []

    /// The block's lines.
    var text: String {
        var lines = comments.map { "# " + Self.oneLine($0) }
        lines.append("[[feed]]")
        lines.append("url = \(Self.quoted(url))")
        if let title, !Self.oneLine(title).isEmpty { lines.append("title = \(Self.quoted(title))") }
        if let folder { lines.append("folder = \(folder)") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The value of `folder`; nil: none.
    private var folder: String? {
        let names = folders.map(Self.oneLine).filter { !$0.isEmpty }
        guard !names.isEmpty else { return nil }
        guard names.contains(where: { $0.contains("/") }) else {
            return Self.quoted(names.joined(separator: "/"))
        }
        return "[" + names.map(Self.quoted).joined(separator: ", ") + "]"
    }

    /// A text as a basic string (TOML 1.0), in one line and with nothing in it that a terminal
    /// would act on.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where isPlain(scalar): result.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            }
        }
        return result + "\""
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069,
            0xFEFF:
            false
        default: true
        }
    }

    private static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { isPlain($0) ? $0 : " " }))
            .split(separator: " ").joined(separator: " ")
    }
}
