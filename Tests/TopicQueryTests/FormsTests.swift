import Testing

@testable import TopicQuery

/// Terms of sets under the key of their language, with forms that are found and words that are not.
@Suite struct FormsTests {
    /// A term, with words parted by commas.
    struct Row: Sendable, CustomTestStringConvertible {
        var term: String
        var found: String
        var others: String

        init(_ term: String, _ found: String, not others: String = "") {
            self.term = term
            self.found = found
            self.others = others
        }

        var testDescription: String { term }
    }

    private func check(_ row: Row, _ language: String) throws {
        let sets = [set("s", [language: row.term])]
        func isFound(_ words: Substring) throws -> Bool {
            try match("@s", ItemText(title: "x1 \(words), x2"), sets: sets) != nil
        }
        for words in row.found.split(separator: ",") {
            #expect(try isFound(words), "\(words)")
        }
        for words in row.others.split(separator: ",") {
            #expect(try !isFound(words), "\(words)")
        }
    }

    @Test(arguments: [
        Row(
            "Курск",
            "Курск,Курска,Курску,Курском,Курске,Курский,Курская,Курской,Курскую,Курского"
                + ",Курских,Курско",
            not: "Курсант,Курс,Курчатов"
        ),
        Row("Москва", "Москвы,Москве,Москву,Москвой", not: "московский"),
        Row("Россия", "России,Россию,Россией", not: "российский"),
        Row(
            "российский",
            "российская,российское,российские,российского,российскому,российским,российском"
                + ",российскую,российской,российских,российскими",
            not: "Россия"
        ),
        Row("область", "области,областью,областей,областям,областями,областях", not: "областной"),
        Row("партия", "партии,партию,партией,партий,партиям", not: "партиец"),
        Row(
            "кореец",
            "корейца,корейцу,корейцем,корейцы,корейцев,корейцам,корейцами",
            not: "кореянка"
        ),
        Row(
            "россиянин",
            "россиянина,россиянину,россиянином,россияне,россиян,россиянам,россиянами",
            not: "россиянка"
        ),
        Row("Путин", "Путина,Путину,Путиным,Путине", not: "Путино"),
        Row("Захарова", "Захаровой,Захарову", not: "Захар"),
        Row("Лавров", "Лаврова,Лаврову,Лавровым,Лаврове", not: "Лавра"),
        Row("Белоусов", "Белоусова,Белоусовым", not: "Белоусый"),
        Row("Песков", "Пескова,Пескову,Песковым", not: "Песок"),
        Row("Шойгу", "Шойгу", not: "Шойга"),
        Row("Песчаный", "Песчаного,Песчаной", not: "Песок"),
        Row("Соловей", "Соловья,Соловьём"),
        Row("Матвиенко", "Матвиенко"),
        Row("Трутнев", "Трутнева,Трутневым"),
        Row("Ким Чен Ын", "Ким Чен Ына,Ким Чен Ыну,Ким Чен Ыном,Ким-Чен-Ын", not: "Ким Чен"),
        Row(
            "Комсомольск-на-Амуре",
            "Комсомольске-на-Амуре,Комсомольска-на-Амуре",
            not: "Комсомольске"
        ),
        Row("Санкт-Петербург", "Санкт-Петербурга,Санкт-Петербурге", not: "Петербурга"),
        Row("Ростов-на-Дону", "Ростове-на-Дону,Ростова-на-Дону", not: "Ростове"),
        Row("КНДР", "КНДР", not: "КНР"),
        Row("МИД", "МИД", not: "мидия"),
        Row("РФ", "РФ", not: "рф"),
        Row("боец", "бойца,бойцу,бойцом,бойцы,бойцов,бойцам", not: "бой"),
        Row("снаряд", "снаряды,снарядов,снарядами", not: "снарядный"),
        Row("война", "войны,войне,войну,войной,войн", not: "военный"),
        Row("поставка", "поставки,поставку,поставок,поставкам", not: "поставщик"),
        Row("учение", "учения,учений,учениями,учениям", not: "учёный"),
        Row("посол", "посла,послу,послом,послы,послов", not: "посольский"),
        Row("сапёр", "сапёра,саперы,сапёров"),
        Row("земля", "земли,землю,земель,землям"),
        Row("день", "дня,дню,днём,дней,днями"),
        Row("станция", "станции,станций,станцию,станциями"),
        Row("Дмитрий", "Дмитрия,Дмитрию,Дмитрием"),
        Row("Суджа", "Суджи,Судже,Суджу,Суджей", not: "суджанский"),
        Row("Тёткино", "Тёткина,Теткине,Тёткино", not: "тётка"),
        Row("войска", "войск,войскам,войсками"),
        Row("переговоры", "переговоров,переговорам,переговорами"),
        Row("Си", "Си", not: "с,сев,сам"),
    ])
    func russianWordsAreFoundInTheirCases(_ row: Row) throws { try check(row, "ru") }

