#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "ui/key_p.h"

enum {
	INPUT_MAX = KEY_PASTE_MAX + (1 << 16),
	KEEP_MAX = 1 << 16, /* memory kept after a paste */
	DEFINED_MAX = 128,
	SEQUENCE_MAX = 16,
	QUIET_STRING = 40, /* calls of keys_timeout in a row */
	QUIET_PASTE = 200,
};

enum state {
	STATE_GROUND,
	STATE_STRING, /* inside OSC, DCS ...: swallow up to BEL or ST */
	STATE_LONG,   /* inside a CSI beyond all use */
	STATE_PASTE,
};

enum outcome { WAIT, NOTHING, GOT_KEY };

struct defined {
	unsigned char bytes[SEQUENCE_MAX];
	size_t n;
	struct key key;
};

struct keys {
	enum key_charset charset;
	iconv_t to_utf32;
	enum state state;
	unsigned char *in; /* bytes pos..len wait to be decoded */
	size_t pos, len, cap;
	size_t expired; /* nothing followed the bytes before this one in time */
	unsigned quiet;
	struct buf raw, text; /* a paste as it comes in; the last one given out */
	struct defined *defined;
	size_t defined_count;
	bool vt100_plus; /* PuTTY's VT100+ keyboard was heard */
};

struct keys *keys_new(enum key_charset charset)
{
	struct keys *k = mem_zalloc(sizeof(*k));

	k->charset = charset;
	k->to_utf32 = charset == KEY_GB18030 ? iconv_open("UTF-32LE", "GB18030") : (iconv_t)-1;
	buf_init(&k->raw, KEY_PASTE_MAX + 1);
	buf_init(&k->text, KEY_PASTE_MAX + 1);
	return k;
}

void keys_free(struct keys **k)
{
	if (!*k)
		return;
	if ((*k)->to_utf32 != (iconv_t)-1)
		iconv_close((*k)->to_utf32);
	buf_free(&(*k)->raw);
	buf_free(&(*k)->text);
	free((*k)->in);
	free((*k)->defined);
	free(*k);
	*k = NULL;
}

void keys_define(struct keys *k, const char *sequence, uint32_t code, unsigned mods)
{
	size_t n = strlen(sequence);
	struct defined *d;

	if (n < 2 || n > SEQUENCE_MAX || sequence[0] != KEY_ESC || k->defined_count == DEFINED_MAX)
		return;
	k->defined = mem_realloc(k->defined, (k->defined_count + 1) * sizeof(*d));
	d = &k->defined[k->defined_count++];
	*d = (struct defined) {.n = n, .key = {.code = code, .mods = mods}};
	memcpy(d->bytes, sequence, n);
}

static bool is_defined(const struct keys *k, const unsigned char *s, size_t n, struct key *out)
{
	for (size_t i = 0; i < k->defined_count; i++) {
		if (k->defined[i].n == n && !memcmp(k->defined[i].bytes, s, n)) {
			*out = k->defined[i].key;
			return true;
		}
	}
	return false;
}

void keys_feed(struct keys *k, const void *bytes, size_t n)
{
	k->quiet = 0;
	if (k->pos) {
		memmove(k->in, k->in + k->pos, k->len - k->pos);
		k->len -= k->pos;
		k->expired -= k->expired < k->pos ? k->expired : k->pos;
		k->pos = 0;
	}
	if (n > INPUT_MAX - k->len)
		n = INPUT_MAX - k->len;
	if (k->len + n > k->cap) {
		k->cap = k->len + n + 256;
		k->in = mem_realloc(k->in, k->cap);
	}
	if (n)
		memcpy(k->in + k->len, bytes, n);
	k->len += n;
}

/* ---- characters and short sequences ---- */

static size_t character(struct keys *k, const unsigned char *s, size_t n, uint32_t *cp)
{
	if (k->charset == KEY_GB18030)
		return key_gb18030(k->to_utf32, s, n, cp);
	return key_utf8(s, n, cp);
}

static bool is_control(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp < 0xA0);
}

/* The character at s as key; *len 0: more bytes are needed. */
static bool plain_key(struct keys *k, const unsigned char *s, size_t n, size_t *len,
		      struct key *out)
{
	uint32_t cp;

