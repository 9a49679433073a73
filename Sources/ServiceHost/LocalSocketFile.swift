internal import CPosix
internal import Glibc

/// The file of a local socket that somebody listens at: put there, and taken away again.
struct LocalSocketFile: Sendable {
    private let path: String
    private let device: UInt
    private let inode: UInt

    /// Binds a new socket to `path` for the owner and the group, and listens; its descriptor.
    ///
    /// A socket that a daemon left behind when it was killed is replaced; one where somebody
    /// listens, and what is no socket, is not.
    static func listen(
        at path: String
    ) throws(ControlError) -> (descriptor: Int32, file: LocalSocketFile?) {
        let descriptor = try bound(to: path)
        guard Glibc.listen(descriptor, 16) == 0 else {
            let code = errno
            close(descriptor)
            throw .failed(call: "listen", path: path, code: code)
        }
        return (descriptor, LocalSocketFile(at: path))
    }

    private init?(at path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        self.path = path
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
    }

    /// Takes the file away, unless another daemon has put its own in its place.
    func remove() {
        guard let now = LocalSocketFile(at: path), now.device == device, now.inode == inode else {
            return
        }
        unlink(path)
    }

    private static func bound(to path: String) throws(ControlError) -> Int32 {
        for isRetry in [false, true] {
            let descriptor = cposix_local_socket(Int32(SOCK_STREAM.rawValue))
            guard descriptor >= 0 else { throw .failed(call: "socket", path: path, code: errno) }
            if cposix_local_bind(descriptor, path, 0o660) == 0 { return descriptor }
            let code = errno
            close(descriptor)
            guard code == EADDRINUSE, !isRetry else {
                throw .failed(call: "bind", path: path, code: code)
            }
            try removeStale(at: path)
        }
        throw .alreadyListening(path: path)
    }

    private static func removeStale(at path: String) throws(ControlError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path: path) }
        let descriptor = cposix_local_socket(Int32(SOCK_STREAM.rawValue))
        guard descriptor >= 0 else { throw .failed(call: "socket", path: path, code: errno) }
        defer { close(descriptor) }
        guard cposix_local_connect(descriptor, path) != 0, errno == ECONNREFUSED else {
            throw .alreadyListening(path: path)
        }
        unlink(path)
    }
}
