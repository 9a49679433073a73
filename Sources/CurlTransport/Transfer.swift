import CCurl
import Dispatch
import FeedModel
import Glibc
import WatchCore

/// One request on its way: owns one of libcurl's easy handles, which is used again and again.
///
/// Confined to the transport's queue. libcurl keeps unretained pointers to the object; whoever
/// adds it to a multi handle holds it until it is removed.
final class Transfer {
    /// libcurl's handle.
    let easy: UnsafeMutableRawPointer
    /// What to do, and for whom; in the pool, what was done last.
    private(set) var ticket: RequestQueue.Ticket
    /// Where the transfer stands in the transport's list of active ones.
    var index = 0
    /// Where the current hop leads.
    private(set) var address: WebAddress
    /// The redirects so far.
    private(set) var hops: [RedirectHop] = []
    /// When the transfer began, by the monotonic clock in nanoseconds.
    private(set) var startTime: UInt64 = 0
    /// What holds for it.
    private(set) var settings: TransferSettings
    /// What the current hop has brought.
    var recorder: ResponseRecorder
    /// Whether libcurl works on it.
    var isAdded = false
    /// How far the current hop's connection got.
    var connection = ConnectionRecord()

    /// What notes the talk on the wire, where that is wanted.
    private(set) var tracer: WireTracer?

    private let errorText: UnsafeMutablePointer<CChar>
    private let sessions: TLSSessions
    private let unpacker: GzipUnpacker
    /// The share that libcurl's handle is set to.
    private var share: UnsafeMutableRawPointer?
    private var requestHeaders: UnsafeMutablePointer<curl_slist>?
    private var hasCredentials = false
    private var limitsStalls = false
    private var watchesReads = false
    private var usesOwnConnection = false
    private var leavesPacked = false
    /// The options that libcurl's handle is set to.
    private var applied = FetchOptions()

    /// How far a connection got.
    struct ConnectionRecord {
        /// Whether the name was resolved, or a connection was at hand.
        var isResolved = false
        /// Whether a socket was opened, or a connection was at hand.
        var isOpened = false
        /// The last address that was refused.
        var blocked: [UInt8]?
        /// Whether this process had no descriptor for it.
        var isShort = false
    }

    /// A transfer for the pool.
    init(
        settings: TransferSettings,
        ticket: RequestQueue.Ticket,
        budget: BodyBudget,
        sessions: TLSSessions,
        unpacker: GzipUnpacker
    ) {
        guard let easy = curl_easy_init() else { preconditionFailure("libcurl is out of memory") }
        self.easy = easy
        self.settings = settings
        self.ticket = ticket
        self.sessions = sessions
        self.unpacker = unpacker
        address = ticket.address
        recorder = ResponseRecorder(budget: budget)
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        setPermanentOptions()
        apply(settings)
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(requestHeaders)
        errorText.deallocate()
    }

    /// Prepares the first hop of a request.
    func begin(_ ticket: RequestQueue.Ticket, settings: TransferSettings, now: UInt64) {
        if settings !== self.settings { apply(settings) }
        self.ticket = ticket
        hops.removeAll()
        startTime = now
        traceIfAsked()
        if ticket.request.options != applied { apply(ticket.request.options) }
        prepareHop(to: ticket.address, timeLeft: settings.limits.responseTime)
    }

    /// Prepares the hop that a redirect asks for; whether it may be followed is decided before.
    func follow(to address: WebAddress, status: Int, timeLeft: Duration) {
        hops.append(RedirectHop(status: status, url: address.url))
        prepareHop(to: address, timeLeft: timeLeft)
    }

    /// What is left of the time for the whole request; nil if it is up.
    func timeLeft(at now: UInt64) -> Duration? {
        let left = settings.limits.responseTime - .nanoseconds(Int64(now - startTime))
        return left > .zero ? left : nil
    }

    /// Prepares the hop once more that could not be made for want of a descriptor.
    func tryAgain(timeLeft: Duration) { prepareHop(to: address, timeLeft: timeLeft) }

    /// Prepares the first hop once more, with room for the largest document; false: not now.
    func beginAnew(now: UInt64) -> Bool {
        guard recorder.reserve(document: settings.limits.document) else { return false }
        begin(ticket, settings: settings, now: now)
        return true
    }

    /// Forgets the answer, to lie in the pool.
    func end() {
        recorder.giveBackShare()
        recorder.reset(documentLimit: 0)
        if tracer != nil {
            tracer = nil
            check(cx_set_long(easy, CURLOPT_VERBOSE, 0))
        }
    }

