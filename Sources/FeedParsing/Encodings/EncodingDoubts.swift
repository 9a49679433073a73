/// Second thoughts on the guess of Mozilla's detector, which is sure of long texts only.
///
/// A feed of three titles gives it some dozens of letters, and then it names encodings that nobody
/// publishes in. What is weighed here is the shape of the text, not its words: whether all bytes
/// beyond ASCII come in pairs, and whether letters stand where letters can.
struct EncodingDoubts {
    /// How often each byte beyond ASCII occurs.
    private var counts = [Int](repeating: 0, count: 256)
    /// How often each byte occurs right behind a letter of ASCII.
    private var countsInWords = [Int](repeating: 0, count: 256)
    /// How often each byte occurs right behind a small letter of ASCII.
    private var countsBehindSmall = [Int](repeating: 0, count: 256)
    /// How many bytes are beyond ASCII.
    private(set) var highCount = 0
    /// The bytes beyond ASCII that stand in runs of four and more.
    private(set) var countInLongRuns = 0
    /// The runs of bytes beyond ASCII, those behind a letter, and the longest.
    private(set) var runCount = 0
    private(set) var runsInWords = 0
    private(set) var longestRun = 0
    private var hasOddRun = false
    private let sample: Bytes

    /// The most bytes beyond ASCII of a text that is called short.
    private static let shortCount = 1_500

    /// Doubts about a text, by its first `enough` bytes beyond ASCII.
    init(_ sample: Bytes, enough: Int = .max) {
        self.sample = sample
        var length = 0
        var index = 0
        while index < sample.count, highCount < enough {
            let byte = sample[index]
            guard byte >= 0x80 else {
                if length % 2 == 1 { hasOddRun = true }
                length = 0
                index = sample.endOfASCII(from: index)
                continue
            }
            defer { index += 1 }
            counts[Int(byte)] += 1
            highCount += 1
            let isInWord = index > 0 && sample[index - 1].isASCIILetter
            if isInWord { countsInWords[Int(byte)] += 1 }
            if isInWord, sample[index - 1] >= 0x60 { countsBehindSmall[Int(byte)] += 1 }
            if length == 0 {
                runCount += 1
                if isInWord { runsInWords += 1 }
            }
            length += 1
            if length == 4 { countInLongRuns += 4 }
            if length > 4 { countInLongRuns += 1 }
            longestRun = max(longestRun, length)
        }
        if length % 2 == 1 { hasOddRun = true }
    }

    func count(_ range: ClosedRange<Int>) -> Int { counts[range].reduce(0, +) }
    private func count(_ bytes: [Int]) -> Int { bytes.reduce(0) { $0 + counts[$1] } }
    private func count(_ first: UInt8, before second: UInt8) -> Int {
        zip(sample, sample.dropFirst()).reduce(0) { $0 + ($1.0 == first && $1.1 == second ? 1 : 0) }
    }
    private func countInWords(_ bytes: [Int]) -> Int { bytes.reduce(0) { $0 + countsInWords[$1] } }

