internal import Glibc
internal import WatchCore

extension LogWriter {
    /// What a file that is looked at is to the log.
    private enum Role {
        /// The file the position is in, at the log's path.
        case noted
        /// The file the position is in, under another name.
        case renamed
        /// A file at the log's path that no note belongs to.
        case unknown
    }

    /// Finds out what of `lines` stands in the log already, mends its end, and opens the file
    /// that stands at the path.
    func recover(_ lines: [LogLine]) throws(DeliveryError) -> Step {
        isReady = false
        var lines = lines
        if let noted = try notedFile() {
            file = noted
            let current = try LogFile.status(at: path)
            let isCurrent = current?.inode == noted.inode && current?.device == noted.device
            let known = position.seq
            guard try settle(noted, as: isCurrent ? .noted : .renamed, lines: lines) else {
                return .moved
            }
            guard !isCurrent else {
                isReady = true
                return .moved
            }
            lines.removeFirst(Int(position.seq - known))
        } else if position.offset > 0 {
            disturbance = "\(path): the file that was written last is no longer in its folder"
        }
        return try openCurrent(lines: lines)
    }

    /// Opens what stands at the path, or makes it, and looks whether some of `lines` are in it.
    func openCurrent(lines: [LogLine]) throws(DeliveryError) -> Step {
        file = nil
        if let current = try LogFile.open(path, create: false, disk: disk) {
            file = current
            isReady = try settle(current, as: .unknown, lines: lines)
        } else if let created = try LogFile.open(path, create: true, disk: disk) {
            try LogFile.syncFolder(of: path, disk: disk)
            file = created
            take(created, offset: 0, bootID: bootID)
            isReady = true
        }
        return .moved
    }

    /// The file the position is in, or nil where none was noted or it is gone.
    ///
    /// It is the one held open, the one at the path, or one that was renamed within the folder.
    private func notedFile() throws(DeliveryError) -> LogFile? {
        guard position.inode != 0 else { return nil }
        if let file, file.inode == position.inode, file.device == position.device {
            return try file.status().links > 0 ? file : nil
        }
        for candidate in try candidates() {
            guard let status = try LogFile.status(at: candidate), isNoted(status),
                let opened = try LogFile.open(candidate, create: false, disk: disk),
                isNoted(try opened.status())
            else { continue }
            // Numbers of inodes are used again: a file under quite another name must be the log by
            // what stands in it, or nothing is done to it.
            if candidate.hasPrefix(path) { return opened }
            if try standsBehindLine(position.seq, at: position.offset, in: opened) { return opened }
        }
        return nil
    }

    private func isNoted(_ status: LogFile.Status) -> Bool {
        // Device numbers may change from boot to boot.
        status.inode == position.inode
            && (status.device == position.device || position.bootID != bootID)
    }

    /// The path itself, then its neighbours that have the noted inode or a name that begins like
    /// the log's (on stacked file systems a folder may name other inodes than `stat`).
    private func candidates() throws(DeliveryError) -> [String] {
        let folder = LogFile.folder(of: path)
        guard let stream = opendir(folder) else {
            throw .logUnusable(path: folder, message: "cannot read folder: \(describe(errno))")
        }
        defer { closedir(stream) }
        let base = path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
        var found = [path]
        while let entry = readdir(stream) {
            // SAFETY: d_name is NUL-terminated and lives until the next readdir on `stream`.
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
            }
            guard UInt64(entry.pointee.d_ino) == position.inode || name.hasPrefix(base),
                name != base
            else { continue }
            found.append(folder + "/" + name)
        }
        return found
    }

    /// Where to begin to read a file that no note belongs to: behind a newline, near its end.
    private func lineStart(in file: LogFile) throws(DeliveryError) -> Int64 {
        let size = try file.status().size
        guard size > LogWriter.unknownTail else { return 0 }
        var reader = LineReader(file: file, offset: size - LogWriter.unknownTail)
        return try reader.next() == nil ? size : reader.position
    }

    /// Reads `file` to its end, counts the lines that are in it, completes or closes its last one,
    /// and makes it durable; then the position is its end.
    ///
    /// False: all of `lines` were found and there is more to read.
    private func settle(
        _ file: LogFile,
        as role: Role,
        lines: [LogLine]
    ) throws(DeliveryError) -> Bool {
        var start = position.offset
        // Only a power cut leaves rubbish, and only behind what was noted before it.
        var mayCut = !bootID.isEmpty && !position.bootID.isEmpty && position.bootID != bootID
        let isWhereNoted = try standsBehindNewline(start, in: file)
        if role != .unknown, !isWhereNoted {
            let size = try file.status().size
            disturbance = "\(path): shorter or changed, \(size) bytes of \(position.offset) written"
        }
        if role == .unknown || !isWhereNoted {
            // Not the noted file, or shortened (copytruncate).
            start = try lineStart(in: file)
            mayCut = false
        }
        let tail = try LogTail(of: file, from: start, wanted: lines, lookForRubbish: mayCut)
        if position.inode == 0, tail.matched == 0, tail.end > 0 {
            disturbance = "\(path): holds \(tail.end) bytes of which this state knows nothing"
        }
        var seq = position.seq + Int64(tail.matched)
        var end = tail.end
        switch tail.rest {
        case .none, .unread:
            break
        case .foreign where role == .renamed:
            // It is somebody else's by now.
            break
        case .torn(let count):
            let line = lines[tail.matched]
            try file.append(Array(line.bytes[count...]), at: end + Int64(count))
            end += Int64(line.bytes.count)
            seq = line.seq
        case .foreign:
            let size = try file.status().size
            try file.append([LineReader.newline], at: size)
            end = file.writeEnd
        case .rubbish:
            try file.cut(to: end)
        }
        try file.sync()
        position.seq = seq
        // Until all is read, the note keeps the boot in which the rest was written.
        let boot = tail.rest == .unread ? position.bootID : bootID
        take(file, offset: end, bootID: boot)
        return tail.rest != .unread
    }

    private func standsBehindNewline(
        _ offset: Int64,
        in file: LogFile
    ) throws(DeliveryError) -> Bool {
        guard offset > 0 else { return true }
        guard try file.status().size >= offset else { return false }
        return try file.read(at: offset - 1, count: 1) == [LineReader.newline]
    }

    /// Whether the line before `offset` is the one with number `seq`.
    private func standsBehindLine(
        _ seq: Int64,
        at offset: Int64,
        in file: LogFile
    ) throws(DeliveryError) -> Bool {
        guard offset > 0, try standsBehindNewline(offset, in: file) else { return false }
        let start = max(0, offset - LogWriter.unknownTail)
        let bytes = try file.read(at: start, count: Int(offset - start)).dropLast()
        let line = bytes.lastIndex(of: LineReader.newline).map { bytes[($0 + 1)...] } ?? bytes
        let number = line.prefix(LogWriter.longestPrefix).split(separator: UInt8(ascii: ","))
        return number.contains { $0.elementsEqual("\"seq\":\(seq)".utf8) }
    }

    private func take(_ file: LogFile, offset: Int64, bootID: String) {
        position.device = file.device
        position.inode = file.inode
        position.offset = offset
        position.bootID = bootID
    }
}
