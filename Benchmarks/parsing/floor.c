// The floor the parser is measured against: one bare SAX2 pass of libxml2 over each document, that
// collects the same texts of each item and nothing else. No repair, no plain text, no dates, no
// addresses; encodings are libxml2's own business.
//
//   floor ROUNDS FILE...
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { fieldCount = 8 };
typedef struct { char *start; size_t count, room; } text;
static text fields[fieldCount];
static int field = -1, depth, fieldDepth;
static size_t items, bytes;

static int fieldOf(const char *name) {
    switch (name[0]) {
    case 't': return strcmp(name, "title") ? -1 : 0;
    case 'l': return strcmp(name, "link") ? -1 : 1;
    case 'g': return strcmp(name, "guid") ? -1 : 2;
    case 'i': return strcmp(name, "id") ? -1 : 2;
    case 'p': return strcmp(name, "pubDate") && strcmp(name, "published") ? -1 : 3;
    case 'u': return strcmp(name, "updated") ? -1 : 4;
    case 'd': return strcmp(name, "description") ? -1 : 5;
    case 's': return strcmp(name, "summary") ? -1 : 5;
    case 'c':
        if (!strcmp(name, "content")) return 6;
        return strcmp(name, "category") && strcmp(name, "creator") ? -1 : 7;
    case 'e': return strcmp(name, "encoded") ? -1 : 6;
    case 'n': return strcmp(name, "name") ? -1 : 7;
    }
    return -1;
}
static void append(int to, const void *from, size_t count) {
    text *field = &fields[to];
    if (field->count + count > field->room) {
        field->room = (field->count + count) * 2 + 256;
        field->start = realloc(field->start, field->room);
        if (!field->start) abort();
    }
    memcpy(field->start + field->count, from, count);
    field->count += count;
}
static void startElement(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                         int spaces, const xmlChar **space, int count, int defaults,
                         const xmlChar **attributes) {
    (void)data, (void)prefix, (void)uri, (void)spaces, (void)space, (void)defaults;
    depth++;
    if (field >= 0) return;
    field = fieldOf((const char *)name);
    if (field < 0) return;
    fieldDepth = depth;
    for (int index = 0; index < count; index++) {
        const char *key = (const char *)attributes[index * 5];
        if (strcmp(key, "href") == 0 || strcmp(key, "term") == 0) {
            append(field, attributes[index * 5 + 3],
                   (size_t)(attributes[index * 5 + 4] - attributes[index * 5 + 3]));
        }
    }
}
static void endElement(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    (void)data, (void)prefix, (void)uri;
    if (field >= 0 && depth == fieldDepth) field = -1;
    depth--;
    if (strcmp((const char *)name, "item") && strcmp((const char *)name, "entry")) return;
    items++;
    for (int index = 0; index < fieldCount; index++) {
        bytes += fields[index].count;
        fields[index].count = 0;
    }
}
static void characters(void *data, const xmlChar *from, int count) {
    (void)data;
    if (field >= 0) append(field, from, (size_t)count);
}

int main(int argc, char **argv) {
    int rounds = argc > 1 ? atoi(argv[1]) : 0, bad = 0;
    int count = argc - 2;
    text *documents = calloc((size_t)count + 1, sizeof(text));
    for (int index = 0; index < count; index++) {
        FILE *file = fopen(argv[index + 2], "rb");
        if (!file) return 1;
        fseek(file, 0, SEEK_END);
        documents[index].count = (size_t)ftell(file);
        rewind(file);
        documents[index].start = malloc(documents[index].count + 1);
        if (fread(documents[index].start, 1, documents[index].count, file) != documents[index].count) return 1;
        fclose(file);
    }
    xmlInitParser();
    xmlSAXHandler handler = {0};
    handler.initialized = XML_SAX2_MAGIC;
    handler.startElementNs = startElement;
    handler.endElementNs = endElement;
    handler.characters = handler.cdataBlock = handler.ignorableWhitespace = characters;
    for (int round = 0; round < rounds; round++) {
        for (int index = 0; index < count; index++) {
            xmlParserCtxtPtr parser =
                xmlCreateMemoryParserCtxt(documents[index].start, (int)documents[index].count);
            *parser->sax = handler;
            xmlCtxtUseOptions(parser, XML_PARSE_NONET);
            xmlParseDocument(parser);
            bad += !parser->wellFormed;
            if (parser->myDoc) xmlFreeDoc(parser->myDoc);
            xmlFreeParserCtxt(parser);
            depth = 0, field = -1;
        }
    }
    printf("floor: %zu items, %zu bytes of text, %d documents not read\n", items, bytes, bad);
    return 0;
}