    /// From here on an answer must come faster than `lowSpeed`: it has begun.
    ///
    /// Before, a server may think as long as `limits.response_time` allows.
    func limitStalls() {
        guard !limitsStalls else { return }
        limitsStalls = true
        let seconds = (settings.limits.stallTime.positiveMilliseconds + 999) / 1_000
        check(cx_set_long(easy, CURLOPT_LOW_SPEED_TIME, seconds))
        check(cx_set_long(easy, CURLOPT_LOW_SPEED_LIMIT, Self.lowSpeed))
    }

    /// From here on what is read is counted, as it may be more or less than the body shows.
    func watchReads() {
        guard !watchesReads else { return }
        watchesReads = true
        check(cx_set_long(easy, CURLOPT_NOPROGRESS, 0))
    }

    /// From here on libcurl hands the body over as it comes.
    func leavePacked() {
        leavesPacked = true
        check(cx_set_long(easy, CURLOPT_HTTP_CONTENT_DECODING, 0))
    }

    /// Unpacks the body that was left packed; false: there is none, as the recorder says.
    func unpack() -> Bool { recorder.unpack(with: unpacker) }

    /// The file with the certificate authorities that are trusted.
    var certificateFile: String {
        ticket.request.options.certificateFile ?? settings.limits.certificateFile
    }

    /// libcurl's own words on what went wrong; empty if it has none.
    var errorDetail: String {
        String(decoding: String(cString: errorText).utf8.filter { $0 >= 0x20 }, as: UTF8.self)
    }

    private func prepareHop(to address: WebAddress, timeLeft: Duration) {
        self.address = address
        recorder.reset(documentLimit: settings.limits.document.bytes)
        connection = ConnectionRecord()
        errorText.pointee = 0
        if limitsStalls {
            limitsStalls = false
            check(cx_set_long(easy, CURLOPT_LOW_SPEED_LIMIT, 0))
            check(cx_set_long(easy, CURLOPT_LOW_SPEED_TIME, 0))
        }
        if watchesReads {
            watchesReads = false
            check(cx_set_long(easy, CURLOPT_NOPROGRESS, 1))
        }
        if leavesPacked {
            leavesPacked = false
            check(cx_set_long(easy, CURLOPT_HTTP_CONTENT_DECODING, 1))
        }
        tracer?.begin(address.url)
        check(cx_set_text(easy, CURLOPT_URL, address.url))
        check(cx_set_long(easy, CURLOPT_TIMEOUT_MS, timeLeft.positiveMilliseconds))
        // Waiting for a connection that can carry several requests makes sense over TLS only.
        check(cx_set_long(easy, CURLOPT_PIPEWAIT, address.isSecure ? 1 : 0))
        let isUnasked = !address.isSecure && ticket.request.options.httpVersion == .http2
        if isUnasked != usesOwnConnection { useOwnConnection(isUnasked) }
        if address.isSecure { keepSessions(of: address) }
        let origin = ticket.address
        setCredentials(origin.isSameHost(as: address) ? credentials : nil)
        setRequestHeaders()
    }

    /// libcurl 7.88 fails with the second request over a connection that spoke HTTP/2 unasked, and
    /// goes on using it: such a request gets a connection of its own.
    private func useOwnConnection(_ isOwn: Bool) {
        usesOwnConnection = isOwn
        check(cx_set_long(easy, CURLOPT_FRESH_CONNECT, isOwn ? 1 : 0))
        check(cx_set_long(easy, CURLOPT_FORBID_REUSE, isOwn ? 1 : 0))
    }

    /// Lets libcurl find the TLS sessions of a host, and put new ones beside them.
    private func keepSessions(of address: WebAddress) {
        let share = sessions.share(for: address.authority)
        guard share != self.share else { return }
        self.share = share
        check(cx_set_pointer(easy, CURLOPT_SHARE, share))
    }

    /// The name and password for the feed's host.
    private var credentials: WebAddress.Credentials? {
        switch ticket.request.options.authorization {
        case .basic(let user, let password)?:
            WebAddress.Credentials(user: user, password: password)
        case .bearer?: nil
        case nil: ticket.address.credentials
        }
    }

    private func traceIfAsked() {
        guard ticket.request.isTraced else { return }
        tracer = WireTracer(masking: SecretMask(ticket.request, ticket.address.credentials))
        check(cx_set_long(easy, CURLOPT_VERBOSE, 1))
    }

