/* Keys: sequences of many terminals, any split, random bytes, names, paste. */
#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/text.h"
#include "ui/key.h"

static uint32_t seed = 20251120;

static uint32_t rnd(uint32_t n)
{
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 8) % n;
}

/* Writes the keys there are as names with blanks between; a paste as its text in brackets. */
static void drain(struct keys *k, struct buf *out)
{
	char name[KEY_NAME];
	struct key key;
	size_t n;

	while (keys_next(k, &key)) {
		if (out->len)
			buf_addc(out, ' ');
		buf_adds(out, ui_key_name(key, name));
		if (key.code != K_PASTE)
			continue;
		buf_addc(out, '[');
		buf_adds(out, keys_paste(k, &n));
		buf_addc(out, ']');
	}
}

static void hush(struct keys *k, struct buf *out)
{
	for (int i = 0; i < 300; i++) {
		keys_timeout(k);
		drain(k, out);
	}
}

static void expect_in(enum key_charset charset, const char *bytes, size_t n, const char *names)
{
	struct keys *k = keys_new(charset);
	struct buf out;

	buf_init(&out, 1 << 20);
	keys_feed(k, bytes, n);
	drain(k, &out);
	hush(k, &out);
	if (strcmp(buf_str(&out), names) != 0)
		fail_msg("'%s' gave '%s', not '%s'", bytes, buf_str(&out), names);
	assert_false(keys_pending(k));
	buf_free(&out);
	keys_free(&k);
	assert_null(k);
}

static void expect(const char *bytes, const char *names)
{
	expect_in(KEY_UTF8, bytes, strlen(bytes), names);
}

