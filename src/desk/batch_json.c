/* batch_json.c - invoices as JSON, one after the other: an array of any length is never in memory
 * as a whole. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/batch_p.h"
#include "tax/invoice_json.h"

enum { PIECE = 1 << 16, OBJECT_MAX = 64 << 20, FIRST_SLOTS = 1 << 12 };

/* The bytes of a file. */
struct input {
	int fd;
	int64_t size, at; /* at: behind the piece */
	char piece[PIECE];
	size_t used, have;
	int64_t line;
};

static enum err more(struct input *in, struct err_info *e)
{
	ssize_t got = file_read_at(in->fd, in->piece, PIECE, in->at);

	if (got < 0)
		return err_fail(e, ERR_DAMAGED, "file.read", "发票文件", "不能读取");
	in->at += got;
	in->have = (size_t)got;
	in->used = 0;
	return ERR_OK;
}

/* The next character, -1 at the end. */
static enum err next(struct input *in, int *c, struct err_info *e)
{
	enum err r = ERR_OK;

	if (in->used == in->have && (r = more(in, e)))
		return r;
	*c = in->used < in->have ? (unsigned char)in->piece[in->used++] : -1;
	in->line += *c == '\n';
	return ERR_OK;
}

static bool is_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static enum err next_mark(struct input *in, int *c, struct err_info *e)
{
	enum err r;

	do
		r = next(in, c, e);
	while (!r && is_blank(*c));
	return r;
}

static void skip_bom(struct input *in)
{
	if (in->have >= 3 && !memcmp(in->piece, "\xEF\xBB\xBF", 3))
		in->used = 3;
}

enum err batch_json_is(int fd, int64_t size, bool *out, struct err_info *e)
{
	struct input *in = mem_zalloc(sizeof(*in));
	int c = -1;
	enum err r;

	in->fd = fd;
	in->size = size;
	if (!(r = more(in, e))) {
		skip_bom(in);
		r = next_mark(in, &c, e);
	}
	*out = c == '{' || c == '[';
	free(in);
	return r;
}

static enum err broken(const struct input *in, const char *why, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "json.syntax", "发票文件", "第 %lld 行：%s",
		 (long long)in->line + 1, why);
	err_hint(e, "请检查文件是否完整");
	return ERR_INVALID;
}

/* An object whose bracket was read already, up to its end. */
static enum err read_object(struct input *in, struct buf *out, struct err_info *e)
{
	int depth = 1, c = 0;
	bool text = false, escaped = false;
	enum err r = ERR_OK;

	buf_reset(out);
	buf_addc(out, '{');
	while (depth && !(r = next(in, &c, e))) {
		if (c < 0)
			return broken(in, "没有结束，文件不完整", e);
		buf_addc(out, (char)c);
		if (out->failed)
			return broken(in, "一张发票的内容太长", e);
		if (text) {
			text = escaped || c != '"';
			escaped = !escaped && c == '\\';
			continue;
		}
		text = c == '"';
		depth += (c == '{' || c == '[') - (c == '}' || c == ']');
	}
	return r;
}

/* ---- order numbers that were seen ---- */

struct seen {
	struct number {
		char *text;
		int64_t seq;
		bool twice;
	} * slots;
	size_t count, room;
};

static uint64_t hash_of(const char *s)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * UINT64_C(1099511628211);
	return h ^ h >> 31;
}

static struct number *slot_of(const struct seen *all, const char *text)
{
	size_t at = hash_of(text) & (all->room - 1);

	while (all->slots[at].text && strcmp(all->slots[at].text, text) != 0)
		at = (at + 1) & (all->room - 1);
	return &all->slots[at];
}

static void grow(struct seen *all)
{
	struct seen larger = {.count = all->count, .room = all->room ? 2 * all->room : FIRST_SLOTS};
	size_t i;

	larger.slots = mem_zalloc(larger.room * sizeof(*larger.slots));
	for (i = 0; i < all->room; i++) {
		if (all->slots[i].text)
			*slot_of(&larger, all->slots[i].text) = all->slots[i];
	}
	free(all->slots);
	*all = larger;
}

static void free_seen(struct seen *all)
{
	size_t i;

	for (i = 0; i < all->room; i++)
		free(all->slots[i].text);
	free(all->slots);
}

/* ---- invoices ---- */

struct run {
	struct stage *g;
	struct seen seen;
	int64_t seq;
};

static void note(struct run *run, const struct staged *o, const struct order_fault *at)
{
	struct batch_fault f = {
	    .seq = o->seq, .row = o->seq, .counted = true, .warning = at->warning};

	text_copy(f.order_no, sizeof(f.order_no), o->invoice.order_no);
	if (at->line >= 0)
		snprintf(f.text, sizeof(f.text), "第 %d 行%.360s", at->line + 1, at->text);
	else
		text_copy(f.text, sizeof(f.text), at->text);
	f.text[text_whole(f.text, strlen(f.text))] = 0;
	batch_note(run->g->report, &f);
}

