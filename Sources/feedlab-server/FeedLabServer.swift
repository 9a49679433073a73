@main
struct FeedLabServer {
    static func main() {}
}
