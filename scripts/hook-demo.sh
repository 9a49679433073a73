#!/bin/bash
# An exec hook: notes each match in a file, one line a call. What a real one would do with it,
# a message to a desk or a ticket, comes here. The record is on standard input as JSON, its main
# facts are in the environment; exit 0 says "delivered".
#
# usage: hook-demo.sh FILE
set -eu
record=$(cat)
printf '%s | %s | attempt %s | %s bytes | %s\n' \
    "$FEEDWATCH_EVENT" "$FEEDWATCH_TOPIC" "$FEEDWATCH_ATTEMPT" "${#record}" \
    "$FEEDWATCH_TITLE" >>"$1"
