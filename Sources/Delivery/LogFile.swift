internal import Glibc

/// An open log file; closes its descriptor when it goes.
///
/// Belongs to one `LogWriter` and lives on its queue.
final class LogFile {
    /// The identity and shape of a file at one moment.
    struct Status {
        var device: UInt64
        var inode: UInt64
        var size: Int64
        var links: Int
        /// When it was last written to, in seconds since 1970.
        var written: Int64

        /// The shape as `stat` tells it.
        init(_ status: stat) {
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
            size = Int64(status.st_size)
            links = Int(status.st_nlink)
            written = Int64(status.st_mtim.tv_sec)
        }
    }

    let path: String
    let descriptor: Int32
    let device: UInt64
    let inode: UInt64
    private let disk: DiskCalls

    private init(path: String, descriptor: Int32, status: Status, disk: DiskCalls) {
        self.path = path
        self.descriptor = descriptor
        device = status.device
        inode = status.inode
        self.disk = disk
    }

    deinit { close(descriptor) }

    /// Opens the file at `path`, made with mode 0640 where `create` is true; nil: there is none.
    static func open(
        _ path: String,
        create: Bool,
        disk: DiskCalls
    ) throws(DeliveryError) -> LogFile? {
        // O_NONBLOCK keeps the open from hanging where somebody has put a FIFO; for a regular
        // file it means nothing.
        let flags =
            O_RDWR | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW
            | (create ? O_CREAT | O_EXCL : 0)
        var descriptor: Int32
        repeat {
            descriptor = Glibc.open(path, flags, 0o640)
        } while descriptor < 0
            && errno == EINTR
        guard descriptor >= 0 else {
            if errno == ENOENT, !create { return nil }
            throw openFailure(errno, path)
        }
        var raw = stat()
        guard fstat(descriptor, &raw) == 0 else {
            let code = errno
            close(descriptor)
            throw openFailure(code, path)
        }
        guard raw.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .logUnusable(path: path, message: "is no regular file")
        }
        return LogFile(path: path, descriptor: descriptor, status: Status(raw), disk: disk)
    }

    /// The shape of what stands at `path`; nil: nothing.
    static func status(at path: String) throws(DeliveryError) -> Status? {
        var raw = stat()
        guard lstat(path, &raw) == 0 else {
            if errno == ENOENT { return nil }
            throw openFailure(errno, path)
        }
        return Status(raw)
    }

    /// Makes the entries of the folder that holds `path` durable.
    static func syncFolder(of path: String, disk: DiskCalls) throws(DeliveryError) {
        let folder = folder(of: path)
        let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw openFailure(errno, folder) }
        defer { close(descriptor) }
        guard case .failed(let code) = disk.sync(descriptor) else { return }
        // Some network file systems have no sync for folders and say so in this way.
        guard code != EINVAL else { return }
        throw .syncFailed(path: folder, message: "cannot sync: \(describe(code))")
    }

    /// The folder that holds `path`.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The file's shape now.
    func status() throws(DeliveryError) -> Status {
        var raw = stat()
        guard fstat(descriptor, &raw) == 0 else { throw held("cannot look at it", errno) }
        return Status(raw)
    }

    /// Up to `count` bytes from `offset` on; none: the end.
    func read(at offset: Int64, count: Int) throws(DeliveryError) -> [UInt8] {
        while true {
            var failure: Int32 = 0
            // SAFETY: pread fills the first `got` bytes, and no more are counted as initialised.
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { room, filled in
                let got = pread(descriptor, room.baseAddress, room.count, off_t(offset))
                failure = got < 0 ? errno : 0
                filled = max(0, got)
            }
            if failure == 0 { return bytes }
            guard failure == EINTR else { throw held("cannot read", failure) }
        }
    }

    /// Reserves room at `end` and writes all of `bytes` there, unless the disk fails.
    ///
    /// A failure may leave the first part of the bytes in the file.
    func append(_ bytes: [UInt8], at end: Int64) throws(DeliveryError) {
        if case .failed(let code) = disk.reserve(descriptor, end, bytes.count) {
            // Where the file system cannot reserve, the write itself will tell.
            guard [EOPNOTSUPP, ENOSYS, EINVAL, ENODEV, EPERM].contains(code) else {
                throw held("cannot reserve room", code)
            }
        }
        var done = 0
        while done < bytes.count {
            let answer = bytes.withUnsafeBytes {
                disk.write(descriptor, UnsafeRawBufferPointer(rebasing: $0[done...]))
            }
            switch answer {
            case .done(let count) where count > 0: done += count
            case .done: throw held("cannot write", ENOSPC)
            case .failed(EINTR): continue
            case .failed(let code): throw held("cannot write", code)
            }
        }
    }

    /// Makes all that was written durable.
    ///
    /// After a failure nothing may be believed of the file.
    func sync() throws(DeliveryError) {
        guard case .failed(let code) = disk.sync(descriptor) else { return }
        throw .syncFailed(path: path, message: "cannot sync: \(describe(code))")
    }

    /// Cuts the file off at `size`.
    func cut(to size: Int64) throws(DeliveryError) {
        while ftruncate(descriptor, off_t(size)) < 0 {
            guard errno == EINTR else { throw held("cannot cut", errno) }
        }
    }

    /// Where the last write ended.
    var writeEnd: Int64 { Int64(lseek(descriptor, 0, SEEK_CUR)) }

    private func held(_ what: String, _ code: Int32) -> DeliveryError {
        .logHeld(path: path, message: "\(what): \(describe(code))")
    }

    private static func openFailure(_ code: Int32, _ path: String) -> DeliveryError {
        let message =
            code == ELOOP
            ? "is a symbolic link; name the file that it leads to"
            : "cannot open: \(describe(code))"
        return switch code {
        // EROFS: a disk that was mounted read-only after an error, or is not mounted yet.
        case ENOSPC, EDQUOT, EIO, EMFILE, ENFILE, ENOMEM, EINTR, EEXIST, EROFS:
            .logHeld(path: path, message: message)
        default: .logUnusable(path: path, message: message)
        }
    }
}