	*len = 1;
	if (s[0] < 0x20 || s[0] == 0x7F) {
		*out = key_of_control(s[0]);
		return true;
	}
	*len = character(k, s, n, &cp);
	*out = (struct key) {.code = cp};
	return *len && !is_control(cp);
}

/* What is left when nothing followed in time: Esc, or Alt with a character that could begin
 * more. */
static enum outcome expired_key(struct keys *k, const unsigned char *s, size_t n, struct key *out)
{
	bool alt = n == 2 && s[1] != KEY_ESC;

	*out = alt ? (struct key) {.code = s[1], .mods = K_ALT} : (struct key) {.code = K_ESC};
	k->pos += alt ? 2 : 1;
	return GOT_KEY;
}

static enum outcome alt_key(struct keys *k, const unsigned char *s, size_t n, struct key *out)
{
	size_t len;
	bool good = plain_key(k, s + 1, n - 1, &len, out);

	if (!len)
		return WAIT;
	if (is_defined(k, s, len + 1, out)) {
		k->pos += len + 1;
		return GOT_KEY;
	}
	k->pos += len + 1;
	if (out->code == K_TAB) /* the Linux console says Shift-Tab so */
		out->code = K_BACKTAB;
	else
		out->mods |= K_ALT;
	return good ? GOT_KEY : NOTHING;
}

static bool is_paste_start(const unsigned char *s, size_t n)
{
	return n == 6 && !memcmp(s, "\033[200~", 6);
}

/* ESC O X is F9 of the VT100+ keyboard and '=' of other keypads; what else it sends for F5 to F12
 * nobody else does. */
static enum outcome hear_vt100_plus(struct keys *k, const unsigned char *s, size_t n,
				    struct key *out)
{
	if (n != 3 || s[1] != 'O')
		return GOT_KEY;
	if (s[2] == 'X' && k->vt100_plus)
		*out = (struct key) {.code = K_F9};
	else if (strchr("TUVWYZ[", s[2]))
		k->vt100_plus = true;
	return GOT_KEY;
}

static enum outcome escape(struct keys *k, const unsigned char *s, size_t n, struct key *out)
{
	size_t due = k->expired > k->pos ? k->expired - k->pos : 0, len = 0;

	if (due && key_shape(s, due, &len) == SHAPE_PARTIAL && key_may_be_whole(s, due))
		return expired_key(k, s, due, out);
	switch (key_shape(s, n, &len)) {
	case SHAPE_PARTIAL:
		return WAIT;
	case SHAPE_STRING:
		k->state = STATE_STRING;
		break;
	case SHAPE_LONG:
		k->state = STATE_LONG;
		break;
	case SHAPE_ONE:
		if (len == 1) {
			*out = (struct key) {.code = K_ESC};
			k->pos++;
			return GOT_KEY;
		}
		if (s[1] != '[' && s[1] != 'O' && s[1] != KEY_ESC)
			return alt_key(k, s, n, out);
		k->pos += len;
		if (is_paste_start(s, len))
			k->state = STATE_PASTE;
		else if (is_defined(k, s, len, out))
			return GOT_KEY;
		else if (key_of_sequence(s, len, out))
			return hear_vt100_plus(k, s, len, out);
		return NOTHING;
	}
	k->pos += len;
	return NOTHING;
}

static enum outcome ground(struct keys *k, const unsigned char *s, size_t n, struct key *out)
{
	size_t len;
	bool good;

	if (s[0] == KEY_ESC)
		return escape(k, s, n, out);
	good = plain_key(k, s, n, &len, out);
	k->pos += len;
	return !len ? WAIT : good ? GOT_KEY : NOTHING;
}

/* ---- what is swallowed ---- */

static enum outcome string(struct keys *k, const unsigned char *s, size_t n, struct key *out)
{
	(void)out;
	for (size_t i = 0; i < n; i++) {
		if (s[i] == 0x07 || s[i] == 0x18 || s[i] == 0x1A) {
			k->pos += i + 1;
			k->state = STATE_GROUND;
			return NOTHING;
		}
		if (s[i] != KEY_ESC)
			continue;
		k->pos += i;
		if (i + 1 == n && k->expired <= k->pos)
			return WAIT;
		k->pos += i + 1 < n && s[i + 1] == '\\' ? 2 : 0;
		k->state = STATE_GROUND;
		return NOTHING;
	}
	k->pos += n;
	return WAIT;
}

