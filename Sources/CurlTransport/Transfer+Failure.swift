import CCurl
import FeedModel
import WatchCore

extension Transfer {
    /// Why libcurl ended a hop with `code`.
    func failure(_ code: CURLcode) -> TransportFailure {
        switch code {
        case CURLE_URL_MALFORMAT, CURLE_LOGIN_DENIED:
            failed(.badURL, "the address cannot be used")
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            failed(.nameNotResolved, "the name has no address")
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
            failed(.tlsFailed, "cannot read \(settings.limits.certificateFile)")
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY:
            failed(.transferFailed, explained("the answer is no HTTP", code))
        case CURLE_BAD_CONTENT_ENCODING:
            failed(.transferFailed, explained("the compressed answer is damaged", code))
        case CURLE_GOT_NOTHING:
            failed(.transferFailed, "the connection was closed without an answer")
        case CURLE_PARTIAL_FILE:
            failed(.transferFailed, "the connection was closed before the answer was whole")
        default:
            failed(.transferFailed, explained("the transfer broke off", code))
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
            return failed(.timedOut, "no connection within \(connectTime)")
        }
        let detail = errorDetail
        if detail.hasPrefix("Operation too slow") {
            return failed(.timedOut, "the answer came too slowly (\(detail))")
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
        case .header:
            failed(.tooLarge, "the header is larger than \(ResponseRecorder.headerSizeLimit)")
        case .memory, .unusedBody, nil:
            code == CURLE_WRITE_ERROR
                ? failed(.transferFailed, explained("the compressed answer is damaged", code))
                : failed(.tooLarge, "a header line is longer than libcurl takes")
        }
    }
}
