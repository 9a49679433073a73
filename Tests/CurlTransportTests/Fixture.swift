import Glibc

/// The bytes of a file in `Fixtures`.
func fixture(_ name: String, file: String = #filePath) -> [UInt8] {
    let directory = file.split(separator: "/").dropLast().joined(separator: "/")
    return contents(of: "/\(directory)/Fixtures/\(name)")
}

/// The bytes of a file; none if it cannot be read.
func contents(of path: String) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = read(descriptor, &piece, piece.count)
        guard count > 0 else { return bytes }
        bytes.append(contentsOf: piece[..<count])
    }
}
