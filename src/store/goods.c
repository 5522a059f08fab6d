/* goods.c - one goods or service: its columns, what issuing leaves of it. */
#include "store/goods.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/text.h"
#include "store/goods_p.h"

#define FIELD(key, label, member, chars)                                                           \
	{                                                                                          \
		key, label, offsetof(struct goods, member), FIELD_NOWHERE, chars                   \
	}
/* The limits are those of an invoice's line. */
const struct catalogue_field goods_fields[] = {
    FIELD("name", "商品名称", name, 600),
    FIELD("category", "项目分类", category, 100),
    FIELD("mnemonic", "简码", mnemonic, 30),
    FIELD("tax_code", "税收分类编码", tax_code, 19),
    FIELD("short_name", "税收简称", short_name, 120),
    FIELD("spec", "规格型号", spec, 150),
    FIELD("unit", "单位", unit, 300),
    FIELD("price", "单价", price, 25),
    FIELD("preference", "优惠政策标识", preference, 2),
    {.key = NULL},
};

/* ---- the struct ------------------------------------------------------------------------------ */

void goods_free(struct goods *g)
{
	catalogue_free_texts(goods_fields, g);
	*g = (struct goods) {0};
}

void goods_copy(struct goods *out, const struct goods *in)
{
	*out = *in;
	catalogue_copy_texts(goods_fields, out, in);
}

static void read_goods(struct rows *q, void *item)
{
	struct goods *g = item;

	*g = (struct goods) {
	    .id = rows_int(q, 0),
	    .unit_id = rows_int(q, 1),
	    .doc = rows_int(q, 2),
	    .inclusive = rows_int(q, 3) != 0,
	    .rate_ppm = (int32_t)rows_int(q, 4),
	    .source = catalogue_source_read(rows_text(q, 5)),
	    .uses = rows_int(q, 6),
	    .used_at = rows_int(q, 7),
	    .created_at = rows_int(q, 8),
	    .updated_at = rows_int(q, 9),
	    .removed_at = rows_int(q, 10),
	    .rev = rows_int(q, 11),
	};
	catalogue_read_texts(goods_fields, q, 12, g);
}

static void free_goods(void *item)
{
	goods_free(item);
}

#define WHOLE                                                                                      \
	"SELECT id, unit_id, COALESCE(doc, 0), inclusive, rate_ppm, source, uses, used_at,"        \
	" created_at, updated_at, COALESCE(removed_at, 0), rev, name, category, mnemonic,"         \
	" tax_code, short_name, spec, unit_name, price, preference FROM goods WHERE unit_id = ?"
/* The index of names and no other: one that begins with the unit has all of its rows, or all of the
 * code. */
#define GOODS_NAMED "FROM goods WHERE name_key = ?1 AND +unit_id = ?3 AND name = ?4 AND spec = ?5"
#define KIN_CODE                                                                                   \
	"SELECT id, 1, 1, 1 FROM (SELECT id " GOODS_NAMED " AND tax_code = ?6" LOOK_PRESENT        \
	" ORDER BY id LIMIT 2)"
#define KIN_NAME                                                                                   \
	"SELECT id, 1, 0, tax_code <> '' FROM (SELECT id, tax_code " GOODS_NAMED                   \
	" AND tax_code <> ?6" LOOK_PRESENT " LIMIT 2)"

#define SAME_GOODS "b.name_key = a.name_key AND b.name = a.name AND b.spec = a.spec"

