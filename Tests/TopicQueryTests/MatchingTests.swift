import Testing

@testable import TopicQuery

@Suite struct MatchingTests {
    /// A query, a title, and whether they match.
    struct Row: Sendable, CustomTestStringConvertible {
        var query: String
        var title: String
        var isMatch: Bool

        init(_ query: String, _ title: String, _ isMatch: Bool) {
            self.query = query
            self.title = title
            self.isMatch = isMatch
        }

        var testDescription: String { "\(query) in \(title)" }
    }

    @Test(arguments: [
        Row("Kursk", "Fighting in Kursk goes on", true),
        Row("Kursk", "KURSK: fighting", true),
        Row("Kursk", "Kursk's mayor", true),
        Row("Kursk", "Kurskaya station", false),
        Row("Kursk", "A Kyrsk", false),
        Row("drone", "Drones over the border", true),
        Row("US", "US troops", true),
        Row("US", "help us", false),
        Row("US", "U.S. troops", true),
        Row("DPRK", "The D.P.R.K. says", true),
        Row("=Turkey", "Turkey says no", true),
        Row("=Turkey", "a turkey for dinner", false),
        Row("=sapper", "sappers", false),
        Row("sapp*", "sappers", true),
        Row("Pjöngjang", "Pjongjang", true),
        Row("\"Kim Jong Un\"", "Kim Jong-un's train", true),
        Row("\"Kim Jong Un\"", "Kim and Jong Un", false),
        Row("\"North Korea\"", "It lies north. Korea is south", false),
        Row("\"North Korea\"", "#NorthKorea news", true),
        Row("\"North Korea\"", "see #northkorea", true),
        Row("Nordkorea", "Nord-Korea meldet", true),
        Row("\"nord-coréen\"", "des soldats nord-coréens", true),
        Row("Oréchnik", "l’Orechnik", true),
        Row("\"d'Ukraine\"", "la guerre d'Ukraine", true),
    ])
    func latinTermsAreFoundInTheirForms(_ row: Row) throws {
        #expect(try (match(row.query, ItemText(title: row.title)) != nil) == row.isMatch)
    }

    @Test(arguments: [
        Row("Курск", "бои под Курском", true),
        Row("Курск", "в Курской области", true),
        Row("Курск", "курско-белгородское", true),
        Row("Курск", "Ку\u{301}рск", true),
        Row("Курск", "Kурск", true),
        Row("Курск", "Кyрcкой области", true),
        Row("Kursk", "Кursk", true),
        Row("KN-23", "КN-23", true),
        Row("=Foo*", "Foobar", true),
        Row("=Foo*", "Foo", true),
        Row("=Foo*", "foobar", false),
        Row("=Курс*", "под Курсом", true),
        Row("F-16", "F16", true),
        Row("F16", "F-16", true),
        Row("Су-35", "два Су35", true),
        Row("С-300", "С300", true),
        Row("С300", "С-300", true),
        Row("e-mail", "email", true),
        Row("email", "e-mail", true),
        Row("G7", "g7", true),
        Row("5G", "5g", true),
        Row("US", "us", false),
        Row("КН-23", "КH-23", true),
        Row("Курск", "Кур\u{AD}ской", true),
        Row("Курск", "#КурскаяОбласть", true),
        Row("КНДР", "солдаты КНДР", true),
        Row("РФ", "минобороны РФ", true),
        Row("РФ", "рф", false),
        Row("Корея", "в Корее", true),
        Row("кореец", "корейцев", true),
        Row("россиянин", "россияне", true),
        Row("Шойгу", "Шойгу прибыл", true),
        Row("боец", "бойцов", true),
        Row("\"Ким Чен Ын\"", "Ким Чен Ыну", true),
        Row("\"Северная Корея\"", "в Северной Корее", true),
        Row("\"Северная Корея\"", "на севере. Корея", false),
        Row("\"Сев. Корея\"", "из Сев. Кореи", true),
        Row("п'ять", "п’ять", true),
        Row("сапёр", "саперов", true),
        Row("й", "и\u{306}", true),
        Row("край", "крае", true),
        Row("\"Північна Корея\"", "у Північній Кореї", true),
        Row("\"Курська битва\"", "роковини Курської битви", true),
        Row("Харків", "під Харковом", true),
    ])
    func cyrillicTermsAreFoundInTheirForms(_ row: Row) throws {
        #expect(try (match(row.query, ItemText(title: row.title)) != nil) == row.isMatch)
    }

