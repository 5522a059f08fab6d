/* desk/phrases.h - 备注常用语: a person's texts for remarks, filled in when they are used. */
#ifndef KP_DESK_PHRASES_H
#define KP_DESK_PHRASES_H

#include "desk/session.h"
#include "store/phrases.h"

/* What a placeholder stands for on a day: {年} 2026, {月} 1, {日} 20, {上月} 12, {上月年} 2025,
 * {订单号} the text given ("" or NULL: the placeholder stays).  Anything else in braces stays as it
 * is.  malloc'd. */
char *phrase_fill(const char *text, int64_t now, const char *order_no);
/* "{年} {月} {日} {上月} {上月年} {订单号}", for people. */
extern const char phrase_placeholders[];

/* ERR_INVALID "phrase.word": something else in braces on one line; the sentence names `what`. */
enum err phrase_check(const char *what, const char *text, struct err_info *e);

/* The often and lately used first; free(*out). */
enum err desk_phrase_list(struct session *s, struct phrase **out, size_t *n, struct err_info *e);
/* Inserts (*id 0, gives *id) or replaces one.  ERR_INVALID "phrase.empty", "phrase.long",
 * "phrase.character", "phrase.word", "phrase.twin", "phrase.many". */
enum err desk_phrase_save(struct session *s, int64_t *id, const char *body, struct err_info *e);
/* Counts a use: it decides the order.  With another writer at work that is given up, ERR_OK. */
enum err desk_phrase_used(struct session *s, int64_t id, struct err_info *e);
enum err desk_phrase_delete(struct session *s, int64_t id, struct err_info *e);

#endif
