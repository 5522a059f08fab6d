/* batch_source.c - the thread that reads the sheets of a workbook ahead of the one that stores. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/batch_record_p.h"

enum { CHUNK = 1 << 16, RING = 6, CANCEL_MS = 50 };

struct batch_source {
	struct sheet_reader *reader;
	const char *path;
	struct import_progress *progress;
	struct sheet_import *open[BATCH_TABLES];
	bool flat;
	struct flat_map map;
	struct batch_part parts[BATCH_PARTS];
	size_t part_count;
	pthread_t thread;
	bool started;
	pthread_mutex_t mutex; /* over all below, and parts */
	pthread_cond_t moved;
	struct record_chunk chunks[RING];
	struct record_chunk *idle[RING], *full[RING]; /* full: oldest first */
	size_t idle_count, full_count;
	struct record_chunk *lent; /* to the caller */
	bool stop, ended;
	int64_t cleaned; /* rows; the thread's until it has ended */
	enum err verdict;
	struct err_info error;
};

const struct sheet_table *batch_table(enum batch_table t)
{
	static const char *const NAMES[BATCH_TABLES] = {[HEADS] = "orders",
							[LINES] = "order_lines",
							[EXTRAS] = "order_extras",
							[SPECIAL] = "order_special",
							[FLAT] = "order_rows"};

	return sheet_table(NAMES[t]);
}

/* ---- the thread: reading ---- */

static struct record_chunk *take_idle(struct batch_source *s)
{
	struct record_chunk *c = NULL;

	pthread_mutex_lock(&s->mutex);
	while (!s->stop && !s->idle_count)
		pthread_cond_wait(&s->moved, &s->mutex);
	if (!s->stop)
		c = s->idle[--s->idle_count];
	pthread_mutex_unlock(&s->mutex);
	return c;
}

static void hand_over(struct batch_source *s, struct record_chunk *c)
{
	pthread_mutex_lock(&s->mutex);
	if (c->n)
		s->full[s->full_count++] = c;
	else
		s->idle[s->idle_count++] = c;
	pthread_cond_signal(&s->moved);
	pthread_mutex_unlock(&s->mutex);
}

static uint8_t part_of(struct batch_source *s, enum batch_table table,
		       const struct sheet_part *part)
{
	size_t i;

	pthread_mutex_lock(&s->mutex);
	for (i = 0; i < s->part_count && s->parts[i].part != part; i++)
		;
	if (i == s->part_count && i + 1 < BATCH_PARTS)
		s->parts[s->part_count++] = (struct batch_part) {table, part};
	pthread_mutex_unlock(&s->mutex);
	return (uint8_t)i;
}

static enum err fill(struct batch_source *s, enum batch_table table, struct record_chunk *c,
		     bool *end, struct err_info *e)
{
	const struct sheet_part *now = NULL;
	struct sheet_record rec;
	int64_t done, total;
	uint8_t part = 0;
	enum err r = ERR_OK;

	while (!r && !*end && c->n < CHUNK) {
		if ((r = sheet_import_next(s->open[table], &rec, end, e)) || *end)
			break;
		if (rec.part != now)
			part = part_of(s, table, now = rec.part);
		s->cleaned += rec.cleaned != 0;
		batch_record_put(c, &rec, table, &s->map, part);
	}
	sheet_import_progress(s->open[table], &done, &total);
	/* The first sheet is a part of the file, how large a one is not known yet. */
	if (table == LINES || table == FLAT) {
		atomic_store(&s->progress->total, total);
		atomic_store(&s->progress->done, done);
	}
	return r;
}

/* A sheet of that table by its name. */
static bool has_sheet(const struct batch_source *s, enum batch_table table)
{
	const char *title = batch_table(table)->title;
	size_t i;

	for (i = 0; i < sheet_count(s->reader); i++) {
		if (strstr(sheet_name(s->reader, i), title))
			return true;
	}
	return false;
}

