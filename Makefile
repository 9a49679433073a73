# Tasks of the project. `make help` lists them.
SHELL   := /bin/bash
PREFIX  ?= /usr
SYSCONF ?= /etc
UNITDIR ?= /lib/systemd/system
DESTDIR ?=
# Where `make run` keeps state and log.
VAR     ?= var
SWIFT   ?= swift

release = .build/release
debug   = .build/debug
# Runs with the Swift runtime linked in, on machines without a toolchain.
static_flags = -c release --static-swift-stdlib --disable-local-rpath -Xlinker -z -Xlinker now

.DEFAULT_GOAL := help
# The environment of `make run`, and of the commands that look at what it does.
local = STATE_DIRECTORY=$(abspath $(VAR))/state LOGS_DIRECTORY=$(abspath $(VAR))/log
# How long `make fuzz` looks.
FUZZ_SECONDS ?= 60
# How many documents `make bench-parse` makes.
DOCUMENTS ?= 300
# How many feeds `make bench-fetch` watches.
FEEDS ?= 1000
# How often `make crash-test` kills.
KILLS ?= 300
# Of how many power cuts it looks at the disks.
CUTS  ?= 50

.PHONY: help deps build debug test lint format demo run tail status check service-test fuzz \
	fuzz-topics bench-parse bench-topics eval-topics bench-log bench-fetch crash-test \
	crash-test-short sanitize install uninstall clean

help:	## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

deps:	## Install the Debian packages that are missing
	@scripts/install-packages.sh

build: deps	## Build feedwatch for release
	$(SWIFT) build -c release --product feedwatch

debug: deps	## Build everything for debugging
	$(SWIFT) build

test: deps	## Build and run all tests
	$(SWIFT) test --no-parallel

lint: deps	## Check style, layering, sizes and the service unit
	@scripts/lint.sh

format:	## Lay out all Swift code
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests

demo: deps	## Show the daemon at work on sample feeds (needs no internet)
	$(SWIFT) build -c release --product feedwatch
	$(SWIFT) build -c release --product feedlab-server
	scripts/demo.sh $(release)/feedwatch $(release)/feedlab-server

run: build	## Run the daemon in the foreground with config/feedwatch.toml
	@mkdir -p $(VAR)/state $(VAR)/log
	$(local) $(release)/feedwatch run --config config/feedwatch.toml

tail:	## Follow the matches of make run
	@$(local) $(release)/feedwatch tail -f --config config/feedwatch.toml

status:	## Show the feeds of make run
	@$(local) $(release)/feedwatch status --config config/feedwatch.toml

