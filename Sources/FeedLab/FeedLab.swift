// FeedLab
