import CCurl
import WatchCore

/// What a finished hop comes to.
enum TransferEnd {
    /// A response that answers the request; its body has `leased` bytes of the budget.
    case response(HTTPResponse, leased: Int)
    /// No whole response.
    case failure(TransportFailure)
    /// The server points elsewhere, and we may go there.
    case redirect(status: Int, to: WebAddress)
    /// There was no memory for so large an answer; to be begun anew.
    case setAside
    /// This process had no descriptor to spare; the hop is to be begun anew.
    case shortage
}

extension Transfer {
    /// Judges a hop that libcurl has ended with `code`.
    func judge(_ code: CURLcode) -> TransferEnd {
        if recorder.isHeaderComplete && !recorder.isDocument {
            // The status is the answer, whatever became of a body that nobody reads.
            return judgeStatus()
        }
        if recorder.stop == .memory { return .setAside }
        guard code == CURLE_OK else {
            return isShortage(code) ? .shortage : .failure(failure(code))
        }
        guard recorder.isHeaderComplete else {
            return .failure(failed(.transferFailed, "the answer has no header"))
        }
        if let flaw = lengthFlaw { return .failure(failed(.transferFailed, flaw)) }
        if recorder.isPacked, !unpack() {
            if recorder.stop == .memory { return .setAside }
            return .failure(failure(CURLE_BAD_CONTENT_ENCODING))
        }
        let (body, leased) = recorder.takeBody()
        var response = response(body: body)
        response.packed = recorder.takePacked()
        return .response(response, leased: leased)
    }

    /// The failure of a request whose time is up.
    func timeIsUp() -> TransportFailure {
        let limit = settings.limits.responseTime.asLimit
        return failed(.timedOut, "no whole answer within \(limit) (limits.response_time)")
    }

    /// The failure of a request for which there was no descriptor in all its time.
    func shortageLasted() -> TransportFailure {
        let message = "this process has no descriptors left for connections (LimitNOFILE=)"
        return TransportFailure(reason: .localShortage, message: message)
    }

    /// What an outcome teaches about the host.
    func lesson(from outcome: Result<HTTPResponse, TransportFailure>) -> RequestQueue.Lesson {
        var lesson = RequestQueue.Lesson(isSlow: false)
        if case .failure(let failure) = outcome {
            switch failure.reason {
            case .timedOut: lesson.isSlow = true
            case .nameNotResolved: lesson.isSlow = !connection.isResolved
            case .cancelled, .localShortage: lesson.isSlow = nil
            default: break
            }
        }
        lesson.isMultiplexed = cx_get_long(easy, CURLINFO_HTTP_VERSION) == cx_http_version_2
        return lesson
    }

    /// A failure, with the host that it happened at.
    func failed(_ reason: FailureReason, _ what: String) -> TransportFailure {
        TransportFailure(reason: reason, message: "\(address.host): \(what)")
    }

    private func response(body: [UInt8]) -> HTTPResponse {
        HTTPResponse(
            status: recorder.status,
            headers: recorder.headers(),
            body: body,
            url: address.url,
            hops: hops
        )
    }

    /// Why the body is not what its header announced; nil if it is, as far as that can be told.
    ///
    /// libcurl counts a body that is too short as an error, but of two contradicting lengths it
    /// takes the last.
    private var lengthFlaw: String? {
        if recorder.hasUnreadableLength { return "the answer announces a length that is no number" }
        if recorder.hasTwoLengths { return "the answer announces two different lengths" }
        guard let length = recorder.contentLength,
            recorder.value(at: HeaderName.contentEncoding) == nil,
            recorder.value(at: HeaderName.transferEncoding) == nil,
            length != recorder.body.count
        else { return nil }
        return "the answer has \(recorder.body.count) of \(length) bytes"
    }

    /// Judges an answer whose status says it all.
    private func judgeStatus() -> TransferEnd {
        let status = recorder.status
        let location = recorder.value(at: HeaderName.location).flatMap { $0.isEmpty ? nil : $0 }
        switch (status, location) {
        case (300, let location?), (301...303, let location?), (307...308, let location?):
            return judgeRedirect(to: location)
        case (301...303, nil), (307...308, nil):
            return .failure(failed(.redirectRefused, "a redirect (\(status)) that leads nowhere"))
        default:
            return .response(response(body: []), leased: 0)
        }
    }

    /// Applies the rules about redirects.
    ///
    /// They are followed here and not by libcurl, which would send a feed's own fields and
    /// validators to the next host, and does not say which statuses were on the way.
    private func judgeRedirect(to location: ArraySlice<UInt8>) -> TransferEnd {
        let limit = settings.limits.redirects
        guard hops.count < limit else {
            let what = "more than \(limit) redirects (limits.redirects)"
            return .failure(failed(.redirectRefused, what))
        }
        let target: WebAddress
        do throws(WebAddress.Flaw) {
            target = try address.resolving(location)
        } catch {
            let what = "redirect to \(error)"
            return .failure(failed(.redirectRefused, what))
        }
        if target.credentials != nil {
            return .failure(failed(.redirectRefused, "redirect to an address with a user name"))
        }
        if address.isSecure && !target.isSecure && !ticket.request.options.allowsDowngrade {
            return .failure(failed(.redirectRefused, "redirect from https to http"))
        }
        if ticket.request.options.usesProxy,
            !settings.addresses.permitsThroughProxy(host: target.host)
        {
            let what = "redirect to \(target.host), which is no public address"
            return .failure(failed(.addressBlocked, what))
        }
        if !ticket.request.headers.isEmpty && !ticket.address.isSameHost(as: target) {
            let what = "redirect to \(target.host), where the feed's own headers must not go"
            return .failure(failed(.redirectRefused, what))
        }
        return .redirect(status: recorder.status, to: target)
    }
}
