/* Shared strings: the thread that parses their part, and waiting for it. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/thread.h"
#include "sheet/cell_p.h"
#include "sheet/xlsx_strings_p.h"
#include "sheet/xml_p.h"

enum { RAW_MAX = 7 * SHEET_TEXT_MAX }; /* of one text, as every character may be an escape */

/* The text at work while the part is read. */
struct loader {
	struct sheet_strings *strings;
	struct buf text;
	bool in_text;
	unsigned phonetic;
};

/* ---- the part: <si> with <t>, or with <r><t> runs; <rPh> is how it is pronounced ---- */

static void on_start(void *user, const char *name, const char **attributes)
{
	struct loader *l = ((struct sheet_xml *)user)->user;

	(void)attributes;
	name = sheet_xml_local(name);
	if (!strcmp(name, "t"))
		l->in_text = !l->phonetic;
	else if (!strcmp(name, "si"))
		l->text.len = 0;
	else if (!strcmp(name, "rPh"))
		l->phonetic++;
}

static void on_end(void *user, const char *name)
{
	struct sheet_xml *x = user;
	struct loader *l = x->user;
	enum err rc;
	size_t n;
	uint8_t hidden;

	name = sheet_xml_local(name);
	if (!strcmp(name, "t")) {
		l->in_text = false;
	} else if (!strcmp(name, "rPh")) {
		l->phonetic -= l->phonetic > 0;
	} else if (!strcmp(name, "si") && !x->fault) {
		buf_add(&l->text, "", 0);
		n = sheet_text_clean(l->text.data, l->text.len, true, &hidden);
		rc = strings_add(l->strings, l->text.data, n, hidden, x->e);
		if (rc)
			sheet_xml_refuse(x, rc);
	}
}

static void on_text(void *user, const char *s, int n)
{
	struct loader *l = ((struct sheet_xml *)user)->user;

	/* What passes the longest cell is cut anyway. */
	if (l->in_text && l->text.len + (size_t)n <= RAW_MAX)
		buf_add(&l->text, s, (size_t)n);
}

/* ---- the thread ---- */

/* After a piece: what has come is there for the reader.  False: nobody wants more. */
static bool publish(struct sheet_strings *s, const struct sheet_xml *x)
{
	bool stop;

	pthread_mutex_lock(&s->mutex);
	if (!s->spilling)
		s->ready = s->count;
	s->done = sheet_stream_done(x->stream);
	stop = s->stop;
	pthread_cond_signal(&s->moved);
	pthread_mutex_unlock(&s->mutex);
	return !stop;
}

static enum err parse(struct sheet_strings *s, struct err_info *e)
{
	static const struct sheet_xml_ops ops = {
	    .start = on_start, .end = on_end, .text = on_text, .large = true};
	struct loader l = {.strings = s};
	struct sheet_xml x;
	bool end = false;
	enum err rc = sheet_xml_open(&x, s->zip, s->part, &ops, &l, e);

	buf_init(&l.text, RAW_MAX + 1);
	while (!rc && !end) {
		rc = sheet_xml_step(&x, &end, e);
		if (!publish(s, &x))
			break;
	}
	sheet_xml_close(&x);
	buf_free(&l.text);
	return rc ? rc : strings_settle(s, e);
}

static void *load(void *arg)
{
	struct sheet_strings *s = arg;
	struct err_info error = {0};
	enum err rc = s->part < 0 ? ERR_OK : parse(s, &error);

	pthread_mutex_lock(&s->mutex);
	s->verdict = rc;
	s->error = error;
	s->ended = true;
	pthread_cond_signal(&s->moved);
	pthread_mutex_unlock(&s->mutex);
	return NULL;
}

static int start_thread(struct sheet_strings *s)
{
	int fault = thread_start(&s->thread, load, s);

	s->started = !fault;
	return fault;
}

enum err sheet_strings_start(struct sheet_zip *z, int64_t part, struct sheet_strings **out,
			     struct err_info *e)
{
	struct sheet_strings *s = mem_zalloc(sizeof(*s));
	const size_t least = STRINGS_SINGLE_MAX + STRINGS_LENGTH;
	int fault;

	s->zip = z;
	s->part = part;
	s->what = sheet_zip_what(z);
	s->fd = -1;
	s->limit = sheet_strings_limit > least ? sheet_strings_limit : least;
	pthread_mutex_init(&s->mutex, NULL);
	pthread_cond_init(&s->moved, NULL);
	s->memory =
	    mmap(NULL, s->limit, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (s->memory == MAP_FAILED) {
		s->memory = NULL;
		sheet_strings_free(&s);
		return err_fail(e, ERR_DAMAGED, "memory", "读取工作簿", "内存不足");
	}
	if ((fault = start_thread(s))) {
		sheet_strings_free(&s);
		return err_errno(e, fault, "读取工作簿");
	}
	*out = s;
	return ERR_OK;
}

static void unmap(struct sheet_strings *s)
{
	if (s->memory)
		munmap(s->memory, s->limit);
	s->memory = NULL;
}

static void stop(struct sheet_strings *s)
{
	if (!s->started)
		return;
	pthread_mutex_lock(&s->mutex);
	s->stop = true;
	pthread_mutex_unlock(&s->mutex);
	pthread_join(s->thread, NULL);
}

void sheet_strings_free(struct sheet_strings **sp)
{
	struct sheet_strings *s = *sp;

	if (!s)
		return;
	stop(s);
	pthread_cond_destroy(&s->moved);
	pthread_mutex_destroy(&s->mutex);
	strings_free_slots(s);
	free(s->blocks);
	free(s->buffer);
	unmap(s);
	if (s->fd >= 0)
		close(s->fd);
	free(s);
	*sp = NULL;
}

/* ---- waiting ---- */

enum err strings_await(struct sheet_strings *s, int64_t i, struct err_info *e)
{
	enum err rc;

	pthread_mutex_lock(&s->mutex);
	/* Looking into the file while it is written would save little: the rest takes as long. */
	while (!s->ended && (s->spilling || i < 0 || i >= s->ready))
		pthread_cond_wait(&s->moved, &s->mutex);
	rc = s->verdict;
	if (rc && e)
		*e = s->error;
	s->from_file = s->ended && s->spilling;
	s->known = rc ? 0 : s->ended ? s->count : s->ready;
	pthread_mutex_unlock(&s->mutex);
	return rc;
}

enum err sheet_strings_wait(struct sheet_strings *s, struct err_info *e)
{
	return strings_await(s, -1, e);
}

int64_t sheet_strings_count(const struct sheet_strings *s)
{
	return s->known;
}

bool sheet_strings_spilled(const struct sheet_strings *s)
{
	return s->from_file;
}

int64_t sheet_strings_done(struct sheet_strings *s)
{
	int64_t done;

	pthread_mutex_lock(&s->mutex);
	done = s->done;
	pthread_mutex_unlock(&s->mutex);
	return done;
}

void sheet_strings_turn(struct sheet_strings *s)
{
	bool spilling;

	if (s->from_file) {
		unmap(s);
		return;
	}
	pthread_mutex_lock(&s->mutex);
	spilling = s->spilling;
	pthread_mutex_unlock(&s->mutex);
	/* Both the mapping and what is made of the rows would be too much.  A failure is told to
	 * whoever asks for a string. */
	if (spilling && !strings_await(s, -1, NULL))
		unmap(s);
}