    /// What `guess` comes to; nil where there is no saying.
    func settle(_ guess: String) -> String? {
        switch guess {
        case "koi8-r":
            // The detector knows no KOI8-U, which is KOI8-R with four more letters.
            return holdsUkrainian ? "koi8-u" : guess
        case "mac-cyrillic":
            // Its capitals are where windows-1251 has rare letters, and the other way round.
            return count(0xC0...0xDE) > count(0x80...0x9F) ? "windows-1251" : guess
        case "windows-1256":
            if let pairs = asPairs { return pairs }
            // The article, alif and lam: lam is where the two differ.
            let isISO = count(0xC7, before: 0xE4) > count(0xC7, before: 0xE1)
            return isISO && count(0xDB...0xDF) == 0 ? "iso-8859-6" : guess
        case "utf-8", "ascii", "": return asPairs ?? asUnknown
        case "windows-1252", "iso-8859-1", "iso-8859-15", "windows-1250", "iso-8859-2",
            "iso-8859-16", "iso-8859-7", "windows-1253":
            return asPairs ?? asLatin(guess)
        case "windows-1257", "iso-8859-13", "iso-8859-4":
            if let pairs = asPairs { return pairs }
            // Š and ž, which western letters do not have there; long vowels and no é.
            let isLikely =
                highCount >= 40 || count([0xD0, 0xDE, 0xF0, 0xFE, 0xEB]) > 0
                || (count([0xE2, 0xE7, 0xEE, 0xFB]) * 2 >= highCount
                    && count([0xE0, 0xE3, 0xE9, 0xF5]) == 0)
            return isLikely && !isMacRoman ? guess : asLatin("windows-1252")
        case "viscii", "windows-1258":
            if let pairs = asPairs { return pairs }
            // Accents that stand behind their letter, and letters that Italian has not.
            let isLikely =
                countInWords([0xCC, 0xD2, 0xEC, 0xF2]) * 12 >= highCount
                && count([0xF0, 0xF5, 0xFD]) + countInWords([0xCC, 0xD2]) > 0
            return isLikely ? "windows-1258" : asLatin("windows-1252")
        case "ibm852", "ibm865", "mac-centraleurope", "iso-8859-3", "iso-8859-10", "iso-8859-14":
            return asPairs ?? asLatin("windows-1252")
        default: return guess
        }
    }

    /// Whether letters of KOI8-U that are frames in KOI8-R stand beside letters of both.
    private var holdsUkrainian: Bool {
        sample.indices.dropFirst().contains { index in
            switch sample[index] {
            case 0xA4, 0xA6, 0xA7, 0xAD, 0xB4, 0xB6, 0xB7, 0xBD: sample[index - 1] >= 0xC0
            default: false
            }
        }
    }

    /// Where the detector has no opinion, words without letters of ASCII are Cyrillic.
    private var asUnknown: String? {
        if EncodingGuess.isMostlyUTF8(sample) { return nil }
        let lower = count(0xE0...0xFF)
        let upper = count(0xC0...0xDF)
        if longestRun >= 3, (lower + upper) * 5 >= highCount * 4 {
            return lower >= upper ? "windows-1251" : "koi8-r"
        }
        return asLatin("windows-1252")
    }

    /// Whether small letters of Mac Roman stand where windows-1252 has signs, or capitals behind
    /// small letters, and nothing where that has its letters.
    ///
    /// Not the places of its quotes and dashes: "it’s" is the commonest thing of all.
    var isMacRoman: Bool {
        let small = [0x87, 0x88, 0x89, 0x8A, 0x8D, 0x8E, 0x8F, 0x90, 0x9D, 0x9F]
            .reduce(0) { $0 + countsBehindSmall[$1] }
        let middle = count(0x80...0x9F)
        let letters = highCount - middle - count(0xA0...0xC1) - count(0xC7...0xD5)
        return small > 0 && small * 3 >= middle && letters == 0
    }

    /// Western and central European texts.
    func asLatin(_ guess: String) -> String {
        if isMacRoman { return "macintosh" }
        let middle = count(0x80...0x9F)
        let isCentral = guess == "windows-1250" || guess == "iso-8859-2" || guess == "iso-8859-16"
        // Polish letters where western encodings have signs, which do not stand behind letters.
        // The first two alone may be French œ and German capitals.
        let polish =
            countInWords([0xB3, 0xB9, 0xBF]) > 0
            ? countInWords([0x9C, 0x9F, 0xB3, 0xB9, 0xBF]) : 0
        let polishByISO = countInWords([0xB1, 0xB3, 0xB6, 0xBC, 0xBF])
        guard
            isCentral
                || (guess != "iso-8859-7" && guess != "windows-1253" && highCount > 1
                    && max(polish, polishByISO) * 4 >= highCount)
        else {
            // These mean nothing in windows-1252.
            let undefined = [0x81, 0x8D, 0x8F, 0x90, 0x9D]
            let isMac = undefined.reduce(0) { $0 + countsBehindSmall[$1] } * 20 > highCount
            return guess == "windows-1252" && isMac ? "macintosh" : guess
        }
        if middle > 0 { return "windows-1250" }
        if count([0xA1, 0xA6, 0xAC, 0xB1, 0xB6]) > 0 { return "iso-8859-2" }
        return guess == "iso-8859-2" ? guess : "windows-1250"
    }
}

