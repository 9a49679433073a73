// What signals do before the daemon listens to them: from the first instruction of the program
// on, not only when the command line has been read some milliseconds later.
#include <signal.h>
#include <string.h>
#include <unistd.h>

// signal-safety(7) allows _exit. Nothing is lost: what a daemon has begun when it is asked to stop
// so early is either stored whole or begun again by the next.
static void end_at_once(int number) {
    (void)number;
    _exit(0);
}

// glibc hands constructors what it hands to main.
__attribute__((constructor(101))) static void meet_early_signals(int count, char **arguments) {
    if (count < 2 || strcmp(arguments[1], "run") != 0) { return; }
    struct sigaction action = {.sa_handler = end_at_once};
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    // logrotate may send one early, and a reload at the start changes nothing.
    action.sa_handler = SIG_IGN;
    sigaction(SIGHUP, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
}