/* A workbook that lacks one of its sheets has no other headings for it, either. */
static enum err open_table(struct batch_source *s, enum batch_table table, struct err_info *e)
{
	struct err_info why = {0};
	char names[200] = "";
	size_t i, n = 0;
	enum err r =
	    sheet_import_open_on(batch_table(table), s->reader, s->path, &s->open[table], &why);

	if (r && e)
		*e = why;
	if (!r || strcmp(why.code, "sheet.heading") != 0 || has_sheet(s, table) ||
	    !(has_sheet(s, HEADS) || has_sheet(s, LINES)))
		return r;
	for (i = 0; i < sheet_count(s->reader) && n < sizeof(names); i++)
		n += (size_t)snprintf(names + n, sizeof(names) - n, "%s“%s”", n ? "、" : "",
				      sheet_name(s->reader, i));
	names[text_whole(names, strlen(names))] = 0;
	err_fail(e, ERR_INVALID, "sheet.heading", s->path, "缺少“%s”工作表，文件里有 %s",
		 batch_table(table)->sheets[0], names);
	err_hint(e, "请补上这个工作表，或从电子税务局的模板重新填写");
	return ERR_INVALID;
}

static enum err read_table(struct batch_source *s, enum batch_table table, struct err_info *e)
{
	const struct sheet_part *part;
	size_t k;
	bool end = false;
	struct record_chunk *c;
	enum err r = ERR_OK;

	if (!s->open[table])
		r = open_table(s, table, e);
	/* Sheets without a row are parts, too. */
	for (k = 0; !r && (part = sheet_import_part(s->open[table], k)); k++)
		part_of(s, table, part);
	while (!r && !end && (c = take_idle(s))) {
		r = fill(s, table, c, &end, e);
		hand_over(s, c);
	}
	return r;
}

static enum err read_tables(struct batch_source *s, struct err_info *e)
{
	enum err r;

	if (s->flat)
		return read_table(s, FLAT, e);
	if ((r = read_table(s, HEADS, e)) ||
	    (has_sheet(s, SPECIAL) && (r = read_table(s, SPECIAL, e))) ||
	    (has_sheet(s, EXTRAS) && (r = read_table(s, EXTRAS, e))))
		return r;
	return read_table(s, LINES, e);
}

static void *read_all(void *arg)
{
	struct batch_source *s = arg;
	struct err_info error = {0};
	enum err r = read_tables(s, &error);

	pthread_mutex_lock(&s->mutex);
	s->verdict = r;
	s->error = error;
	s->ended = true;
	pthread_cond_signal(&s->moved);
	pthread_mutex_unlock(&s->mutex);
	return NULL;
}

/* ---- the other side ---- */

static void map_flat(struct batch_source *s)
{
	const struct sheet_table *flat = batch_table(FLAT), *heads = batch_table(HEADS),
				 *lines = batch_table(LINES);
	size_t i;

	for (i = 0; i < flat->count; i++) {
		s->map.to_head[i] = (int8_t)sheet_column(heads, flat->columns[i].key);
		s->map.to_line[i] = (int8_t)sheet_column(lines, flat->columns[i].key);
	}
}

/* One table, or heads and lines in sheets of their own? */
static enum err choose_layout(struct batch_source *s, struct err_info *e)
{
	struct err_info why = {0};
	enum err r;

	if (sheet_count(s->reader) > 1 && has_sheet(s, HEADS) && has_sheet(s, LINES))
		return ERR_OK;
	r = sheet_import_open_on(batch_table(FLAT), s->reader, s->path, &s->open[FLAT], &why);
	s->flat = !r;
	if (!r || (r == ERR_INVALID && !strcmp(why.code, "sheet.heading") &&
		   (sheet_count(s->reader) > 1 || has_sheet(s, HEADS) || has_sheet(s, LINES))))
		return ERR_OK;
	if (e)
		*e = why;
	return r;
}

static void free_source(struct batch_source *s)
{
	size_t i;

	for (i = 0; i < BATCH_TABLES; i++)
		sheet_import_close(&s->open[i]);
	for (i = 0; i < RING; i++)
		free(s->chunks[i].bytes);
	pthread_cond_destroy(&s->moved);
	pthread_mutex_destroy(&s->mutex);
	free(s);
}

