import ConfigFile
import Foundation
import Testing

@Suite struct HostileInputTests {
    private static let seed = """
        include = ["none*.toml"]
        [watch]
        interval = "15m"   # é
        languages = ['en', "\\u0072u"]
        [[feed]]
        url = 'https://me:secret@example.org/x'
        headers = { "X-Key" = { env = "K" }, b = "c" }
        [terms.dprk]
        ko = ["북한", '''
        조선''']
        [[topic]]
        id = "a"
        query = '''
          @dprk AND \"x
        '''
          [[topic.test]]
          text = \"\"\"\\
             x \\
             y\"\"\"
        [[hook]]
        exec = ["/bin/sh"]
        on = 1979-05-27T07:32:00Z
        """

    private static let fragments = [
        "[", "]", "[[", "]]", "'''", "\"\"\"", "\"", "'", "\\", "\n", "\r", "=", ".", ",", "{", "}",
        "#", "\u{0}", "\u{202E}", "é", "🇰🇵", "\\u", "1e9", "0x", "true", "\u{FEFF}",
    ].map { Array($0.utf8) }

    /// Reads bytes and renders every problem; nothing may stop the process.
    private func survive(_ bytes: [UInt8], in sandbox: ConfigSandbox) throws {
        try sandbox.write("feedwatch.toml", Data(bytes))
        let result = sandbox.load()
        #expect((result.configuration == nil) == !result.errors.isEmpty)
        for problem in result.problems {
            let text = problem.rendered(colour: true)
            #expect(!text.isEmpty)
            #expect(!text.contains("\u{202E}"))
        }
    }

    @Test func everyBeginningOfAFileIsSurvived() throws {
        let sandbox = try ConfigSandbox()
        let bytes = Array(Self.seed.utf8)
        for count in 0...bytes.count { try survive(Array(bytes[..<count]), in: sandbox) }
    }

    @Test func mutatedFilesAreSurvived() throws {
        let sandbox = try ConfigSandbox()
        var random = SplitMix(state: 2_026)
        for _ in 0..<2_000 {
            var bytes = Array(Self.seed.utf8)
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                let place = Int.random(in: 0..<max(1, bytes.count), using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0:
                    bytes.insert(
                        contentsOf: Self.fragments.randomElement(using: &random) ?? [],
                        at: place
                    )
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + 4))
                case 2: bytes[place] = UInt8.random(in: 0...255, using: &random)
                default: bytes.replaceSubrange(place..., with: bytes.prefix(place / 2))
                }
                if bytes.isEmpty { bytes = [0] }
            }
            try survive(bytes, in: sandbox)
        }
    }

    @Test(arguments: [
        String(repeating: "[", count: 100_000), "x=" + String(repeating: "[", count: 100_000),
        "x=" + String(repeating: "{a=", count: 100_000),
        "a" + String(repeating: ".a", count: 100_000),
        "[a" + String(repeating: ".a", count: 100_000) + "]",
        String(repeating: "[watch]\n", count: 10_000), String(repeating: "a", count: 1_000_000),
        String(repeating: "é = 1\n", count: 10_000), String(repeating: "\"", count: 100_001),
        String(repeating: "[[topic]]\n", count: 5_000),
        "[terms.a]\nen = [" + String(repeating: "1,", count: 50_000) + "]\n",
        "[[topic]]\nid = '" + String(repeating: "x", count: 100_000) + "'\n",
    ])
    func largeAndDeepFilesAreSurvived(text: String) throws {
        try survive(Array(text.utf8), in: try ConfigSandbox())
    }
}

/// A small random number generator that gives the same numbers each time (SplitMix64).
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
