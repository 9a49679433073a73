// What watching feeds costs at least: one thread, no care for anybody who means harm.
//
// Asks every address of a list over libcurl's multi_socket interface and an epoll set, reads the
// answers with libxml2's SAX interface, takes the text of titles and descriptions, looks for
// keywords, remembers what was seen and the validators in SQLite, and appends a line of JSON for
// each new item with a keyword. Round after round, from the second on with validators.
//
// usage: floor URLS KEYWORDS STATE LOG ROUNDS [CA-FILE]
// prints for each round: CPU milliseconds, answers with 200, with 304, failures, items, lines
#include <curl/curl.h>
#include <libxml/parser.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>

enum { most_transfers = 64, batch = 200 };

struct text { char *bytes; size_t count, room; };

struct feed {
    char *url, *etag, *modified;
    uint64_t *seen;
    size_t seen_count;
};

struct transfer {
    CURL *easy;
    struct feed *feed;
    struct curl_slist *headers;
    xmlParserCtxtPtr parser;
    int in_item, field;  // 1: title, 2: description, 3: guid, 4: link
    struct text title, description, guid, link;
    uint64_t now[512];
    size_t now_count;
};

static struct feed *feeds;
static size_t feed_count, next_feed, ok, unchanged, failed, items, lines;
static CURLM *multi;
static int set, running, in_transaction, polls_in_transaction;
static double timer = -1;
static sqlite3 *state;
static sqlite3_stmt *save;
static FILE *log_file;
static const char *authorities;

static void add(struct text *text, const char *bytes, size_t count) {
    if (text->count + count + 1 > text->room) {
        text->room = (text->count + count + 1) * 2;
        text->bytes = realloc(text->bytes, text->room);
    }
    memcpy(text->bytes + text->count, bytes, count);
    text->bytes[text->count += count] = 0;
}

static double seconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static uint64_t hash(const char *bytes, size_t count) {
    uint64_t value = 1469598103934665603u;
    for (size_t i = 0; i < count; i++) value = (value ^ (unsigned char)bytes[i]) * 1099511628211u;
    return value;
}

// MARK: Keywords: a table of hashes of whole words.

static struct { uint64_t hash; char *word; } table[1 << 12];

static void learn(const char *path) {
    FILE *file = fopen(path, "r");
    char line[256];
    while (file && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        uint64_t key = hash(line, strlen(line));
        size_t slot = key & 4095;
        while (table[slot].word) slot = (slot + 1) & 4095;
        table[slot].hash = key;
        table[slot].word = strdup(line);
    }
    if (file) fclose(file);
}

// Folds the text in place, stepping over markup, and looks each word up; the first keyword or NULL.
static const char *find(struct text *text) {
    const char *found = NULL;
    size_t start = 0;
    int is_markup = 0;
    for (size_t i = 0; i <= text->count; i++) {
        unsigned char byte = i < text->count ? text->bytes[i] : ' ';
        if (byte >= 'A' && byte <= 'Z') text->bytes[i] = byte |= 0x20;
        int is_letter = (byte >= 'a' && byte <= 'z') || byte >= 0x80 || (byte >= '0' && byte <= '9');
        if (byte == '<') is_markup = 1;
        if (!is_letter) {
            if (i > start && !is_markup && !found) {
                uint64_t key = hash(text->bytes + start, i - start);
                for (size_t slot = key & 4095; table[slot].word; slot = (slot + 1) & 4095)
                    if (table[slot].hash == key) found = table[slot].word;
            }
            start = i + 1;
        }
        if (byte == '>') is_markup = 0;
    }
    return found;
}

// MARK: Documents

static void write_json(const char *bytes, size_t count) {
    putc('"', log_file);
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] == '"' || bytes[i] == '\\') putc('\\', log_file);
        if ((unsigned char)bytes[i] >= 0x20) putc(bytes[i], log_file);
    }
    putc('"', log_file);
}

