/* import_read.c - the thread that reads a workbook ahead of the one that stores it. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/import_p.h"

enum { RING = 4, CANCEL_MS = 50, SUM_NAME = 32 };

struct import_reader {
	struct sheet_import *sheet;
	const struct sheet_table *table;
	const struct import_kind *kind;
	struct import_progress *progress;
	int columns[IMPORT_KEYS]; /* of the table, by key of the kind */
	size_t keys;
	const struct sheet_part *part; /* the sheet at hand */
	uint32_t absent;               /* bit per key: not in it */
	pthread_t thread;
	pthread_mutex_t mutex; /* over all below */
	pthread_cond_t moved;
	struct import_batch *idle[RING], *full[RING]; /* full: oldest first */
	size_t idle_count, full_count;
	bool stop, ended;
	enum err verdict;
	struct err_info error;
};

/* ---- the thread ---- */

/* The texts one behind the other, with their places in front; "" is nobody's. */
static const char *const *copy_texts(struct import_batch *b, const char *const *texts,
				     const size_t *lens, size_t n)
{
	size_t need = (n + 1) * sizeof(*texts), i;
	const char **out;
	char *to;

	for (i = 0; i < n; i++)
		need += lens[i] + 1;
	out = import_batch_take(b, need);
	to = (char *)(out + n);
	for (i = 0; i < n; i++) {
		out[i] = "";
		if (!lens[i])
			continue;
		out[i] = memcpy(to, texts[i], lens[i]);
		to[lens[i]] = 0;
		to += lens[i] + 1;
	}
	return out;
}

static void copy_values(const struct import_reader *r, struct import_batch *b,
			const struct sheet_record *rec, struct import_row *row)
{
	const char *texts[IMPORT_KEYS];
	size_t lens[IMPORT_KEYS], i;

	for (i = 0; i < r->keys; i++) {
		texts[i] = r->columns[i] < 0 ? "" : rec->values[r->columns[i]];
		lens[i] = *texts[i] ? strlen(texts[i]) : 0;
	}
	row->values = copy_texts(b, texts, lens, r->keys);
}

/* Written as a text a number that lost digits would look whole. */
static const char *mark_lost(struct import_batch *b, const struct sheet_cell *c)
{
	size_t n = c->len + sizeof(SHEET_LOST_MARK);
	char *out = import_batch_take(b, n);

	snprintf(out, n, "%s" SHEET_LOST_MARK, c->text);
	return out;
}

void import_copy_raw(struct import_batch *b, const struct sheet_row *from, struct import_row *row)
{
	size_t n = from->count > 0 ? (size_t)from->count : 0, i;
	const char *texts[SHEET_WIDTH];
	size_t lens[SHEET_WIDTH];

	for (i = 0; i < n; i++) {
		const struct sheet_cell *c = &from->cells[i];

		texts[i] = c->rounded ? mark_lost(b, c) : c->text;
		lens[i] = c->rounded ? strlen(texts[i]) : c->len;
	}
	row->raw = copy_texts(b, texts, lens, n);
	row->raw_count = n;
}

/* A tax code of no more than 15 digits and zeros has lost nothing: it is looked up like any other,
 * and one that had more to it is a summary now. */
bool import_is_whole_code(const char *s)
{
	enum { CODE = 19, EXACT = 15 };

	return strlen(s) == CODE && text_all_digits(s) && strspn(s + EXACT, "0") == CODE - EXACT;
}

void import_lost(char text[SHEET_REASON], const char *title, const char *value, const char *more)
{
	snprintf(text, SHEET_REASON,
		 "%s：%.40s 是按数字存的，15 位以后的数字已经丢失%s；请把这一列设为文本格式后重填",
		 title, value, more);
}

/* A number that has lost digits is of no use: the account of a buyer can be left out, anything
 * else is a fault. */
static void look_at_rounded(const struct import_reader *r, struct import_batch *b,
			    struct import_row *row, size_t key)
{
	const struct sheet_column *c = &r->table->columns[r->columns[key]];
	bool account = !strcmp(c->key, "account");
	char text[SHEET_REASON];

	if (!strcmp(c->key, "tax_code") && import_is_whole_code(row->values[key]))
		return;
	import_lost(text, row->part->titles[r->columns[key]], row->values[key],
		    account ? "，没有导入" : "");
	row->leave |= UINT32_C(1) << key;
	if (account) {
		row->warning = import_batch_text(b, text, strlen(text));
	} else {
		import_fault(b, row, text);
	}
}

