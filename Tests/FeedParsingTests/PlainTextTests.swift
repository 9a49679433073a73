import FeedModel
import Testing

@testable import FeedParsing

@Suite struct PlainTextTests {
    private func plain(_ text: String, isMarkup: Bool = true, paragraphs: Bool = true) -> String {
        var output: [UInt8] = []
        Array(text.utf8).withUnsafeBufferPointer {
            PlainText.append($0, isMarkup: isMarkup, paragraphs: paragraphs, to: &output)
        }
        return String(decoding: output, as: UTF8.self).replacing("\u{2029}", with: "¶")
    }

    @Test(arguments: [
        ("<p>a</p><p>b</p>", "a¶b"), ("a<br>b<br/><br/>c", "a b¶c"), ("<b>a</b><i>b</i>", "ab"),
        ("<td>a</td><td>b</td>", "a b"), ("a<wbr>b", "ab"), ("<gorilla>a</gorilla>b", "ab"),
        ("a <!-- b --> c", "a c"), ("a <!-- b > c", "a c"), ("a<![CDATA[b]]>c", "abc"),
        ("<a title='x > y'>z</a>", "z"), ("<a title='x>y</a>", "y"), ("a <b", "a"),
        ("if a <5 then", "if a <5 then"), ("x <y", "x <y"), ("a<script>b</script>c", "ac"),
        ("a<SCRIPT>b</Script >c", "ac"), ("a<script src=x/>b", "ab"), ("a<style>b", "a"),
        ("&lt;p&gt;", "<p>"), ("&ampx &amp", "&ampx &"), ("&bogus; &", "&bogus; &"),
        ("&#x1F600;&#0;&#xD800;", "😀\u{FFFD}\u{FFFD}"), ("&ThinSpace;a&nbsp;&nbsp;b", "a b"),
        ("<p> a\n\n b </p>", "a b"), ("", ""), ("<p></p>", ""),
    ])
    func markupBecomesWhatAReaderSees(_ markup: String, _ wanted: String) {
        #expect(plain(markup) == wanted)
    }

    @Test(arguments: [
        ("a\nb", "a b"), ("a\n\nb", "a¶b"), ("a \n \n b", "a¶b"), ("<p> &amp;", "<p> &amp;"),
        ("a\u{2029}b", "a b"),
    ])
    func anEmptyLinePartsParagraphsOfPlainText(_ text: String, _ wanted: String) {
        #expect(plain(text, isMarkup: false) == wanted)
    }

    @Test(arguments: [
        "\u{96}", "\n\nx", "x\n\n", "&nGt;", "<p>x", "<br><br>x", "\u{96}\n\n", "&#0",
    ])
    func textThatGrowsKeepsItsRoom(_ piece: String) {
        // Debug builds stop where it does not.
        for count in [1, 100, 1_000, 100_000] {
            let text = String(repeating: piece, count: count)
            #expect(plain(text).count <= text.utf8.count)
            #expect(plain(text, isMarkup: false).count <= text.utf8.count)
        }
    }

    @Test func blanksForParagraphsGiveTheSameScalars() {
        let markup = "<p>One <b>two</b></p><div>три<br><br>четыре</div>&mdash;e\u{301}<li>x"
        let marked = plain(markup)
        let blank = plain(markup, paragraphs: false)
        #expect(marked.replacing("¶", with: " ") == blank)
        #expect(marked.unicodeScalars.count == blank.unicodeScalars.count)
    }
}