static void end_item(struct transfer *transfer) {
    items++;
    struct text *id = transfer->guid.count ? &transfer->guid : &transfer->link;
    uint64_t key = hash(id->bytes ? id->bytes : "", id->count);
    if (transfer->now_count < 512) transfer->now[transfer->now_count++] = key;
    for (size_t i = 0; i < transfer->feed->seen_count; i++)
        if (transfer->feed->seen[i] == key) return;
    const char *word = find(&transfer->title);
    const char *other = find(&transfer->description);
    if (!word) word = other;
    if (!word) return;
    lines++;
    fputs("{\"term\":", log_file);
    write_json(word, strlen(word));
    fputs(",\"title\":", log_file);
    write_json(transfer->title.bytes, transfer->title.count);
    fputs(",\"url\":", log_file);
    write_json(transfer->link.bytes, transfer->link.count);
    fputs("}\n", log_file);
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespaces, const xmlChar **namespace, int attributes, int defaulted,
                     const xmlChar **attribute) {
    (void)prefix, (void)uri, (void)namespaces, (void)namespace, (void)attributes;
    (void)defaulted, (void)attribute;
    struct transfer *transfer = context;
    const char *text = (const char *)name;
    transfer->field = !strcmp(text, "title") ? 1 : !strcmp(text, "description") ? 2
                      : !strcmp(text, "guid") ? 3 : !strcmp(text, "link") ? 4 : 0;
    if (!strcmp(text, "item")) {
        transfer->in_item = 1;
        transfer->title.count = transfer->description.count = 0;
        transfer->guid.count = transfer->link.count = 0;
    }
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    (void)prefix, (void)uri;
    struct transfer *transfer = context;
    transfer->field = 0;
    if (strcmp((const char *)name, "item")) return;
    transfer->in_item = 0;
    end_item(transfer);
}

static void on_text(void *context, const xmlChar *bytes, int count) {
    struct transfer *transfer = context;
    if (!transfer->in_item) return;
    struct text *fields[] = {NULL, &transfer->title, &transfer->description, &transfer->guid,
                             &transfer->link};
    if (transfer->field) add(fields[transfer->field], (const char *)bytes, count);
}

static xmlSAXHandler handler = {
    .initialized = XML_SAX2_MAGIC, .startElementNs = on_start, .endElementNs = on_end,
    .characters = on_text, .cdataBlock = on_text,
};

// MARK: Transfers

static size_t on_body(char *bytes, size_t size, size_t count, void *context) {
    struct transfer *transfer = context;
    if (!transfer->parser)
        transfer->parser = xmlCreatePushParserCtxt(&handler, transfer, NULL, 0, NULL);
    xmlParseChunk(transfer->parser, bytes, (int)(size * count), 0);
    return size * count;
}

static void keep(char **place, const char *start, size_t count) {
    while (count && *start == ' ') start++, count--;
    while (count && (unsigned char)start[count - 1] <= ' ') count--;
    free(*place);
    *place = strndup(start, count);
}

static size_t on_header(char *bytes, size_t size, size_t count, void *context) {
    struct transfer *transfer = context;
    size_t length = size * count;
    if (length > 5 && !strncasecmp(bytes, "etag:", 5))
        keep(&transfer->feed->etag, bytes + 5, length - 5);
    if (length > 14 && !strncasecmp(bytes, "last-modified:", 14))
        keep(&transfer->feed->modified, bytes + 14, length - 14);
    return length;
}

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *context, void *known) {
    (void)easy, (void)context;
    struct epoll_event event = {.data.fd = socket};
    if (what == CURL_POLL_REMOVE) return epoll_ctl(set, EPOLL_CTL_DEL, socket, NULL), 0;
    event.events = (what & CURL_POLL_IN ? EPOLLIN : 0) | (what & CURL_POLL_OUT ? EPOLLOUT : 0);
    epoll_ctl(set, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event);
    curl_multi_assign(multi, socket, (void *)1);
    return 0;
}

static int on_timer(CURLM *handle, long wait, void *context) {
    (void)handle, (void)context;
    timer = wait < 0 ? -1 : seconds(CLOCK_MONOTONIC) + wait / 1e3;
    return 0;
}

static void start(struct transfer *transfer) {
    if (next_feed == feed_count) return;
    transfer->feed = &feeds[next_feed++];
    transfer->now_count = 0;
    if (!transfer->easy) {
        CURL *easy = transfer->easy = curl_easy_init();
        curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
        curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
        curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
        curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
        curl_easy_setopt(easy, CURLOPT_USERAGENT, "floor/1");
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_TIMEOUT, 60L);
        if (authorities) curl_easy_setopt(easy, CURLOPT_CAINFO, authorities);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    curl_slist_free_all(transfer->headers);
    transfer->headers = NULL;
    char line[512];
    if (transfer->feed->etag) {
        snprintf(line, sizeof line, "If-None-Match: %s", transfer->feed->etag);
        transfer->headers = curl_slist_append(transfer->headers, line);
    }
    if (transfer->feed->modified) {
        snprintf(line, sizeof line, "If-Modified-Since: %s", transfer->feed->modified);
        transfer->headers = curl_slist_append(transfer->headers, line);
    }
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
    curl_easy_setopt(transfer->easy, CURLOPT_URL, transfer->feed->url);
    curl_multi_add_handle(multi, transfer->easy);
    running++;
}

