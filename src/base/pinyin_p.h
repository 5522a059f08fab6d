/* pinyin_p.h - tables of readings, written by the build (tests/lib/pinyin.awk). */
#ifndef KP_BASE_PINYIN_P_H
#define KP_BASE_PINYIN_P_H

#include "base/pinyin.h"

enum {
	PINYIN_BASIC = 0x3400,
	PINYIN_BASIC_END = 0x9FFF,
	PINYIN_EXTENDED = 0x20000,
	PINYIN_EXTENDED_END = 0x323AF,
};
/* Per character the number of its list of readings, 0 none. */
extern const uint16_t pinyin_basic[PINYIN_BASIC_END - PINYIN_BASIC + 1];
extern const uint16_t pinyin_extended[PINYIN_EXTENDED_END - PINYIN_EXTENDED + 1];
/* A list: the mask of its initials, and its part of the array of readings. */
struct pinyin_list {
	uint32_t initials;
	uint16_t first, count;
};
extern const struct pinyin_list pinyin_lists[];
extern const uint16_t pinyin_all_readings[];
/* The syllables, sorted. */
extern const char pinyin_text[PINYIN_SYLLABLES][8];
extern const unsigned pinyin_count;

#endif
