/* unit_remove.c - removing units with what they have collected, and, after a backup, with their
 * records (features C16, C17, C26). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "desk/home.h"
#include "desk/unit_p.h"

enum { TURNS = 100 };

/* The using units under a direct one: 0 none, its own alone (*own), or others too. */
static enum err below(struct session *s, const struct unit *direct, int64_t *own, bool *others,
		      struct err_info *e)
{
	struct unit_set set;
	size_t i;
	enum err r = unit_set_all(s, "using", &set, e);

	*own = 0;
	*others = false;
	for (i = 0; !r && i < set.n; i++) {
		if (set.items[i].direct_id != direct->id)
			continue;
		if (!strcmp(set.items[i].tax_no, direct->tax_no))
			*own = set.items[i].id;
		else
			*others = true;
	}
	if (!r)
		unit_set_free(&set);
	return r;
}

/* What the unit, and its own using unit, have collected. */
static enum err count_catalogue(struct session *s, int64_t unit, int64_t own,
				struct unit_catalogue *out, struct err_info *e)
{
	struct unit_catalogue more = {0};
	enum err r = store_unit_catalogue(s->db, unit, out, e);

	if (!r && own)
		r = store_unit_catalogue(s->db, own, &more, e);
	out->buyers += more.buyers;
	out->goods += more.goods;
	out->types += more.types;
	return r;
}

static void catalogue_words(const struct unit_catalogue *c, char out[UNIT_CATALOGUE_WORDS])
{
	const struct {
		int64_t count;
		const char *what;
	} parts[] = {{c->buyers, "购方"}, {c->goods, "商品"}, {c->types, "业务类型"}};
	size_t i, used = 0;

	out[0] = 0;
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].count)
			used += (size_t)snprintf(out + used, UNIT_CATALOGUE_WORDS - used,
						 "%s%" PRId64 " 个%s", used ? "、" : "",
						 parts[i].count, parts[i].what);
}

static enum err refuse_catalogue(const struct unit *u, const char *words, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "unit.catalogue", u->name, "它的%s会一起删除", words);
	err_hint(
	    e, "需要的先用 buyers export、goods export、types export 导出；确实都不要时加 --force");
	return ERR_INVALID;
}

static enum err cancelled(const struct unit *u, struct import_progress *p, struct err_info *e)
{
	if (!atomic_load(&p->cancel))
		return ERR_OK;
	return err_fail(e, ERR_INVALID, "unit.cancelled", u->name, "已取消，什么都没有删除");
}

/* Its buyers and goods, some at a time. */
static enum err shed(struct session *s, const struct unit *u, int64_t unit,
		     struct import_progress *p, struct err_info *e)
{
	enum { SOME = 2000 };
	int gone = 1;
	enum err r = db_bulk(s->db, e);

	while (!r && gone && !(r = cancelled(u, p, e))) {
		r = store_unit_shed(s->db, unit, SOME, &gone, e);
		atomic_fetch_add(&p->rows, gone);
		/* Those that had been removed before were not counted. */
		if (atomic_load(&p->done) + gone < atomic_load(&p->total))
			atomic_fetch_add(&p->done, gone);
	}
	return r;
}

/* What is to go. */
struct removal {
	const struct unit *unit;
	int64_t own; /* its own using unit, 0 none */
	bool catalogue, records;
	struct import_progress *progress;
	const struct unit_hold *hold; /* with the records: as it was before the backup */
	const char *backup;
};

static enum err may_go(struct session *s, const struct removal *m, int64_t unit, struct err_info *e)
{
	return m->records ? store_unit_at_rest(s->db, unit, e) : store_unit_unused(s->db, unit, e);
}

static enum err shed_catalogue(struct session *s, const struct removal *m,
			       const struct unit_catalogue *c, struct err_info *e)
{
	/* One more: the unit itself. */
	atomic_store(&m->progress->total, c->buyers + c->goods + 1);
	return shed(s, m->unit, m->own ? m->own : m->unit->id, m->progress, e);
}

static enum err drop(struct session *s, const struct removal *m, int64_t unit, struct err_info *e)
{
	enum err r = m->records ? store_unit_drop_records(s->db, unit, e) : ERR_OK;

	crash_step("unit records");
	return r ? r : store_unit_remove(s->db, unit, e);
}

static enum err remove_rows(struct session *s, const struct removal *m, struct err_info *e)
{
	const struct unit *u = m->unit;
	char words[UNIT_CATALOGUE_WORDS] = "";
	struct unit_catalogue c;
	enum err r = db_begin(s->db, e);

