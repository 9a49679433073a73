import FeedModel
import Testing
import WatchCore

@testable import ConfigFile

@Suite struct HookErrorTests {
    private static let key = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

    @Test(arguments: [
        Mistake(
            "[[hook]]\nid = 'a'\nexec = ['/bin/sh']\n⟦webhook⟧ = 'https://a/'",
            "a hook has only one of exec, webhook and mail",
            "write a [[hook]] for each"
        ),
        Mistake(
            "[[hook]]\nid = 'a'\nexec = ['/bin/sh']\n⟦secret⟧ = 'x'",
            "secret goes with webhook only"
        ),
        Mistake(
            "[[hook]]\nid = 'a'\nexec = ['/bin/sh']\nrate = ⟦'10'⟧",
            "rate is no rate: 10",
            "write so many messages (1 to 10000) in so much time (1s to 7d): 10/1m, 1/1h"
        ),
        Mistake(
            "[[hook]]\nid = 'a'\nwebhook = 'https://a/'\n⟦line⟧ = '{url}'",
            "line goes with body = \"text\" only"
        ),
        Mistake(
            "[[hook]]\nid = 'a'\nwebhook = 'https://a/'\nbody = 'text'\ntemplate = ⟦'{titel}'⟧",
            "template knows no {titel}",
            "did you mean title?"
        ),
        Mistake(
            "[[hook]]\nid = 'a'\nwebhook = 'https://a/'\nbody = 'text'\ntemplate = ⟦'{title:0}'⟧",
            "template holds {title:0}, which is no number of characters",
            "{title:80} is cut to 80 characters"
        ),
        Mistake(
            "[[hook]]\nid = 'a'\nwebhook = 'https://a/'\nbody = ⟦'json'⟧",
            "body knows no json",
            "it may be feedwatch, cloudevents, text"
        ),
        Mistake(
            "[[hook]]\nid = 'a'\nmail = ⟦'desk'⟧\nfrom = 'a@example.org'\nsmtp = 'smtp://a:25'",
            "mail is no address of mail: desk",
            "write the address alone, in ASCII: desk@example.org"
        ),
        Mistake(
            "[[hook]]\nid = 'a'\nmail = 'b@example.org'\nfrom = 'a@example.org'\n"
                + "smtp = ⟦'mail.example.org'⟧",
            "smtp wants an address of a mail server",
            "write smtp://mail.example.org:587 or smtps://mail.example.org:465"
        ),
        Mistake(
            "[[hook]]\nid = 'a'\nmail = 'b@example.org'\nfrom = 'a@example.org'\n"
                + "smtp = 'smtp://a:25'\n⟦user⟧ = 'x'",
            "user goes with password only"
        ),
    ])
    func aHookThatCannotBeToldIsAnError(mistake: Mistake) throws { try mistake.expect() }

    @Test func noSecretStandsInAnyMessage() throws {
        let texts = [
            "webhook = 'https://hooks.example.org/S3CRET path'",
            "webhook = 'https://a/'\nsecret = 'S3CRET'",
            "webhook = 'https://a/'\nheaders = { content-type = 'S3CRET' }",
            "mail = 'b@example.org'\nfrom = 'a@example.org'\nsmtp = 'smtp://x:S3CRET@a:25'",
        ]
        for text in texts {
            let result = try load("[[hook]]\nid = 'a'\n" + text)
            #expect(result.configuration == nil)
            let shown = result.problems.map { $0.rendered(colour: false) }.joined()
            #expect(!shown.contains("S3CRET"), "\(shown)")
        }
    }

    @Test func webhooksAndMailAreTakenOver() throws {
        let result = try load(
            """
            [[hook]]
            id = "siem"
            webhook = "https://hooks.example.org/a"
            secret = "\(Self.key)"
            previous_secret = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            headers = { Authorization = "Bearer x" }
            group = "30s"
            rate = "10/1m"
            [[hook]]
            id = "chat"
            webhook = "https://chat.example.org/a"
            body = "text"
            template = '{"text": "{title}"}'
            content_type = "application/json"
            escape = "html"
            [[hook]]
            id = "mail"
            mail = "desk@example.org"
            from = "feedwatch@example.org"
            smtp = "smtps://mail.example.org:465"
            user = "u"
            password = "p"
            """
        )
        let hooks = try #require(result.configuration, "\(result.errors)").hooks
        #expect(hooks[0].group == .seconds(30))
        #expect(hooks[0].rate == HookRate(messages: 10, period: .seconds(60)))
        guard case .webhook(let siem) = hooks[0].channel,
            case .webhook(let chat) = hooks[1].channel,
            case .mail(let mail) = hooks[2].channel
        else {
            Issue.record("other channels")
            return
        }
        #expect(siem.keys == [Array(0...31), [UInt8](repeating: 0, count: 24)])
        #expect(siem.body == .feedwatch && siem.headers.map(\.value) == ["Bearer x"])
        #expect(chat.escaping == .html && chat.contentType == "application/json")
        #expect(mail.recipients == ["desk@example.org"] && mail.requiresTLS && mail.user == "u")
        #expect(hooks[0].target != hooks[1].target)
    }
}