const struct catalogue catalogue_goods = {
    .kind = FIND_GOODS,
    .fields = goods_fields,
    .code_fields = {FIND_MNEMONIC, FIND_NUMBER, FIND_OTHER, FIND_OTHER},
    CATALOGUE_SQL("goods", GOODS_LOOK),
    .same_code = "SELECT " GOODS_LOOK " FROM goods WHERE unit_id = ?2 AND tax_code = ?3"
		 " AND tax_code <> ''" LOOK_PRESENT " ORDER BY id DESC LIMIT ?4",
    .set_doc = "UPDATE goods SET doc = ?1, name_key = ?2 WHERE id = ?4",
    .get = WHOLE " AND id = ?",
    .page = WHOLE PAGE_BELOW,
    .size = sizeof(struct goods),
    .read = read_goods,
    .free = free_goods,
    .twin_of = CATALOGUE_TWIN_OF("goods", SAME_GOODS),
    CATALOGUE_TWINS("goods", "2", CATALOGUE_ANOTHER("goods", SAME_GOODS)),
    .kin = KIN_CODE " UNION ALL " KIN_NAME,
    .kin_all = "SELECT name, spec, tax_code FROM goods WHERE unit_id = ?",
    .kin_exact = "SELECT id " GOODS_NAMED " AND tax_code = ?6" LOOK_PRESENT " ORDER BY doc DESC",
    .kin_marked = "SELECT id " GOODS_NAMED " AND by_name = 1 AND tax_code <> ?6" LOOK_PRESENT
		  " ORDER BY id LIMIT 1",
    .key_in_name = true,
};

/* The texts of a look, in its order. */
void goods_find_text(const struct goods *g, char name[LOOK_NAMES], struct find_text *out)
{
	const struct look l = {
	    .texts = {catalogue_text(g, &goods_fields[GOODS_NAME]),
		      catalogue_text(g, &goods_fields[GOODS_SHORT_NAME]),
		      catalogue_text(g, &goods_fields[GOODS_MNEMONIC]),
		      catalogue_text(g, &goods_fields[GOODS_TAX_CODE]),
		      catalogue_text(g, &goods_fields[GOODS_SPEC]), ""},
	};

	look_find_text(&catalogue_goods, &l, name, out);
}

size_t store_goods_terms(const struct goods_row *r, uint32_t out[FIND_TERMS])
{
	const struct look l = {
	    .texts = {goods_row_text(r, GOODS_NAME), goods_row_text(r, GOODS_SHORT_NAME),
		      goods_row_text(r, GOODS_MNEMONIC), goods_row_text(r, GOODS_TAX_CODE),
		      goods_row_text(r, GOODS_SPEC), ""},
	};
	char name[LOOK_NAMES];
	struct find_text t;

	look_find_text(&catalogue_goods, &l, name, &t);
	return find_terms(&t, out);
}

/* ---- reading --------------------------------------------------------------------------------- */

enum err store_goods_get(struct db *db, int64_t unit, int64_t id, struct goods *out, bool *found,
			 struct err_info *e)
{
	return catalogue_get(db, &catalogue_goods, unit, id, out, found, e);
}

enum err store_goods_is_twin(struct db *db, int64_t unit, int64_t id, bool *out, struct err_info *e)
{
	return catalogue_is_twin(db, &catalogue_goods, unit, id, out, e);
}

enum err store_goods_twins(struct db *db, int64_t unit, const struct goods *g, struct goods *out,
			   int max, int *n, struct err_info *e)
{
	struct rows *q;
	enum err r =
	    db_query(db, &q, e,
		     "SELECT id FROM goods WHERE name_key = ? AND unit_id = ? AND name = ?"
		     " AND spec = ?"
		     " AND id <> ?" LOOK_PRESENT " ORDER BY id",
		     "llssl", catalogue_key(unit, catalogue_text(g, &goods_fields[GOODS_NAME])),
		     unit, catalogue_text(g, &goods_fields[GOODS_NAME]),
		     catalogue_text(g, &goods_fields[GOODS_SPEC]), g->id);

	return catalogue_read_all(db, &catalogue_goods, unit, &q, r, out, max, n, e);
}

/* ---- writing --------------------------------------------------------------------------------- */