static int start_thread(struct batch_source *s)
{
	int fault = thread_start(&s->thread, read_all, s);

	s->started = !fault;
	return fault;
}

enum err batch_source_start(struct sheet_reader *reader, const char *path,
			    struct import_progress *p, struct batch_source **out,
			    struct err_info *e)
{
	struct batch_source *s = mem_zalloc(sizeof(*s));
	int fault = 0;
	enum err r;

	s->reader = reader;
	s->path = path;
	s->progress = p;
	map_flat(s);
	pthread_mutex_init(&s->mutex, NULL);
	pthread_cond_init(&s->moved, NULL);
	while (s->idle_count < RING) {
		s->idle[s->idle_count] = &s->chunks[s->idle_count];
		s->idle_count++;
	}
	if (!(r = choose_layout(s, e)) && (fault = start_thread(s)))
		r = err_errno(e, fault, "导入");
	if (r) {
		free_source(s);
		return r;
	}
	*out = s;
	return ERR_OK;
}

/* A moment at most: who waits for a first chunk still wants to be able to cancel. */
static void wait_moment(struct batch_source *s)
{
	const struct timespec until = thread_moment(CANCEL_MS);

	thread_wait(&s->moved, &s->mutex, &until);
}

enum err batch_source_next(struct batch_source *s, const char **bytes, size_t *n,
			   struct err_info *e)
{
	enum err r = ERR_OK;

	*bytes = NULL;
	*n = 0;
	pthread_mutex_lock(&s->mutex);
	if (s->lent) {
		s->lent->n = 0;
		s->idle[s->idle_count++] = s->lent;
		s->lent = NULL;
		pthread_cond_signal(&s->moved);
	}
	while (!s->full_count && !s->ended && !atomic_load(&s->progress->cancel))
		wait_moment(s);
	if (s->full_count) {
		s->lent = s->full[0];
		memmove(s->full, s->full + 1, --s->full_count * sizeof(*s->full));
		*bytes = s->lent->bytes;
		*n = s->lent->n;
	} else if (s->ended && (r = s->verdict) && e) {
		*e = s->error;
	}
	pthread_mutex_unlock(&s->mutex);
	return r;
}

const struct batch_part *batch_source_part(const struct batch_source *s, unsigned part)
{
	return &s->parts[part];
}

size_t batch_source_parts(const struct batch_source *s)
{
	return s->part_count;
}

struct sheet_reader *batch_source_reader(const struct batch_source *s)
{
	return s->reader;
}

bool batch_source_flat(const struct batch_source *s)
{
	return s->flat;
}

static void join(char out[400], const char *text)
{
	size_t used = strlen(out);

	/* The reason of an earlier run, and a region in its four columns. */
	if (strstr(text, IMPORT_REASON_HEAD) || strstr(text, "所在地区"))
		return;
	snprintf(out + used, 400 - used, "%s%s", used ? "、" : "", text);
	out[text_whole(out, strlen(out))] = 0;
}

void batch_source_tell(const struct batch_source *s, struct batch_report *r)
{
	const char *text;
	size_t t, k;

	r->cleaned = s->cleaned;
	for (t = 0; t < BATCH_TABLES; t++) {
		/* Of the sheet nothing is used. */
		if (!s->open[t] || t == SPECIAL)
			continue;
		for (k = 0; (text = sheet_import_unknown(s->open[t], k)); k++)
			join(r->unknown, text);
		for (k = 0; (text = sheet_import_repeated(s->open[t], k)); k++)
			join(r->repeated, text);
	}
}

void batch_source_stop(struct batch_source **source)
{
	struct batch_source *s = *source;

	if (!s)
		return;
	pthread_mutex_lock(&s->mutex);
	s->stop = true;
	pthread_cond_signal(&s->moved);
	pthread_mutex_unlock(&s->mutex);
	sheet_stop(s->reader);
	if (s->started)
		pthread_join(s->thread, NULL);
	free_source(s);
	*source = NULL;
}
