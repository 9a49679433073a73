internal import WatchCore

/// What stands in a log behind an offset, compared with the lines that should come next.
///
/// Lines equal to the wanted ones count, in order; any other whole line is somebody else's and
/// is passed over.
struct LogTail {
    /// What stands behind the last newline.
    enum Rest: Equatable {
        /// Nothing: the file ends with a whole line.
        case none
        /// The first so many bytes of the next wanted line.
        case torn(Int)
        /// A half line that is not ours.
        case foreign
        /// From `LogTail.end` on bytes that no writer meant: a power cut left them.
        case rubbish
        /// More of the file than there were lines to compare with.
        case unread
    }

    /// How many of the wanted lines stand there.
    var matched = 0
    /// Where the last whole line ends.
    var end: Int64
    /// What stands behind that.
    var rest = Rest.none

    /// Reads `file` from `offset` on and compares.
    ///
    /// With `lookForRubbish` reading stops at the first line that holds a zero byte or no UTF-8;
    /// with lines given, it stops when all of them were found.
    init(
        of file: LogFile,
        from offset: Int64,
        wanted: [LogLine],
        lookForRubbish: Bool
    ) throws(DeliveryError) {
        end = offset
        var reader = LineReader(file: file, offset: offset)
        while let bytes = try reader.next() {
            let isWhole = bytes.last == LineReader.newline
            if isWhole, matched < wanted.count, bytes == wanted[matched].bytes {
                matched += 1
                end = reader.position
                if matched == wanted.count {
                    rest = .unread
                    return
                }
            } else if !isWhole, matched < wanted.count,
                wanted[matched].bytes.starts(with: bytes)
            {
                rest = .torn(bytes.count)
            } else if lookForRubbish, LogTail.isRubbish(bytes) {
                rest = .rubbish
                return
            } else if isWhole {
                end = reader.position
                rest = .none
            } else {
                rest = .foreign
            }
        }
    }

    /// Whether no program would write these bytes to a log: a zero byte, or no UTF-8.
    static func isRubbish(_ bytes: [UInt8]) -> Bool {
        bytes.contains(0) || String(validating: bytes, as: UTF8.self) == nil
    }
}

/// Reads a file line by line.
struct LineReader {
    static let newline = UInt8(ascii: "\n")
    /// The longest piece given out; a line beyond it comes in several pieces.
    private static let longest = 64 << 20
    private static let chunk = 256 << 10

    private let file: LogFile
    private var buffer: [UInt8] = []
    private var start = 0
    private var readOffset: Int64
    /// The offset behind the line given last.
    private(set) var position: Int64

    /// A reader of `file` from `offset` on.
    init(file: LogFile, offset: Int64) {
        self.file = file
        readOffset = offset
        position = offset
    }

    /// The next line with its newline, which the last one may lack; nil: the end.
    mutating func next() throws(DeliveryError) -> [UInt8]? {
        var searched = start
        while true {
            if let index = buffer[searched...].firstIndex(of: LineReader.newline) {
                return take(upTo: index + 1)
            }
            searched = buffer.count
            guard buffer.count - start < LineReader.longest else { return take(upTo: searched) }
            if start > 0 {
                buffer.removeFirst(start)
                searched -= start
                start = 0
            }
            guard try fill() else { return searched > 0 ? take(upTo: searched) : nil }
        }
    }

    private mutating func take(upTo index: Int) -> [UInt8] {
        let line = Array(buffer[start..<index])
        position += Int64(line.count)
        start = index
        return line
    }

    private mutating func fill() throws(DeliveryError) -> Bool {
        let piece = try file.read(at: readOffset, count: LineReader.chunk)
        readOffset += Int64(piece.count)
        buffer.append(contentsOf: piece)
        return !piece.isEmpty
    }
}
