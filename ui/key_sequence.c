/* key_sequence.c - the escape sequences of the terminals people use, as tables.
 *
 * Sources: xterm's control sequences (cursor keys in both modes, modifiers, modifyOtherKeys,
 * keypad), the terminfo entries of linux, rxvt, screen, tmux, VT220, and the keyboard tables of
 * PuTTY, Xshell and SecureCRT.
 */
#include <string.h>

#include "base/text.h"
#include "ui/key_p.h"

/* ---- how far a sequence goes ---- */

/* The bytes that go with a final byte at s[2]: up to *len, fewer when one is a control. */
static enum shape tail_shape(const unsigned char *s, size_t n, size_t *len)
{
	for (size_t i = 3; i < *len; i++) {
		if (i == n)
			return SHAPE_PARTIAL;
		if (s[i] < 0x20)
			*len = i;
	}
	return SHAPE_ONE;
}

/* Up to the final byte.  Three sequences break the rule: Linux has ESC [ [ A; rxvt ends a shifted
 * key with '$'; a mouse report of the old kind has three bytes behind ESC [ M. */
static enum shape csi_shape(const unsigned char *s, size_t n, size_t *len)
{
	bool digits = true;
	size_t i;

	for (i = 2; i < n; i++) {
		unsigned char c = s[i];

		*len = i + 1;
		if (i >= KEY_CSI_MAX)
			return SHAPE_LONG;
		if (c == '$' && digits && i > 2)
			return SHAPE_ONE;
		if (c < 0x20 || c > 0x7E) {
			*len = i; /* broken off: this byte is not part of it */
			return SHAPE_ONE;
		}
		digits = digits && c >= '0' && c <= '9';
		if (c < 0x40)
			continue;
		if (i == 2 && (c == '[' || c == 'M'))
			*len = c == 'M' ? 6 : 4;
		return tail_shape(s, n, len);
	}
	return SHAPE_PARTIAL;
}

/* ESC O, perhaps digits for modifiers, and one byte. */
static enum shape ss3_shape(const unsigned char *s, size_t n, size_t *len)
{
	for (size_t i = 2; i < n; i++) {
		bool broken = s[i] < 0x20 || s[i] > 0x7E;

		*len = broken ? i : i + 1;
		if (broken || i >= 8 || !((s[i] >= '0' && s[i] <= '9') || s[i] == ';'))
			return SHAPE_ONE;
	}
	return SHAPE_PARTIAL;
}

enum shape key_shape(const unsigned char *s, size_t n, size_t *len)
{
	enum shape shape;

	if (n < 2)
		return SHAPE_PARTIAL;
	switch (s[1]) {
	case '[':
		return csi_shape(s, n, len);
	case 'O':
		return ss3_shape(s, n, len);
	case ']': /* OSC */
	case 'P': /* DCS */
	case 'X': /* SOS */
	case '^': /* PM */
	case '_': /* APC */
		*len = 2;
		return n > 2 ? SHAPE_STRING : SHAPE_PARTIAL;
	case KEY_ESC: /* Alt with a key that is itself a sequence; else an Esc of its own */
		if (n < 3)
			return SHAPE_PARTIAL;
		*len = 1;
		if (s[2] != '[' && s[2] != 'O')
			return SHAPE_ONE;
		shape = key_shape(s + 1, n - 1, len);
		++*len;
		return shape;
	default:
		*len = 2;
		return SHAPE_ONE;
	}
}

bool key_may_be_whole(const unsigned char *s, size_t n)
{
	if (n == 2)
		return s[1] == KEY_ESC || strchr("[O]PX^_", s[1]);
	return n == 1 || (n == 3 && s[1] == KEY_ESC);
}

/* ---- what a sequence says ---- */

struct named {
	unsigned final; /* last byte, or the number before '~' */
	uint32_t code;
	unsigned mods;
};

static const struct named CSI[] = {
    {'A', K_UP, 0},         {'B', K_DOWN, 0},     {'C', K_RIGHT, 0},      {'D', K_LEFT, 0},
    {'H', K_HOME, 0},       {'F', K_END, 0},      {'P', K_F1, 0},         {'Q', K_F2, 0},
    {'R', K_F3, 0},         {'S', K_F4, 0},       {'Z', K_BACKTAB, 0},    {'I', K_FOCUS_IN, 0},
    {'O', K_FOCUS_OUT, 0},  {'a', K_UP, K_SHIFT}, {'b', K_DOWN, K_SHIFT}, {'c', K_RIGHT, K_SHIFT},
    {'d', K_LEFT, K_SHIFT}, {'K', K_END, 0},      {'V', K_PGUP, 0},       {'U', K_PGDN, 0},
    {'@', K_INSERT, 0},
};