static enum outcome long_sequence(struct keys *k, const unsigned char *s, size_t n, struct key *out)
{
	size_t i = 0;

	(void)out;
	while (i < n && s[i] >= 0x20 && s[i] < 0x40)
		i++;
	k->pos += i;
	if (i == n)
		return WAIT;
	k->pos += s[i] >= 0x40 && s[i] < 0x7F;
	k->state = STATE_GROUND;
	return NOTHING;
}

/* ---- paste ---- */

/* Raw bytes of the terminal become text of ours. */
static void clean_paste(struct keys *k)
{
	const unsigned char *s = (const unsigned char *)buf_str(&k->raw);
	size_t n = k->raw.len, at, len, bytes;
	uint32_t cp;
	char utf8[4];

	for (at = 0; at < n; at += len ? len : 1) {
		len = character(k, s + at, n - at, &cp);
		if (!len)
			continue;
		if (cp == '\r') {
			len += at + 1 < n && s[at + 1] == '\n';
			cp = '\n';
		}
		if (is_control(cp) && cp != '\n' && cp != '\t')
			continue;
		bytes = text_put(cp, utf8);
		if (k->text.len + bytes > KEY_PASTE_MAX)
			break;
		buf_add(&k->text, utf8, bytes);
	}
}

static void let_go(struct buf *b)
{
	if (b->cap > KEEP_MAX)
		buf_free(b);
	buf_reset(b);
}

static enum outcome end_paste(struct keys *k, struct key *out)
{
	clean_paste(k);
	let_go(&k->raw);
	k->state = STATE_GROUND;
	*out = (struct key) {.code = K_PASTE};
	return k->text.len ? GOT_KEY : NOTHING;
}

static void keep(struct keys *k, const unsigned char *s, size_t n)
{
	size_t room = KEY_PASTE_MAX - k->raw.len;

	buf_add(&k->raw, s, n < room ? n : room);
}

static enum outcome paste(struct keys *k, const unsigned char *s, size_t n, struct key *out)
{
	static const char END[] = "\033[201~";
	const unsigned char *esc = memchr(s, KEY_ESC, n);
	size_t before = esc ? (size_t)(esc - s) : n, rest = n - before, m = sizeof(END) - 1;

	keep(k, s, before);
	k->pos += before;
	if (!rest)
		return WAIT;
	if (!memcmp(esc, END, rest < m ? rest : m)) {
		if (rest < m)
			return WAIT;
		k->pos += m;
		return end_paste(k, out);
	}
	keep(k, esc, 1);
	k->pos++;
	return NOTHING;
}

/* ---- the next key ---- */

static enum outcome step(struct keys *k, struct key *out)
{
	static enum outcome (*const STEPS[])(struct keys *, const unsigned char *, size_t,
					     struct key *) = {
	    [STATE_GROUND] = ground,
	    [STATE_STRING] = string,
	    [STATE_LONG] = long_sequence,
	    [STATE_PASTE] = paste,
	};

	if (k->state == STATE_STRING && k->quiet >= QUIET_STRING)
		k->state = STATE_GROUND;
	if (k->state == STATE_PASTE && k->quiet >= QUIET_PASTE) {
		k->pos = k->len; /* at most a part of the end mark */
		return end_paste(k, out);
	}
	if (k->pos == k->len)
		return WAIT;
	return STEPS[k->state](k, k->in + k->pos, k->len - k->pos, out);
}

bool keys_next(struct keys *k, struct key *out)
{
	enum outcome o;

	let_go(&k->text);
	do
		o = step(k, out);
	while (o == NOTHING);
	return o == GOT_KEY;
}

bool keys_pending(const struct keys *k)
{
	size_t n = k->len - k->pos, len;
	const unsigned char *s;

	if (k->state == STATE_STRING || k->state == STATE_PASTE)
		return true;
	if (k->state != STATE_GROUND || !n)
		return false;
	s = k->in + k->pos;
	return s[0] == KEY_ESC && key_may_be_whole(s, n) && key_shape(s, n, &len) == SHAPE_PARTIAL;
}

void keys_timeout(struct keys *k)
{
	k->expired = k->len;
	k->quiet++;
}

const char *keys_paste(const struct keys *k, size_t *n)
{
	*n = k->text.len;
	return buf_str(&k->text);
}
