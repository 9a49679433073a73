internal import Glibc
internal import WatchCore

extension LogWriter {
    /// Finds out what of `lines` stands in the log already, mends its end, and opens the file
    /// that stands at the path.
    func recover(_ lines: [LogLine]) throws(DeliveryError) -> Step {
        isReady = false
        var lines = lines
        if let noted = try notedFile() {
            file = noted
            // Only a power cut leaves rubbish, and only behind what was noted before it.
            let mayCut =
                !bootID.isEmpty && !position.bootID.isEmpty && position.bootID != bootID
            let known = position.seq
            guard try settle(noted, from: position.offset, lines: lines, mayCut: mayCut) else {
                return .moved
            }
            if let status = try LogFile.status(at: path), status.inode == noted.inode,
                status.device == noted.device
            {
                isReady = true
                return .moved
            }
            lines.removeFirst(Int(position.seq - known))
        }
        return try openCurrent(lines: lines)
    }

    /// Opens what stands at the path, or makes it, and looks whether some of `lines` are in it.
    func openCurrent(lines: [LogLine]) throws(DeliveryError) -> Step {
        file = nil
        if let current = try LogFile.open(path, create: false, disk: disk) {
            file = current
            let start = try lineStart(in: current)
            isReady = try settle(current, from: start, lines: lines, mayCut: false)
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
            return opened
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

    /// Reads `file` from `offset` to its end, counts the lines that are in it, completes or
    /// closes its last one, and makes it durable; then the position is its end.
    ///
    /// False: all of `lines` were found and there is more to read.
    private func settle(
        _ file: LogFile,
        from offset: Int64,
        lines: [LogLine],
        mayCut: Bool
    ) throws(DeliveryError) -> Bool {
        var start = offset
        if try !standsBehindNewline(offset, in: file) {
            // Shortened (copytruncate), or another file that got the same inode.
            start = try lineStart(in: file)
        }
        let tail = try LogTail(of: file, from: start, wanted: lines, lookForRubbish: mayCut)
        var seq = position.seq + Int64(tail.matched)
        var end = tail.end
        switch tail.rest {
        case .none, .unread:
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

    private func take(_ file: LogFile, offset: Int64, bootID: String) {
        position.device = file.device
        position.inode = file.inode
        position.offset = offset
        position.bootID = bootID
    }
}
