/* key_p.h - escape sequences and characters, without state: for key*.c alone. */
#ifndef KP_UI_KEY_P_H
#define KP_UI_KEY_P_H

#include <iconv.h>

#include "ui/key.h"

enum { KEY_ESC = 0x1B, KEY_CSI_MAX = 64, KEY_MODS = K_CTRL | K_ALT | K_SHIFT };

/* What stands at the beginning of n > 0 bytes. */
enum shape {
	SHAPE_PARTIAL, /* more bytes are needed */
	SHAPE_ONE,     /* `len` bytes belong together */
	SHAPE_STRING,  /* an OSC, DCS, SOS, PM or APC begins: swallow until its end */
	SHAPE_LONG,    /* a CSI that grows beyond all use: swallow until its final byte */
};
/* The shape of what begins with ESC; *len is set for all but SHAPE_PARTIAL.  Only the bytes matter,
 * never how they were split. */
enum shape key_shape(const unsigned char *s, size_t n, size_t *len);
/* May the n bytes, a partial shape, be all there is, a person's Esc or Alt with a letter? */
bool key_may_be_whole(const unsigned char *s, size_t n);
/* The key of a whole CSI or SS3 sequence (with an ESC more in front: Alt); false when unknown. */
bool key_of_sequence(const unsigned char *s, size_t n, struct key *out);
/* The key of a byte below 0x20 or 0x7F. */
struct key key_of_control(unsigned char c);
/* Puts a character and modifiers as reported into the form of struct key; false when it is none. */
bool key_normal(uint32_t code, unsigned mods, struct key *out);

/* One character at the beginning of n > 0 bytes: its length with the code point in *cp (0 for a bad
 * byte, to be dropped), or 0 when more bytes are needed. */
size_t key_utf8(const unsigned char *s, size_t n, uint32_t *cp);
size_t key_gb18030(iconv_t to_utf32, const unsigned char *s, size_t n, uint32_t *cp);

#endif