/* The same number twice is a slip: which of the two is meant?  Neither is issued. */
static enum err check_twin(struct run *run, struct staged *o, struct err_info *e)
{
	const char *no = o->invoice.order_no;
	struct number *n;
	char text[200];
	enum err r = ERR_OK;

	if (text_empty(no))
		return ERR_OK;
	if (2 * (run->seen.count + 1) > run->seen.room)
		grow(&run->seen);
	n = slot_of(&run->seen, no);
	if (!n->text) {
		*n = (struct number) {.text = mem_strdup(no), .seq = o->seq};
		run->seen.count++;
		return ERR_OK;
	}
	snprintf(text, sizeof(text), "订单号：与第 %lld 张相同，同一订单只开一张，请改正其中一个",
		 (long long)n->seq);
	order_fault_add(&o->faults, -1, -1, false, text);
	if (n->twice)
		return ERR_OK;
	snprintf(text, sizeof(text), "订单号：与第 %lld 张相同，同一订单只开一张，请改正其中一个",
		 (long long)o->seq);
	n->twice = true;
	r = stage_spoil(run->g, n->seq, text, e);
	if (!r) {
		struct staged first = {.seq = n->seq, .invoice = o->invoice};
		struct order_fault f = {.line = -1};

		text_copy(f.text, sizeof(f.text), text);
		note(run, &first, &f);
	}
	return r;
}

/* What cannot be an invoice is a bad order with the number it says it has. */
static void parse(struct staged *o, const struct buf *text)
{
	struct err_info why = {0};
	cJSON *tree = NULL;
	char sentence[SHEET_REASON];

	if (json_parse(buf_str(text), text->len, OBJECT_MAX, &tree, &why)) {
		invoice_init(&o->invoice);
	} else if (!invoice_from_json(tree, "", &o->invoice, &why)) {
		json_free(&tree);
		return;
	}
	if (tree) {
		char *no = text_clean(json_member(tree, "order_no"), 64, false);

		mem_set(&o->invoice.order_no, no);
		free(no);
	}
	json_free(&tree);
	order_fault_add(&o->faults, -1, -1, false, err_sentence(&why, sentence, sizeof(sentence)));
}

static enum err take_object(struct run *run, const struct buf *text, struct err_info *e)
{
	struct staged o = {.seq = ++run->seq};
	size_t i;
	enum err r;

	o.row = o.seq;
	parse(&o, text);
	if (!(r = check_twin(run, &o, e)))
		r = stage_order(run->g, &o, e);
	for (i = 0; i < o.faults.count && !r; i++)
		note(run, &o, &o.faults.all[i]);
	invoice_free(&o.invoice);
	free(o.faults.all);
	atomic_store(&run->g->progress->rows, (long long)run->seq);
	return r;
}

static enum err cancelled(const struct run *run, struct err_info *e)
{
	if (!atomic_load(&run->g->progress->cancel))
		return ERR_OK;
	return err_fail(e, ERR_INVALID, "batch.cancelled", "批量开票", "已取消，什么都没有保存");
}

/* c: the bracket of the first object. */
static enum err take_objects(struct run *run, struct input *in, bool array, int c,
			     struct err_info *e)
{
	struct buf text;
	enum err r = ERR_OK;

	buf_init(&text, OBJECT_MAX);
	while (!r) {
		if (c != '{') {
			r = broken(in, "应为一张发票（对象）", e);
			break;
		}
		if ((r = read_object(in, &text, e)) || (r = take_object(run, &text, e)) ||
		    (r = cancelled(run, e)) || (r = next_mark(in, &c, e)))
			break;
		atomic_store(&run->g->progress->done, (long long)in->at);
		if (run->seq % 100 == 0)
			crash_step("batch objects");
		if (!array || c != ',')
			break;
		r = next_mark(in, &c, e);
	}
	buf_free(&text);
	if (r || !array)
		return r ? r : c < 0 ? ERR_OK : broken(in, "发票后面还有别的内容", e);
	if (c != ']')
		return broken(in, "应为“,”或“]”，文件不完整", e);
	r = next_mark(in, &c, e);
	return r || c < 0 ? r : broken(in, "数组后面还有别的内容", e);
}

enum err batch_json_run(struct stage *g, int fd, int64_t size, struct err_info *e)
{
	struct input *in = mem_zalloc(sizeof(*in));
	struct run run = {.g = g};
	bool array;
	int c = -1;
	enum err r;

	in->fd = fd;
	in->size = size;
	atomic_store(&g->progress->total, size ? (long long)size : 1);
	if (!(r = more(in, e))) {
		skip_bom(in);
		r = next_mark(in, &c, e);
	}
	array = c == '[';
	if (!r && array)
		r = next_mark(in, &c, e);
	if (!r && c != ']')
		r = take_objects(&run, in, array, c, e);
	free_seen(&run.seen);
	free(in);
	return r;
}
