// Prints, for each BMP ideograph that ICU's Hant-Hans changes to one other ideograph, the pair.
#include <stdio.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

int main(void) {
    UErrorCode status = U_ZERO_ERROR;
    UChar id[16];
    u_uastrcpy(id, "Hant-Hans");
    UTransliterator *form = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    if (U_FAILURE(status)) return 1;
    int count = 0;
    for (UChar32 c = 0x3400; c < 0xA000; c++) {
        if (uscript_getScript(c, &status) != USCRIPT_HAN) continue;
        UChar text[8] = {(UChar)c};
        int32_t length = 1, limit = 1;
        utrans_transUChars(form, text, &length, 8, 0, &limit, &status);
        if (U_FAILURE(status)) return 1;
        if (length != 1 || text[0] == c || U16_IS_SURROGATE(text[0])) continue;
        if (count % 40 == 0) printf("%s        ", count ? "\n" : "");
        char utf8[16];
        UChar pair[2] = {(UChar)c, text[0]};
        u_strToUTF8(utf8, 16, NULL, pair, 2, &status);
        printf("%s", utf8);
        count++;
    }
    printf("\n");
    fprintf(stderr, "%d pairs\n", count);
    return 0;
}
