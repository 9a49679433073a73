internal import FeedModel

extension FeedState {
    /// The state with all that is planned taken along when the civil clock was set back by `lost`,
    /// so that nothing waits until the old time has come again.
    package func movedBack(by lost: Duration) -> FeedState {
        var state = self
        state.nextPoll = nextPoll - lost
        // Or `takenOver` would take the same off once more with the next configuration.
        state.lastPoll = lastPoll.map { $0 - lost }
        state.notBefore = notBefore.map { $0 - lost }
        state.hostHeldUntil = hostHeldUntil.map { $0 - lost }
        if let walk { state.walk?.notBefore = walk.notBefore - lost }
        return state
    }

    /// The state as a clock that reads `now` takes it over.
    ///
    /// A poll that lies ahead shows that the clock was set back since, and by how much at least:
    /// the program did not run, so nothing else can tell.
    func takenOver(at now: Timestamp) -> FeedState {
        guard let lastPoll, lastPoll > now else { return self }
        return movedBack(by: lastPoll - now)
    }
}