static void terminals_are_understood(void **state)
{
	static const struct {
		const char *bytes, *names;
	} rows[] = {
	    {"\033[A\033[B\033[C\033[D", "Up Down Right Left"},
	    {"\033OA\033OB\033OC\033OD", "Up Down Right Left"},
	    {"\033[H\033[F\033OH\033OF\033[1~\033[4~\033[7~\033[8~",
	     "Home End Home End Home End Home End"},
	    {"\033[2~\033[3~\033[5~\033[6~", "Insert Delete PgUp PgDn"},
	    {"\033[1;5A\033[1;2B\033[1;3C\033[1;6D\033[1;9A",
	     "Ctrl-Up Shift-Down Alt-Right Ctrl-Shift-Left Alt-Up"},
	    {"\033[3;5~\033[5;2~\033[1;5H", "Ctrl-Delete Shift-PgUp Ctrl-Home"},
	    {"\033OP\033OQ\033OR\033OS\033[15~\033[17~\033[18~\033[19~"
	     "\033[20~\033[21~\033[23~\033[24~",
	     "F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 F11 F12"},
	    {"\033[11~\033[12~\033[13~\033[14~", "F1 F2 F3 F4"},
	    {"\033[[A\033[[B\033[[C\033[[D\033[[E", "F1 F2 F3 F4 F5"},
	    {"\033OT\033OU\033OV\033OW\033OY\033OZ\033O[", "F5 F6 F7 F8 F10 F11 F12"},
	    /* F9 of that keyboard, once it is known to be one */
	    {"\033OX\033OP\033OX\033OY\033OX", "= F1 = F10 F9"},
	    {"\033[1;2P\033[1;5S\033[15;5~\033[25~", "Shift-F1 Ctrl-F4 Ctrl-F5 Shift-F1"},
	    {"\033O5P\033O1;5Q", "Ctrl-F1 Ctrl-F2"},
	    {"\033[a\033Oa\033[7^\033[7$\033[7@\033[11^\033[23$",
	     "Shift-Up Ctrl-Up Ctrl-Home Shift-Home Ctrl-Shift-Home Ctrl-F1 Shift-F11"},
	    {"\033[K\033[V\033[U\033[@", "End PgUp PgDn Insert"},
	    {"\033Op\033Oq\033Or\033Os\033Ot\033Ou\033Ov\033Ow\033Ox\033Oy", "0 1 2 3 4 5 6 7 8 9"},
	    {"\033On\033Ok\033Om\033Oj\033Oo\033OX\033Ol\033OM", ". + - * / = , Enter"},
	    {"\033[Z\033\t\t", "Shift-Tab Shift-Tab Tab"},
	    {"\033[1;2Z\033[1;8Z", "Shift-Tab Ctrl-Alt-Shift-Tab"},
	    {"\r\n\x7f\b", "Enter Enter Backspace Backspace"},
	    {"\x01\x13\x1a\x1c\x1d\x1e\x1f", "Ctrl-A Ctrl-S Ctrl-Z Ctrl-\\ Ctrl-] Ctrl-^ Ctrl-_"},
	    {"a Z税\xF0\xA0\xAE\xB7", "a Space Z 税 𠮷"},
	    {"\033a\033Z\033中\033\r\033\x7f\033\x01",
	     "Alt-a Alt-Z Alt-中 Alt-Enter Alt-Backspace Ctrl-Alt-A"},
	    {"\033\033[A\033\033OB\033\033[5~", "Alt-Up Alt-Down Alt-PgUp"},
	    {"\033", "Esc"},
	    {"\033\033", "Esc Esc"},
	    {"\033\033\033", "Esc Esc Esc"},
	    {"\033\033a", "Esc Alt-a"},
	    {"\033\033\033[A", "Esc Alt-Up"},
	    {"\033[", "Alt-["},
	    {"\033O", "Alt-O"},
	    {"\033]", "Alt-]"},
	    {"\033P", "Alt-P"},
	    {"\033\033[", "Esc Alt-["},
	    {"\033[97;5u\033[13;2u\033[9;2u\033[27u\033[97;2u\033[127;3u",
	     "Ctrl-A Shift-Enter Shift-Tab Esc A Alt-Backspace"},
	    {"\033[20013u\033[97:65;6:1u\033[97;5:3u\033[57399u", "中 Ctrl-A"},
	    {"\033[27;5;13~\033[27;6;97~\033[27;2;9~", "Ctrl-Enter Ctrl-A Shift-Tab"},
	    {"\033[I\033[O", "FocusIn FocusOut"},
	    /* Not ours: swallowed whole. */
	    {"\033[?1;2cx", "x"},
	    {"\033[>0;276;0cx", "x"},
	    {"\033[12;40Rx", "x"},
	    {"\033[?2026;2$yx", "x"},
	    {"\033[<0;10;20Mx", "x"},
	    /* the wheel; not the release of a button, nor a wheel that turns sideways */
	    {"\033[<64;10;20M\033[<65;1;1M", "Up Down"},
	    {"\033[<65;1;1m\033[<66;1;1M\033[<64;1Mx", "x"},
	    {"\033[M !!x", "x"},
	    {"\033[99~x", "x"},
	    {"\033[1;5zx", "x"},
	    {"\033[1114113ux", "x"},
	    {"\033O?x", "x"},
	    {"\033[201~x", "x"},
	    {"\033]11;rgb:0000/0000/0000\033\\x", "x"},
	    {"\033]0;title\007x", "x"},
	    {"\033P1$r0m\033\\x", "x"},
	    {"\033_Gi=1;OK\033\\x", "x"},
	    {"\033]52;c;abc\030x", "x"},
	    {"\033]52;c;abc\033[A", "Up"},
	    {"\033]never ended", ""},
	    {"\033]never ended\033", "Esc"},
	    {"\033[1;\033[A", "Up"},
	    {"\033[1;\rx", "Enter x"},
	    {"\033[[\033[A", "Up"},
	    {"\033O\033[A", "Up"},
	    {"\033[1;5", ""},
	    /* Bad bytes are dropped, their neighbours are not. */
	    {"a\xE4"
	     "b\xB8\xFF"
	     "c\xC2\x9B"
	     "d\xED\xA0\x80"
	     "e\xE4\xB8",
	     "a b c d e"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect(rows[i].bytes, rows[i].names);
	expect_in(KEY_UTF8, "\0a", 2, "Ctrl-Space a");
	expect_in(KEY_UTF8, "\033\0a", 3, "Ctrl-Alt-Space a");
}

static void long_sequence_is_swallowed(void **state)
{
	char bytes[4096];

	(void)state;
	memset(bytes, ';', sizeof(bytes));
	memcpy(bytes, "\033[", 2);
	memcpy(bytes + 4000, "Ax\033[Az", 7);
	expect(bytes, "x Up z");
	memset(bytes + 2, '1', 3998);
	memcpy(bytes + 4000, "\033[Az", 5);
	expect(bytes, "Up z");
}

/* The terminal's own word goes before the built-in table; odd definitions are ignored. */
static void terminfo_adds_keys(void **state)
{
	struct keys *k = keys_new(KEY_UTF8);
	struct buf out;

	(void)state;
	keys_define(k, "\033[224z", K_F1, 0);
	keys_define(k, "\033OP", K_F9, K_CTRL);
	keys_define(k, "\033x", K_F12, 0);
	keys_define(k, "q", K_F2, 0);
	keys_define(k, "", K_F2, 0);
	keys_define(k, "\033[a very long sequence", K_F2, 0);
	for (int i = 0; i < 300; i++)
		keys_define(k, "\033[225z", K_F3, 0);
	buf_init(&out, 1 << 16);
	keys_feed(k, "\033[224z\033OPq\033x\033[225z", 18);
	drain(k, &out);
	assert_string_equal(buf_str(&out), "F1 Ctrl-F9 q F12 F3");
	buf_free(&out);
	keys_free(&k);
}

static void timeout_is_only_for_what_came_before(void **state)
{
	struct keys *k = keys_new(KEY_UTF8);
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 16);
	assert_false(keys_pending(k));
	keys_feed(k, "\033", 1);
	drain(k, &out);
	assert_true(keys_pending(k));
	keys_feed(k, "[A", 2); /* in time */
	drain(k, &out);
	assert_false(keys_pending(k));
	keys_feed(k, "\033", 1);
	keys_timeout(k);
	keys_feed(k, "[A", 2); /* too late, though nobody looked between */
	drain(k, &out);
	/* A split sequence goes on after any time: nobody types it by hand. */
	keys_feed(k, "\033[1;", 4);
	drain(k, &out);
	assert_false(keys_pending(k));
	hush(k, &out);
	keys_feed(k, "5A", 2);
	drain(k, &out);
	assert_string_equal(buf_str(&out), "Up Esc [ A Ctrl-Up");
	buf_free(&out);
	keys_free(&k);
}

/* ---- any split ---- */

static void add_piece(struct buf *b, enum key_charset charset)
{
	static const char *const PIECES[] = {
	    "\033[A",
	    "\033OP",
	    "\033[1;5C",
	    "\033[15~",
	    "\033[[A",
	    "\033[7$",
	    "\033\033[B",
	    "\033\033",
	    "\033a",
	    "\033",
	    "\033[200~a\r\nb\tc\033[201~",
	    "\033[200~",
	    "\033[201~",
	    "\033]0;x\007",
	    "\033]1;\033\\",
	    "\033Pq\033",
	    "\033[97;5u",
	    "\033[M   ",
	    "\033[?1;2c",
	    "\r",
	    "\x7f",
	    "abc",
	    "\033[<0;1;1m",
	};
	static const char *const TEXT[] = {"价税合计", "\xBC\xDB\xCB\xB0\x81\x30\x81\x30"};

	switch (rnd(4)) {
	case 0:
		buf_adds(b, TEXT[charset]);
		break;
	case 1:
		for (uint32_t i = rnd(6); i; i--)
			buf_addc(b, (char)rnd(256));
		break;
	default:
		buf_adds(b, PIECES[rnd(sizeof(PIECES) / sizeof(PIECES[0]))]);
	}
}

static void any_split_decodes_the_same(void **state)
{
	(void)state;
	for (int round = 0; round < 20000; round++) {
		enum key_charset charset = rnd(2) ? KEY_UTF8 : KEY_GB18030;
		struct keys *whole = keys_new(charset), *split = keys_new(charset);
		struct buf bytes, a, b;

		buf_init(&bytes, 1 << 16);
		buf_init(&a, 1 << 20);
		buf_init(&b, 1 << 20);
		for (uint32_t i = 1 + rnd(12); i; i--)
			add_piece(&bytes, charset);
		keys_feed(whole, bytes.data, bytes.len);
		drain(whole, &a);
		for (size_t at = 0, n; at < bytes.len; at += n) {
			n = 1 + rnd(rnd(2) ? 2 : 20);
			if (n > bytes.len - at)
				n = bytes.len - at;
			keys_feed(split, bytes.data + at, n);
			if (rnd(3))
				drain(split, &b);
		}
		drain(split, &b);
		assert_int_equal(keys_pending(whole), keys_pending(split));
		hush(whole, &a);
		hush(split, &b);
		if (strcmp(buf_str(&a), buf_str(&b)) != 0)
			fail_msg("'%s'\nwhole '%s'\nsplit '%s'", buf_str(&bytes), buf_str(&a),
				 buf_str(&b));
		buf_free(&bytes);
		buf_free(&a);
		buf_free(&b);
		keys_free(&whole);
		keys_free(&split);
	}
}

/* Whatever came, keys typed later arrive, and every key is one that key.h knows. */
static void random_bytes_never_deafen(void **state)
{
	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct keys *k = keys_new(rnd(2) ? KEY_UTF8 : KEY_GB18030);
		char bytes[200];
		size_t n = rnd(sizeof(bytes));
		struct key key;
		int heard = 0;

		for (size_t i = 0; i < n; i++)
			bytes[i] = rnd(3) ? "\033[O]PM$;0~1\x9B"[rnd(12)] : (char)rnd(256);
		keys_feed(k, bytes, n);
		while (keys_next(k, &key)) {
			assert_true(key.code > 0 && key.code < K_LAST && key.code != K_FIRST);
			assert_true(key.code < 0xD800 || key.code > 0xDFFF);
			assert_int_equal(key.mods & ~(unsigned)(K_CTRL | K_ALT | K_SHIFT), 0);
			assert_false(key.code < K_FIRST && key.mods & K_SHIFT);
			assert_false(key.code == K_TAB && key.mods & K_SHIFT);
		}
		for (int i = 0; i < 300; i++)
			keys_timeout(k);
		while (keys_next(k, &key))
			;
		assert_false(keys_pending(k));
		keys_feed(k, "zzzzzzzzzzzzzzzz", 16);
		while (keys_next(k, &key))
			heard += key.code == 'z';
		assert_true(heard >= 12);
		keys_free(&k);
	}
}

