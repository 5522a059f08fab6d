/* taxcodes_news.c - an answer of the tax side joins the list; what it changes is kept. */
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "store/settings.h"
#include "store/taxcodes_p.h"

enum { DAY = 86400 };

/* Rows of the answer (n) that are new or differ from the list (o) in what a person looks at. */
#define NEWS                                                                                       \
	" FROM taxcode n LEFT JOIN taxcode o ON o.env = ? AND o.code = n.code"                     \
	" WHERE n.env = '" TAXCODE_INCOMING "' AND (o.code IS NULL OR o.name <> n.name"            \
	" OR o.short_name <> n.short_name OR o.vat_rates <> n.vat_rates"                           \
	" OR o.levy_rates <> n.levy_rates OR o.stop_date <> n.stop_date"                           \
	" OR o.summary <> n.summary)"
#define KIND                                                                                       \
	"CASE WHEN o.code IS NULL THEN 'added'"                                                    \
	" WHEN n.stop_date <> '' AND o.stop_date = '' THEN 'stopped' ELSE 'changed' END"

static enum taxcode_kind kind_of(const char *word)
{
	return strcmp(word, "added") == 0     ? TAXCODE_ADDED
	       : strcmp(word, "stopped") == 0 ? TAXCODE_ENDED
					      : TAXCODE_CHANGED;
}

static enum err count_news(struct db *db, const char *env, struct taxcode_news *news,
			   struct err_info *e)
{
	int64_t *const counts[] = {[TAXCODE_ADDED] = &news->added,
				   [TAXCODE_CHANGED] = &news->changed,
				   [TAXCODE_ENDED] = &news->stopped};
	struct rows *q;
	char list[TAXCODE_LIST];
	enum err r = store_taxcode_list(db, env, list, e);
	*news = (struct taxcode_news) {.first = !*list};
	if (r)
		return r;
	r = db_query(db, &q, e, "SELECT " KIND " AS kind, COUNT(*)" NEWS " GROUP BY kind", "s",
		     env);
	while (!r && rows_next(q))
		*counts[kind_of(rows_text(q, 0))] = rows_int(q, 1);
	return rows_end(&q, r, e);
}

/* Higher numbers for lower codes: the list is read from the newest number down. */
static enum err keep_news(struct db *db, const char *env, const struct taxcode_news *news,
			  struct err_info *e)
{
	int64_t n = news->added + news->changed + news->stopped, first, now = clock_now();
	enum err r = db_run(db, e, NULL, "DELETE FROM taxcode_change WHERE env = ? AND at < ?",
			    "sl", env, now - (int64_t)TAXCODE_CHANGE_DAYS * DAY);
	if (r || news->first || !n || (r = db_next_ids(db, "taxcode_change", n, &first, e)))
		return r;
	return db_run(
	    db, e, NULL,
	    "INSERT INTO taxcode_change (id, env, at, kind, code, name, old_name, short_name,"
	    " old_short_name, vat_rates, old_vat_rates, levy_rates, old_levy_rates, stop_date,"
	    " old_stop_date, summary, old_summary)"
	    " SELECT ? + ROW_NUMBER() OVER (ORDER BY n.code DESC), ?, ?, " KIND
	    ", n.code, n.name, COALESCE(o.name, ''), n.short_name, COALESCE(o.short_name, ''),"
	    " n.vat_rates, COALESCE(o.vat_rates, ''), n.levy_rates, COALESCE(o.levy_rates, ''),"
	    " n.stop_date, COALESCE(o.stop_date, ''), n.summary, COALESCE(o.summary, 0)" NEWS,
	    "lsls", first - 1, env, now, env);
}

enum err store_taxcode_stamp(struct db *db, const char *env, char out[24], struct err_info *e)
{
	return store_setting_get(db, "taxcode_stamp", env, "", out, 24, e);
}

enum err store_taxcode_adopt(struct db *db, const char *env, const char *stamp,
			     struct taxcode_news *news, struct err_info *e)
{
	enum err r;
	if ((r = count_news(db, env, news, e)) || (r = keep_news(db, env, news, e)) ||
	    (r = db_run(db, e, NULL,
			"INSERT INTO taxcode (env, " TAXCODE_COLUMNS ") SELECT ?, " TAXCODE_COLUMNS
			" FROM taxcode WHERE env = '" TAXCODE_INCOMING "'" TAXCODE_REPLACE,
			"s", env)) ||
	    (r = db_run(db, e, NULL, "DELETE FROM taxcode WHERE env = '" TAXCODE_INCOMING "'",
			"")) ||
	    (r = store_taxcode_index(db, env, e)))
		return r;
	return store_setting_set(db, "taxcode_stamp", env, stamp, e);
}

/* ---- reading --------------------------------------------------------------------------------- */

#define SELECT_CHANGES                                                                             \
	"SELECT id, at, kind, code, name, old_name, short_name, old_short_name, vat_rates,"        \
	" old_vat_rates, levy_rates, old_levy_rates, stop_date, old_stop_date, summary,"           \
	" old_summary FROM taxcode_change WHERE env = ? AND id < ?"
#define BELOW " ORDER BY id DESC LIMIT ?"

static void read_change(struct rows *q, struct taxcode_change *c)
{
	*c = (struct taxcode_change) {
	    .id = rows_int(q, 0),
	    .at = rows_int(q, 1),
	    .kind = kind_of(rows_text(q, 2)),
	    .code = rows_text(q, 3),
	    .now = {rows_text(q, 4), rows_text(q, 6), rows_text(q, 8), rows_text(q, 10),
		    rows_text(q, 12), rows_int(q, 14) != 0},
	    .before = {rows_text(q, 5), rows_text(q, 7), rows_text(q, 9), rows_text(q, 11),
		       rows_text(q, 13), rows_int(q, 15) != 0},
	};
}

static enum err give_changes(struct rows **q, int limit, taxcode_change_each f, void *arg,
			     int64_t *next, struct err_info *e)
{
	struct taxcode_change c = {.id = 0};
	enum err r = ERR_OK;
	for (int given = 0; !r && rows_next(*q); given++) {
		if (given == limit) {
			*next = c.id;
			break;
		}
		read_change(*q, &c);
		r = f(arg, &c);
	}
	return rows_end(q, r, e);
}

enum err store_taxcode_changes(struct db *db, const char *env, const char *code, int64_t cursor,
			       int limit, taxcode_change_each f, void *arg, int64_t *next,
			       int64_t *total, struct err_info *e)
{
	struct rows *q;
	enum err r;
	*next = 0;
	if (!cursor)
		cursor = INT64_MAX;
	if (*code)
		r = db_query(db, &q, e, SELECT_CHANGES " AND code = ?" BELOW, "slsi", env, cursor,
			     code, limit + 1);
	else
		r = db_query(db, &q, e, SELECT_CHANGES BELOW, "sli", env, cursor, limit + 1);
	r = r ? rows_end(&q, r, e) : give_changes(&q, limit, f, arg, next, e);
	if (r || !total)
		return r;
	return db_get_int(db, e, total, NULL,
			  "SELECT COUNT(*) FROM (SELECT 1 FROM taxcode_change"
			  " WHERE env = ? AND (? = '' OR code = ?) LIMIT ?)",
			  "sssi", env, code, code, TAXCODE_COUNT_CAP);
}
