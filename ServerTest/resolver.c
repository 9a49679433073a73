// A resolver that lies: answers for names that end in .test, by what the name says, and passes all
// others on. To be preloaded. Labels are answers, one for each look-up, the last one again and
// again; within a label, `_` parts addresses, `-` stands for `.`, and `x` for `:`:
// `127-40-1-1.127-0-0-1.test` is 127.40.1.1 at the first look-up and 127.0.0.1 later.
// `$FEEDWATCH_LOOKUPS` names a file to which each look-up is written.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int (*lookup_function)(const char *, const char *, const struct addrinfo *,
                               struct addrinfo **);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct { char name[256]; int count; } known[256];

// How often the name was looked up before.
static int earlier(const char *name) {
    pthread_mutex_lock(&lock);
    int at = 0;
    while (known[at].name[0] && strcasecmp(known[at].name, name) != 0) { at++; }
    snprintf(known[at].name, sizeof known[at].name, "%s", name);
    int count = known[at].count++;
    pthread_mutex_unlock(&lock);
    return count;
}

static void note(const char *name, const char *answer) {
    const char *path = getenv("FEEDWATCH_LOOKUPS");
    if (!path) { return; }
    int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) { return; }
    dprintf(file, "%s %s\n", name, answer);
    close(file);
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
                struct addrinfo **result) {
    lookup_function real = (lookup_function)dlsym(RTLD_NEXT, "getaddrinfo");
    size_t length = name ? strlen(name) : 0;
    if (length < 6 || strcasecmp(name + length - 5, ".test") != 0) {
        return real(name, service, hints, result);
    }
    char labels[256];
    snprintf(labels, sizeof labels, "%.*s", (int)(length - 5), name);
    int turn = earlier(name);
    char *rest = labels, *label = labels, *next;
    while ((next = strsep(&rest, ".")) != NULL) {
        label = next;
        if (turn-- == 0) { break; }
    }
    note(name, label);
    struct addrinfo **end = result, numeric = *hints;
    *result = NULL;
    numeric.ai_flags = AI_NUMERICHOST;
    numeric.ai_family = AF_UNSPEC;
    for (char *address; (address = strsep(&label, "_")) != NULL;) {
        for (char *c = address; *c; c++) { *c = *c == '-' ? '.' : *c == 'x' ? ':' : *c; }
        if (real(address, service, &numeric, end) == 0) { end = &(*end)->ai_next; }
        while (*end) { end = &(*end)->ai_next; }
    }
    return *result ? 0 : EAI_NONAME;
}
