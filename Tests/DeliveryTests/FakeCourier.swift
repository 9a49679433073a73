import FeedModel
import Synchronization
import WatchCore

/// A courier that answers by a script and remembers what it was given.
final class FakeCourier: Courier {
    typealias Script = @Sendable (_ number: Int, _ post: HTTPPost) -> HTTPAnswer

    private let script: Script
    private let taken = Mutex<[HTTPPost]>([])

    init(_ script: @escaping Script = { _, _ in HTTPAnswer(status: 200) }) { self.script = script }

    /// The messages so far.
    var posts: [HTTPPost] { taken.withLock { $0 } }

    /// The value of a header field of each message.
    func values(_ name: String) -> [String] {
        posts.compactMap { post in post.headers.first { $0.name == name }?.value }
    }

    func send(_ post: HTTPPost) async -> Result<HTTPAnswer, TransportFailure> {
        let number = taken.withLock { posts in
            posts.append(post)
            return posts.count
        }
        return .success(script(number, post))
    }

    func send(_ letter: Letter) async -> Result<String, MailFailure> {
        .failure(MailFailure(reason: .transferFailed, message: "no mail here"))
    }

    func cancelAll() async {}
}
