/* pinyin_p.h - tables of initials, written by the build (tests/lib/pinyin.awk). */
#ifndef KP_BASE_PINYIN_P_H
#define KP_BASE_PINYIN_P_H

#include <stdint.h>

enum {
	PINYIN_BASIC = 0x3400,
	PINYIN_BASIC_END = 0x9FFF,
	PINYIN_EXTENDED = 0x20000,
	PINYIN_EXTENDED_END = 0x323AF,
};
/* Per character the number of its set, 0 none; per set the mask of its initials. */
extern const unsigned char pinyin_basic[PINYIN_BASIC_END - PINYIN_BASIC + 1];
extern const unsigned char pinyin_extended[PINYIN_EXTENDED_END - PINYIN_EXTENDED + 1];
extern const uint32_t pinyin_sets[256];

#endif
