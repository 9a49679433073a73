import Glibc

/// A certificate authority and a certificate of it, in a directory of their own.
final class Certificates {
    let directory: String

    /// `days` of validity of the server's certificate; `isSelfSigned`: it is nobody's.
    init?(days: Int = 2, isSelfSigned: Bool = false) {
        var template = Array("/tmp/feedwatch-tls-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { return nil }
        directory = template.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        let commands = [
            ["req", "-x509"] + key + [
                "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=test root",
            ],
            ["req", "-new"] + key + [
                "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost", "-addext",
                "subjectAltName=IP:127.0.0.1",
            ],
            [
                "x509", "-req", "-in", "server.csr", "-days", "\(days)", "-copy_extensions", "copy",
                "-out", "server.pem",
            ]
                + (isSelfSigned
                    ? ["-signkey", "server.key"]
                    : ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"]),
        ]
        for command in commands {
            guard let child = ChildProcess(["openssl"] + command, in: directory), child.finish()
            else { return nil }
        }
        write("HTTP/1.0 200 ok\r\nContent-Type: text/xml\r\n\r\n<rss/>", to: "feed")
        write("HTTP/1.0 302 ok\r\nLocation: http://127.0.0.1/\r\n\r\n", to: "down")
    }

    deinit {
        for name in [
            "ca.key", "ca.pem", "ca.srl", "server.key", "server.csr", "server.pem", "feed", "down",
        ] {
            unlink("\(directory)/\(name)")
        }
        rmdir(directory)
    }

    private func write(_ text: String, to name: String) {
        guard let file = fopen("\(directory)/\(name)", "w") else { return }
        fputs(text, file)
        fclose(file)
    }
}

/// An `openssl s_server` that sends the files of a directory.
struct TLSServer: ~Copyable {
    /// The port it chose.
    let port: String

    private let process: ChildProcess

    /// It could not be started.
    struct Unavailable: Error {}

    init(_ directory: String, _ options: [String] = []) throws {
        let arguments =
            ["openssl", "s_server", "-accept", "127.0.0.1:0", "-HTTP", "-key", "server.key"]
            + ["-cert", "server.pem"] + options
        guard let process = ChildProcess(arguments, in: directory) else { throw Unavailable() }
        var port: String?
        while port == nil, let line = process.readLine() {
            guard line.hasPrefix("ACCEPT") else { continue }
            port = line.split(separator: ":").last.map(String.init)
        }
        guard let port else { throw Unavailable() }
        self.port = port
        self.process = process
    }

    /// Ends the server.
    consuming func stop() { process.stop() }
}
