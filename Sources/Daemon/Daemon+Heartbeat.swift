internal import CurlTransport
internal import FeedModel
internal import Logging
internal import ServiceHost
internal import WatchCore

/// Telling a dead man's switch elsewhere that the daemon lives.
extension Daemon {
    /// Sends a heartbeat to where the configuration says; beside the daemon's work, as the other
    /// side may be slow.
    ///
    /// A failure is told once, and so is the end of it; the next heartbeat tries again.
    func ping(_ record: EventRecord, _ parts: DaemonParts) {
        guard let ping = plan.configuration.health.heartbeatPing else { return }
        var post = HTTPPost(
            url: ping.url,
            headers: [],
            body: [],
            timeLimit: HeartbeatPing.timeLimit
        )
        post.isGet = !ping.sendsRecord
        if ping.sendsRecord {
            post.headers = [RequestHeader(name: "Content-Type", value: "application/json")]
            post.body = Array("{\"schema\":1".utf8) + record.draft(hooks: []).tail
        }
        let message = post
        Task { await note(parts.courier.send(message), to: ping) }
    }

    private func note(_ result: Result<HTTPAnswer, TransportFailure>, to ping: HeartbeatPing) {
        var failure: TransportFailure?
        switch result {
        case .success(let answer) where (200...299).contains(answer.status): break
        case .success(let answer):
            failure = TransportFailure(
                reason: .httpStatus,
                message: "the answer was \(answer.status)"
            )
        case .failure(let reason) where reason.reason == .cancelled: return
        case .failure(let reason): failure = reason
        }
        // The host only: the rest of such an address is its secret.
        let host = URLRedaction.host(of: ping.url)
        if let failure, !healthClock.isPingFailing {
            logger.error(
                "the heartbeat was not heard",
                metadata: [
                    "host": "\(host)", "reason": "\(failure.reason.rawValue)",
                    "message": "\(failure.message)",
                ]
            )
        } else if failure == nil, healthClock.isPingFailing {
            logger.info("the heartbeat is heard again", metadata: ["host": "\(host)"])
        }
        healthClock.isPingFailing = failure != nil
    }
}
