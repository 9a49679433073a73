@testable import ConfigFile
import Testing

@Suite struct StringLiteralMapTests {
    /// The file with a mark, and what the mark stands for in the value.
    @Test(arguments: [
        ("q = 'ab ⟦cd⟧ ef'", "cd"),
        ("q = \"ab ⟦cd⟧ ef\"", "cd"),
        ("q = '⟦ab⟧'", "ab"),
        ("q = \"\\t\\u00e9 ⟦cd⟧\"", "cd"),
        ("q = \"ab⟦\\U0001F1F0\\\"⟧cd\"", "\u{1F1F0}\""),
        ("q = '북한 ⟦쿠르스크⟧ 🇰🇵'", "쿠르스크"),
        ("q = '''\n  @dprk AND @russia ⟦OR⟧ @kursk\n'''", "OR"),
        ("q = '''@dprk\n\n  ⟦OR⟧ @kursk'''", "OR"),
        ("q = '''\r\n@dprk\r\n  ⟦OR⟧ @kursk'''", "OR"),
        ("q = '''\n  a ''⟦b⟧'''''", "b"),
        ("q = \"\"\"\n  a \"\"⟦b\"⟧\"\"\"\"", "b\""),
        ("q = \"\"\"\\\n   a \\\n\n   ⟦b⟧ \\   \n  c\\\n  \"\"\"", "b"),
        ("q = \"\"\"\\\n   Курск \\\n   ⟦あ⟧\"\"\"", "あ"),
        ("q = \"\"\"a\\\\\n⟦b⟧\"\"\"", "b"),
        ("\u{FEFF}q = 'x ⟦y⟧'", "y"),
    ])
    func aPlaceInAValueIsFoundInTheFile(marked: String, part: String) throws {
        let text = MarkedText(marked)
        let file = SourceFile(path: "f", directory: "/", bytes: Array(text.text.utf8))
        let value = try #require(try TOMLDocument(file.bytes).root.children.first)
        let string = try #require(value.string)
        let map = try #require(StringLiteralMap(string, at: value.span.start, in: file))
        let range = try #require(offsets(of: part, in: string))
        let span = map.span(of: range)
        var mark = try #require(text.marks.first)
        if marked.hasPrefix("\u{FEFF}") { mark.column -= 1 }
        #expect(span.start == SourcePosition(line: mark.line, column: mark.column))
        #expect(span.end == SourcePosition(line: mark.line, column: mark.column + mark.length))
    }

    @Test(
        arguments: [
            ("q = 'ab⟦'⟧", 2..<2), ("q = 'ab⟦'⟧", 9..<12), ("q = '''\na⟦⟧\n'''", 1..<1),
            ("q = ⟦''⟧", 0..<0), ("q = '''\na⟦\n⟧'''", 1..<2),
        ] as [(String, Range<Int>)]
    )
    func anEmptyRangeLiesBetweenCharacters(marked: String, range: Range<Int>) throws {
        let text = MarkedText(marked)
        let file = SourceFile(path: "f", directory: "/", bytes: Array(text.text.utf8))
        let value = try #require(try TOMLDocument(file.bytes).root.children.first)
        let string = try #require(value.string)
        let map = try #require(StringLiteralMap(string, at: value.span.start, in: file))
        let mark = try #require(text.marks.first)
        let column = string.isEmpty ? mark.column + 1 : mark.column
        #expect(map.span(of: range).start == SourcePosition(line: mark.line, column: column))
    }

    private func offsets(of part: String, in text: String) -> Range<Int>? {
        let text = Array(text.unicodeScalars)
        let part = Array(part.unicodeScalars)
        guard text.count >= part.count else { return nil }
        return (0...(text.count - part.count))
            .first { Array(text[$0..<$0 + part.count]) == part }
            .map { $0..<$0 + part.count }
    }
}