enum err goods_insert_row(struct db *db, const struct goods *g, struct err_info *e)
{
	return db_run(
	    db, e, NULL,
	    "INSERT INTO goods (id, unit_id, doc, name_key, name, category, mnemonic, tax_code,"
	    " short_name,"
	    " spec, unit_name, price, inclusive, rate_ppm, preference, source, uses, used_at,"
	    " created_at, updated_at)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    "llllssssssssiissllll", g->id, g->unit_id, g->doc, catalogue_key(g->unit_id, g->name),
	    g->name, g->category, g->mnemonic, g->tax_code, g->short_name, g->spec, g->unit,
	    g->price, g->inclusive ? 1 : 0, (int)g->rate_ppm, g->preference,
	    catalogue_source_word(g->source), g->uses, g->used_at, g->created_at, g->updated_at);
}

enum err goods_update_row(struct db *db, const struct goods *g, struct err_info *e)
{
	return db_run(
	    db, e, NULL,
	    "UPDATE goods SET doc = ?, name_key = ?,"
	    " by_name = CASE WHEN name = ? AND spec = ? THEN by_name"
	    " ELSE 0 END, name = ?, category = ?, mnemonic = ?, tax_code = ?, short_name = ?,"
	    " spec = ?, unit_name = ?, price = ?, inclusive = ?, rate_ppm = ?, preference = ?,"
	    " source = ?, updated_at = ?, rev = rev + 1 WHERE id = ? AND unit_id = ?",
	    "llssssssssssiisslll", g->doc, catalogue_key(g->unit_id, g->name), g->name, g->spec,
	    g->name, g->category, g->mnemonic, g->tax_code, g->short_name, g->spec, g->unit,
	    g->price, g->inclusive ? 1 : 0, (int)g->rate_ppm, g->preference,
	    catalogue_source_word(g->source), g->updated_at, g->id, g->unit_id);
}

static enum err put_document(struct db *db, const struct goods *g, struct err_info *e)
{
	char name[LOOK_NAMES];
	struct find_text t;

	goods_find_text(g, name, &t);
	return store_find_put(db, g->unit_id, FIND_GOODS, g->doc, &t, e);
}

enum err store_goods_insert(struct db *db, struct goods *g, struct err_info *e)
{
	int64_t id = 0, doc = 0;
	enum err r;

	catalogue_fill_texts(goods_fields, g);
	if ((r = db_next_id(db, catalogue_goods.counter, &id, e)) ||
	    (r = store_find_docs(db, g->unit_id, FIND_GOODS, 1, &doc, e)))
		return r;
	g->id = id;
	g->doc = doc;
	g->created_at = g->updated_at = clock_now();
	if ((r = goods_insert_row(db, g, e)) || (r = put_document(db, g, e)) ||
	    (r = catalogue_note_twin(db, &catalogue_goods, g->unit_id, g->id, e)))
		return r;
	return catalogue_tally(db, &catalogue_goods, g->unit_id, 1, e);
}

enum err store_goods_update(struct db *db, const struct goods *g, struct err_info *e)
{
	struct goods now = *g; /* lends its texts */
	enum err r = store_find_docs(db, g->unit_id, FIND_GOODS, 1, &now.doc, e);

	if (r)
		return r;
	now.updated_at = clock_now();
	catalogue_lend_empty(goods_fields, &now);
	if ((r = goods_update_row(db, &now, e)) ||
	    (r = catalogue_note_again(db, &catalogue_goods, g->unit_id, g->id, e)))
		return r;
	return put_document(db, &now, e);
}

enum err store_goods_remove(struct db *db, int64_t unit, const int64_t *ids, size_t n, int *removed,
			    struct err_info *e)
{
	return catalogue_remove(db, &catalogue_goods, unit, ids, n, removed, e);
}

/* ---- issuing --------------------------------------------------------------------------------- */

