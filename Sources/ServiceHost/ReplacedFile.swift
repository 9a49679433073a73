internal import Glibc

/// A file whose contents are replaced as a whole, so that a reader sees the old or the new.
package struct ReplacedFile: Sendable {
    private let path: String

    /// The file at `path`.
    package init(path: String) { self.path = path }

    /// Writes `text` beside the file and puts it in its place; what went wrong, or nil.
    ///
    /// Readable for all, as those who collect metrics run as another user. Not synced: what a
    /// crash loses is written again seconds later.
    package func write(_ text: String) -> String? {
        // A collector takes all files of the folder that end in `.prom`: not this one.
        let draft = path + ".new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return ReplacedFile.failure("opening", draft) }
        // Whatever the umask: that of a service is narrow.
        guard fchmod(descriptor, 0o644) == 0 else {
            let failure = ReplacedFile.failure("opening", draft)
            close(descriptor)
            return failure
        }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let failure = ReplacedFile.failure("writing", draft)
                close(descriptor)
                unlink(draft)
                return failure
            }
            bytes = bytes.dropFirst(count)
        }
        close(descriptor)
        guard rename(draft, path) == 0 else { return ReplacedFile.failure("replacing", path) }
        return nil
    }

    private static func failure(_ purpose: String, _ path: String) -> String {
        let code = errno
        return "\(purpose) \(path): \(String(cString: strerror(code)))"
    }
}
