/// The configuration that `feedwatch init` writes: works as it is, and shows what there is.
package enum StarterConfiguration {
    /// The files by their path below the directory, the one to start with first.
    package static let files: [(name: String, text: String)] = [
        (name: "feedwatch.toml", text: main), (name: "topics.d/example.toml", text: topics),
    ]

    private static let main = """
        # feedwatch: what to watch, and whom to tell.
        #
        # Every key is explained in docs/configuration.md. After a change:
        #     feedwatch check -c feedwatch.toml     reports mistakes with their place
        #     feedwatch reload                      puts the change in force
        # Lines that start with # are comments; take the # away from a key to set it.

        include = ["topics.d/*.toml"]           # the topics, a file for each or all in one

        [watch]
        # Goes into the User-Agent, so that a server's keeper can reach you.
        # contact   = "mailto:you@example.org"
        interval  = "auto"                      # when it is worth it; or "15m"; per feed: interval
        # mean_interval = "15m"                 # what auto comes to on average over all feeds
        baseline  = "silent"                    # what a feed shows at its first poll is remembered,
                                                # not told; "match" tells it
        # languages = ["en", "ru", "ko"]        # expected where a feed does not say
        # history   = "90d"                     # how long items are kept for looking back

        # Where state and match log lie. Without these keys: where the service manager says, and in
        # a terminal under ~/.local/state/feedwatch.
        # state = "/var/lib/feedwatch"
        # log   = "/var/log/feedwatch/matches.jsonl"

        [limits]
        # document             = "16MiB"        # the largest document, after decompression
        # response_time        = "60s"          # the longest a transfer may take
        # connections_per_host = 2
        # host_spacing         = "1s"           # the least time between two polls of one host
        # allow_networks       = ["10.0.0.0/8"] # private networks with feeds of your own

        # The feeds

        [[feed]]
        url      = "https://en.yna.co.kr/RSS/news.xml"
        title    = "Yonhap"
        language = "en"

        [[feed]]
        id       = "38north"                    # the name in log and status; else made of the address
        url      = "https://www.38north.org/feed/"
        title    = "38 North"
        language = "en"
        interval = "1h"

        # [[feed]]
        # url     = "https://example.org/feed.xml"
        # topics  = ["dprk-russia"]             # only these topics; else all
        # headers = { "X-Api-Key" = { credential = "example-key" } }  # or { file = … }, { env = … }

        # Whom to tell, beside the match log. The program gets the record as JSON on its standard
        # input; it is told of each match at least once, and again until it exits with 0.

        # [[hook]]
        # id      = "desk"
        # exec    = ["/usr/local/bin/notify-desk", "--channel", "news"]
        # topics  = ["dprk-russia"]             # only these topics; else all
        # on      = ["match", "feed"]           # also when a feed fails or recovers
        # timeout = "30s"

        """

    private static let topics = """
        # A topic is a query over title, summary and content of each item. Terms are written in their
        # dictionary form: Россия also finds России and Россией. docs/topics.md has the language.
        # `feedwatch test` runs the tests below.

        # A named set of terms, used as @dprk. The key is the language of the terms in it.
        [terms.dprk]
        en     = ["North Korea", "North Korean", "DPRK", "Pyongyang"]
        ru     = ["КНДР", "Северная Корея", "северокорейский", "Пхеньян"]
        ko     = ["북한", "평양"]
        zh     = ["朝鲜", "平壤"]
        not_in = ["북한산", "朝鲜战争"]          # places that are part of these do not count

        [terms.russia]
        en     = ["Russia", "Russian", "Moscow", "Kremlin"]
        ru     = ["Россия", "российский", "Москва", "Кремль"]
        ko     = ["러시아", "모스크바"]
        zh     = ["俄罗斯", "莫斯科"]
        not_in = ["白俄罗斯"]

        [[topic]]
        id      = "dprk-russia"
        title   = "DPRK–Russia cooperation"
        query   = '''
          (@dprk SENT @russia)                  # both in one sentence
          OR (title:@dprk AND @russia)          # or one in the title, the other anywhere
          OR (title:@russia AND @dprk)
        '''
        exclude = 'FIFA OR "World Cup"'

          # What must match, and what must not: the tests keep a topic honest when it is changed.
          [[topic.test]]
          text  = "North Korea will send sappers to Russia, Moscow says"
          match = true

          [[topic.test]]
          text  = "Пхеньян и Москва договорились о прямых рейсах"
          match = true
          hits  = ["Пхеньян", "Москва"]

          [[topic.test]]
          title   = "Wheat harvest in the south"
          content = "Farmers in Russia expect a good year."
          match   = false

          [[topic.test]]
          text  = "South Korea and Russia discuss flights"
          match = false

        """
}