    @Test(arguments: [
        Row("북한", "북한은 러시아에", true),
        Row("북한", "대북한", false),
        Row("북", "북의 도발", true),
        Row("북", "북부 지방", false),
        Row("=북한", "북한에서는", true),
        Row("=북한", "북한군", false),
        Row("북·러", "북·러 정상회담", true),
        Row("KCNA", "KCNA는 전했다", true),
        Row("북한", "\u{1107}\u{116E}\u{11A8}\u{1112}\u{1161}\u{11AB}은", true),
        Row("朝鲜", "朝鮮工兵", true),
        Row("朝鲜", "北朝鮮の部隊", true),
        Row("金正恩", "金正恩氏", true),
        Row("クルスク", "露西部クルスク州", true),
        Row("クルスク", "ｸﾙｽｸ州", true),
        Row("キム・ジョンウン", "キムジョンウン総書記", true),
        Row("キムジョンウン", "キム・ジョンウン総書記", true),
        Row("ガ", "カ\u{3099}", true),
        Row("俄朝", "俄、朝", false),
        Row("俄朝", "俄·朝", true),
        Row("\"NATO軍\"", "NATO軍が", true),
        Row("🇰🇵", "🇰🇵 news", true),
        Row("🇰🇵", "🇰🇷 news", false),
        Row("朝鲜 NOT IN (朝鲜战争 OR 朝鲜族)", "朝鲜战争老兵", false),
        Row("朝鲜 NOT IN (朝鲜战争 OR 朝鲜族)", "朝鲜战争老兵访问朝鲜", true),
    ])
    func easternTermsAreFoundWithoutAWordBreaker(_ row: Row) throws {
        #expect(try (match(row.query, ItemText(title: row.title)) != nil) == row.isMatch)
    }

    @Test(arguments: [
        Row("a AND b", "b c a", true),
        Row("a AND b", "b c", false),
        Row("a OR b", "b c", true),
        Row("a AND NOT b", "a b", false),
        Row("a AND NOT b", "a c", true),
        Row("a NEAR/2 b", "b x y a", true),
        Row("a NEAR/2 b", "b x y z a", false),
        Row("a BEFORE/2 b", "a x b", true),
        Row("a BEFORE/2 b", "b x a", false),
        Row("a SENT b", "Xx a yy. Zz b", false),
        Row("a SENT b", "Xx a yy, zz b", true),
        Row("a PARA b", "Xx a yy. Zz b", true),
        Row("a PARA b", "Xx a yy\n\nZz b", false),
        Row("a NOT NEAR/2 b", "a b", false),
        Row("a NOT NEAR/2 b", "a b x x x a", true),
        Row("a NOT SENT b", "Xx a bb. Yy a b", true),
        Row("a NEAR/1 b NEAR/1 c", "a b c", true),
        Row("a NEAR/1 b NEAR/1 c", "a b x x c", false),
        Row("(a OR b) NEAR/1 c", "b c", true),
        Row("ATLEAST/2 a", "a b a", true),
        Row("ATLEAST/2 a", "a b", false),
        Row("title:a AND b", "a b", true),
        Row("summary:a AND b", "a b", false),
        Row("朝 NEAR/1 俄", "朝和美俄", true),
        Row("朝 NEAR/1 俄", "朝和美英俄", false),
    ])
    func operatorsMeanWhatTheySay(_ row: Row) throws {
        #expect(try (match(row.query, ItemText(title: row.title)) != nil) == row.isMatch)
    }
}
