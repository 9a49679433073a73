/// What the small papers of one language print.
struct ManyPaper: Sendable {
    /// What a planted item is.
    enum Kind: String, Sendable {
        /// The news of 17 June 2025.
        case sappers = "the sappers"
        /// News from the Kursk region.
        case kursk = "Kursk region"
        /// Something that sounds alike.
        case nearMiss = "near miss"

        /// The topics that it matches.
        var topics: [String] {
            switch self {
            case .sappers: ["dprk-russia", "kursk"]
            case .kursk: ["kursk"]
            case .nearMiss: []
            }
        }
    }

    /// A headline and the text below it.
    struct Text: Sendable {
        let title: String
        let summary: String
    }

    /// Headlines that match nothing.
    let everyday: [String]
    /// The text below them.
    let filler: String
    private let sappers: Text
    private let kursk: Text
    private let nearMiss: Text

    /// The planted text of a kind.
    func text(of kind: Kind) -> Text {
        switch kind {
        case .sappers: sappers
        case .kursk: kursk
        case .nearMiss: nearMiss
        }
    }

    /// The papers, one a language.
    static let all = [english, russian, ukrainian, korean, chinese, japanese]

    private static let english = ManyPaper(
        everyday: [
            "Library reading room reopens after repairs", "Bakers compare rye flour",
            "Ferry timetable changes next week", "School choir wins a prize",
        ],
        filler: """
            The committee met on Monday evening and heard both sides. A decision is to follow \
            before the end of the month; until then everything stays as it is.
            """,
        sappers: Text(
            title: "North Korea to send sappers to Russia's Kursk region, Shoigu says",
            summary: "A thousand sappers and five thousand builders are to go, a news agency says."
        ),
        kursk: Text(
            title: "Bridge repaired in Kursk Oblast",
            summary: "Buses to the border villages run again."
        ),
        nearMiss: Text(
            title: "South Korea and Russia discuss flights",
            summary: "Airlines in Seoul wait for an answer."
        )
    )

    private static let russian = ManyPaper(
        everyday: [
            "В парке высадили молодые липы", "Расписание паромов изменится",
            "Школьный хор получил награду", "Пекари сравнили ржаную муку",
        ],
        filler: """
            Комиссия собралась в понедельник вечером и выслушала обе стороны. Решение обещают \
            принять до конца месяца, а пока всё остаётся по-прежнему.
            """,
        sappers: Text(
            title: "Шойгу: КНДР направит сапёров в Курскую область",
            summary: "Речь о тысяче сапёров и пяти тысячах военных строителей, пишет агентство."
        ),
        kursk: Text(
            title: "Под Курском починили мост",
            summary: "Автобусы снова ходят до приграничных сёл."
        ),
        nearMiss: Text(
            title: "Курский вокзал закроют на ремонт",
            summary: "Пассажиров просят пользоваться боковым входом."
        )
    )

    private static let ukrainian = ManyPaper(
        everyday: [
            "У парку посадили молоді липи", "Розклад поромів зміниться",
            "Шкільний хор здобув нагороду", "Пекарі порівняли житнє борошно",
        ],
        filler: """
            Комісія зібралася в понеділок увечері та вислухала обидві сторони. Рішення обіцяють \
            ухвалити до кінця місяця, а поки все лишається як було.
            """,
        sappers: Text(
            title: "КНДР відправить саперів на Курщину, заявив Шойгу",
            summary: "Йдеться про тисячу саперів і п'ять тисяч військових будівельників."
        ),
        kursk: Text(
            title: "На Курщині відремонтували міст",
            summary: "Автобуси знову їздять до прикордонних сіл."
        ),
        nearMiss: Text(
            title: "Нова книга про битву: Курська дуга очима кур'єра",
            summary: "Автор двадцять років збирав листи."
        )
    )

    private static let korean = ManyPaper(
        everyday: [
            "도서관 열람실 수리 마치고 다시 열어", "다음 주부터 여객선 시간표 변경",
            "학교 합창단 대회에서 상 받아", "제빵사들 호밀가루 비교",
        ],
        filler: "위원회는 월요일 저녁에 모여 양쪽 의견을 들었다. 결정은 이달 말 전에 나온다.",
        sappers: Text(
            title: "쇼이구 \"북한, 쿠르스크에 공병 파견\"",
            summary: "공병 1천 명과 군사 건설 인력 5천 명이라고 통신사가 전했다."
        ),
        kursk: Text(
            title: "쿠르스크주 다리 복구",
            summary: "국경 마을로 가는 버스가 다시 다닌다."
        ),
        nearMiss: Text(
            title: "한국과 러시아, 직항 재개 논의",
            summary: "서울의 항공사들은 답을 기다린다."
        )
    )

    private static let chinese = ManyPaper(
        everyday: ["图书馆阅览室重新开放", "下周渡轮时刻表调整", "学校合唱团获奖", "面包师比较黑麦粉"],
        filler: "委员会周一晚开会,听取了双方意见。决定将在月底前公布,在此之前一切照旧。",
        sappers: Text(
            title: "绍伊古:朝鲜将向库尔斯克派遣工兵",
            summary: "通讯社称,共有一千名工兵和五千名军事建筑人员。"
        ),
        kursk: Text(title: "库尔斯克州一座桥梁修复", summary: "通往边境村庄的公交恢复运行。"),
        nearMiss: Text(title: "白俄罗斯外长访问平壤", summary: "双方签署了农业合作文件。")
    )

    private static let japanese = ManyPaper(
        everyday: ["図書館の閲覧室が再開", "来週からフェリーの時刻表を変更", "学校の合唱団が受賞", "パン職人がライ麦粉を比較"],
        filler: "委員会は月曜の夜に集まり、双方の意見を聞いた。決定は月末までに出される。",
        sappers: Text(
            title: "ショイグ氏「北朝鮮がクルスクに工兵派遣」",
            summary: "工兵千人と軍の建設要員五千人だと通信社が伝えた。"
        ),
        kursk: Text(title: "クルスク州で橋を修復", summary: "国境の村へのバスが再び走る。"),
        nearMiss: Text(title: "北朝鮮で大雨、橋が流される", summary: "気象当局は警戒を呼びかけている。")
    )
}