/* What the line says of its goods, lent; price is a buffer for it. */
static struct goods goods_of(int64_t unit, const struct tax_line *l, bool inclusive,
			     char price[DEC_TEXT])
{
	price[0] = 0;
	if (!dec_is_zero(l->full_price))
		dec_format(dec_normalize(l->full_price), price);
	return (struct goods) {
	    .unit_id = unit,
	    .name = l->name,
	    .category = (char *)(uintptr_t) "",
	    .mnemonic = (char *)(uintptr_t) "",
	    .tax_code = l->tax_code,
	    .short_name = l->short_name,
	    .spec = l->spec,
	    .unit = l->unit,
	    .price = price,
	    .preference = l->preference,
	    .inclusive = inclusive,
	    .rate_ppm = l->rate_ppm,
	    .source = SOURCE_ISSUED,
	    .uses = 1,
	    .used_at = clock_now(),
	};
}

/* What the line leaves empty says nothing: it makes no row stale. */
const char goods_find_issued[] =
    "SELECT id, source = 'issued' AND (?1 <> '' AND unit_name <> ?1"
    " OR ?2 <> '' AND (price <> ?2 OR inclusive <> ?3) OR rate_ppm <> ?4"
    " OR ?5 <> '' AND preference <> ?5 OR ?6 <> '' AND short_name <> ?6),"
    " ?6 <> '' AND short_name <> ?6, COALESCE(doc, 0) FROM goods WHERE name_key = ?7"
    " AND +unit_id = ?8 AND name = ?9 AND spec = ?10 AND tax_code = ?11" LOOK_PRESENT
    " ORDER BY used_at DESC, id DESC LIMIT 1";

/* The row it is, 0 none.  One known from issuing alone follows the newest line: *stale when it says
 * something else, *refind when that is searched. */
static enum err find_issued(struct db *db, const struct goods *g, int64_t *id, int64_t *doc,
			    bool *stale, bool *refind, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query_lent(db, &q, e, goods_find_issued, "ssiissllsss", g->unit, g->price,
				   g->inclusive ? 1 : 0, (int)g->rate_ppm, g->preference,
				   g->short_name, catalogue_key(g->unit_id, g->name), g->unit_id,
				   g->name, g->spec, g->tax_code);

	*id = 0;
	if (!r && rows_next(q)) {
		*id = rows_int(q, 0);
		*stale = rows_int(q, 1) != 0;
		*doc = rows_int(q, 3);
		*refind = rows_int(q, 2) != 0 || !*doc;
	}
	return rows_end(&q, r, e);
}

/* What the line leaves empty stays as it is known: lent by `known`.  A price has its mode, a
 * preference its rate. */
static void keep_known(struct goods *g, const struct goods *known)
{
	if (!*g->price)
		g->inclusive = known->inclusive;
	if (!*g->preference && g->rate_ppm == known->rate_ppm)
		g->preference = known->preference;
	catalogue_lend_known(goods_fields, GOODS_PREFERENCE, g, known);
}

/* Prices change with every invoice: no new document for what nobody searches. */
static enum err write_again(struct db *db, struct goods *g, bool refind, struct err_info *e)
{
	if (refind)
		return store_goods_update(db, g, e);
	g->updated_at = g->used_at;
	return goods_update_row(db, g, e);
}

static enum err refresh(struct db *db, struct goods *g, bool refind, struct err_info *e)
{
	struct goods known;
	bool found;
	enum err r = store_goods_get(db, g->unit_id, g->id, &known, &found, e);

	if (r || !found)
		return r;
	keep_known(g, &known);
	r = write_again(db, g, refind, e);
	goods_free(&known);
	return r;
}

enum err store_goods_issued(struct db *db, int64_t unit, const struct tax_line *l, bool inclusive,
			    struct err_info *e)
{
	char price[DEC_TEXT];
	struct goods g = goods_of(unit, l, inclusive, price);
	bool stale = false, refind = false;
	enum err r;

	if (text_empty(g.name))
		return ERR_OK;
	if ((r = find_issued(db, &g, &g.id, &g.doc, &stale, &refind, e)))
		return r;
	if (!g.id)
		return store_goods_insert(db, &g, e);
	if (stale && (r = refresh(db, &g, refind, e)))
		return r;
	return catalogue_use(db, &catalogue_goods, g.id, 1, g.used_at, e);
}
