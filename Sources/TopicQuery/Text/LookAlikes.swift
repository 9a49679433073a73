/// Latin and Cyrillic letters that look the same.
enum LookAlikes {
    private static let pairs: [(latin: UInt32, cyrillic: UInt32)] = zip(
        "aceopxykmthbijsrunw".unicodeScalars,
        "асеорхукмтнвіјѕгипш".unicodeScalars
    ).map { ($0.value, $1.value) }

    private static let toCyrillic = Dictionary(
        uniqueKeysWithValues: pairs.map { ($0.latin, $0.cyrillic) }
    )
    private static let toLatin = Dictionary(
        uniqueKeysWithValues: pairs.map { ($0.cyrillic, $0.latin) }
    )

    /// The letters of a mixed word in the script that most of them have.
    ///
    /// As it is where the others look like no letters of it; in both scripts where each has as
    /// many: КN may be either.
    static func readings(of scalars: [UInt32]) -> [[UInt32]] {
        let latin = scalars.filter { 0x61...0x7A ~= $0 }
        let cyrillic = scalars.filter { 0x430...0x52F ~= $0 }
        let latinCanGo = latin.allSatisfy { toCyrillic[$0] != nil }
        let cyrillicCanGo = cyrillic.allSatisfy { toLatin[$0] != nil }
        var readings: [[UInt32]] = []
        if latinCanGo, !cyrillicCanGo || cyrillic.count >= latin.count {
            readings.append(scalars.map { toCyrillic[$0] ?? $0 })
        }
        if cyrillicCanGo, !latinCanGo || latin.count >= cyrillic.count {
            readings.append(scalars.map { toLatin[$0] ?? $0 })
        }
        return readings.isEmpty ? [scalars] : readings
    }
}