static void begin_part(struct import_reader *r, const struct sheet_part *part)
{
	size_t i;

	r->part = part;
	r->absent = 0;
	for (i = 0; i < r->keys; i++) {
		if (r->columns[i] >= 0 && !part->present[r->columns[i]])
			r->absent |= UINT32_C(1) << i;
	}
}

/* "合 计：" -> "合计"; false: too long for one of the words. */
static bool plain_name(const char *s, char out[SUM_NAME])
{
	static const char *const MARKS[] = {" ", "　", "：", ":"};
	size_t n = 0, i;

	while (*s) {
		for (i = 0; i < sizeof(MARKS) / sizeof(MARKS[0]); i++) {
			if (!strncmp(s, MARKS[i], strlen(MARKS[i])))
				break;
		}
		if (i < sizeof(MARKS) / sizeof(MARKS[0])) {
			s += strlen(MARKS[i]);
			continue;
		}
		if (n + 1 == SUM_NAME)
			return false;
		out[n++] = *s++;
	}
	out[n] = 0;
	return true;
}

/* 合计, 共 12 条 and the like below a list. */
static bool is_sum_name(const char *name)
{
	static const char *const WORDS[] = {"合计", "小计",     "总计",     "共计",
					    "累计", "本页合计", "本页小计", "总合计"};
	static const char *const UNITS[] = {"条", "行", "户", "家", "个", "项", "笔", "条记录"};
	static const char FIRST[] = "合小总共累本　";
	char plain[SUM_NAME];
	size_t i, digits;

	/* Few names begin like one of them. */
	for (i = 0; i + 1 < sizeof(FIRST) && strncmp(name, FIRST + i, 3) != 0; i += 3)
		;
	if ((*name != ' ' && i + 1 >= sizeof(FIRST)) || !plain_name(name, plain))
		return false;
	for (i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++) {
		if (!strcmp(plain, WORDS[i]))
			return true;
	}
	if (strncmp(plain, "共", strlen("共")) != 0)
		return false;
	digits = strspn(plain + strlen("共"), "0123456789");
	for (i = 0; digits && i < sizeof(UNITS) / sizeof(UNITS[0]); i++) {
		if (!strcmp(plain + strlen("共") + digits, UNITS[i]))
			return true;
	}
	return false;
}

/* The word may also stand in front of an empty name. */
bool import_is_sum(const struct import_row *row)
{
	size_t i;

	if (*row->values[0])
		return is_sum_name(row->values[0]);
	for (i = 0; i < row->raw_count; i++) {
		if (*row->raw[i])
			return is_sum_name(row->raw[i]);
	}
	return false;
}

static void add_row(struct import_reader *r, struct import_batch *b, const struct sheet_record *rec)
{
	struct import_row *row = &b->rows[b->count++];
	size_t i;

	if (rec->part != r->part)
		begin_part(r, rec->part);
	*row = (struct import_row) {.number = rec->row, .part = rec->part, .leave = r->absent};
	copy_values(r, b, rec, row);
	import_copy_raw(b, rec->raw, row);
	if (r->kind->number >= 0 && !*row->values[r->kind->number] && import_is_sum(row)) {
		row->skip = "这是合计行，没有导入";
		return;
	}
	if (*rec->reason)
		row->fault = import_batch_text(b, rec->reason, strlen(rec->reason));
	if (rec->cleaned) {
		char text[SHEET_REASON];

		sheet_record_cleaned(rec, text);
		row->cleaned = import_batch_text(b, text, strlen(text));
	}
	for (i = 0; rec->rounded && i < r->keys; i++) {
		if (r->columns[i] >= 0 && rec->rounded >> r->columns[i] & 1)
			look_at_rounded(r, b, row, i);
	}
	r->kind->look(b, row);
}

static enum err fill(struct import_reader *r, struct import_batch *b, bool *end, struct err_info *e)
{
	struct sheet_record rec;
	int64_t done, total;
	enum err v = ERR_OK;

	while (!v && !*end && !import_batch_full(b)) {
		v = sheet_import_next(r->sheet, &rec, end, e);
		if (!v && !*end)
			add_row(r, b, &rec);
	}
	sheet_import_progress(r->sheet, &done, &total);
	atomic_store(&r->progress->total, total);
	atomic_store(&r->progress->done, done);
	return v;
}