check: build	## Check the example configurations and run their topic tests
	@for file in config/*.toml; do echo "== $$file"; \
		$(release)/feedwatch check --config $$file && \
		$(release)/feedwatch test --config $$file || exit; done

service-test: build	## Test the service under a real systemd (root; with-systemd)
	scripts/test-service.sh $(release)/feedwatch

.PHONY: bench-fetch
bench-fetch: build	## Measure the daemon beside a bare C program (FEEDS; needs gcc, nginx)
	Benchmarks/fetching/run.py $(release)/feedwatch $(FEEDS)

.PHONY: bench-many
bench-many: build	## Watch 5,000 feeds every 10 s for 10 minutes
	Benchmarks/fetching/many-feeds.py $(release)/feedwatch

fuzz: deps	## Fuzz what reads foreign input (FUZZ_SECONDS)
	$(SWIFT) build --package-path Fuzz -c release --sanitize=fuzzer \
		-Xswiftc -sanitize=address,fuzzer -Xswiftc -enable-testing
	@mkdir -p $(VAR)/corpus
	@SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0 \
		Fuzz/.build/release/fuzz-feed-parser -max_total_time=$(FUZZ_SECONDS) \
		-timeout=20 -rss_limit_mb=3000 -max_len=8192 -verbosity=0 -print_final_stats=1 \
		-dict=Fuzz/feed.dict -artifact_prefix=$(VAR)/ \
		$(VAR)/corpus Tests/FeedParsingTests/Fixtures

bench-parse: deps	## Count what reading feeds costs, beside libxml2 alone (DOCUMENTS)
	SWIFT=$(SWIFT) Benchmarks/parsing/run.sh $(DOCUMENTS)

.PHONY: server-test
server-test: build	## Meet hostile servers, and be judged by polite ones (gcc, openssl)
	ServerTest/hostile_test.py $(release)/feedwatch
	ServerTest/polite_test.py $(release)/feedwatch
	ServerTest/health_test.py $(release)/feedwatch

crash-test: build	## Kill the daemon KILLS times, and look for lost or doubled lines
	$(SWIFT) build -c release --product feedlab-server
	CrashTest/crash_test.py --kills $(KILLS) --images $(CUTS) --variants

crash-test-short: build	## The same in about a minute, as CI does it
	$(SWIFT) build -c release --product feedlab-server
	CrashTest/crash_test.py --kills 90 --round 10 --images 25 --variant validators-first \
		--variant no-log-sync --seconds 100

fuzz-topics: deps	## Fuzz queries and the texts they are matched with (FUZZ_SECONDS)
	$(SWIFT) build --package-path Fuzz -c release --sanitize=fuzzer --product fuzz-topics \
		-Xswiftc -enable-testing
	@mkdir -p $(VAR)/corpus-topics
	@SWIFT_BACKTRACE=enable=no Fuzz/.build/release/fuzz-topics -max_total_time=$(FUZZ_SECONDS) \
		-timeout=10 -rss_limit_mb=2000 -max_len=4096 -verbosity=0 -print_final_stats=1 \
		-dict=Fuzz/topics.dict -artifact_prefix=$(VAR)/ $(VAR)/corpus-topics

bench-topics: deps	## Measure what topics cost: matching, folding, loading
	$(SWIFT) build -c release --package-path Benchmarks/topics
	Benchmarks/topics/.build/release/bench-topics

eval-topics: deps	## Show precision and recall of config/topics.d on labelled items
	$(SWIFT) test --filter TopicEvaluationTests | grep -E 'precision|issue|passed|failed'

# A report ends the program with a status that fails its test. Leaks are not looked for: what Swift
# keeps behind a weak reference looks lost to the leak sanitizer. Tests that are left out set a limit
# to the time that documents of many megabytes take, which a sanitizer multiplies.
timed = manyDifferentNames|moreMistakesThanAnyFeed|muchOfAnythingIsRead|smallEntitiesUsedAMillion
sanitize: deps	## Run the tests under the thread and the address sanitizer
	SWIFT_BACKTRACE=enable=no TSAN_OPTIONS=suppressions=$(CURDIR)/scripts/thread.suppressions \
		$(SWIFT) test --no-parallel --sanitize=thread --scratch-path .build-thread \
		--skip '$(timed)'
	SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0 \
		$(SWIFT) test --no-parallel --sanitize=address --scratch-path .build-address \
		--skip '$(timed)'

bench-log: deps	## Measure what the log costs beside a bare loop in C
	$(SWIFT) build -c release --package-path Benchmarks/log
	@mkdir -p $(VAR)
	Benchmarks/log/.build/release/bench-log $(VAR)

install: deps	## Install program, unit and documents (PREFIX, SYSCONF, UNITDIR, DESTDIR)
	$(SWIFT) build $(static_flags) --scratch-path .build-static --product feedwatch
	install -D -m 755 -s .build-static/release/feedwatch $(DESTDIR)$(PREFIX)/bin/feedwatch
	sed 's|/usr/bin/feedwatch|$(PREFIX)/bin/feedwatch|' systemd/feedwatch.service \
		| install -D -m 644 /dev/stdin $(DESTDIR)$(UNITDIR)/feedwatch.service
	install -D -m 644 systemd/feedwatch.sysusers $(DESTDIR)/usr/lib/sysusers.d/feedwatch.conf
	install -D -m 644 systemd/feedwatch.tmpfiles $(DESTDIR)/usr/lib/tmpfiles.d/feedwatch.conf
	install -D -m 644 packaging/feedwatch.logrotate $(DESTDIR)$(SYSCONF)/logrotate.d/feedwatch
	install -D -m 644 -t $(DESTDIR)/usr/share/doc/feedwatch docs/*.md LICENSE CHANGELOG.md
	install -d -m 755 $(DESTDIR)$(SYSCONF)/feedwatch
	install -d -m 700 $(DESTDIR)$(SYSCONF)/feedwatch/credentials
	[ -e $(DESTDIR)$(SYSCONF)/feedwatch/feedwatch.toml ] || \
		install -m 644 config/feedwatch.toml $(DESTDIR)$(SYSCONF)/feedwatch/feedwatch.toml
	[ -e $(DESTDIR)$(SYSCONF)/feedwatch/topics.d ] || \
		install -D -m 644 -t $(DESTDIR)$(SYSCONF)/feedwatch/topics.d config/topics.d/*.toml
	@[ -n "$(DESTDIR)" ] || { systemd-sysusers feedwatch.conf; \
		[ ! -d /run/systemd/system ] || systemctl daemon-reload; }

uninstall:	## Remove what install put there; configuration, state and logs stay
	@[ -n "$(DESTDIR)" ] || [ ! -d /run/systemd/system ] || \
		systemctl disable --now feedwatch.service || true
	rm -f $(DESTDIR)$(PREFIX)/bin/feedwatch $(DESTDIR)$(UNITDIR)/feedwatch.service \
		$(DESTDIR)/usr/lib/sysusers.d/feedwatch.conf $(DESTDIR)/usr/lib/tmpfiles.d/feedwatch.conf \
		$(DESTDIR)$(SYSCONF)/logrotate.d/feedwatch
	rm -rf $(DESTDIR)/usr/share/doc/feedwatch

clean:	## Remove what was built
	rm -rf .build .build-static .build-thread .build-address