static void commit(void) {
    if (!in_transaction) return;
    fflush(log_file);
    sqlite3_exec(state, "COMMIT", NULL, NULL, NULL);
    in_transaction = polls_in_transaction = 0;
}

static void store(struct transfer *transfer) {
    struct feed *feed = transfer->feed;
    feed->seen = realloc(feed->seen, (feed->seen_count + transfer->now_count + 1) * 8);
    if (transfer->now_count) {
        memcpy(feed->seen, transfer->now, transfer->now_count * 8);
        feed->seen_count = transfer->now_count;
    }
    if (!in_transaction) sqlite3_exec(state, "BEGIN", NULL, NULL, NULL), in_transaction = 1;
    sqlite3_bind_text(save, 1, feed->url, -1, SQLITE_STATIC);
    sqlite3_bind_text(save, 2, feed->etag, -1, SQLITE_STATIC);
    sqlite3_bind_text(save, 3, feed->modified, -1, SQLITE_STATIC);
    sqlite3_bind_blob(save, 4, feed->seen, (int)feed->seen_count * 8, SQLITE_STATIC);
    sqlite3_step(save);
    sqlite3_reset(save);
    if (++polls_in_transaction == batch) commit();
}

static void finish(void) {
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left))) {
        struct transfer *transfer;
        long status = 0;
        CURL *easy = message->easy_handle;
        CURLcode code = message->data.result;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        curl_multi_remove_handle(multi, easy);
        running--;
        if (transfer->parser) {
            xmlParseChunk(transfer->parser, "", 0, 1);
            xmlFreeParserCtxt(transfer->parser);
            transfer->parser = NULL;
        }
        if (code == CURLE_OK && status == 200) ok++;
        else if (code == CURLE_OK && status == 304) unchanged++;
        else failed++;
        store(transfer);
        start(transfer);
    }
}

static void poll_all(void) {
    static struct transfer transfers[most_transfers];
    int still;
    next_feed = ok = unchanged = failed = items = lines = 0;
    for (int i = 0; i < most_transfers; i++) start(&transfers[i]);
    curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &still);
    finish();
    while (running) {
        struct epoll_event ready[64];
        double wait = timer < 0 ? 1 : timer - seconds(CLOCK_MONOTONIC);
        int count = epoll_wait(set, ready, 64, wait < 0 ? 0 : (int)(wait * 1e3) + 1);
        for (int i = 0; i < count; i++)
            curl_multi_socket_action(
                multi, ready[i].data.fd,
                (ready[i].events & EPOLLIN ? CURL_CSELECT_IN : 0)
                    | (ready[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0)
                    | (ready[i].events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0),
                &still);
        if (timer >= 0 && timer <= seconds(CLOCK_MONOTONIC)) {
            timer = -1;
            curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &still);
        }
        finish();
    }
    commit();
}

int main(int count, char **arguments) {
    if (count < 6) return fputs("usage: floor URLS KEYWORDS STATE LOG ROUNDS [CA-FILE]\n", stderr), 2;
    FILE *list = fopen(arguments[1], "r");
    char line[1024];
    while (list && fgets(line, sizeof line, list)) {
        line[strcspn(line, "\n")] = 0;
        feeds = realloc(feeds, (feed_count + 1) * sizeof *feeds);
        feeds[feed_count++] = (struct feed){.url = strdup(line)};
    }
    double before = seconds(CLOCK_PROCESS_CPUTIME_ID);
    learn(arguments[2]);
    log_file = fopen(arguments[4], "w");
    authorities = count > 6 ? arguments[6] : NULL;
    sqlite3_open(arguments[3], &state);
    sqlite3_exec(state,
                 "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE feed(url TEXT "
                 "PRIMARY KEY, etag TEXT, modified TEXT, seen BLOB) WITHOUT ROWID",
                 NULL, NULL, NULL);
    sqlite3_prepare_v2(state, "INSERT OR REPLACE INTO feed VALUES(?,?,?,?)", -1, &save, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    multi = curl_multi_init();
    set = epoll_create1(0);
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)most_transfers);
    for (int round = atoi(arguments[5]); round > 0; round--) {
        poll_all();
        double now = seconds(CLOCK_PROCESS_CPUTIME_ID);
        struct rusage usage;
        getrusage(RUSAGE_SELF, &usage);
        printf("%.1f %zu %zu %zu %zu %zu %ld\n", (now - before) * 1e3, ok, unchanged, failed, items,
               lines, usage.ru_maxrss);
        fflush(stdout);
        before = now;
    }
    return failed > 0;
}
