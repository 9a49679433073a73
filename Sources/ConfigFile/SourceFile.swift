/// A place in a file: lines and Unicode code points, both from 1.
struct SourcePosition: Hashable, Comparable {
    /// The line.
    var line: Int
    /// The code point within the line.
    var column: Int

    static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// A stretch of a file.
struct SourceSpan: Hashable {
    /// The first code point.
    var start: SourcePosition
    /// The place behind the last code point.
    var end: SourcePosition
}

/// A file that was read, with the means to find places in it.
struct SourceFile {
    /// The path to show: as the user named it, or as the file that includes it did.
    let path: String
    /// The directory it lies in, absolute: relative paths in it start here.
    let directory: String
    /// The content.
    let bytes: [UInt8]
    /// The offset at which each line starts.
    ///
    /// A byte order mark belongs to no line.
    private let lineStarts: [Int]

    /// A file.
    init(path: String, directory: String, bytes: [UInt8]) {
        self.path = path
        self.directory = directory
        self.bytes = bytes
        var starts = [bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0]
        for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
            starts.append(offset + 1)
        }
        lineStarts = starts
    }

    /// The number of lines.
    var lineCount: Int { lineStarts.count }

    /// The text of a line without its end; empty where there is no such line.
    func line(_ number: Int) -> String {
        guard number >= 1, number <= lineStarts.count else { return "" }
        let start = lineStarts[number - 1]
        var end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
    }

    /// The offset of the byte at a position, or the end of the file.
    func offset(of position: SourcePosition) -> Int {
        guard position.line >= 1, position.line <= lineStarts.count else { return bytes.count }
        var offset = lineStarts[position.line - 1]
        var column = 1
        while offset < bytes.count, column < position.column {
            offset += 1
            while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
            column += 1
        }
        return offset
    }

    /// The position of a byte.
    func position(of offset: Int) -> SourcePosition {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        let start = min(lineStarts[low], bytes.count)
        let before = bytes[start..<max(start, min(offset, bytes.count))]
        return SourcePosition(line: low + 1, column: 1 + before.count { $0 & 0xC0 != 0x80 })
    }
}