/* ---- names ---- */

static void names_round_trip(void **state)
{
	char name[KEY_NAME];
	struct key key, back;

	(void)state;
	for (uint32_t code = 1; code < K_LAST; code++) {
		if (code == K_FIRST || (code >= 0xD800 && code <= 0xDFFF))
			continue;
		for (unsigned mods = 0; mods < 8; mods++) {
			if ((code < K_FIRST && mods & K_SHIFT) ||
			    (code >= 'A' && code <= 'Z' && mods & K_CTRL))
				continue;
			if ((code == K_TAB || code == K_BACKTAB) && mods & K_SHIFT)
				continue;
			if (code > 0x3000 && code < K_FIRST && (code % 97 || mods > 1))
				continue;
			key = (struct key) {code, mods};
			if (!key_parse(ui_key_name(key, name), &back) || back.code != code ||
			    back.mods != mods)
				fail_msg("U+%X %u is '%s'", (unsigned)code, mods, name);
		}
	}
}

static void names_are_read(void **state)
{
	static const struct {
		const char *name;
		uint32_t code;
		unsigned mods;
	} rows[] = {
	    {"F10", K_F10, 0},
	    {"f10", K_F10, 0},
	    {"Ctrl-S", 's', K_CTRL},
	    {"ctrl-s", 's', K_CTRL},
	    {"Alt-x", 'x', K_ALT},
	    {"Alt-X", 'X', K_ALT},
	    {"Shift-Tab", K_BACKTAB, 0},
	    {"Ctrl-Shift-Tab", K_BACKTAB, K_CTRL},
	    {"Space", ' ', 0},
	    {"Ctrl-Space", ' ', K_CTRL},
	    {"Shift-Alt-Up", K_UP, K_SHIFT | K_ALT},
	    {"-", '-', 0},
	    {"Ctrl--", '-', K_CTRL},
	    {"中", 0x4E2D, 0},
	    {"U+4E2D", 0x4E2D, 0},
	    {"U", 'U', 0},
	    {"?", '?', 0},
	};
	static const char *const wrong[] = {
	    "",     "Ctrl-", "F0",       "F13",    "F100",   "Shift-a", "Ctrl-S-",     "ab",
	    "中文", "U+",    "U+110000", "U+0000", "Strg-S", "\xFF",    "Shift-Space", "Escape"};
	struct key key;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!key_parse(rows[i].name, &key) || key.code != rows[i].code ||
		    key.mods != rows[i].mods)
			fail_msg("%s", rows[i].name);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (key_parse(wrong[i], &key))
			fail_msg("'%s' is a key", wrong[i]);
	}
}

