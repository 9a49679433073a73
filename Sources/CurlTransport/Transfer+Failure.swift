import CCurl
import CPosix
import FeedModel
import WatchCore

extension Transfer {
    /// Why libcurl ended a hop with `code`.
    func failure(_ code: CURLcode) -> TransportFailure {
        if let refusal = proxyRefusal { return refusal }
        if recorder.stop != nil { return stopFailure(code) }
        return switch code {
        case CURLE_URL_MALFORMAT, CURLE_LOGIN_DENIED:
            failed(.badURL, "the address cannot be used")
        case CURLE_COULDNT_RESOLVE_HOST:
            failed(.nameNotResolved, "the name has no address")
        case CURLE_COULDNT_RESOLVE_PROXY:
            failed(.nameNotResolved, "the name of the proxy has no address")
        case CURLE_COULDNT_CONNECT, CURLE_ABORTED_BY_CALLBACK, CURLE_PROXY,
            CURLE_NO_CONNECTION_AVAILABLE, CURLE_INTERFACE_FAILED:
            connectFailure(code)
        case CURLE_OPERATION_TIMEDOUT:
            timeFailure()
        case CURLE_WRITE_ERROR, CURLE_OUT_OF_MEMORY, CURLE_FILESIZE_EXCEEDED:
            stopFailure(code)
        case CURLE_TOO_MANY_REDIRECTS:
            failed(.redirectRefused, "too many redirects")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
            CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED, CURLE_SSL_SHUTDOWN_FAILED,
            CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT:
            failed(.tlsFailed, explained("TLS failed", code))
        case CURLE_SSL_CACERT_BADFILE:
            failed(.tlsFailed, "cannot read \(certificateFile)")
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY:
            failed(.transferFailed, explained("the answer is no HTTP", code))
        case CURLE_BAD_CONTENT_ENCODING where errorDetail.hasPrefix("Unrecognized"):
            failed(.transferFailed, "the answer is packed in a way that nobody asked for")
        case CURLE_BAD_CONTENT_ENCODING:
            failed(.transferFailed, explained("the compressed answer is damaged", code))
        case CURLE_RECV_ERROR where errorDetail.hasPrefix("Out of memory in chunked"):
            failed(.tooLarge, "a trailer behind the document is larger than libcurl takes")
        case CURLE_GOT_NOTHING:
            failed(.transferFailed, "the connection was closed without an answer")
        case CURLE_PARTIAL_FILE:
            failed(.transferFailed, "the connection was closed before the answer was whole")
        default:
            failed(.transferFailed, explained("the transfer broke off", code))
        }
    }

    /// Why the proxy would open no tunnel to the host; nil where it did, or was not asked to.
    private var proxyRefusal: TransportFailure? {
        guard ticket.request.options.usesProxy, !recorder.isHeaderComplete else { return nil }
        switch cx_get_long(easy, CURLINFO_HTTP_CONNECTCODE) {
        case 407:
            return failed(.forbidden, "the proxy answered 407: it wants a name and password")
        case let status where status >= 300:
            return failed(.connectFailed, "the proxy answered \(status)")
        default: return nil
        }
    }

    /// Whether it was this process that had no descriptor left, and not the server's doing.
    func isShortage(_ code: CURLcode) -> Bool {
        switch code {
        case CURLE_COULDNT_CONNECT, CURLE_ABORTED_BY_CALLBACK: connection.isShort
        // What needed descriptors has let go of them by now, so a few must be left.
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_SSL_CACERT_BADFILE,
            CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT:
            recorder.stop == nil && fw_has_descriptors(4) == 0
        default: false
        }
    }

    private func explained(_ what: String, _ code: CURLcode) -> String {
        let detail = errorDetail
        return "\(what): \(detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail)"
    }

    private func connectFailure(_ code: CURLcode) -> TransportFailure {
        guard let blocked = connection.blocked, !connection.isOpened else {
            return failed(.connectFailed, explained("no connection", code))
        }
        let address = SocketAddress.text(of: blocked)
        guard !ticket.request.options.usesProxy else {
            return failed(.addressBlocked, "\(address) is no public address")
        }
        return failed(
            .addressBlocked,
            "\(address) is no public address, and limits.allow_networks does not name it"
        )
    }

    private func timeFailure() -> TransportFailure {
        let limits = settings.limits
        let connectTime = min(limits.connectTime, limits.responseTime).asLimit
        guard connection.isResolved else {
            return failed(.nameNotResolved, "the name servers did not answer within \(connectTime)")
        }
        if cx_get_offset(easy, CURLINFO_PRETRANSFER_TIME_T) == 0 {
            let key = limits.connectTime < limits.responseTime ? "connect" : "response"
            return failed(.timedOut, "no connection within \(connectTime) (limits.\(key)_time)")
        }
        if errorDetail.hasPrefix("Operation too slow") {
            let limit = limits.stallTime.asLimit
            let speed = "less than \(Self.lowSpeed) bytes a second"
            return failed(.timedOut, "\(speed) came for \(limit) (limits.stall_time)")
        }
        return timeIsUp()
    }

    /// The write callback's refusals; or libcurl could not write out what it had decompressed.
    private func stopFailure(_ code: CURLcode) -> TransportFailure {
        switch recorder.stop {
        case .document:
            failed(
                .tooLarge,
                "the document is larger than \(settings.limits.document) (limits.document)"
            )
        case .bomb:
            failed(.tooLarge, "the document unpacks to more than 200 times its size")
        case .header:
            failed(.tooLarge, "the header is larger than \(ResponseRecorder.headerSizeLimit)")
        case .memory, .unusedBody, nil:
            if code == CURLE_WRITE_ERROR {
                failed(.transferFailed, explained("the compressed answer is damaged", code))
            } else if recorder.isHeaderComplete {
                failed(.tooLarge, explained("more than libcurl takes", code))
            } else {
                failed(.tooLarge, "a line of the header is larger than libcurl takes")
            }
        }
    }
}