    @Test(arguments: [
        Row(
            "Курськ",
            "Курська,Курську,Курськом,Курську,Курська,Курської,Курській,Курського",
            not: "Курс"
        ),
        Row("Мала Локня", "Малої Локні,Малу Локню,Малою Локнею", not: "Локня,Малий"),
        Row("Велике Солдатське", "Великого Солдатського,Великому Солдатському"),
        Row("Харків", "Харкова,Харкову,Харковом,Харкові", not: "харчі"),
        Row("Київ", "Києва,Києву,Києвом,Києві", not: "київський"),
        Row("Львів", "Львова,Львову,Львовом", not: "лев"),
        Row("Чернігів", "Чернігова,Чернігову"),
        Row("Суми", "Сум,Сумам,Сумами", not: "сумка"),
        Row("Запоріжжя", "Запоріжжю,Запоріжжям"),
        Row("Україна", "України,Україні,Україну,Україною", not: "український"),
        Row("атака", "атаки,атаці,атаку,атакою,атак"),
        Row("перемога", "перемоги,перемозі,перемогу"),
        Row("поверх", "поверху,поверхом"),
        Row("рух", "руху,рухом"),
        Row("кореєць", "корейця,корейцю,корейцем,корейці,корейців,корейцям", not: "кореянка"),
        Row("боєць", "бійця,бійцю,бійцем,бійці,бійців,бійцям", not: "бій"),
        Row("росіянин", "росіянина,росіяни,росіян,росіянам,росіянами", not: "росіянка"),
        Row("Зеленський", "Зеленського,Зеленському,Зеленським", not: "зелень"),
        Row("Путін", "Путіна,Путіну,Путіним,Путіном"),
        Row("Захарова", "Захарової,Захарову,Захаровій", not: "Захар"),
        Row("область", "області,областю,областей,областям"),
        Row("ніч", "ночі"),
        Row("міст", "мосту,моста,мостом,мости"),
        Row(
            "Північна Корея",
            "Північної Кореї,Північній Кореї,Північну Корею,Північною Кореєю",
            not: "Корея"
        ),
        Row(
            "північнокорейський",
            "північнокорейського,північнокорейські,північнокорейських,північнокорейською",
            not: "північний"
        ),
        Row("військо", "війська,військом,військ"),
        Row("Тьоткіне", "Тьоткіного,Тьоткіному,Тьоткіним"),
        Row("навчання", "навчань,навчанням,навчаннями"),
        Row("зброя", "зброї,зброю,зброєю"),
        Row("дрон", "дрона,дрони,дронів,дронами"),
        Row("КНДР", "КНДР", not: "КНР"),
        Row("Кім Чен Ин", "Кім Чен Ина,Кім Чен Ину,Кім Чен Ином", not: "Кім Чен"),
        Row("п'ять", "п’ять,пʼять"),
        Row("сім'я", "сім’ї,сім'ю,сім'єю"),
        Row("Сі", "Сі", not: "с,сам"),
    ])
    func ukrainianWordsAreFoundInTheirCases(_ row: Row) throws { try check(row, "uk") }

