import CCurl
import FeedModel
import Glibc
import WatchCore

/// One message on its way: owns an easy handle and everything that libcurl reads of it.
///
/// Confined to the courier's queue; the courier holds it until libcurl has let go of it.
final class CourierTransfer {
    /// libcurl's handle.
    let easy: UnsafeMutableRawPointer

    /// What the receiver says.
    var recorder = CourierRecorder()

    private let settings: TransferSettings
    private let host: String
    private let timeLimit: Duration
    private let errorText: UnsafeMutablePointer<CChar>
    private let content: UnsafeMutableBufferPointer<UInt8>
    private var sent = 0
    private var lists: [UnsafeMutablePointer<curl_slist>] = []

    private var blocked: [UInt8]?
    private var isOpened = false

    /// The failure of what was ended by ourselves.
    static let cancelled = TransportFailure(reason: .cancelled, message: "cancelled")

    /// A POST to an address.
    init(_ post: HTTPPost, to address: WebAddress, settings: TransferSettings) {
        (easy, errorText) = Self.makeHandle()
        self.settings = settings
        host = address.host
        timeLimit = post.timeLimit
        content = Self.copy(post.body)
        setCommonOptions()
        check(cx_set_text(easy, CURLOPT_URL, address.url))
        check(cx_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https"))
        check(cx_set_long(easy, CURLOPT_HTTP09_ALLOWED, 0))
        check(cx_set_long(easy, CURLOPT_HTTPAUTH, cx_auth_basic))
        check(cx_set_long(easy, CURLOPT_HTTP_VERSION, cx_http_version_2_over_tls))
        check(cx_set_text(easy, CURLOPT_USERAGENT, settings.userAgent))
        if let credentials = address.credentials {
            check(cx_set_text(easy, CURLOPT_USERNAME, credentials.user))
            check(cx_set_text(easy, CURLOPT_PASSWORD, credentials.password))
        }
        if post.isGet {
            check(cx_set_long(easy, CURLOPT_HTTPGET, 1))
        } else {
            check(cx_set_long(easy, CURLOPT_POST, 1))
            check(cx_set_long(easy, CURLOPT_POSTFIELDSIZE, content.count))
            check(cx_set_pointer(easy, CURLOPT_POSTFIELDS, content.baseAddress))
        }
        // Nobody is asked beforehand whether the body is welcome: many never answer that.
        let fields = post.headers.map { field in
            field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)"
        }
        check(cx_set_headers(easy, makeList(["Expect:"] + fields)))
    }

    /// A letter to a mail server.
    init(_ letter: Letter, settings: TransferSettings) {
        (easy, errorText) = Self.makeHandle()
        self.settings = settings
        let mail = letter.settings
        let start = mail.server.utf8.firstIndex(of: UInt8(ascii: ":")) ?? mail.server.startIndex
        host = String(mail.server[start...].drop { $0 == ":" || $0 == "/" })
        timeLimit = letter.timeLimit
        content = Self.copy(letter.message)
        setCommonOptions()
        check(cx_set_text(easy, CURLOPT_URL, mail.server))
        check(cx_set_text(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps"))
        let tls = mail.requiresTLS ? cx_tls_required : cx_tls_refused
        check(cx_set_long(easy, CURLOPT_USE_SSL, tls))
        // libcurl would use a connection in the clear again for a letter that requires TLS.
        check(cx_set_long(easy, CURLOPT_FORBID_REUSE, mail.requiresTLS ? 0 : 1))
        if let user = mail.user {
            check(cx_set_text(easy, CURLOPT_USERNAME, user))
            check(cx_set_text(easy, CURLOPT_PASSWORD, mail.password ?? ""))
        }
        check(cx_set_text(easy, CURLOPT_MAIL_FROM, "<\(mail.sender)>"))
        let recipients = makeList(mail.recipients.map { "<\($0)>" })
        check(cx_set_list(easy, CURLOPT_MAIL_RCPT, recipients))
        check(cx_set_long(easy, CURLOPT_UPLOAD, 1))
        // SAFETY: the object owns the handle, which calls back only while it works on the
        // transfer, and the courier holds the object so long; the pointer is not retained.
        let context = Unmanaged.passUnretained(self).toOpaque()
        check(cx_set_on_upload(easy, onCourierUpload, context))
    }

    deinit {
        curl_easy_cleanup(easy)
        for list in lists { curl_slist_free_all(list) }
        content.deallocate()
        errorText.deallocate()
    }

    // MARK: How it ended

    /// The answer to a POST that libcurl has ended with `code`.
    func answer(_ code: CURLcode) -> Result<HTTPAnswer, TransportFailure> {
        // The status is the answer, whatever became of a body that nobody needs.
        guard recorder.isHeaderComplete else {
            let (reason, message) = failure(code)
            return .failure(TransportFailure(reason: reason, message: message))
        }
        return .success(
            HTTPAnswer(
                status: recorder.status,
                retryAfter: recorder.retryAfter,
                location: recorder.location.map(Self.origin),
                body: recorder.body
            )
        )
    }

    /// The mail server's last words about a letter that libcurl has ended with `code`.
    func receipt(_ code: CURLcode) -> Result<String, MailFailure> {
        guard code != CURLE_OK else { return .success(recorder.lastLine) }
        let answer = cx_get_long(easy, CURLINFO_RESPONSE_CODE)
        let (reason, message) = failure(code)
        // Only what comes behind the letter's last line is said of the letter.
        let isRefusal = sent == content.count && sent > 0 && (500...599).contains(answer)
        return .failure(
            MailFailure(
                reason: reason,
                isRefusal: isRefusal,
                message: message,
                reply: recorder.refusal
            )
        )
    }

    private func failure(_ code: CURLcode) -> (FailureReason, String) {
        func failed(_ reason: FailureReason, _ what: String) -> (FailureReason, String) {
            (reason, "\(host): \(what)")
        }
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST:
            return failed(.nameNotResolved, "the name has no address")
        case CURLE_OPERATION_TIMEDOUT:
            return failed(.timedOut, "no answer within \(timeLimit.asLimit)")
        case CURLE_COULDNT_CONNECT, CURLE_ABORTED_BY_CALLBACK:
            guard let blocked, !isOpened else { return failed(.connectFailed, detail(code)) }
            let address = SocketAddress.text(of: blocked)
            return failed(
                .addressBlocked,
                "\(address) is no public address, and limits.allow_networks does not name it"
            )
        case CURLE_USE_SSL_FAILED:
            return failed(.tlsFailed, "the server offers no STARTTLS")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE:
            return failed(.tlsFailed, detail(code))
        case CURLE_LOGIN_DENIED:
            return failed(.forbidden, "the login was refused")
        default:
            return failed(.transferFailed, detail(code))
        }
    }

    private func detail(_ code: CURLcode) -> String {
        let text = String(
            decoding: String(cString: errorText).utf8.filter { $0 >= 0x20 },
            as: UTF8.self
        )
        return text.isEmpty ? String(cString: curl_easy_strerror(code)) : text
    }

    /// Scheme and host of an address: the rest may hold a secret.
    private static func origin(_ location: String) -> String {
        // Whatever cannot be read as an address leads to none that could be named.
        guard let address = try? WebAddress(location) else { return "another path" }
        return "\(address.isSecure ? "https" : "http")://\(address.host)"
    }
}

extension CourierTransfer {
    private static func makeHandle() -> (UnsafeMutableRawPointer, UnsafeMutablePointer<CChar>) {
        guard let easy = curl_easy_init() else { preconditionFailure("libcurl is out of memory") }
        let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        return (easy, errorText)
    }

