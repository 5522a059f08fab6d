/* tax/channel.h - ways by which a company issues and collects, abilities of the platform, who may
 * handle an access: words of the store, labels of people (features B11, B18, C11, C29). */
#ifndef KP_TAX_CHANNEL_H
#define KP_TAX_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>

/* A word as stored and sent, and what people read. */
struct channel_word {
	const char *word, *label;
};

/* leqi 乐企平台, leqi-joint 乐企平台（联用）, portal 电子税局/RPA, disk 税盘, cert 软证书; ends with
 * word NULL. */
extern const struct channel_word channel_words[];
/* Word or label, brackets and slash in either width; NULL: none of them. */
const struct channel_word *channel_find(const char *text);
/* The label of a word; "无" for "". */
const char *channel_label(const char *word);
/* Is it the platform, 自用 or 联用? */
bool channel_is_leqi(const char *word);

/* 经办身份: legal 法定代表人, finance 财务负责人, tax 办税员; ends with word NULL. */
extern const struct channel_word handler_words[];
const struct channel_word *handler_find(const char *text); /* word or label */

/* Abilities of the platform by their codes; ends with word NULL. */
#define ABILITY_BASIC "202007" /* 基础能力 */
extern const struct channel_word ability_words[];
enum { ABILITY_LIST = 200 };
/* Codes or labels with ',' or 、 between -> known codes in the order of the table with ',' between;
 * the two that every self-used unit has to have (基础, 归集) are always among them unless `joint`:
 * then 归集 is left out, because 联用 only issues.  False: *bad is the first unknown word (in
 * text's own place, of *bad_n bytes). */
bool ability_list(const char *text, bool joint, char out[ABILITY_LIST], const char **bad,
		  size_t *bad_n);
/* May a person take it away?  NULL yes, else why not: 自用必选. */
const char *ability_locked(const char *code, bool joint);
/* Is the code in such a list? */
bool ability_has(const char *list, const char *code);
/* "基础能力、归集能力". */
void ability_labels(const char *list, char *out, size_t size);

#endif
