package import FeedModel

// The state of a feed after a poll. PollPolicy+Timing.swift says when the next one is.

extension PollPolicy {
    /// The state after a poll that brought a feed or word that it has not changed.
    package func succeeded(
        _ state: FeedState,
        settings: FeedSettings,
        answer: PollAnswer,
        now: Timestamp
    ) -> FeedState {
        var state = state
        let last = state.lastSuccess
        state.polls += 1
        state.lastPoll = now
        state.lastSuccess = now
        if state.failures > 0 { state.message = nil }
        state.failures = 0
        state.failingSince = nil
        state.reason = nil
        state.goneLooks = 0
        state.hostHeldUntil = nil
        // Kept, they would make a 304 look like an answer to them.
        state.validators = settings.noConditional ? Validators() : answer.validators
        state.validatorsURL = answer.url ?? state.validatorsURL
        follow(answer, &state, settings: settings, now: now)
        if let findings = answer.findings {
            state.wishes = findings.wishes
            state.cadence.learn(findings.sighting, last: last, now: now)
        } else {
            state.cadence.noticeSilence(now: now)
        }
        // A 304 that says nothing of it leaves what the document came with (RFC 9111, 4.3.4).
        if !answer.isNotModified || answer.freshness?.maxAge != nil {
            state.wishes.maxAge = answer.freshness?.maxAge
        }
        plan(&state, after: answer, last: last, settings: settings, now: now)
        return state
    }

    /// The state after a poll that brought nothing.
    ///
    /// The validators stay as they were.
    ///
    /// | failures in a row, interval 15 min | wait before jitter |
    /// | --- | --- |
    /// | 1 | 15 min |
    /// | 2 | 30 min |
    /// | 3 | 1 h |
    /// | 6 and more | 6 h |
    /// | 2 and more that say gone (410) | a day |
    package func failed(
        _ state: FeedState,
        settings: FeedSettings,
        failure: PollFailure,
        now: Timestamp
    ) -> FeedState {
        // Ours, not the feed's: its record stays as it is, and it is asked again.
        if failure.reason == .localShortage {
            return notStored(state, settings: settings, now: now)
        }
        var state = state
        state.polls += 1
        state.lastPoll = now
        state.failures += 1
        state.failingSince = state.failingSince ?? now
        state.reason = failure.reason
        state.message = failure.message
        if failure.reason == .gone { state.goneLooks += 1 }
        if failure.reason == .rateLimited, let wait = failure.retryAfter {
            state.hostHeldUntil = now + wait
        }
        returnHome(&state, after: failure, now: now)
        plan(&state, after: failure, settings: settings, now: now)
        return state
    }

    /// The state after a poll whose outcome could not be stored: as if it had not taken place,
    /// but for the time of the next.
    package func notStored(
        _ state: FeedState,
        settings: FeedSettings,
        now: Timestamp
    ) -> FeedState {
        var state = state
        state.nextPoll = now + baseInterval(of: settings)
        return state
    }

    /// The state of a feed as a new configuration takes it over, or a start of the program.
    package func adopted(
        _ known: FeedState?,
        settings: FeedSettings,
        now: Timestamp
    ) -> FeedState {
        var state =
            known?.takenOver(at: now)
            ?? FeedState(id: settings.id, url: settings.url, nextPoll: now)
        if state.url != settings.url {
            state.url = settings.url
            state.validators = Validators()
            state.validatorsURL = nil
            state.bodyHash = 0
            state.move = nil
            state.wishes = PollWishes()
            state.notBefore = nil
            state.hostHeldUntil = nil
            state.goneLooks = 0
            state.nextPoll = now
        }
        if settings.noConditional { state.validators = Validators() }
        // Nor may a shorter interval, or a clock that was ahead for a while, leave a feed unpolled.
        let bound = now + PollPolicy.longestWish
        if let moment = state.notBefore { state.notBefore = min(moment, bound) }
        if let moment = state.hostHeldUntil {
            state.hostHeldUntil = min(moment, now + PollPolicy.retryAfterCeiling)
        }
        if state.failures == 0 {
            state.nextPoll = min(state.nextPoll, now + longestInterval(of: settings))
        }
        state.nextPoll = min(
            state.nextPoll,
            now + max(longestInterval(of: settings), PollPolicy.retryAfterCeiling * 2)
        )
        state.nextPoll = max(
            state.nextPoll,
            state.notBefore ?? state.nextPoll,
            state.hostHeldUntil ?? state.nextPoll
        )
        return state
    }

    /// Follows permanent redirects once they have proved stable, and looks now and then whether
    /// they still stand.
    private func follow(
        _ answer: PollAnswer,
        _ state: inout FeedState,
        settings: FeedSettings,
        now: Timestamp
    ) {
        var target = answer.permanentURL
        // What proves who we are is sent to the configured host only, and would be shown with an
        // address that repeats it.
        let hasSecrets = !settings.headers.isEmpty || settings.options.authorization != nil
        if hasSecrets, let place = target,
            URLRedaction.host(of: place) != URLRedaction.host(of: settings.url)
                || settings.isRepeated(in: place)
        {
            target = nil
        }
        switch (state.move, target) {
        case (let move?, nil) where move.isFollowed:
            if now - move.confirmed >= FeedMove.recheck { state.move?.isFollowed = false }
        case (let move?, let target?) where move.url == target && !move.isFollowed:
            var move = move
            move.polls = min(move.polls + 1, FeedMove.provenPolls)
            move.confirmed = now
            move.isFollowed = move.isProven
            state.move = move
        case (_, let target?):
            state.move = FeedMove(url: target, at: now)
        case (_, nil):
            state.move = nil
        }
    }

    /// Goes back to the configured address where the new one fails for more than a moment.
    private func returnHome(
        _ state: inout FeedState,
        after failure: PollFailure,
        now: Timestamp
    ) {
        guard let move = state.move, failure.reason != .rateLimited else { return }
        guard move.isFollowed else {
            // The old place was looked at again and is no more: all the better that we know.
            if move.isProven {
                state.move?.confirmed = now
                state.move?.isFollowed = true
            }
            return
        }
        if !failure.reason.isTransient {
            state.move = nil
        } else if state.failures >= 2 {
            // Our network may be down: the old place is asked in turn, and what it says counts.
            state.move?.isFollowed = false
        }
    }
}
