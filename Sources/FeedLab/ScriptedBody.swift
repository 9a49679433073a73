import FlyingSocks

/// A response body that follows a script: how servers misbehave in the middle of an answer.
struct ScriptedBody: AsyncBufferedSequence {
    /// A line of the script.
    enum Step: Sendable {
        /// These bytes are sent.
        case send([UInt8])
        /// Nothing happens for this long.
        case pause(Duration)
        /// The connection is closed.
        case hangUp
        /// These bytes are sent for ever.
        case sendForEver([UInt8])
    }

    typealias Element = UInt8

    /// The script.
    let steps: [Step]

    /// Starts the script.
    func makeAsyncIterator() -> Iterator { Iterator(steps: steps[...]) }

    /// The script under way.
    struct Iterator: AsyncBufferedIteratorProtocol {
        private var steps: ArraySlice<Step>

        init(steps: ArraySlice<Step>) { self.steps = steps }

        /// Not used by the server, which takes buffers.
        mutating func next() async throws -> UInt8? {
            throw SocketError.disconnected
        }

        /// The next bytes to send.
        mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
            while let step = steps.first {
                switch step {
                case .send(let bytes):
                    steps.removeFirst()
                    if !bytes.isEmpty { return bytes }
                case .pause(let duration):
                    steps.removeFirst()
                    try await Task.sleep(for: duration)
                case .hangUp:
                    // The server closes a connection whose body throws.
                    throw SocketError.disconnected
                case .sendForEver(let bytes):
                    try Task.checkCancellation()
                    return bytes
                }
            }
            return nil
        }
    }
}
