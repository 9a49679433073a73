// Prints CLDR's names of territories and of the cities that time zones are named for, as ICU has
// them: locale, kind (name, short, variant, city), code and name, parted by tabs.
//
// usage: territory-names LOCALE…
#include <stdio.h>
#include <string.h>
#include <unicode/ures.h>
#include <unicode/ustring.h>

static void print(const char *locale, const char *kind, const char *code,
                  const UChar *name, int32_t length) {
    char utf8[512];
    UErrorCode status = U_ZERO_ERROR;
    u_strToUTF8(utf8, sizeof utf8, NULL, name, length, &status);
    if (U_SUCCESS(status)) printf("%s\t%s\t%s\t%s\n", locale, kind, code, utf8);
}

static void territories(UResourceBundle *bundle, const char *locale, const char *table,
                        const char *kind) {
    UErrorCode status = U_ZERO_ERROR;
    UResourceBundle *names = ures_getByKey(bundle, table, NULL, &status);
    while (U_SUCCESS(status) && ures_hasNext(names)) {
        const char *code = NULL;
        int32_t length = 0;
        const UChar *name = ures_getNextString(names, &length, &code, &status);
        if (U_SUCCESS(status) && strlen(code) == 2) print(locale, kind, code, name, length);
    }
    ures_close(names);
}

static void cities(UResourceBundle *bundle, const char *locale) {
    UErrorCode status = U_ZERO_ERROR;
    UResourceBundle *zones = ures_getByKey(bundle, "zoneStrings", NULL, &status);
    UResourceBundle *zone = NULL;
    while (U_SUCCESS(status) && ures_hasNext(zones)) {
        zone = ures_getNextResource(zones, zone, &status);
        if (U_FAILURE(status) || ures_getType(zone) != URES_TABLE) continue;
        UErrorCode missing = U_ZERO_ERROR;
        int32_t length = 0;
        const UChar *name = ures_getStringByKey(zone, "ec", &length, &missing);
        if (U_SUCCESS(missing)) print(locale, "city", ures_getKey(zone), name, length);
    }
    ures_close(zone);
    ures_close(zones);
}

int main(int count, char **locales) {
    for (int index = 1; index < count; index++) {
        const char *locale = locales[index];
        UErrorCode status = U_ZERO_ERROR;
        UResourceBundle *bundle = ures_open(U_ICUDATA_NAME "-region", locale, &status);
        if (U_FAILURE(status)) return 1;
        territories(bundle, locale, "Countries", "name");
        territories(bundle, locale, "Countries%short", "short");
        territories(bundle, locale, "Countries%variant", "variant");
        ures_close(bundle);
        bundle = ures_open(U_ICUDATA_NAME "-zone", locale, &status);
        if (U_FAILURE(status)) return 1;
        cities(bundle, locale);
        ures_close(bundle);
    }
    return 0;
}