	if (r)
		return r;
	if (!(r = may_go(s, m, m->own ? m->own : u->id, e)) &&
	    !(r = m->hold ? unit_hold_same(s, m->hold, m->backup, e) : ERR_OK) &&
	    !(r = count_catalogue(s, u->id, m->own, &c, e))) {
		catalogue_words(&c, words);
		if (*words)
			r = m->catalogue ? shed_catalogue(s, m, &c, e)
					 : refuse_catalogue(u, words, e);
	}
	if (r || (m->own && (r = drop(s, m, m->own, e))) || (r = drop(s, m, u->id, e)) ||
	    (r = desk_audit(s, 0, m->records ? "unit.remove_all" : "unit.remove", u->tax_no,
			    u->name, words, e))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

/* The unit that is meant, when it may be removed, and the using unit that goes with it. */
static enum err load_removable(struct session *s, const struct unit_ref *ref, struct unit *u,
			       int64_t *own, struct err_info *e)
{
	bool others = false;
	enum err r;

	*own = 0;
	if ((r = desk_allow(s, DESK_UNITS, e)) || (r = unit_load_one(s, ref, "direct", u, e)))
		return r;
	if (u->direct)
		r = below(s, u, own, &others, e);
	if (!r && others) {
		r = err_fail(
		    e, ERR_INVALID, "unit.has_using", u->name,
		    "该直连单位下存在非本单位的其他使用单位，不允许删除！请移除相关使用单位后再重试。");
		err_hint(
		    e, "可用 kaipiao unit list --role using 查看，用 kaipiao unit remove 逐个移除");
	}
	if (r)
		unit_free(u);
	return r;
}

enum err desk_unit_catalogue(struct session *s, const struct unit_ref *ref,
			     char words[UNIT_CATALOGUE_WORDS], int64_t *rows, struct err_info *e)
{
	struct unit_catalogue c = {0};
	struct unit u;
	int64_t own;
	enum err r = load_removable(s, ref, &u, &own, e);

	words[0] = 0;
	*rows = 0;
	if (r)
		return r;
	if (!(r = count_catalogue(s, u.id, own, &c, e)))
		catalogue_words(&c, words);
	*rows = c.buyers + c.goods + c.types;
	unit_free(&u);
	return r;
}

enum err desk_unit_remove(struct session *s, const struct unit_ref *ref, bool catalogue,
			  struct import_progress *p, struct err_info *e)
{
	struct import_progress alone = {0};
	struct removal m = {.catalogue = catalogue, .progress = p ? p : &alone};
	struct unit u;
	enum err r = load_removable(s, ref, &u, &m.own, e);

	if (r)
		return r;
	m.unit = &u;
	r = remove_rows(s, &m, e);
	unit_free(&u);
	return r;
}

/* In the home, by number and moment: before-removal-91440300MAKP00022T-20251120100000.tar; the
 * backup of an attempt in the same second stays. */
static enum err backup_first(struct session *s, const struct unit *u, char *backup,
			     struct err_info *e)
{
	char name[120], path[HOME_PATH], at[DATETIME_TEXT];
	size_t i, n = 0;
	int turn;
	enum err r;

	datetime_text(clock_now(), at);
	for (i = 0; at[i]; i++)
		if (at[i] >= '0' && at[i] <= '9')
			at[n++] = at[i];
	at[n] = 0;
	for (turn = 1; turn < TURNS; turn++) {
		snprintf(name, sizeof(name), "before-removal-%.24s-%s", u->tax_no, at);
		n = strlen(name);
		if (turn > 1)
			snprintf(name + n, sizeof(name) - n, "-%d.tar", turn);
		else
			snprintf(name + n, sizeof(name) - n, ".tar");
		if (!file_join(path, sizeof(path), s->home, name))
			return err_fail(e, ERR_INVALID, "file.path", s->home, "路径太长");
		if (!file_exists(path))
			break;
	}
	if (!(r = desk_backup(s, path, e)))
		text_copy(backup, HOME_PATH, path);
	return r;
}

enum err desk_unit_remove_all(struct session *s, const struct unit_ref *ref, char *backup,
			      struct import_progress *p, struct err_info *e)
{
	struct import_progress alone = {0};
	struct unit_hold hold = {{0}, {""}};
	struct removal m = {.catalogue = true,
			    .records = true,
			    .progress = p ? p : &alone,
			    .hold = &hold,
			    .backup = backup};
	struct unit u;
	enum err r = load_removable(s, ref, &u, &m.own, e);

	*backup = 0;
	if (r)
		return r;
	m.unit = &u;
	hold.ids[0] = m.own ? m.own : u.id;
	hold.ids[1] = m.own ? u.id : 0;
	/* Nothing is backed up for a refusal. */
	if (!(r = unit_hold(s, &hold, e))) {
		if (!(r = backup_first(s, &u, backup, e)))
			r = remove_rows(s, &m, e);
		if (r)
			unit_hold_end(s, &hold);
	}
	unit_free(&u);
	return r;
}

enum err desk_unit_records(struct session *s, const struct unit_ref *ref,
			   char words[UNIT_RECORD_WORDS], struct err_info *e)
{
	struct removal m = {.catalogue = true, .records = true};
	struct unit_catalogue c = {0};
	struct unit_records have = {0};
	struct unit u;
	char own[UNIT_CATALOGUE_WORDS] = "", money[FEN_TEXT + 8];
	size_t n = 0;
	enum err r = load_removable(s, ref, &u, &m.own, e);

	words[0] = 0;
	if (r)
		return r;
	m.unit = &u;
	if (!(r = may_go(s, &m, m.own ? m.own : u.id, e)) &&
	    !(r = count_catalogue(s, u.id, m.own, &c, e)) &&
	    !(r = store_unit_records(s->db, m.own ? m.own : u.id, &have, e))) {
		catalogue_words(&c, own);
		if (have.invoices)
			n += (size_t)snprintf(words + n, UNIT_RECORD_WORDS - n,
					      "%" PRId64 " 张发票", have.invoices);
		if (have.numbers)
			n += (size_t)snprintf(words + n, UNIT_RECORD_WORDS - n,
					      "%s%" PRId64 " 份没有用的号码", n ? "、" : "",
					      have.numbers);
		if (have.quota)
			n += (size_t)snprintf(words + n, UNIT_RECORD_WORDS - n,
					      "%s没有退回的额度 %s 元", n ? "、" : "",
					      fen_format_grouped(have.quota, money));
		if (*own)
			snprintf(words + n, UNIT_RECORD_WORDS - n, "%s%s", n ? "、" : "", own);
	}
	unit_free(&u);
	return r;
}