    private static func copy(_ bytes: [UInt8]) -> UnsafeMutableBufferPointer<UInt8> {
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        _ = buffer.initialize(from: bytes)
        return buffer
    }

    /// A list of texts, freed with the transfer; one that would break out of its line is left out.
    private func makeList(_ texts: [String]) -> UnsafeMutablePointer<curl_slist>? {
        var list: UnsafeMutablePointer<curl_slist>?
        for text in texts
        where !text.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }) {
            guard let longer = curl_slist_append(list, text) else {
                preconditionFailure("libcurl is out of memory")
            }
            list = longer
        }
        if let list { lists.append(list) }
        return list
    }

    /// Sets what is the same for all messages.
    private func setCommonOptions() {
        // SAFETY: the object owns the handle, which calls back only while it works on the
        // transfer, and the courier holds the object so long; the pointer is not retained.
        let context = Unmanaged.passUnretained(self).toOpaque()
        check(cx_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText))
        check(cx_set_on_body(easy, onCourierBody, context))
        check(cx_set_on_header(easy, onCourierHeader, context))
        check(cx_set_on_open_socket(easy, onCourierOpenSocket, context))
        check(cx_set_on_request(easy, onCourierRequest, context))
        check(cx_set_long(easy, CURLOPT_FOLLOWLOCATION, 0))
        check(cx_set_long(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1))
        check(cx_set_text(easy, CURLOPT_PROXY, ""))
        check(cx_set_long(easy, CURLOPT_NOSIGNAL, 1))
        check(cx_set_long(easy, CURLOPT_QUICK_EXIT, 1))
        check(cx_set_long(easy, CURLOPT_SSLVERSION, cx_tls_1_2))
        check(cx_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1))
        check(cx_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2))
        check(cx_set_text(easy, CURLOPT_CAPATH, nil))
        check(cx_set_text(easy, CURLOPT_CAINFO, settings.limits.certificateFile))
        let connectTime = min(settings.limits.connectTime, timeLimit)
        check(cx_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, connectTime.positiveMilliseconds))
        check(cx_set_long(easy, CURLOPT_TIMEOUT_MS, timeLimit.positiveMilliseconds))
    }

    // MARK: What libcurl's callbacks ask

    /// The next piece of the letter; answers how much.
    func upload(to room: UnsafeMutableRawBufferPointer) -> Int {
        let piece = UnsafeRawBufferPointer(content)[sent...].prefix(room.count)
        room.copyBytes(from: piece)
        sent += piece.count
        return piece.count
    }

    /// Whether the configuration permits `address`; remembers the answer.
    func mayConnect(to address: [UInt8]) -> Bool {
        guard settings.addresses.permits(address) else {
            blocked = address
            return false
        }
        isOpened = true
        return true
    }
}
