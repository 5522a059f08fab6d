/* find_pipe.c - blocks of a new list made in one thread and stored in another: the caller's, who
 * has the database.  Groups of blocks go round in a ring.
 */
#include <pthread.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/thread.h"
#include "store/find_p.h"

enum { RING = 4 };

struct find_pipe {
	struct find_writer *w;
	find_write write;
	void *arg;
	pthread_t thread;
	pthread_mutex_t mutex; /* over what follows */
	pthread_cond_t moved;
	struct find_group *idle[RING], *full[RING]; /* full: oldest first */
	size_t idle_count, full_count;
	bool stop, ended;
	enum err verdict;
	struct err_info error;
};

/* ---- the thread that makes them ---- */

/* What the caller's failure ends is told by him. */
static enum err stopped(struct err_info *e)
{
	return err_fail(e, ERR_INTERNAL, "find.stopped", "检索", "编入已中止");
}

enum err find_pipe_give(struct find_pipe *p, struct find_group **group, struct err_info *e)
{
	bool stop;

	pthread_mutex_lock(&p->mutex);
	p->full[p->full_count++] = *group;
	*group = NULL;
	pthread_cond_signal(&p->moved);
	while (!p->stop && !p->idle_count)
		pthread_cond_wait(&p->moved, &p->mutex);
	stop = p->stop;
	if (!stop)
		*group = p->idle[--p->idle_count];
	pthread_mutex_unlock(&p->mutex);
	if (stop)
		return stopped(e);
	(*group)->count = 0;
	return ERR_OK;
}

static void *make_all(void *arg)
{
	struct find_pipe *p = arg;
	struct err_info error = {0};
	enum err v = p->write(p->arg, p->w, &error);

	if (!v)
		v = find_writer_end(p->w, &error);
	pthread_mutex_lock(&p->mutex);
	p->verdict = v;
	p->error = error;
	p->ended = true;
	pthread_cond_signal(&p->moved);
	pthread_mutex_unlock(&p->mutex);
	return NULL;
}

/* ---- the caller ---- */

/* The next group; NULL at the end. */
static struct find_group *take(struct find_pipe *p)
{
	struct find_group *g = NULL;
	size_t i;

	pthread_mutex_lock(&p->mutex);
	while (!p->full_count && !p->ended)
		pthread_cond_wait(&p->moved, &p->mutex);
	if (p->full_count) {
		g = p->full[0];
		p->full_count--;
		for (i = 0; i < p->full_count; i++)
			p->full[i] = p->full[i + 1];
	}
	pthread_mutex_unlock(&p->mutex);
	return g;
}

static void give_back(struct find_pipe *p, struct find_group *g, bool stop)
{
	pthread_mutex_lock(&p->mutex);
	p->idle[p->idle_count++] = g;
	p->stop |= stop;
	pthread_cond_signal(&p->moved);
	pthread_mutex_unlock(&p->mutex);
}

static enum err store_all(struct find_pipe *p, struct err_info *e)
{
	struct find_group *g;
	enum err r = ERR_OK;

	while ((g = take(p))) {
		if (!r)
			r = find_group_store(p->w->db, g, e);
		give_back(p, g, r != ERR_OK);
	}
	pthread_join(p->thread, NULL);
	if (!r && p->verdict) {
		r = p->verdict;
		if (e)
			*e = p->error;
	}
	return r;
}

static enum err write_alone(struct find_writer *w, find_write write, void *arg, struct err_info *e)
{
	enum err r = write(arg, w, e);

	return r ? r : find_writer_end(w, e);
}

static void free_groups(struct find_pipe *p)
{
	while (p->idle_count)
		free(p->idle[--p->idle_count]);
	free(p->w->group);
	p->w->group = NULL;
}

static struct find_group *new_group(void)
{
	struct find_group *g = mem_alloc(sizeof(*g));

	g->count = 0;
	return g;
}

enum err find_write_all(struct find_writer *w, find_write write, void *arg, struct err_info *e)
{
	struct find_pipe p = {.w = w, .write = write, .arg = arg};
	enum err r;

	w->group = new_group();
	/* Who goes on with blocks that are there reads them. */
	if (!w->fresh) {
		r = write_alone(w, write, arg, e);
		free_groups(&p);
		return r;
	}
	while (p.idle_count < RING - 1)
		p.idle[p.idle_count++] = new_group();
	pthread_mutex_init(&p.mutex, NULL);
	pthread_cond_init(&p.moved, NULL);
	w->pipe = &p;
	if (!thread_start(&p.thread, make_all, &p)) {
		r = store_all(&p, e);
	} else {
		w->pipe = NULL;
		r = write_alone(w, write, arg, e);
	}
	w->pipe = NULL;
	pthread_cond_destroy(&p.moved);
	pthread_mutex_destroy(&p.mutex);
	free_groups(&p);
	return r;
}
