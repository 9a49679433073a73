package import FeedModel
import OPML

/// A feed of a subscription list that another reader wrote.
package struct Subscription: Hashable, Sendable {
    /// Its name, derived from the address as for a `[[feed]]` without `id`.
    package var id: FeedID
    /// The address, as it is sent.
    package var url: String
    /// The title; nil: none.
    package var title: String?
    /// The titles of the folders it stands in, from the outside.
    package var folders: [String]
    /// Where its address stands, in `SubscriptionList.text`.
    var place: Range<Int>
    /// Where the name and password in the address stand.
    var secret: Range<Int>?
    /// The same in Unicode scalars of the address.
    var userInfo: Range<Int>?
}

/// A subscription list: OPML, in the dialects of other readers.
package struct SubscriptionList: Sendable {
    /// Something wrong with it.
    struct Problem: Sendable {
        let isError: Bool
        let message: String
        let place: Range<Int>
        /// A name and password that must not be shown.
        var secret: Range<Int>?
    }

    /// The feeds, each address once.
    package private(set) var subscriptions: [Subscription] = []
    /// The text in UTF-8.
    let text: [UInt8]
    /// What is wrong.
    private(set) var problems: [Problem] = []

    /// Reads a list.
    package init(_ bytes: [UInt8]) {
        let document = OPMLReader.read(bytes)
        text = document.text
        problems = document.problems.map {
            Problem(isError: $0.isError, message: $0.message, place: $0.place)
        }
        var known: Set<String> = []
        for feed in document.feeds {
            let url = LenientAddress.address(feed.url)
            do throws(FeedURL.Flaw) {
                let parts = try FeedURL(url)
                guard known.insert(FeedURL.normalized(url)).inserted else { continue }
                let hash = ContentHash.hexadecimal(ContentHash.of(url))
                subscriptions.append(
                    Subscription(
                        id: FeedID(parts.identifier(hash: hash)),
                        url: url,
                        title: feed.title,
                        folders: feed.folders,
                        place: feed.place,
                        secret: parts.userInfo == nil ? nil : feed.place,
                        userInfo: parts.userInfo
                    )
                )
            } catch {
                let isSecret = url.contains("@")
                problems.append(
                    Problem(
                        isError: true,
                        message: error.message,
                        place: feed.place,
                        secret: isSecret ? feed.place : nil
                    )
                )
            }
        }
    }

    /// What is wrong with it, with places in the file of that name.
    package func problems(path: String) -> [ConfigProblem] {
        let context = LoadContext(environment: ConfigEnvironment())
        report(to: context, path: path, directory: "")
        return context.problems()
    }

    /// Notes what is wrong; answers the number of the file.
    @discardableResult
    func report(to context: LoadContext, path: String, directory: String) -> Int {
        let source = SourceFile(path: path, directory: directory, bytes: text)
        let file = context.add(source)
        for subscription in subscriptions {
            if let secret = subscription.secret {
                context.hide(source.place(of: secret, file: file))
            }
        }
        for problem in problems {
            if let secret = problem.secret { context.hide(source.place(of: secret, file: file)) }
            let place = source.place(of: problem.place, file: file)
            if problem.isError {
                context.error(problem.message, at: place)
            } else {
                context.warning(problem.message, at: place)
            }
        }
        return file
    }
}

extension SourceFile {
    /// A stretch of bytes as a place.
    func place(of range: Range<Int>, file: Int) -> ConfigPlace {
        let span = SourceSpan(
            start: position(of: range.lowerBound),
            end: position(of: range.upperBound)
        )
        return ConfigPlace(file: file, span: span)
    }
}

/// Addresses as people and other readers write them.
package enum LenientAddress {
    /// The address as it is sent: without white space around it, `feed:` in front or a fragment
    /// behind; what may not stand in an address percent-encoded.
    package static func address(_ text: String) -> String {
        var rest = text[...]
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        let lower = rest.lowercased()
        for prefix in ["feed:", "podcast:", "itpc:", "rss:"] where lower.hasPrefix(prefix) {
            rest = rest.dropFirst(prefix.count)
            // feed:https://… and feed://… are both in use.
            if rest.hasPrefix("//") { rest = "http:" + rest }
        }
        rest = rest.prefix { $0 != "#" }
        var result: [UInt8] = []
        let bytes = Array(rest.utf8)
        for (index, byte) in bytes.enumerated() {
            let isPercent = byte == UInt8(ascii: "%")
            let isEncoded =
                isPercent && index + 2 < bytes.count
                && isHexDigit(bytes[index + 1]) && isHexDigit(bytes[index + 2])
            if isPercent ? isEncoded : !mustEncode(byte) {
                result.append(byte)
            } else {
                result += "%".utf8
                result += (byte < 16 ? "0" : "").utf8
                result += String(byte, radix: 16, uppercase: true).utf8
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func mustEncode(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte >= 0x7F || "\"<>\\^`{|}".utf8.contains(byte)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        ValueGrammar.isASCIIDigit(byte) || "abcdefABCDEF".utf8.contains(byte)
    }
}
