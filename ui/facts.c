/* facts.c - the session, and what the top and bottom lines say of its unit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/text.h"
#include "ui/list.h"
#include "ui/loop.h"
#include "ui/screen/batch.h"
#include "ui/worker.h"

enum { AGE_FROM_S = 60, BATCHES_SEEN = 20 };

static struct {
	char home[HOME_PATH], unit[64];
	struct session *session;
	struct ui_facts facts;
	int64_t oldest_at; /* 0 none */
	int64_t version;
} ui;

/* ---- session ---- */

void ui_set_place(const char *home, const char *unit)
{
	text_copy(ui.home, sizeof(ui.home), home);
	text_copy(ui.unit, sizeof(ui.unit), unit ? unit : "");
}

const char *ui_home(void)
{
	return ui.home;
}

struct session *ui_session(void)
{
	return ui.session;
}

/* How this person likes lists; without it the usual way. */
static void load_choices(struct session *s)
{
	char *rows = NULL;

	if (!desk_choice_load(s, "lists", &rows, NULL) && rows)
		list_rows_load(rows);
	free(rows);
}

enum err ui_open_session(const char *user, struct err_info *e)
{
	struct session *s = NULL;
	enum err r = desk_open(ui.home, user, *ui.unit ? ui.unit : NULL, &s, e);

	if (r)
		return r;
	ui_close_session();
	ui.session = s;
	load_choices(s);
	ui.version = db_version_counter(s->db);
	facts_refresh();
	return ERR_OK;
}

void ui_close_session(void)
{
	desk_close(&ui.session);
	memset(&ui.facts, 0, sizeof(ui.facts));
	ui.oldest_at = 0;
}

/* ---- facts ---- */

const struct ui_facts *ui_facts(void)
{
	return &ui.facts;
}

static enum err take_oldest(void *arg, const struct invoice_row *row)
{
	int64_t *at = arg;

	if (!*at || row->created_at < *at)
		*at = row->created_at;
	return ERR_OK;
}

static enum err read_flight(struct session *s, struct ui_facts *f, int64_t *oldest)
{
	struct invoice_filter filter = {.unfinished = true, .last_page = true, .limit = 1};
	int64_t next;
	bool at_least;

	return desk_invoice_list(s, &filter, take_oldest, oldest, &next, &f->in_flight, &at_least,
				 NULL);
}

/* Of several running batches the oldest is named. */
static enum err add_batch(void *arg, const struct order_batch *b)
{
	struct batch_progress p = batch_progress_of(b);
	struct ui_facts *f = arg;

	f->batch = b->id;
	f->batch_done += p.done;
	f->batch_all += p.all;
	return ERR_OK;
}

static enum err read_batches(struct session *s, struct ui_facts *f)
{
	static const enum batch_state RUNNING = BATCH_RUNNING;
	const struct batch_query q = {.state = &RUNNING, .limit = BATCHES_SEEN};
	int64_t next, total;

	return desk_batch_list(s, &q, add_batch, f, &next, &total, NULL);
}

static enum err read_facts(struct session *s, struct ui_facts *f, int64_t *oldest)
{
	struct err_info e = {0};
	struct quota_month q;
	struct unit u;
	enum err r = desk_unit(s, &u, &e);

	if (r == ERR_INVALID) { /* none yet, or one has to be chosen */
		f->must_choose = !strcmp(e.code, "unit.choose");
		return ERR_OK;
	}
	if (r)
		return r;
	f->has_unit = true;
	text_copy(f->unit_name, sizeof(f->unit_name), u.name);
	text_copy(f->unit_tax_no, sizeof(f->unit_tax_no), u.tax_no);
	text_copy(f->env, sizeof(f->env), unit_env_label(u.env));
	f->env_id = u.env;
	f->production = u.env == ENV_PRODUCTION;
	worker_speak_of(u.direct_id);
	unit_free(&u);
	/* A unit that is not verified yet has neither to speak of. */
	r = desk_numbers_stock(s, &f->stock, NULL);
	if (!r && !(r = desk_quota_get(s, &q, NULL)))
		f->usable_fen = q.unused - q.reserved;
	if (r && r != ERR_INVALID)
		return r;
	r = read_batches(s, f);
	return r ? r : read_flight(s, f, oldest);
}

bool facts_refresh(void)
{
	struct ui_facts f;
	int64_t oldest = 0;
	bool changed;

	if (!ui.session)
		return false;
	/* Compared as bytes below, so the gaps count too. */
	memset(&f, 0, sizeof(f));
	f.oldest_age_s = -1;
	if (read_facts(ui.session, &f, &oldest))
		return false; /* busy: the old ones stand until the next turn */
	if (oldest)
		f.oldest_age_s = clock_now() - oldest;
	ui.facts.oldest_age_s = f.oldest_age_s;
	changed = memcmp(&f, &ui.facts, sizeof(f)) != 0 || oldest != ui.oldest_at;
	ui.facts = f;
	ui.oldest_at = oldest;
	return changed;
}

const char *facts_age(char out[32])
{
	static const struct {
		int64_t seconds;
		const char *word;
	} STEPS[] = {{86400, "天"}, {3600, "小时"}, {AGE_FROM_S, "分钟"}};
	int64_t age = ui.oldest_at ? clock_now() - ui.oldest_at : 0;
	size_t i;

	*out = 0;
	for (i = 0; i < sizeof(STEPS) / sizeof(STEPS[0]); i++) {
		if (age < STEPS[i].seconds)
			continue;
		snprintf(out, 32, "%lld %s", (long long)(age / STEPS[i].seconds), STEPS[i].word);
		break;
	}
	return out;
}

bool facts_store_moved(void)
{
	int64_t v;

	if (!ui.session)
		return false;
	v = db_version_counter(ui.session->db);
	if (v == ui.version)
		return false;
	ui.version = v;
	return true;
}