static void text_is_what_can_be_typed(void **state)
{
	(void)state;
	assert_true(key_is_text((struct key) {'a', 0}));
	assert_true(key_is_text((struct key) {' ', 0}));
	assert_true(key_is_text((struct key) {0x7A0E, 0}));
	assert_true(key_is_text((struct key) {0x301, 0}));
	assert_false(key_is_text((struct key) {'a', K_ALT}));
	assert_false(key_is_text((struct key) {'a', K_CTRL}));
	assert_false(key_is_text((struct key) {K_ENTER, 0}));
	assert_false(key_is_text((struct key) {K_PASTE, 0}));
	assert_false(key_is_text((struct key) {0x202E, 0}));
	assert_false(key_is_text((struct key) {0x1B, 0}));
	assert_false(key_is_text((struct key) {0, 0}));
	assert_false(key_is_text((struct key) {0xD800, 0}));
}

/* ---- paste ---- */

static void paste_is_cleaned(void **state)
{
	(void)state;
	expect("\033[200~a\tb\r\nc\rd\n\ne\033[201~x", "Paste[a\tb\nc\nd\n\ne] x");
	expect("\033[200~\033[31mred\x01\x7f\xC2\x85\xFF税\033[201~", "Paste[[31mred税]");
	expect("\033[200~\033[201~x", "x");
	expect("\033[200~\x01\033[201~x", "x");
	expect("\033[200~\033[200~a\033[201~\033[201~x", "Paste[[200~a] x");
	expect("\033[200~\033\033[201~x", "x");
	expect("\033[200~a\033[20", "Paste[a]");
	expect("\033[200~never ended", "Paste[never ended]");
}

