/* ui/key.h - bytes of a terminal become keys.  Pure: no terminal, no clock; fuzzed.
 *
 * Invariants  Every byte string decodes, the same however it was split; an unknown escape
 *             sequence is swallowed whole and yields nothing; a bad character byte is dropped.
 *             A lone ESC is a key only when keys_timeout() says that nothing followed (25 ms).
 *             Bracketed paste yields one K_PASTE whose text is UTF-8, has CRLF and CR folded to
 *             LF and control characters except \t \n removed, at most KEY_PASTE_MAX bytes; an
 *             empty one yields nothing.
 */
#ifndef KP_UI_KEY_H
#define KP_UI_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KEY_PASTE_MAX = 4 * 1024 * 1024, KEY_NAME = 32 };

enum { /* named keys lie beyond Unicode */
       K_FIRST = 0x110000,
       K_UP,
       K_DOWN,
       K_LEFT,
       K_RIGHT,
       K_HOME,
       K_END,
       K_PGUP,
       K_PGDN,
       K_INSERT,
       K_DELETE,
       K_BACKSPACE,
       K_TAB,
       K_BACKTAB,
       K_ENTER,
       K_ESC,
       K_F1,
       K_F2,
       K_F3,
       K_F4,
       K_F5,
       K_F6,
       K_F7,
       K_F8,
       K_F9,
       K_F10,
       K_F11,
       K_F12,
       K_PASTE,
       K_FOCUS_IN,
       K_FOCUS_OUT,
       K_LAST
};
enum { K_CTRL = 1, K_ALT = 2, K_SHIFT = 4 };

struct key {
	uint32_t code; /* a Unicode character, or K_* */
	unsigned mods; /* Ctrl-S is 's' with K_CTRL; K_SHIFT only on named keys */
};

struct keys; /* decoder state */
enum key_charset { KEY_UTF8, KEY_GB18030 };
struct keys *keys_new(enum key_charset charset);
void keys_free(struct keys **k);
/* Adds what the terminal itself says of a key (terminfo), e.g. "\033OP" -> K_F1; a sequence that
 * does not begin with ESC is ignored.  The common sequences of xterm, linux, rxvt, PuTTY,
 * SecureCRT, screen, tmux and the application keypad are built in; the keypad gives digits, '.',
 * '+', '-', '*', '/' and Enter in both of its modes. */
void keys_define(struct keys *k, const char *sequence, uint32_t code, unsigned mods);
void keys_feed(struct keys *k, const void *bytes, size_t n);
/* The next key; false: more bytes are needed (or none are there). */
bool keys_next(struct keys *k, struct key *out);
/* True while an ESC waits for what follows: call keys_timeout() after 25 ms without input, and
 * again while it stays true.  A paste whose end never comes is given out after 200 such calls in
 * a row, the rest of a swallowed string ends after 40. */
bool keys_pending(const struct keys *k);
void keys_timeout(struct keys *k);
/* Text of the K_PASTE just returned; valid until the next keys_next. */
const char *keys_paste(const struct keys *k, size_t *n);

/* "F10", "Ctrl-S", "Alt-x", "Shift-Tab", "Space", "PgUp", "中": both ways; a character that cannot
 * be shown is "U+200B".  key_parse is false for an unknown name. */
const char *ui_key_name(struct key key, char out[KEY_NAME]);
bool key_parse(const char *name, struct key *out);
bool key_is_text(struct key key); /* a character to be typed into a field */

#endif
