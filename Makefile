# kaipiao - one non-recursive Makefile.
#
#   make            build bin/kaipiao and bin/leqi-sandbox
#   make demo       packages, build, practice run        make test        everything, "N passed, N failed"
#   make deps       the packages alone                   make lint        rules of the house
#   make test-asan  tests under ASan+UBSan               make test-valgrind  unit tests under valgrind
#   make bench      ratios against named peers           make fuzz        fuzz targets (FUZZ_SECONDS each)
#   make man        the manual page, BUILD/kaipiao.1
#   make install DESTDIR= PREFIX=/usr/local              make compile_commands.json   make tidy   make clean
#
# V=1 shows commands.  BUILD=dir builds elsewhere.  SAN=1 builds with sanitizers.

SHELL   := /bin/bash
ifeq ($(origin CC),default)
CC      := gcc
endif
BUILD   ?= build
BIN     ?= bin
PREFIX  ?= /usr/local
VERSION := 0.1.0
# The day of that version, as the manual page gives it.
DATED   := November 20, 2026
Q       := $(if $(V),,@)
say      = $(if $(V),:,printf '  %-5s %s\n' $(1) $(2))

ROOMS   := base tax store leqi post sheet print sync desk cli ui
# What a room stands on, nearest first: link order of its tests and the rule `make lint` checks.
ON_base :=
ON_tax  := base
ON_store := tax base
ON_leqi := tax base
ON_post := base
ON_sheet := base
ON_print := tax base
ON_sync := store leqi post print tax base
ON_desk := store sheet print tax base
ON_cli  := desk sync store leqi post sheet print tax base
ON_ui   := cli desk sync store leqi post sheet print tax base

PKGS    := libcjson libcurl sqlite3 openssl cairo cairo-ft fontconfig libqrencode libzip libisal expat xlsxwriter ncursesw
ifeq ($(filter deps clean distclean,$(MAKECMDGOALS)),)
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null | sed 's/-I\//-isystem \//g')
PKG_LIBS   := $(shell pkg-config --libs $(PKGS) 2>/dev/null)
endif
SANDBOX_LIBS := $(shell pkg-config --libs libmicrohttpd libcjson sqlite3 openssl zlib 2>/dev/null)

WARN    := -Wall -Wextra -Wshadow -Wvla -Wformat=2 -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
           -Wundef -Wpointer-arith -Wwrite-strings -Werror
OPT     ?= -O2
CFLAGS_ALL := -std=c11 -D_GNU_SOURCE -g $(OPT) $(WARN) -fPIE -fstack-protector-strong -Isrc -I. \
           -DKP_VERSION='"$(VERSION)"' $(PKG_CFLAGS) $(CFLAGS)
LDFLAGS_ALL := -pie -Wl,--as-needed -Wl,-z,relro,-z,now $(LDFLAGS)
LIBS    := $(PKG_LIBS) -lgmp -lz -lpthread -lm
ifdef SAN
CFLAGS_ALL += -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LDFLAGS_ALL += -fsanitize=address,undefined
else
CFLAGS_ALL += $(if $(filter -O0,$(OPT)),,-D_FORTIFY_SOURCE=2)
endif