static void paste_waits_for_slow_lines(void **state)
{
	struct keys *k = keys_new(KEY_UTF8);
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 16);
	keys_feed(k, "\033[200~one\033", 10);
	drain(k, &out);
	for (int i = 0; i < 150; i++) {
		assert_true(keys_pending(k));
		keys_timeout(k);
		drain(k, &out);
	}
	assert_string_equal(buf_str(&out), "");
	keys_feed(k, "[20", 3);
	for (int i = 0; i < 150; i++) {
		keys_timeout(k);
		drain(k, &out);
	}
	keys_feed(k, "1~\033[A", 5);
	drain(k, &out);
	assert_string_equal(buf_str(&out), "Paste[one] Up");
	buf_free(&out);
	keys_free(&k);
}

static void paste_is_bounded(void **state)
{
	struct keys *k = keys_new(KEY_UTF8);
	char *block = mem_alloc(1 << 16);
	struct key key;
	size_t n;

	(void)state;
	for (size_t i = 0; i + 3 <= 1 << 16; i += 3)
		memcpy(block + i, "税", 3);
	keys_feed(k, "\033[200~", 6);
	for (int i = 0; i < 100; i++) {
		keys_feed(k, block, (1 << 16) / 3 * 3);
		assert_false(keys_next(k, &key));
	}
	keys_feed(k, "\033[201~x", 7);
	assert_true(keys_next(k, &key));
	assert_int_equal(key.code, K_PASTE);
	keys_paste(k, &n);
	assert_true(n <= KEY_PASTE_MAX && n > KEY_PASTE_MAX - 3);
	assert_true(text_valid(keys_paste(k, &n), n));
	assert_true(keys_next(k, &key));
	assert_int_equal(key.code, 'x');
	/* All at once, and nobody asks between: what is too much is dropped, nothing breaks. */
	for (int i = 0; i < 100; i++)
		keys_feed(k, block, (1 << 16) / 3 * 3);
	while (keys_next(k, &key))
		assert_true(key.code == 0x7A0E);
	free(block);
	keys_free(&k);
}

