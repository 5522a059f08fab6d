/* access.c - 开票员, 接入条件, 安全验证截止日. */
#include "store/access.h"

#include <string.h>

#include "base/date.h"
#include "base/text.h"

static const struct {
	const char *word, *label;
} STATES[] = {[DRAWER_BOUND] = {"bound", "已绑定"},
	      [DRAWER_WAITING] = {"waiting", "待绑定"},
	      [DRAWER_STOPPED] = {"stopped", "已停用"}};

enum { STATE_COUNT = sizeof(STATES) / sizeof(STATES[0]) };

const char *drawer_state_word(enum drawer_state s)
{
	return STATES[s].word;
}

const char *drawer_state_label(enum drawer_state s)
{
	return STATES[s].label;
}

bool drawer_state_parse(const char *text, enum drawer_state *out)
{
	int i;

	for (i = 0; i < STATE_COUNT; i++) {
		if (strcmp(STATES[i].word, text) != 0 && strcmp(STATES[i].label, text) != 0)
			continue;
		*out = (enum drawer_state)i;
		return true;
	}
	return false;
}

#define DRAWER_SELECT                                                                              \
	"SELECT id, unit_id, created_at, updated_at, state, name, id_type, id_no, platform"        \
	" FROM drawer"

static void read_drawer(struct rows *q, struct drawer *out)
{
	*out = (struct drawer) {.id = rows_int(q, 0),
				.unit_id = rows_int(q, 1),
				.created_at = rows_int(q, 2),
				.updated_at = rows_int(q, 3),
				.state = DRAWER_STOPPED};
	drawer_state_parse(rows_text(q, 4), &out->state);
	text_copy(out->name, sizeof(out->name), rows_text(q, 5));
	text_copy(out->id_type, sizeof(out->id_type), rows_text(q, 6));
	text_copy(out->id_no, sizeof(out->id_no), rows_text(q, 7));
	text_copy(out->platform, sizeof(out->platform), rows_text(q, 8));
}

enum err store_drawer_put(struct db *db, struct drawer *d, struct err_info *e)
{
	int64_t id = d->id, other = 0;
	bool found = false;
	enum err r = db_get_int(db, e, &other, &found,
				"SELECT id FROM drawer WHERE unit_id = ? AND name = ? AND id <> ?",
				"lsl", d->unit_id, d->name, d->id);

	if (!r && found)
		r = err_fail(e, ERR_INVALID, "drawer.exists", "开票员", "“%.60s”已经登记", d->name);
	if (r || (!id && (r = db_next_id(db, "drawer", &id, e))))
		return r;
	r = db_run(db, e, NULL,
		   "INSERT INTO drawer (id, unit_id, name, id_type, id_no, state, platform,"
		   " created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
		   " ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
		   " id_type = excluded.id_type, id_no = excluded.id_no, state = excluded.state,"
		   " platform = excluded.platform, updated_at = excluded.updated_at",
		   "llsssssll", id, d->unit_id, d->name, d->id_type, d->id_no,
		   STATES[d->state].word, d->platform, clock_now(), clock_now());
	if (!r)
		d->id = id;
	return r;
}

enum err store_drawer_find(struct db *db, int64_t unit, const char *name, struct drawer *out,
			   bool *found, struct err_info *e)
{
	struct rows *q;
	struct drawer d = {.id = 0};
	enum err r =
	    db_query(db, &q, e, DRAWER_SELECT " WHERE unit_id = ? AND name = ?", "ls", unit, name);
	bool any = !r && rows_next(q);

	if (any)
		read_drawer(q, &d);
	r = rows_end(&q, r, e);
	if (r)
		return r;
	*found = any;
	*out = d;
	return ERR_OK;
}

enum err store_drawer_remove(struct db *db, int64_t id, struct err_info *e)
{
	return db_run(db, e, NULL, "DELETE FROM drawer WHERE id = ?", "l", id);
}

enum err store_drawer_list(struct db *db, int64_t unit, drawer_each f, void *arg,
			   struct err_info *e)
{
	struct rows *q;
	enum err r =
	    db_query(db, &q, e,
		     DRAWER_SELECT
		     " WHERE unit_id = ? ORDER BY instr('bound waiting stopped', state), name, id",
		     "l", unit);

	while (!r && rows_next(q)) {
		struct drawer d;

		read_drawer(q, &d);
		r = f(arg, &d);
	}
	return rows_end(&q, r, e);
}

enum err store_eligibility_get(struct db *db, int64_t unit,
			       struct eligibility_said out[ELIGIBILITY_ITEMS], struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(
	    db, &q, e,
	    "SELECT item, answer, note, at, COALESCE(NULLIF(display_name, ''), name, '')"
	    " FROM eligibility LEFT JOIN app_user ON app_user.id = user_id WHERE unit_id = ?",
	    "l", unit);

	memset(out, 0, ELIGIBILITY_ITEMS * sizeof(*out));
	while (!r && rows_next(q)) {
		int64_t item = rows_int(q, 0), answer = rows_int(q, 1);

		if (item < 1 || item > ELIGIBILITY_ITEMS || answer < ANSWER_NONE ||
		    answer > ANSWER_NO)
			continue;
		out[item - 1].answer = (enum eligibility_answer)answer;
		out[item - 1].at = rows_int(q, 3);
		text_copy(out[item - 1].note, sizeof(out->note), rows_text(q, 2));
		text_copy(out[item - 1].by, sizeof(out->by), rows_text(q, 4));
	}
	return rows_end(&q, r, e);
}

enum err store_eligibility_put(struct db *db, int64_t unit, size_t item,
			       const struct eligibility_said *said, int64_t user,
			       struct err_info *e)
{
	if (said->answer == ANSWER_NONE && !*said->note)
		return db_run(db, e, NULL, "DELETE FROM eligibility WHERE unit_id = ? AND item = ?",
			      "li", unit, (int)item + 1);
	return db_run(db, e, NULL,
		      "INSERT OR REPLACE INTO eligibility (unit_id, item, answer, note, at,"
		      " user_id) VALUES (?, ?, ?, ?, ?, ?)",
		      "liisll", unit, (int)item + 1, (int)said->answer, said->note, clock_now(),
		      user);
}

enum err store_unit_safety(struct db *db, int64_t unit, const char *until, struct err_info *e)
{
	return db_run(db, e, NULL, "UPDATE unit SET safety_until = ?, updated_at = ? WHERE id = ?",
		      "sll", until, clock_now(), unit);
}