static const struct named TILDE[] = {
    {1, K_HOME, 0},      {2, K_INSERT, 0},    {3, K_DELETE, 0},    {4, K_END, 0},
    {5, K_PGUP, 0},      {6, K_PGDN, 0},      {7, K_HOME, 0},      {8, K_END, 0},
    {11, K_F1, 0},       {12, K_F2, 0},       {13, K_F3, 0},       {14, K_F4, 0},
    {15, K_F5, 0},       {17, K_F6, 0},       {18, K_F7, 0},       {19, K_F8, 0},
    {20, K_F9, 0},       {21, K_F10, 0},      {23, K_F11, 0},      {24, K_F12, 0},
    {25, K_F1, K_SHIFT}, {26, K_F2, K_SHIFT}, {28, K_F3, K_SHIFT}, {29, K_F4, K_SHIFT},
    {31, K_F5, K_SHIFT}, {32, K_F6, K_SHIFT}, {33, K_F7, K_SHIFT}, {34, K_F8, K_SHIFT},
};

static const struct named LINUX[] = {
    {'A', K_F1, 0}, {'B', K_F2, 0}, {'C', K_F3, 0}, {'D', K_F4, 0}, {'E', K_F5, 0},
};

/* Cursor keys and keypad in application mode, PF1-PF4, and VT100+ beyond them (F9 of
 * that: key.c). */
static const struct named SS3[] = {
    {'A', K_UP, 0},        {'B', K_DOWN, 0},    {'C', K_RIGHT, 0},     {'D', K_LEFT, 0},
    {'H', K_HOME, 0},      {'F', K_END, 0},     {'P', K_F1, 0},        {'Q', K_F2, 0},
    {'R', K_F3, 0},        {'S', K_F4, 0},      {'T', K_F5, 0},        {'U', K_F6, 0},
    {'V', K_F7, 0},        {'W', K_F8, 0},      {'Y', K_F10, 0},       {'Z', K_F11, 0},
    {'[', K_F12, 0},       {'I', K_TAB, 0},     {'M', K_ENTER, 0},     {' ', ' ', 0},
    {'X', '=', 0},         {'j', '*', 0},       {'k', '+', 0},         {'l', ',', 0},
    {'m', '-', 0},         {'n', '.', 0},       {'o', '/', 0},         {'p', '0', 0},
    {'q', '1', 0},         {'r', '2', 0},       {'s', '3', 0},         {'t', '4', 0},
    {'u', '5', 0},         {'v', '6', 0},       {'w', '7', 0},         {'x', '8', 0},
    {'y', '9', 0},         {'a', K_UP, K_CTRL}, {'b', K_DOWN, K_CTRL}, {'c', K_RIGHT, K_CTRL},
    {'d', K_LEFT, K_CTRL},
};

#define LOOK(table, final, out) look(table, sizeof(table) / sizeof(table[0]), final, out)

static bool look(const struct named *table, size_t n, unsigned final, struct key *out)
{
	for (size_t i = 0; i < n; i++) {
		if (table[i].final == final) {
			*out = (struct key) {.code = table[i].code, .mods = table[i].mods};
			return true;
		}
	}
	return false;
}

/* xterm's parameter: one more than shift 1, alt 2, control 4, meta 8; higher bits are locks. */
static unsigned mods_of(unsigned parameter)
{
	unsigned bits = parameter ? parameter - 1 : 0;

	return (bits & 1 ? K_SHIFT : 0U) | (bits & (2 | 8) ? K_ALT : 0U) | (bits & 4 ? K_CTRL : 0U);
}

bool key_normal(uint32_t code, unsigned mods, struct key *out)
{
	static const struct named NAMED[] = {{0x08, K_BACKSPACE, 0}, {0x09, K_TAB, 0},
					     {0x0A, K_ENTER, 0},     {0x0D, K_ENTER, 0},
					     {0x1B, K_ESC, 0},       {0x7F, K_BACKSPACE, 0}};
	struct key named;

	if (LOOK(NAMED, code, &named))
		code = named.code;
	if (code == K_TAB && mods & K_SHIFT)
		code = K_BACKTAB;
	if (code == K_BACKTAB) /* Shift is part of it */
		mods &= ~(unsigned)K_SHIFT;
	if (code < K_FIRST) {
		/* Private use: keys of another protocol.  Shift is part of the character. */
		if (code < 0x20 || (code >= 0x80 && code < 0xA0) ||
		    (code >= 0xD800 && code <= 0xF8FF))
			return false;
		if (mods & K_SHIFT && !(mods & K_CTRL) && code >= 'a' && code <= 'z')
			code -= 'a' - 'A';
		if (mods & K_CTRL && code >= 'A' && code <= 'Z')
			code += 'a' - 'A';
		mods &= ~(unsigned)K_SHIFT;
	}
	*out = (struct key) {.code = code, .mods = mods};
	return true;
}

/* Parameters of a sequence: numbers parted by ';'; what follows ':' inside one is a refinement of
 * which only the kind of event (1 pressed, 2 repeated, 3 released) matters. */
struct parameters {
	unsigned value[4], event;
	int count;
	bool plain; /* nothing but digits ; : */
};

static struct parameters parameters_of(const unsigned char *s, const unsigned char *end)
{
	struct parameters p = {.plain = true};
	int part = 0;

