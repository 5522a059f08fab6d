/* export_feed.c - the queue between the source of a list and the workbook. */
#include <pthread.h>
#include <stdlib.h>

#include "base/base.h"
#include "ui/screen/export_p.h"

enum { FEED_ROWS = 4 * LIST_ROWS };

struct feed_row {
	char *cell[LIST_COLUMNS]; /* owned */
};
struct feed {
	pthread_mutex_t lock;
	pthread_cond_t moved;
	struct feed_row rows[FEED_ROWS], last; /* last: given out */
	int columns, first, count, users;
	bool ended, dropped;
};

struct feed *feed_new(int columns)
{
	struct feed *f = mem_zalloc(sizeof(*f));

	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->moved, NULL);
	f->columns = columns;
	f->users = 2;
	return f;
}

static void row_free(struct feed_row *row)
{
	int i;

	for (i = 0; i < LIST_COLUMNS; i++) {
		free(row->cell[i]);
		row->cell[i] = NULL;
	}
}

void feed_free(struct feed **p)
{
	struct feed *f = *p;
	bool last;
	int i;

	*p = NULL;
	if (!f)
		return;
	pthread_mutex_lock(&f->lock);
	last = --f->users == 0;
	pthread_mutex_unlock(&f->lock);
	if (!last)
		return;
	for (i = 0; i < f->count; i++)
		row_free(&f->rows[(f->first + i) % FEED_ROWS]);
	row_free(&f->last);
	pthread_cond_destroy(&f->moved);
	pthread_mutex_destroy(&f->lock);
	free(f);
}

int feed_room(struct feed *f)
{
	int room;

	pthread_mutex_lock(&f->lock);
	room = FEED_ROWS - f->count;
	pthread_mutex_unlock(&f->lock);
	return room;
}

void feed_put(struct feed *f, const struct list_row *row)
{
	struct feed_row copy = {{NULL}};
	int i;

	for (i = 0; i < f->columns; i++)
		copy.cell[i] = mem_strdup(row->cell[i]);
	pthread_mutex_lock(&f->lock);
	f->rows[(f->first + f->count) % FEED_ROWS] = copy;
	f->count++;
	pthread_cond_signal(&f->moved);
	pthread_mutex_unlock(&f->lock);
}

static void finish(struct feed *f, bool *how)
{
	pthread_mutex_lock(&f->lock);
	*how = true;
	pthread_cond_signal(&f->moved);
	pthread_mutex_unlock(&f->lock);
}

void feed_end(struct feed *f)
{
	finish(f, &f->ended);
}

void feed_drop(struct feed *f)
{
	finish(f, &f->dropped);
}

bool feed_dropped(struct feed *f)
{
	bool dropped;

	pthread_mutex_lock(&f->lock);
	dropped = f->dropped;
	pthread_mutex_unlock(&f->lock);
	return dropped;
}

bool feed_take(struct feed *f, const char **cells)
{
	bool got;
	int i;

	row_free(&f->last);
	pthread_mutex_lock(&f->lock);
	while (!f->count && !f->ended && !f->dropped)
		pthread_cond_wait(&f->moved, &f->lock);
	got = f->count > 0 && !f->dropped;
	if (got) {
		f->last = f->rows[f->first];
		f->rows[f->first] = (struct feed_row) {{NULL}};
		f->first = (f->first + 1) % FEED_ROWS;
		f->count--;
	}
	pthread_mutex_unlock(&f->lock);
	for (i = 0; got && i < f->columns; i++)
		cells[i] = f->last.cell[i];
	return got;
}
