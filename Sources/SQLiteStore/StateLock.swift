internal import CPosix
internal import Glibc
internal import WatchCore

/// The claim of one process on a state directory; given back by `deinit`, and by the kernel when
/// the process ends in whatever way.
final class StateLock {
    private let descriptor: Int32

    /// Claims `directory`, which is made when it is missing.
    init(directory: String) throws(StoreError) {
        try StateLock.makeDirectory(directory)
        // The database makes files beside itself, and would say so only at the first write.
        guard access(directory, W_OK | X_OK) == 0 else {
            throw StoreError(system: errno, path: directory, purpose: "writing to the directory")
        }
        let path = directory + "/lock"
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
            guard descriptor >= 0 else {
                throw StoreError(system: errno, path: path, purpose: "opening")
            }
            switch fw_lock_exclusively(descriptor) {
            case 0:
                guard StateLock.isCurrent(descriptor, path) else {
                    // Somebody removed the file between opening and locking: this one locks
                    // nothing any more.
                    Glibc.close(descriptor)
                    continue
                }
                StateLock.write(processID: getpid(), to: descriptor)
                self.descriptor = descriptor
                return
            case 1:
                let holder = StateLock.processID(in: descriptor)
                Glibc.close(descriptor)
                throw StoreError(
                    message: """
                        the state directory \(directory) is in use by another feedwatch \
                        (process \(holder ?? "unknown"))
                        """
                )
            default:
                let failure = StoreError(system: errno, path: path, purpose: "locking")
                Glibc.close(descriptor)
                throw failure
            }
        }
    }

    deinit { Glibc.close(descriptor) }

    private static func isCurrent(_ descriptor: Int32, _ path: String) -> Bool {
        var opened = stat()
        var named = stat()
        return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0
            && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
    }

    private static func write(processID: pid_t, to descriptor: Int32) {
        // Only for the message of a second instance: a full disk may leave it out.
        guard ftruncate(descriptor, 0) == 0 else { return }
        let text = Array("\(processID)\n".utf8)
        _ = pwrite(descriptor, text, text.count, 0)
    }

    private static func processID(in descriptor: Int32) -> String? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        let digits = bytes.prefix(count).prefix { (0x30...0x39).contains($0) }
        return digits.isEmpty ? nil : String(decoding: digits, as: UTF8.self)
    }

    private static func makeDirectory(_ directory: String) throws(StoreError) {
        var made = ""
        for part in directory.split(separator: "/") {
            let parent = made.isEmpty ? (directory.hasPrefix("/") ? "/" : ".") : made
            made += made.isEmpty && !directory.hasPrefix("/") ? "\(part)" : "/\(part)"
            if mkdir(made, 0o750) == 0 {
                sync(directory: parent)
            } else if errno != EEXIST {
                // A directory above may exist and yet refuse mkdir (read-only disk, search
                // permission only); what counts is whether the last one is there.
                let code = errno
                var status = stat()
                guard stat(made, &status) == 0 else {
                    throw StoreError(system: code, path: made, purpose: "making the directory")
                }
            }
        }
    }

    private static func sync(directory: String) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        // Where a directory cannot be synced the file system does without.
        _ = fsync(descriptor)
        Glibc.close(descriptor)
    }
}