	p.count = s < end;
	for (; s < end; s++) {
		unsigned *v = part == 0 ? &p.value[p.count - 1] : &p.event;

		if (*s >= '0' && *s <= '9') {
			if (part <= 1 && *v < 0x200000)
				*v = *v * 10 + *s - '0';
		} else if (*s == ':') {
			part++;
			p.event = 0;
		} else if (*s == ';' && p.count < 4) {
			part = 0;
			p.event = 0;
			p.count++;
		} else {
			p.plain = false;
		}
	}
	return p;
}

/* ESC [ < button ; column ; row M: the wheel becomes cursor keys, everything else nothing. */
static bool wheel_key(const unsigned char *s, size_t n, struct key *out)
{
	struct parameters p = parameters_of(s + 3, s + n - 1);

	if (!p.plain || p.count != 3 || s[n - 1] != 'M' || (p.value[0] != 64 && p.value[0] != 65))
		return false;
	*out = (struct key) {.code = p.value[0] == 64 ? K_UP : K_DOWN};
	return true;
}

static bool csi_key(const unsigned char *s, size_t n, struct key *out)
{
	unsigned char final = s[n - 1];
	struct parameters p = parameters_of(s + 2, s + n - 1);
	unsigned mods = mods_of(p.value[1]);

	if (s[2] == '[')
		return n == 4 && LOOK(LINUX, final, out);
	if (s[2] == '<')
		return wheel_key(s, n, out);
	if (!p.plain || p.event == 3)
		return false;
	if (final == 'u')
		return p.value[0] < K_FIRST && key_normal(p.value[0], mods, out);
	if (final == '~' && p.value[0] == 27 && p.count == 3)
		return p.value[2] < K_FIRST && key_normal(p.value[2], mods, out);
	if (p.count > 2)
		return false;
	if (strchr("~^$@", final) && p.value[0]) { /* rxvt: the last byte is the modifier */
		if (!LOOK(TILDE, p.value[0], out))
			return false;
		out->mods |= mods | (final == '^' || final == '@' ? K_CTRL : 0U) |
			     (final == '$' || final == '@' ? K_SHIFT : 0U);
		return true;
	}
	/* With another first number it is an answer of the terminal, e.g. where the cursor is. */
	if (p.value[0] > 1 || !LOOK(CSI, final, out))
		return false;
	return key_normal(out->code, out->mods | mods, out);
}

static bool ss3_key(const unsigned char *s, size_t n, struct key *out)
{
	struct parameters p = parameters_of(s + 2, s + n - 1);

	if (n < 3 || !p.plain || !LOOK(SS3, s[n - 1], out))
		return false;
	return key_normal(out->code, out->mods | mods_of(p.value[p.count > 1]), out);
}

bool key_of_sequence(const unsigned char *s, size_t n, struct key *out)
{
	bool alt = n > 1 && s[1] == KEY_ESC;

	s += alt;
	n -= alt;
	if (n < 3 || !(s[1] == '[' ? csi_key : ss3_key)(s, n, out))
		return false;
	if (out->code >= K_PASTE) /* focus */
		out->mods = 0;
	else if (alt)
		out->mods |= K_ALT;
	return true;
}

struct key key_of_control(unsigned char c)
{
	struct key key;

	if (c == 0)
		return (struct key) {.code = ' ', .mods = K_CTRL};
	if (key_normal(c, 0, &key))
		return key;
	if (c < 0x1B)
		return (struct key) {.code = c + 'a' - 1U, .mods = K_CTRL};
	return (struct key) {.code = c + '@', .mods = K_CTRL};
}

/* ---- characters ---- */

size_t key_utf8(const unsigned char *s, size_t n, uint32_t *cp)
{
	size_t len = text_next((const char *)s, n, cp);

	if (len > 1 || *cp != 0xFFFD)
		return len;
	*cp = 0;
	/* Bad, or cut short: with four bytes at hand it is known. */
	return n < 4 && text_whole((const char *)s, n) == 0 ? 0 : 1;
}

/* Two bytes, or four when the second is a digit. */
size_t key_gb18030(iconv_t to_utf32, const unsigned char *s, size_t n, uint32_t *cp)
{
	char *in = (char *)(uintptr_t)s, *out = (char *)cp;
	size_t len = 1, left, room = sizeof(*cp);

	*cp = s[0] < 0x80 ? s[0] : 0;
	if (s[0] <= 0x80 || s[0] == 0xFF)
		return 1;
	if (n < 2)
		return 0;
	if (s[1] >= '0' && s[1] <= '9') {
		if ((n > 2 && (s[2] <= 0x80 || s[2] == 0xFF)) ||
		    (n > 3 && !(s[3] >= '0' && s[3] <= '9')))
			return 1;
		if (n < 4)
			return 0;
		len = 4;
	} else if (s[1] >= 0x40 && s[1] != 0x7F && s[1] != 0xFF) {
		len = 2;
	} else {
		return 1;
	}
	left = len;
	if (to_utf32 == (iconv_t)-1 || iconv(to_utf32, &in, &left, &out, &room) == (size_t)-1 ||
	    left) {
		if (to_utf32 != (iconv_t)-1)
			iconv(to_utf32, NULL, NULL, NULL, NULL);
		*cp = 0;
	}
	return len;
}
