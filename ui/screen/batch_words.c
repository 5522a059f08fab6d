/* batch_words.c - batches and orders in words and faces. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/batch_p.h"

enum face batch_face(enum batch_state s)
{
	static const enum face FACES[BATCH_STATES] = {[BATCH_CHECKED] = FACE_VALUE,
						      [BATCH_RUNNING] = FACE_GOOD,
						      [BATCH_PAUSED] = FACE_WARNING,
						      [BATCH_DONE] = FACE_NORMAL,
						      [BATCH_CANCELLED] = FACE_DIM};

	return FACES[s];
}

enum face order_face(enum order_state s)
{
	static const enum face FACES[ORDER_STATES] = {
	    [ORDER_BAD] = FACE_ERROR,   [ORDER_READY] = FACE_NORMAL, [ORDER_REPEAT] = FACE_WARNING,
	    [ORDER_TAKEN] = FACE_VALUE, [ORDER_ISSUED] = FACE_GOOD,  [ORDER_FAILED] = FACE_ERROR,
	    [ORDER_SKIPPED] = FACE_DIM};

	return FACES[s];
}

const char *batch_count(int64_t n, char out[BATCH_COUNT])
{
	char digits[24];
	size_t len = (size_t)snprintf(digits, sizeof(digits), "%lld", (long long)n), i, at = 0;

	for (i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = digits[i];
	}
	out[at] = 0;
	return out;
}

struct batch_progress batch_progress_of(const struct order_batch *b)
{
	int64_t done = b->counts[ORDER_ISSUED] + b->counts[ORDER_FAILED];

	return (struct batch_progress) {
	    .done = done, .all = done + b->counts[ORDER_READY] + b->counts[ORDER_TAKEN]};
}

const char *batch_line(const struct order_batch *b, char out[BATCH_LINE])
{
	struct batch_progress p = batch_progress_of(b);

	snprintf(out, BATCH_LINE, "%lld 号 %s %s %lld/%lld", (long long)b->id, b->file,
		 batch_state_label(b->state), (long long)p.done, (long long)p.all);
	return out;
}

static enum err take_first(void *arg, const struct order_batch *b)
{
	*(struct order_batch *)arg = *b;
	return ERR_OK;
}

bool batch_newest(enum batch_state state, struct order_batch *out, int64_t *count)
{
	const struct batch_query q = {.state = &state, .limit = 1};
	int64_t next;

	*count = 0;
	return !desk_batch_list(ui_session(), &q, take_first, out, &next, count, NULL) && *count;
}

/* ---- why it rests ---- */

static const char *sentence(const char *code, const char *reason, const char *mend,
			    char out[BATCH_SENTENCE])
{
	struct err_info why = {.class = ERR_INVALID};

	text_copy(why.code, sizeof(why.code), code);
	text_copy(why.why, sizeof(why.why), reason);
	text_copy(why.hint, sizeof(why.hint), mend);
	return ui_sentence(&why, out, BATCH_SENTENCE);
}

const char *batch_why(const struct order_batch *b, char out[BATCH_SENTENCE])
{
	return sentence("batch.paused", b->reason, b->mend, out);
}

const char *batch_block(const struct batch_plan *p, char out[BATCH_SENTENCE])
{
	return sentence(p->code, p->blocked, p->mend, out);
}

/* ---- what happens meanwhile ---- */

static void tell_rest(const struct order_batch *b)
{
	char why[BATCH_SENTENCE];

	if (b->state == BATCH_PAUSED)
		ui_message(MESSAGE_WARNING, "批量开票 %lld 号已暂停：%s", (long long)b->id,
			   batch_why(b, why));
	else if (b->state == BATCH_DONE)
		ui_message(b->counts[ORDER_FAILED] ? MESSAGE_WARNING : MESSAGE_GOOD,
			   "批量开票 %lld 号已完成：成功 %lld 张，失败 %lld 张", (long long)b->id,
			   (long long)b->counts[ORDER_ISSUED], (long long)b->counts[ORDER_FAILED]);
}

void batch_turn(void)
{
	static int64_t watched;
	int64_t was = watched;
	struct order_batch b;

	watched = ui_facts()->batch;
	/* Of another unit nothing is said: it goes on. */
	if (was && was != watched && !desk_batch_get(ui_session(), was, &b, NULL))
		tell_rest(&b);
}