    private func setCredentials(_ credentials: WebAddress.Credentials?) {
        guard credentials != nil || hasCredentials else { return }
        check(cx_set_text(easy, CURLOPT_USERNAME, credentials?.user))
        check(cx_set_text(easy, CURLOPT_PASSWORD, credentials?.password))
        hasCredentials = credentials != nil
    }

    private func setRequestHeaders() {
        let list = RequestHeaderList.make(for: ticket.request, from: ticket.address, at: address)
        check(cx_set_headers(easy, list))
        curl_slist_free_all(requestHeaders)
        requestHeaders = list
    }
}

extension Transfer {
    /// Sets what is the same for all requests.
    private func setPermanentOptions() {
        // SAFETY: libcurl calls back only while the transfer is added to a multi handle, and
        // whoever adds it holds it until it is removed; the pointer is not retained.
        let context = Unmanaged.passUnretained(self).toOpaque()
        check(cx_set_pointer(easy, CURLOPT_PRIVATE, context))
        check(cx_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText))
        check(cx_set_on_body(easy, onBody, context))
        check(cx_set_on_header(easy, onHeader, context))
        check(cx_set_on_open_socket(easy, onOpenSocket, context))
        check(cx_set_on_request(easy, onRequest, context))
        check(cx_set_on_debug(easy, onDebug, context))
        check(cx_set_on_progress(easy, onProgress, context))

        // Only the web. Redirects are followed by us, hop by hop; libcurl follows none.
        check(cx_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https"))
        check(cx_set_text(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https"))
        check(cx_set_long(easy, CURLOPT_FOLLOWLOCATION, 0))
        check(cx_set_long(easy, CURLOPT_MAXREDIRS, 0))
        check(cx_set_long(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1))
        check(cx_set_long(easy, CURLOPT_HTTP09_ALLOWED, 0))
        check(cx_set_long(easy, CURLOPT_HTTPAUTH, cx_auth_basic))
        // The environment names no proxy, and no exception from one that a feed has: through one,
        // our view of addresses would be worthless.
        check(cx_set_text(easy, CURLOPT_PROXY, ""))
        check(cx_set_text(easy, CURLOPT_NOPROXY, ""))
        // What a proxy says before the tunnel stands is not the server's answer.
        check(cx_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1))

        // One name that is not answered must hold up nothing else.
        check(cx_set_long(easy, CURLOPT_NOSIGNAL, 1))
        check(cx_set_long(easy, CURLOPT_QUICK_EXIT, 1))

        check(cx_set_text(easy, CURLOPT_ACCEPT_ENCODING, ""))
        check(cx_set_long(easy, CURLOPT_SSLVERSION, cx_tls_1_2))
        check(cx_set_long(easy, CURLOPT_SSL_VERIFYPEER, 1))
        check(cx_set_long(easy, CURLOPT_SSL_VERIFYHOST, 2))
        // libcurl keeps the parsed bundle only if there is no directory of certificates.
        check(cx_set_text(easy, CURLOPT_CAPATH, nil))
    }

    /// Sets what the configuration says.
    private func apply(_ settings: TransferSettings) {
        self.settings = settings
        let limits = settings.limits
        check(
            cx_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, limits.connectTime.positiveMilliseconds)
        )
        apply(ticket.request.options)
    }

    /// Sets what the feed asks for, or else what the configuration says.
    private func apply(_ options: FetchOptions) {
        applied = options
        check(cx_set_text(easy, CURLOPT_USERAGENT, options.userAgent ?? settings.userAgent))
        let bundle = options.certificateFile ?? settings.limits.certificateFile
        check(cx_set_text(easy, CURLOPT_CAINFO, bundle))
        check(cx_set_text(easy, CURLOPT_PROXY, options.proxy?.url ?? ""))
        check(cx_set_text(easy, CURLOPT_PROXYUSERNAME, options.proxy?.user))
        check(cx_set_text(easy, CURLOPT_PROXYPASSWORD, options.proxy?.password))
        let version =
            switch options.httpVersion {
            case .automatic: cx_http_version_2_over_tls
            case .http1: cx_http_version_1_1
            case .http2: cx_http_version_2_unasked
            }
        check(cx_set_long(easy, CURLOPT_HTTP_VERSION, version))
    }

    /// How many bytes a second an answer that has begun must bring.
    static let lowSpeed = 64
}

extension FetchOptions {
    /// Whether requests go through a proxy.
    var usesProxy: Bool { proxy != nil }
}
