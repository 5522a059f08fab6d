#!/bin/sh
# Runs the named fuzz binaries $BUILD/fuzz/NAME for $FUZZ_SECONDS seconds each.
#
#   tests/fuzz/run.sh NAME...
#
# Seeds come from tests/fuzz/seeds/NAME, words from tests/fuzz/NAME.dict, where they exist.  The
# working corpus grows in $BUILD/fuzz/corpus/NAME, findings and logs go to $BUILD/fuzz/found.
# Prints one line per target; the exit code is 1 when any target found something.
BUILD=${BUILD:-build}
FUZZ_SECONDS=${FUZZ_SECONDS:-600}
here=$(dirname "$0")
failed=0

for name in "$@"; do
	corpus=$BUILD/fuzz/corpus/$name
	found=$BUILD/fuzz/found
	log=$found/$name.log
	mkdir -p "$corpus" "$found"
	set -- -max_total_time="$FUZZ_SECONDS" -timeout=25 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="$found/$name-"
	[ -f "$here/$name.dict" ] && set -- "$@" -dict="$here/$name.dict"
	set -- "$@" "$corpus"
	[ -d "$here/seeds/$name" ] && set -- "$@" "$here/seeds/$name"
	if "$BUILD/fuzz/$name" "$@" >"$log" 2>&1; then
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
		printf 'ok    %-12s %s runs in %s s, %s inputs\n' "$name" "$runs" "$FUZZ_SECONDS" \
			"$(ls "$corpus" | wc -l)"
	else
		printf 'FOUND %-12s see %s\n' "$name" "$log"
		failed=1
	fi
done
exit $failed
