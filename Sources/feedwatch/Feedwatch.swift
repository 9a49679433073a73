@main
struct Feedwatch {
    static func main() {}
}