obj      = $(patsubst %.c,$(BUILD)/%.o,$(1))
room_src = $(sort $(wildcard src/$(1)/*.c) $(if $(filter ui,$(1)),$(wildcard ui/*.c ui/screen/*.c)))
lib      = $(BUILD)/lib$(1).a
libs_of  = $(foreach r,$(1) $(ON_$(1)),$(call lib,$(r)))

all: $(BIN)/kaipiao $(BIN)/leqi-sandbox

$(BIN)/kaipiao: $(call obj,src/main.c) $(call libs_of,ui)
	@$(call say,LINK,$@); mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

$(BIN)/leqi-sandbox: $(call obj,$(call room_src,sandbox)) $(call lib,base)
	@$(call say,LINK,$@); mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(SANDBOX_LIBS) -lgmp -lz -lpthread

GEN      = $(BUILD)/gen/embed.o $(BUILD)/gen/pinyin.o

# ---- rooms -------------------------------------------------------------------------------------
define ROOM_RULE
$(BUILD)/lib$(1).a: $(call obj,$(call room_src,$(1))) $(if $(filter base,$(1)),$(GEN)) $(BUILD)/lib$(1).list
	@$(call say,AR,$$@); rm -f $$@
	$(Q)ar rcs $$@ $$(filter %.o,$$^)
# A source that went, was renamed or parted makes its room anew.
$(BUILD)/lib$(1).list: FORCE
	@mkdir -p $$(@D); echo '$(call room_src,$(1))' | cmp -s - $$@ || echo '$(call room_src,$(1))' > $$@
room-$(1): $(BUILD)/lib$(1).a
endef
$(foreach r,$(ROOMS),$(eval $(call ROOM_RULE,$(r))))

$(BUILD)/%.o: %.c
	@$(call say,CC,$<); mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

# ---- data embedded in the binaries (base/embed.h) ------------------------------------------------
EMBED := $(sort $(wildcard data/schema/*.sql) $(wildcard data/*.tsv) $(wildcard data/*.json) $(wildcard data/*.conf) \
           $(wildcard templates/samples/*.json) $(wildcard templates/layout/*.json) \
           $(wildcard templates/sheets/*.json))
$(BUILD)/gen/embed.S: Makefile $(EMBED)
	@mkdir -p $(@D); tests/lib/embed.sh $(EMBED) > $@
$(BUILD)/gen/embed.o: $(BUILD)/gen/embed.S $(EMBED)
	@$(call say,AS,$<)
	$(Q)$(CC) -c -o $@ $<
# Pinyin readings from the Unicode Han database (package unicode-data; base/pinyin.h).
UNIHAN ?= /usr/share/unicode/Unihan_Readings.txt.bz2
$(BUILD)/gen/pinyin.c: tests/lib/pinyin.awk $(UNIHAN)
	@$(call say,GEN,$@); mkdir -p $(@D)
	$(Q)set -o pipefail; bzip2 -dc $(UNIHAN) | LC_ALL=C awk -f $< > $@
$(BUILD)/gen/pinyin.o: $(BUILD)/gen/pinyin.c src/base/pinyin_p.h
	@$(call say,CC,$<)
	$(Q)$(CC) $(CFLAGS_ALL) -c -o $@ $<

# ---- tests -------------------------------------------------------------------------------------
UNIT_SRC := $(sort $(wildcard tests/unit/*.c))
UNIT     := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(UNIT_SRC))
room_of   = $(firstword $(subst _, ,$(notdir $(1))))
# tests/unit/ROOM_subject.c is linked with ROOM and what it stands on.
.SECONDEXPANSION:
$(BUILD)/unit/%: $(BUILD)/tests/unit/%.o $$(call libs_of,$$(call room_of,$$*))
	@$(call say,LINK,$@); mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ -lcmocka $(LIBS)
$(BUILD)/tests/%.o: CFLAGS_ALL += -Itests

unit: $(UNIT)

test: deps
	@$(MAKE) --no-print-directory check
# check: the same without touching the machine's packages.
check: all man unit term tools
	@BUILD=$(BUILD) BIN=$(BIN) python3 tests/run.py $(T)
test-asan: deps
	@$(MAKE) --no-print-directory check BUILD=$(BUILD)/asan BIN=$(BUILD)/asan/bin SAN=1 OPT=-O1
test-valgrind:
	@.ci/packages test valgrind
	@$(MAKE) --no-print-directory unit
	@BUILD=$(BUILD) BIN=$(BIN) python3 tests/run.py --valgrind unit

# tests/term/*.c drive the program on a pseudo terminal through libvterm; without it the runner says so.
TERM_LIBS  := $(shell pkg-config --libs vterm 2>/dev/null)
TERM_TESTS := $(if $(TERM_LIBS),$(patsubst tests/term/%.c,$(BUILD)/term/%,$(filter-out \
                tests/term/harness.c,$(wildcard tests/term/*.c))))
$(BUILD)/term/%: $(BUILD)/tests/term/%.o $(BUILD)/tests/term/harness.o $(call lib,base)
	@$(call say,LINK,$@); mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ -lcmocka $(TERM_LIBS) -lutil $(LIBS)
term: $(TERM_TESTS)

TOOLS := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(wildcard tests/bench/*.c))
$(BUILD)/bench/%: $(BUILD)/tests/bench/%.o $$(call libs_of,cli)
	@$(call say,LINK,$@); mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)
tools: $(TOOLS)
bench:
	@.ci/packages build test bench
	@$(MAKE) --no-print-directory all tools
	@BUILD=$(BUILD) BIN=$(BIN) python3 tests/bench/bench.py $(B)

# ---- fuzz --------------------------------------------------------------------------------------
FUZZ_SECONDS ?= 600
FUZZ_SRC := $(sort $(wildcard tests/fuzz/*.c))
FUZZ_CORE := $(foreach r,base tax leqi desk store sheet print,$(call room_src,$(r))) \
             $(wildcard ui/key.c ui/key_*.c ui/line.c)
$(BUILD)/fuzz/%: tests/fuzz/%.c $(FUZZ_CORE) $(GEN)
	@$(call say,FUZZ,$@); mkdir -p $(@D)
	$(Q)clang -std=c11 -D_GNU_SOURCE -g -O1 -Isrc -I. -Itests $(PKG_CFLAGS) -DKP_VERSION='"fuzz"' \
	  -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -o $@ $< $(FUZZ_CORE) $(GEN) $(LIBS)
FUZZ := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(FUZZ_SRC))
fuzz:
	@.ci/packages build fuzz
	@$(MAKE) --no-print-directory $(FUZZ)
	@FUZZ_SECONDS=$(FUZZ_SECONDS) BUILD=$(BUILD) tests/fuzz/run.sh $(notdir $(FUZZ))

# ---- rules of the house ------------------------------------------------------------------------
lint:
	@.ci/packages build lint
	@python3 tests/lib/lint.py
	@$(MAKE) --no-print-directory analyze
# gcc -fanalyzer over every source file.
ANALYZE := $(patsubst %.c,$(BUILD)/analyze/%.ok,$(foreach r,$(ROOMS) sandbox,$(call room_src,$(r))) src/main.c)
analyze: $(ANALYZE)
$(BUILD)/analyze/%.ok: %.c
	@$(call say,CHECK,$<); mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) -fanalyzer -MMD -MP -MT $@ -MF $(@:.ok=.d) -c -o /dev/null $< && touch $@
tidy: compile_commands.json
	@.ci/packages build tidy
	clang-tidy -p . $(foreach r,$(ROOMS) sandbox,$(call room_src,$(r)))
format:
	clang-format -i $(shell git ls-files '*.c' '*.h')

compile_commands.json: Makefile
	@python3 tests/lib/compdb.py '$(subst ','\'',$(CC) $(filter-out -Werror,$(CFLAGS_ALL)))' > $@

# ---- manual page: a program on the tables of the verbs and the keys writes it --------------------
MKMAN := $(BUILD)/data/man/mkman
$(MKMAN).o: CFLAGS_ALL += -DKP_DATED='"$(DATED)"'
$(MKMAN).o: Makefile
$(MKMAN): $(MKMAN).o $(call libs_of,ui)
	@$(call say,LINK,$@)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)
$(BUILD)/kaipiao.1: $(MKMAN)
	@$(call say,GEN,$@)
	$(Q)$(MKMAN) > $@
man: $(BUILD)/kaipiao.1

# ---- packages, demo, install -------------------------------------------------------------------
deps:
	@.ci/packages build test
demo:
	@.ci/packages build
	@$(MAKE) --no-print-directory all
	@$(BIN)/kaipiao demo $(DEMO_ARGS)

# Units of systemd: they name the place of the program.
SYSTEMD := $(wildcard data/systemd/*)
install: all man
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/kaipiao/samples
	install -d $(DESTDIR)$(PREFIX)/share/man/man1
	install -m755 $(BIN)/kaipiao $(BIN)/leqi-sandbox $(DESTDIR)$(PREFIX)/bin/
	install -m644 templates/samples/*.json $(DESTDIR)$(PREFIX)/share/kaipiao/samples/
	install -m644 $(BUILD)/kaipiao.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	for u in $(SYSTEMD); do sed 's|@BINDIR@|$(PREFIX)/bin|' $$u > $(BUILD)/unit.tmp && \
	  install -m644 $(BUILD)/unit.tmp $(DESTDIR)$(PREFIX)/lib/systemd/system/$${u##*/} || exit 1; done
	rm -f $(BUILD)/unit.tmp
uninstall:
	for u in $(SYSTEMD); do rm -f $(DESTDIR)$(PREFIX)/lib/systemd/system/$${u##*/}; done
	rm -f $(DESTDIR)$(PREFIX)/bin/kaipiao $(DESTDIR)$(PREFIX)/bin/leqi-sandbox
	rm -f $(DESTDIR)$(PREFIX)/share/man/man1/kaipiao.1
	rm -rf $(DESTDIR)$(PREFIX)/share/kaipiao

clean:
	rm -rf $(BUILD) $(BIN) compile_commands.json

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
.PHONY: all man unit term check test test-asan test-valgrind tools bench fuzz lint analyze tidy format deps demo install \
        uninstall clean $(ROOMS:%=room-%)
.DELETE_ON_ERROR:
.SECONDARY:
FORCE:
