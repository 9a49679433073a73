import ConfigFile
import FeedModel
import Testing
import WatchCore

@Suite struct ValueErrorTests {
    private static let durationHint = "write a number and a unit: 500ms, 10s, 15m, 6h, 30d"
    private static let idHint = "letters, digits and - _ . : make an id, a letter or digit first"

    @Test(arguments: [
        "15", "15 m", "m", "1.5h", "1h30m", "-1s", "15min", "1w", "1234567890s", "٣s",
    ])
    func whatIsNoDurationIsAnError(text: String) throws {
        try Mistake(
            "[watch]\ninterval = ⟦'\(text)'⟧",
            "interval is no duration: \(text)",
            Self.durationHint
        ).expect()
    }

    @Test(arguments: ["16", "16MB", "16 MiB", "16mib", "MiB"])
    func whatIsNoSizeIsAnError(text: String) throws {
        try Mistake(
            "[limits]\ndocument = ⟦'\(text)'⟧",
            "document is no size: \(text)",
            "write a number and a unit: 64KiB, 16MiB"
        ).expect()
    }

    @Test(arguments: [
        Mistake(
            "[watch]\nrotate = ⟦'1KiB'⟧",
            "rotate is neither a size from 4KiB nor daily: 1KiB",
            "write \"100MiB\" or \"daily\""
        ),
        Mistake(
            "[watch]\nrotate = ⟦'weekly'⟧",
            "rotate is neither a size from 4KiB nor daily: weekly",
            "write \"100MiB\" or \"daily\""
        ),
        Mistake("[watch]\nkeep = ⟦-1⟧", "keep must be from 0 to 100000"),
        Mistake(
            "[watch]\nlog = ⟦'/var/log/events.jsonl'⟧",
            "log cannot be events.jsonl: feedwatch has a file of its own by that name",
            "matches.jsonl is usual"
        ),
        Mistake("[watch]\nstate_limit = ⟦'1KiB'⟧", "state_limit must be from 1MiB to 1024GiB"),
        Mistake("[watch]\nhistory = ⟦'9999d'⟧", "history must be from 1s to 3650d"),
        Mistake("[limits]\ndocument = ⟦'2GiB'⟧", "document must be from 1KiB to 1GiB"),
        Mistake("[limits]\nredirects = ⟦-1⟧", "redirects must be from 0 to 50"),
        Mistake(
            "[limits]\nconnections = ⟦9223372036854775807⟧",
            "connections must be from 1 to 10000"
        ),
        Mistake(
            "[[topic]]\nid = 'a'\nquery = 'a'\nmin_score = ⟦101⟧",
            "min_score must be from 0 to 100"
        ),
        Mistake(
            "[[hook]]\nid = 'a'\nexec = ['/bin/sh']\ntimeout = ⟦'0s'⟧",
            "timeout must be from 1ms to 1d"
        ),
        Mistake(
            "[watch]\nbaseline = ⟦'silence'⟧",
            "baseline knows no silence",
            "did you mean silent?"
        ),
        Mistake(
            "[matching]\nfields = [⟦'body'⟧]",
            "fields knows no body",
            "it may be title, summary, content"
        ),
        Mistake(
            "[[hook]]\nid = 'a'\nexec = ['/bin/sh']\non = [⟦'story'⟧]",
            "on knows no story",
            "it may be match, feed, heartbeat"
        ),
        Mistake(
            "[[hook]]\nid = 'a'\nexec = ['/bin/sh']\non = ⟦[]⟧",
            "on is empty: the hook would never run",
            "leave the key out for matches"
        ),
        Mistake(
            "[watch]\nlanguages = [⟦'english'⟧]",
            "languages holds no language: english",
            "write a code such as en, ru or zh-Hant"
        ),
        Mistake(
            "[watch]\ncontact = ⟦\"a\\nb\"⟧",
            "contact may hold visible ASCII characters only",
            "write a mailto: address or the address of a page"
        ),
        Mistake("[watch]\nlog = ⟦'logs/'⟧", "log names a directory, not a file"),
    ])
    func aValueOutOfItsRangeIsAnError(mistake: Mistake) throws { try mistake.expect() }

    @Test(arguments: [
        ("10.0.0.0", "write 10.0.0.0/32"),
        ("::1", "write ::1/128"),
        ("127.0.0.1/8", "write 127.0.0.0/8, or 127.0.0.1/32"),
        ("fd00::1/8", "write fd00::/8, or fd00::1/128"),
        ("10.0.0.0/33", "write a network such as 127.0.0.1/32, 10.0.0.0/8 or fd00::/8"),
        ("10.0.0/8", "write a network such as 127.0.0.1/32, 10.0.0.0/8 or fd00::/8"),
        ("localhost/8", "write a network such as 127.0.0.1/32, 10.0.0.0/8 or fd00::/8"),
        ("10.0.0.0/8/8", "write a network such as 127.0.0.1/32, 10.0.0.0/8 or fd00::/8"),
        ("10.0.0.0/", "write a network such as 127.0.0.1/32, 10.0.0.0/8 or fd00::/8"),
    ])
    func whatIsNoNetworkIsAnError(text: String, hint: String) throws {
        try Mistake(
            "[limits]\nallow_networks = ['10.0.0.0/8', ⟦'\(text)'⟧]",
            "no network in CIDR form: \(text)",
            hint
        ).expect()
    }

    @Test(arguments: ["a b", "-a", "a/b", "🇰🇵", "a@b"])
    func anIdentifierHasAForm(text: String) throws {
        try Mistake(
            "[[hook]]\nid = ⟦'\(text)'⟧\nexec = ['/bin/sh']",
            "id may not be \(text)",
            Self.idHint
        ).expect()
    }

    @Test(arguments: ["a", "9", "yonhap-nk", "КНДР", "a.b:c_d", "조선"])
    func anIdentifierMayHaveLettersOfAllScripts(text: String) throws {
        let result = try load("[[hook]]\nid = '\(text)'\nexec = ['/bin/sh']")
        #expect(result.configuration?.hooks.first?.id.rawValue == text)
    }

    @Test(arguments: [
        Mistake(
            "[[hook]]\nid = 'a'\nexec = [⟦'sh'⟧, '-c']",
            "exec wants the path of its program",
            "write /usr/bin/sh: there is no shell and no search path"
        ),
        Mistake("[[hook]]\nid = 'a'\nexec = ⟦[]⟧", "exec is empty"),
    ])
    func aHookNamesItsProgramByPath(mistake: Mistake) throws { try mistake.expect() }

    @Test func aProgramOrCertificateFileThatIsNotThereIsAWarning() throws {
        try Mistake(
            "[[hook]]\nid = 'a'\nexec = [⟦'/no/such/program'⟧]",
            "there is no program /no/such/program that can be run here"
        ).expect(.warning)
        try Mistake(
            "[limits]\nca_file = ⟦'/no/such/file'⟧",
            "ca_file cannot be read: https will fail"
        ).expect(.warning)
    }
}
