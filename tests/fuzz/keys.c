/* keys - arbitrary bytes of a terminal.
 *
 * First byte: bit 0 the charset, bit 1 silence between the pieces, bit 2 a key of terminfo.
 * Second: where the rest is split.  Without silence the keys must be those of the whole.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "ui/key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FLAG_GB18030 = 1, FLAG_SILENCE = 2, FLAG_DEFINE = 4 };

static void must(bool good)
{
	if (!good)
		abort();
}

/* Adds a key's bytes to the record; checks what holds for every key. */
static void look(struct keys *k, struct key key, struct buf *record)
{
	char name[KEY_NAME];
	struct key back;
	const char *paste;
	size_t n;

	must(key.code > 0 && key.code < K_LAST && key.code != K_FIRST);
	must(!(key.mods & ~(unsigned)(K_CTRL | K_ALT | K_SHIFT)));
	must(key.code >= K_FIRST || !(key.mods & K_SHIFT));
	must(key_parse(ui_key_name(key, name), &back));
	must(back.code == key.code && back.mods == key.mods);
	must(strlen(name) < KEY_NAME);
	buf_add(record, &key, sizeof(key));
	if (key.code != K_PASTE)
		return;
	paste = keys_paste(k, &n);
	must(n > 0 && n <= KEY_PASTE_MAX && strlen(paste) == n && text_valid(paste, n));
	must(!memchr(paste, '\r', n) && !memchr(paste, '\033', n) && !memchr(paste, '\x7f', n));
	buf_add(record, paste, n);
}

static void drain(struct keys *k, struct buf *record)
{
	struct key key;

	while (keys_next(k, &key))
		look(k, key, record);
}

static void hush(struct keys *k, struct buf *record)
{
	for (int i = 0; i < 201; i++) {
		keys_timeout(k);
		drain(k, record);
	}
	must(!keys_pending(k));
}

static struct keys *open_keys(unsigned flags)
{
	struct keys *k = keys_new(flags & FLAG_GB18030 ? KEY_GB18030 : KEY_UTF8);

	if (flags & FLAG_DEFINE)
		keys_define(k, "\033[A", K_F1, K_CTRL);
	return k;
}

static void play(unsigned flags, unsigned split, const uint8_t *data, size_t size,
		 struct buf *record)
{
	struct keys *k = open_keys(flags);

	for (size_t at = 0, n; at < size; at += n) {
		split = split * 1664525U + 1013904223U;
		n = 1 + (split >> 24) % ((split >> 16) % 8 + 1);
		if (n > size - at)
			n = size - at;
		keys_feed(k, data + at, n);
		drain(k, record);
		if (flags & FLAG_SILENCE && split & 0x400) {
			keys_timeout(k);
			drain(k, record);
		}
	}
	hush(k, record);
	keys_free(&k);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole, parts;
	struct keys *k;

	if (size < 2)
		return 0;
	buf_init(&whole, 1 << 26);
	buf_init(&parts, 1 << 26);
	play(data[0], data[1], data + 2, size - 2, &parts);
	k = open_keys(data[0]);
	keys_feed(k, data + 2, size - 2);
	drain(k, &whole);
	hush(k, &whole);
	keys_free(&k);
	if (!(data[0] & FLAG_SILENCE))
		must(whole.len == parts.len &&
		     !memcmp(buf_str(&whole), buf_str(&parts), whole.len));
	buf_free(&whole);
	buf_free(&parts);
	return 0;
}