/* ---- GB18030 ---- */

static void gb18030_is_read(void **state)
{
	iconv_t cd = iconv_open("GB18030", "UTF-32LE");
	struct keys *k = keys_new(KEY_GB18030);
	struct key key;

	(void)state;
	if (cd == (iconv_t)-1) {
		print_message("iconv does not know GB18030\n");
		keys_free(&k);
		skip();
		return;
	}
	for (uint32_t cp = 0xA0; cp <= 0x10FFFF; cp += cp < 0x10000 ? 1 : 37) {
		char *in = (char *)&cp, bytes[8], *out = bytes;
		size_t left = sizeof(cp), room = sizeof(bytes);

		if ((cp >= 0xD800 && cp <= 0xDFFF) ||
		    iconv(cd, &in, &left, &out, &room) == (size_t)-1)
			continue;
		for (char *p = bytes; p < out; p++) {
			keys_feed(k, p, 1);
			if (p + 1 < out)
				assert_false(keys_next(k, &key));
		}
		if (!keys_next(k, &key) || key.code != cp)
			fail_msg("U+%04X gave U+%04X", (unsigned)cp, (unsigned)key.code);
	}
	iconv_close(cd);
	keys_free(&k);
	expect_in(KEY_GB18030,
		  "\xCB\xB0"
		  "a\033\xCB\xB0\x80\xFF"
		  "b\x81\x30"
		  "c\x81 d",
		  15, "税 a Alt-税 b 0 c Space d");
	expect_in(KEY_GB18030, "\033[200~\xCB\xB0\r\n\xCB\033[201~", 17, "Paste[税\n]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(terminals_are_understood),
	    cmocka_unit_test(long_sequence_is_swallowed),
	    cmocka_unit_test(terminfo_adds_keys),
	    cmocka_unit_test(timeout_is_only_for_what_came_before),
	    cmocka_unit_test(any_split_decodes_the_same),
	    cmocka_unit_test(random_bytes_never_deafen),
	    cmocka_unit_test(names_round_trip),
	    cmocka_unit_test(names_are_read),
	    cmocka_unit_test(text_is_what_can_be_typed),
	    cmocka_unit_test(paste_is_cleaned),
	    cmocka_unit_test(paste_waits_for_slow_lines),
	    cmocka_unit_test(paste_is_bounded),
	    cmocka_unit_test(gb18030_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
