internal import FeedParsing
internal import WatchCore

/// The parser as the pipeline's port: the two modules do not know each other.
extension FeedParser: DocumentReader {}