/* An empty batch, or NULL when it is time to stop. */
static struct import_batch *take_idle(struct import_reader *r)
{
	struct import_batch *b = NULL;

	pthread_mutex_lock(&r->mutex);
	while (!r->stop && !r->idle_count)
		pthread_cond_wait(&r->moved, &r->mutex);
	if (!r->stop)
		b = r->idle[--r->idle_count];
	pthread_mutex_unlock(&r->mutex);
	return b;
}

static void hand_over(struct import_reader *r, struct import_batch *b)
{
	pthread_mutex_lock(&r->mutex);
	if (b->count)
		r->full[r->full_count++] = b;
	else
		r->idle[r->idle_count++] = b;
	pthread_cond_signal(&r->moved);
	pthread_mutex_unlock(&r->mutex);
}

static void *read_all(void *arg)
{
	struct import_reader *r = arg;
	struct import_batch *b;
	struct err_info error = {0};
	enum err v = ERR_OK;
	bool end = false;

	while (!v && !end && (b = take_idle(r))) {
		v = fill(r, b, &end, &error);
		hand_over(r, b);
	}
	pthread_mutex_lock(&r->mutex);
	r->verdict = v;
	r->error = error;
	r->ended = true;
	pthread_cond_signal(&r->moved);
	pthread_mutex_unlock(&r->mutex);
	return NULL;
}

/* ---- the other side ---- */

static void free_reader(struct import_reader *r)
{
	while (r->idle_count)
		import_batch_free(r->idle[--r->idle_count]);
	while (r->full_count)
		import_batch_free(r->full[--r->full_count]);
	pthread_cond_destroy(&r->moved);
	pthread_mutex_destroy(&r->mutex);
	free(r);
}

enum err import_reader_start(struct sheet_import *sheet, const struct sheet_table *table,
			     const struct import_kind *kind, struct import_progress *p,
			     struct import_reader **out, struct err_info *e)
{
	struct import_reader *r = mem_zalloc(sizeof(*r));
	int fault;

	r->sheet = sheet;
	r->table = table;
	r->kind = kind;
	r->progress = p;
	for (; kind->keys[r->keys]; r->keys++)
		r->columns[r->keys] = sheet_column(table, kind->keys[r->keys]);
	pthread_mutex_init(&r->mutex, NULL);
	pthread_cond_init(&r->moved, NULL);
	while (r->idle_count < RING)
		r->idle[r->idle_count++] = mem_zalloc(sizeof(struct import_batch));
	fault = thread_start(&r->thread, read_all, r);
	if (fault) {
		free_reader(r);
		return err_errno(e, fault, "导入");
	}
	*out = r;
	return ERR_OK;
}

/* A moment at most: who waits for a first batch still wants to be able to cancel. */
static void wait_moment(struct import_reader *r)
{
	const struct timespec until = thread_moment(CANCEL_MS);

	thread_wait(&r->moved, &r->mutex, &until);
}

enum err import_reader_next(struct import_reader *r, struct import_batch **out, struct err_info *e)
{
	enum err v = ERR_OK;

	*out = NULL;
	pthread_mutex_lock(&r->mutex);
	while (!r->full_count && !r->ended && !atomic_load(&r->progress->cancel))
		wait_moment(r);
	if (r->full_count) {
		*out = r->full[0];
		memmove(r->full, r->full + 1, --r->full_count * sizeof(*r->full));
	} else if (r->ended && (v = r->verdict) && e) {
		*e = r->error;
	}
	pthread_mutex_unlock(&r->mutex);
	return v;
}

void import_reader_give_back(struct import_reader *r, struct import_batch *b)
{
	import_batch_empty(b);
	pthread_mutex_lock(&r->mutex);
	r->idle[r->idle_count++] = b;
	pthread_cond_signal(&r->moved);
	pthread_mutex_unlock(&r->mutex);
}

void import_reader_stop(struct import_reader **reader)
{
	struct import_reader *r = *reader;

	if (!r)
		return;
	pthread_mutex_lock(&r->mutex);
	r->stop = true;
	pthread_cond_signal(&r->moved);
	pthread_mutex_unlock(&r->mutex);
	sheet_import_stop(r->sheet);
	pthread_join(r->thread, NULL);
	free_reader(r);
	*reader = NULL;
}
