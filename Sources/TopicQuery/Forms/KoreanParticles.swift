/// What may follow a Korean noun within the word.
enum KoreanParticles {
    /// No particle, and every particle.
    static let endings: Endings = {
        var all = Set(words.split(separator: " ").map(String.init))
        for stem in ["에", "에서", "에게", "로", "으로", "와", "과", "까지", "부터", "만"] {
            for more in ["는", "도", "의"] { all.insert(stem + more) }
        }
        all.formUnion(["에선", "엔", "론", "으론", "에겐"])
        return Endings([[]] + all.sorted().map(Endings.scalars))
    }()

    private static let words = """
        은 는 이 가 을 를 의 에 에서 에게 에게서 께 께서 한테 한테서 와 과 랑 이랑 하고 로 으로 로서 으로서 \
        로써 으로써 로부터 으로부터 에서부터 부터 까지 도 만 뿐 밖에 마저 조차 마다 나 이나 라도 이라도 라면 \
        이라면 란 이란 라는 이라는 라고 이라고 라며 이라며 든지 든 며 이며 고 이고 다 이다 였다 이었다 인 처럼 \
        같이 만큼 보다 대로 야 이야 서 측 들
        """
}