    @Test(arguments: [
        Row("북한", "북한은,북한이,북한의,북한에서,북한군,북한으로부터,북한측,북한과의", not: "대북한,북"),
        Row("북", "북은,북이,북의,북에,북과,북측", not: "북부,북쪽길,북경"),
        Row("=북한", "북한,북한은,북한에서는,북한이라며,북한과의", not: "북한군,북한산"),
        Row("러시아", "러시아에,러시아의,러시아와,러시아군,러시아산", not: "러시"),
        Row("러", "러에,러와,러의,러는", not: "러브,러닝"),
        Row("김정은 위원장", "김정은 위원장이,김정은 위원장은", not: "김정은"),
    ])
    func koreanWordsAreFoundWithParticlesAndCompounds(_ row: Row) throws { try check(row, "ko") }

    @Test(arguments: [
        Row("朝鲜", "朝鮮,北朝鲜,朝鲜军,朝鮮軍", not: "朝,鲜"),
        Row("俄罗斯", "俄羅斯,白俄罗斯", not: "俄国"),
        Row("库尔斯克", "庫爾斯克,库尔斯克州", not: "库斯克"),
        Row("绍伊古", "紹伊古", not: "绍兴"),
        Row("金正恩", "金正恩委员长", not: "金正日"),
        Row("无人机", "無人機,无人机群", not: "无人"),
        Row("乌克兰", "烏克蘭", not: "乌龙"),
    ])
    func chineseIsFoundInBothScripts(_ row: Row) throws { try check(row, "zh") }

    @Test(arguments: [
        Row("クルスク", "ｸﾙｽｸ,クルスク州,クルスク", not: "クルス"),
        Row("ロシア", "ﾛｼｱ,ロシア軍", not: "ロシ"),
        Row("プーチン", "ﾌﾟｰﾁﾝ,プーチン氏", not: "ブーチン"),
        Row("ガス", "ｶﾞｽ,ガス田", not: "カス"),
        Row("北朝鮮", "北朝鮮軍,北朝鲜", not: "朝鮮"),
        Row("日本", "日本海", not: "日"),
    ])
    func japaneseIsFoundInFullAndHalfWidth(_ row: Row) throws { try check(row, "ja") }

    @Test(arguments: [
        Row("Russland", "Russlands", not: "Russlandpolitik,russisch"),
        Row("Russland*", "Russlands,Russlandpolitik", not: "russisch"),
        Row("russisch", "russische,russischen,russischer,russisches,russischem", not: "Russland"),
        Row(
            "Nordkoreaner",
            "Nordkoreanern,Nordkoreaners,Nordkoreanerin,Nordkoreanerinnen",
            not: "Nordkorea"
        ),
        Row("Soldat", "Soldaten"),
        Row("Pjöngjang", "Pjöngjangs,Pjongjang", not: "Pjöng"),
        Row("Straße", "Strasse,Strassen,Straßen", not: "Strass"),
    ])
    func germanWordsAreFoundInTheirCases(_ row: Row) throws { try check(row, "de") }

    @Test(arguments: [
        Row("nord-coréen", "nord-coréens,nord-coréenne,nord-coréennes", not: "Corée"),
        Row("russe", "russes", not: "Russie"),
        Row("général", "généraux", not: "générique"),
        Row("ouvrier", "ouvrière,ouvriers,ouvrières", not: "ouvrage"),
        Row("offensif", "offensive,offensives"),
    ])
    func frenchWordsAreFoundInBothGenders(_ row: Row) throws { try check(row, "fr") }

    @Test(arguments: [
        Row("Russian", "Russians,Russian's", not: "Russia"),
        Row("army", "armies", not: "armed"),
        Row("US", "US,U.S.", not: "us"),
    ])
    func englishWordsAreFoundInThePlural(_ row: Row) throws { try check(row, "en") }
}
