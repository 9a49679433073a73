import ConfigFile
import Testing

@Suite struct KeyErrorTests {
    @Test(arguments: [
        Mistake(
            "[watch]\n⟦intervall⟧ = '15m'",
            "unknown key intervall in [watch]",
            "did you mean interval?"
        ),
        Mistake(
            "[limits]\n⟦interval⟧ = '15m'",
            "unknown key interval in [limits]",
            "interval is a key of [watch], [metrics], [[feed]], [[feeds]]"
        ),
        Mistake(
            "[watch]\n⟦include⟧ = []",
            "unknown key include in [watch]",
            "include stands above the first table of the file"
        ),
        Mistake(
            "⟦\"wat ch\"⟧.x = 1",
            "unknown key wat ch at the top of the file",
            "did you mean watch?"
        ),
        Mistake("[⟦zebra⟧]", "unknown key zebra at the top of the file"),
        Mistake(
            "[[topic]]\nid = 'a'\nquery = 'a'\n[[topic.⟦tests⟧]]\ntext = 'a'",
            "unknown key tests in [[topic]]",
            "did you mean test?"
        ),
        Mistake(
            "[terms.a]\n⟦not-in⟧ = ['b']\nen = 'c'\n\n[[topic]]\nid = 't'\nquery = '@a'\n",
            "unknown key not-in",
            "did you mean not_in?"
        ),
        Mistake(
            "[[feed]]\nurl = 'http://a/'\nheaders = { A = { ⟦fiel⟧ = 'x' } }",
            "unknown key fiel in a secret",
            "did you mean file?"
        ),
    ])
    func anUnknownKeyIsAnErrorWithASuggestion(mistake: Mistake) throws { try mistake.expect() }

    @Test(arguments: [
        Mistake("⟦[[feeds]]⟧\ntopics = ['t']", "opml is missing", "opml = \"feeds.opml\""),
        Mistake(
            "[[hook]]\nid = 'a'\nexec = ['/bin/sh']\n⟦stories⟧ = 'first'",
            "stories is not available in this version"
        ),
    ])
    func whatIsNotAvailableIsSaidSo(mistake: Mistake) throws { try mistake.expect() }

    @Test(arguments: [
        Mistake(
            "[watch]\ninterval = ⟦900⟧",
            "interval wants a duration, not an integer",
            "write a number and a unit: 500ms, 10s, 15m, 6h, 30d"
        ),
        Mistake(
            "[limits]\ndocument = ⟦1.5⟧",
            "document wants a size, not a number with a point",
            "write a number and a unit: 64KiB, 16MiB"
        ),
        Mistake("[limits]\nredirects = ⟦'5'⟧", "redirects wants a whole number, not a string"),
        Mistake("[watch]\ncontact = ⟦1979-05-27⟧", "contact wants a string, not a date or time"),
        Mistake(
            "[watch]\nlanguages = ⟦'en'⟧",
            "languages wants a list of strings, not a string"
        ),
        Mistake(
            "[watch]\nlanguages = ['en', ⟦1⟧, 'ko', ⟦2⟧]",
            "languages wants strings in its list, not an integer"
        ),
        Mistake(
            "⟦[feed]⟧\nurl = 'http://a/'",
            "feed wants a list of tables, not a table",
            "write [[feed]]: there may be several"
        ),
        Mistake(
            "⟦[[watch]]⟧",
            "watch wants a table, not a list",
            "write [watch]: there is only one"
        ),
        Mistake("feed = [⟦1⟧]", "feed wants tables in its list, not an integer"),
        Mistake(
            "terms.a = ⟦'b'⟧",
            "[terms.a] wants a table, not a string",
            "write [terms.a], and below it en = [\"…\"]"
        ),
        Mistake(
            "[terms.a]\nen = ⟦true⟧\nru = 'б'\n\n[[topic]]\nid = 't'\nquery = '@a'\n",
            "en wants a string or a list of strings, not a boolean"
        ),
        Mistake("[watch]\ncontact = ⟦' '⟧", "contact is empty", "leave the key out"),
        Mistake(
            "[[topic]]\nid = 'a'\nquery = 'a'\nenabled = ⟦1⟧",
            "enabled wants true or false, not an integer"
        ),
    ])
    func aWrongTypeIsAnError(mistake: Mistake) throws { try mistake.expect() }

    @Test(arguments: [
        Mistake("⟦[[feed]]⟧\nid = 'a'", "url is missing", "url = \"https://…\""),
        Mistake(
            "⟦[[topic]]⟧\nquery = 'a'",
            "id is missing",
            "id = \"…\" names the topic in the log"
        ),
        Mistake(
            "  ⟦[[topic]]⟧ # x\nid = 'a'",
            "query is missing",
            "query = '''…''' says what to look for"
        ),
        Mistake(
            "hook = [ ⟦{ id = 'a' }⟧ ]",
            "exec, webhook or mail is missing",
            "exec = [\"/path/to/program\", …]"
        ),
        Mistake(
            "[[topic]]\nid = 'a'\nquery = 'a'\n  ⟦[[topic.test]]⟧\n  match = true",
            "the test has no text",
            "give text, or title, summary and content"
        ),
    ])
    func aMissingKeyIsAnErrorAtItsTable(mistake: Mistake) throws { try mistake.expect() }

    @Test func aKeyThatNobodyCanReadIsEscaped() throws {
        let problems = try load("\"a\\u202Eb\\n\" = 1").problems
        #expect(problems.count == 1)
        #expect(problems[0].rendered(colour: false).contains("unknown key a\\u{202E}b\\n at"))
    }
}