extension EncodingDoubts {
    /// Whether the text is called short.
    var isShort: Bool { highCount <= EncodingDoubts.shortCount }

    /// Whether all bytes beyond ASCII come in pairs and none is a control.
    var isExtendedUnix: Bool {
        !hasOddRun && count(0x80...0xA0) == 0 && count(0xFF...0xFF) == 0
    }

    /// The East Asian encoding in which the text is made of common characters only, if it is short
    /// and there is one.
    var asPairs: String? {
        guard highCount >= 2, isShort else { return nil }
        return asExtendedUnix ?? asShiftedPairs
    }

    /// Both bytes of each character are beyond ASCII.
    private var asExtendedUnix: String? {
        guard highCount >= 4, isExtendedUnix, runsInWords * 4 <= runCount
        else { return nil }
        var leads = [Int](repeating: 0, count: 256)
        var index = 0
        while index < sample.count {
            if sample[index] >= 0x80 {
                leads[Int(sample[index])] += 1
                index += 1
            }
            index += 1
        }
        let pairs = highCount / 2
        let japanese = leads[0xA1...0xA8].reduce(0, +) + leads[0xB0...0xF4].reduce(0, +)
        if (leads[0xA4] + leads[0xA5]) * 12 >= pairs, japanese == pairs { return "euc-jp" }
        // Korean syllables fill the rows that hold the first half of the common Chinese ones.
        let syllables = leads[0xB0...0xC8].reduce(0, +)
        let ideographs = leads[0xB0...0xF7].reduce(0, +)
        if syllables >= 3, syllables * 20 >= ideographs * 19 { return "euc-kr" }
        return ideographs > 0 && ideographs + leads[0xA1...0xA3].reduce(0, +) == pairs
            ? "gb18030" : nil
    }

    /// The second byte of a character may be of ASCII.
    private var asShiftedPairs: String? {
        var pairs = 0
        var pairsInWords = 0
        var (kana, kanji, hasHalfWidth) = (0, 0, false)
        var (common, highSeconds, isBig5) = (0, 0, true)
        var index = 0
        var lastEnd = 0
        while index < sample.count {
            let lead = sample[index]
            guard lead >= 0x80 else {
                index += 1
                continue
            }
            let second = index + 1 < sample.count ? sample[index + 1] : 0
            guard second >= 0x40 else { return nil }
            pairs += 1
            let isBehindLetter = index != lastEnd && index > 0 && sample[index - 1].isASCIILetter
            let isBeforeLetter = index + 2 < sample.count && sample[index + 2].isASCIILetter
            if isBehindLetter || isBeforeLetter { pairsInWords += 1 }
            if (0xA0...0xDF).contains(lead) { hasHalfWidth = true }
            if lead == 0x82 && second >= 0x9F || lead == 0x83 && second <= 0x96 { kana += 1 }
            if (0x88...0x97).contains(lead) { kanji += 1 }
            if (0xA4...0xC6).contains(lead) { common += 1 }
            if lead < 0x87 || lead == 0xFF || second == 0x7F { isBig5 = false }
            if second >= 0xA1 { highSeconds += 1 }
            index += 2
            lastEnd = index
        }
        guard pairs > 1, pairsInWords * 4 <= pairs else { return nil }
        if !hasHalfWidth, kana * 5 >= pairs || kanji * 10 >= pairs * 9 { return "shift_jis" }
        // A third of the second bytes would be of ASCII if they were letters of words.
        guard isBig5, common * 3 >= pairs, highSeconds * 4 >= pairs else { return nil }
        // Where all of them are beyond ASCII in a text of some length, it is another encoding.
        return highSeconds < pairs || pairs < 4 ? "big5" : nil
    }
}
