/* wizard_sync.c - the first fetch: taxpayer data, tax codes, quota, numbers, item by item. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/wizard.h"

enum { FIELD_COUNT = 1, FIELD_SUM };
enum { NAME_COL = 3, STATE_COL = 28, WORDS_COL = 40, FORM_ROWS = 3 };

static const struct field FIELDS[] = {
    {.id = FIELD_COUNT,
     .kind = FIELD_DIGITS,
     .label = "领购份数",
     .row = 0,
     .col = 14,
     .width = 8,
     .offered = true,
     .max_chars = 6,
     .help = "首次领购的号码份数，1 至 100000；填 0 暂不领购。"},
    {.id = FIELD_SUM,
     .kind = FIELD_AMOUNT,
     .label = "下载额度",
     .row = 1,
     .col = 14,
     .width = 20,
     .offered = true,
     .max_chars = 24,
     .help = "首次下载的额度（元）；空着下载局端可下载额度的百分之八十（按需开票为上限的），填 0 "
	     "暂不下载。"},
    {.id = 0},
};

static enum err ask_taxpayer(struct first_fetch *f, struct desk_wait *w, struct err_info *e);
static enum err ask_codes(struct first_fetch *f, struct desk_wait *w, struct err_info *e);
static enum err ask_quota(struct first_fetch *f, struct desk_wait *w, struct err_info *e);
static enum err ask_numbers(struct first_fetch *f, struct desk_wait *w, struct err_info *e);
static enum err ask_download(struct first_fetch *f, struct desk_wait *w, struct err_info *e);

/* What is fetched, in order; after: an item that has to be done before. */
static const struct item {
	const char *name;
	enum err (*ask)(struct first_fetch *f, struct desk_wait *w, struct err_info *e);
	int after; /* -1 none */
} ITEMS[FIRST_ITEMS] = {
    [FIRST_TAXPAYER] = {"企业信息、风险、税率", ask_taxpayer, -1},
    [FIRST_CODES] = {"税收分类编码", ask_codes, -1},
    [FIRST_QUOTA] = {"局端额度", ask_quota, -1},
    [FIRST_NUMBERS] = {"领购号码", ask_numbers, -1},
    [FIRST_DOWNLOAD] = {"下载额度", ask_download, FIRST_QUOTA},
};

static enum err ask_taxpayer(struct first_fetch *f, struct desk_wait *w, struct err_info *e)
{
	(void)f;
	return desk_taxpayer_sync(ui_session(), w, e);
}

static enum err ask_codes(struct first_fetch *f, struct desk_wait *w, struct err_info *e)
{
	(void)f;
	return desk_taxcode_sync(ui_session(), w, e);
}

static enum err ask_quota(struct first_fetch *f, struct desk_wait *w, struct err_info *e)
{
	(void)f;
	return desk_quota_sync(ui_session(), w, e);
}

static enum err ask_numbers(struct first_fetch *f, struct desk_wait *w, struct err_info *e)
{
	return desk_numbers_claim(ui_session(), form_get(&f->form, FIELD_COUNT), w, NULL, e);
}

/* The amount typed, or the usual part of what is available, cut to the fen (features G38). */
static enum err ask_download(struct first_fetch *f, struct desk_wait *w, struct err_info *e)
{
	const char *typed = form_get(&f->form, FIELD_SUM);
	char text[FEN_TEXT];
	int64_t fen = 0;
	enum err r;

	if (*typed)
		return desk_quota_move(ui_session(), true, typed, w, e);
	if ((r = desk_quota_share(ui_session(), &fen, e)))
		return r;
	fen_format(fen, text);
	return desk_quota_move(ui_session(), true, text, w, e);
}

/* ---- life ---- */

static bool is_zero(const char *text)
{
	return *text && strspn(text, "0.") == strlen(text);
}

static bool settled(enum first_state s)
{
	return s == FIRST_DONE || s == FIRST_SKIPPED;
}

/* Verifying fetches the basic data alone. */
static enum err see_taxpayer(void *arg, const struct taxpayer_view *v)
{
	*(bool *)arg = v->taxpayer->risk_at && v->rate_count;
	return ERR_OK;
}

/* What is there already is not fetched twice. */
static void find_done(struct first_fetch *f)
{
	int64_t stock = 0, total = 0, from_tax = 0;
	struct quota_month q = {.unused = 0};
	char text[FEN_TEXT + 8];
	bool whole = false;

	if (!desk_taxpayer_show(ui_session(), see_taxpayer, &whole, NULL) && whole)
		f->state[FIRST_TAXPAYER] = FIRST_DONE;
	if (!desk_taxcode_count(ui_session(), &total, &from_tax, NULL) && from_tax)
		f->state[FIRST_CODES] = FIRST_DONE;
	if (!desk_quota_get(ui_session(), &q, NULL) && q.has_remote)
		f->state[FIRST_QUOTA] = FIRST_DONE;
	if (!desk_numbers_stock(ui_session(), &stock, NULL) && stock) {
		f->state[FIRST_NUMBERS] = FIRST_SKIPPED;
		snprintf(f->words[FIRST_NUMBERS], sizeof(f->words[0]), "已有 %lld 份",
			 (long long)stock);
	}
	if (q.unused > 0) {
		f->state[FIRST_DOWNLOAD] = FIRST_SKIPPED;
		snprintf(f->words[FIRST_DOWNLOAD], sizeof(f->words[0]), "已有 %s",
			 fen_format_grouped(q.unused, text));
	}
}

void first_init(struct first_fetch *f)
{
	int i;

	form_init(&f->form, FIELDS, f);
	find_done(f);
	form_set(&f->form, FIELD_COUNT, f->state[FIRST_NUMBERS] ? "0" : "100");
	form_set(&f->form, FIELD_SUM, f->state[FIRST_DOWNLOAD] ? "0" : "");
	f->complete = true;
	for (i = 0; i < FIRST_ITEMS; i++)
		f->complete &= settled(f->state[i]);
}

void first_free(struct first_fetch *f)
{
	int i;

	for (i = 0; i < FIRST_ITEMS; i++)
		errand_free(&f->errand[i]);
	form_free(&f->form);
	*f = (struct first_fetch) {.running = false};
}

/* ---- fetching ---- */

static bool is_skipped(const struct first_fetch *f, int i)
{
	if (i == FIRST_NUMBERS)
		return is_zero(form_get(&f->form, FIELD_COUNT)) ||
		       !*form_get(&f->form, FIELD_COUNT);
	return i == FIRST_DOWNLOAD && is_zero(form_get(&f->form, FIELD_SUM));
}

static void fail(struct first_fetch *f, int i, const struct err_info *e)
{
	f->state[i] = FIRST_FAILED;
	ui_sentence(e, f->words[i], sizeof(f->words[0]));
}

static void begin_item(struct first_fetch *f, int i)
{
	struct err_info e = {0};

	if (is_skipped(f, i)) {
		f->state[i] = FIRST_SKIPPED;
		return;
	}
	f->words[i][0] = 0;
	if (ITEMS[i].ask(f, errand_wait(&f->errand[i]), &e)) {
		fail(f, i, &e);
		return;
	}
	f->state[i] = FIRST_RUNNING;
	f->errand[i].open = true;
	ui_wake_engine();
}

/* Begins waiting items whose turn has come; one that waits for a failed one fails with it. */
static void go_on(struct first_fetch *f)
{
	int i;

	f->running = false;
	f->complete = true;
	for (i = 0; i < FIRST_ITEMS; i++) {
		int after = ITEMS[i].after;

		if (f->state[i] == FIRST_WAITING && (after < 0 || settled(f->state[after])))
			begin_item(f, i);
		if (f->state[i] == FIRST_WAITING && f->state[after] == FIRST_FAILED) {
			f->state[i] = FIRST_FAILED;
			snprintf(f->words[i], sizeof(f->words[0]), "要先取得%s", ITEMS[after].name);
		}
		f->running |= f->state[i] == FIRST_RUNNING || f->state[i] == FIRST_WAITING;
		f->complete &= settled(f->state[i]);
	}
}

void first_begin(struct first_fetch *f)
{
	int i;

	for (i = 0; i < FIRST_ITEMS; i++) {
		if (f->state[i] == FIRST_FAILED || f->state[i] == FIRST_SKIPPED)
			f->state[i] = FIRST_WAITING;
	}
	go_on(f);
}

/* The answer to a download does not tell what is left (protocol 7.3): the figures again. */
static void after_download(void)
{
	struct desk_wait w = {0};

	desk_quota_sync(ui_session(), &w, NULL);
	desk_wait_free(&w);
	ui_wake_engine();
}

void first_look(struct first_fetch *f)
{
	enum err verdict;
	int i;

	if (!f->running)
		return;
	for (i = 0; i < FIRST_ITEMS; i++) {
		struct err_info e = {0};

		if (f->state[i] != FIRST_RUNNING || !errand_rests(&f->errand[i], &verdict, &e))
			continue;
		if (verdict) {
			fail(f, i, &e);
			continue;
		}
		f->state[i] = FIRST_DONE;
		if (i == FIRST_DOWNLOAD)
			after_download();
	}
	go_on(f);
}

/* ---- painting ---- */

void first_paint(struct first_fetch *f, struct rect r, bool focused)
{
	static const struct {
		const char *word;
		enum face face;
	} STATES[] = {
	    [FIRST_WAITING] = {"待办", FACE_DIM},       [FIRST_RUNNING] = {"进行中", FACE_VALUE},
	    [FIRST_DONE] = {"完成", FACE_GOOD},         [FIRST_FAILED] = {"没有办成", FACE_ERROR},
	    [FIRST_SKIPPED] = {"已有或不办", FACE_DIM},
	};
	struct rect top = rect_top(&r, FORM_ROWS);
	int i;

	form_layout(&f->form, top);
	form_paint(&f->form, focused);
	for (i = 0; i < FIRST_ITEMS && i < r.h; i++) {
		draw_text(r, i, NAME_COL, STATE_COL - NAME_COL, ALIGN_LEFT, FACE_LABEL,
			  ITEMS[i].name);
		draw_text(r, i, STATE_COL, WORDS_COL - STATE_COL, ALIGN_LEFT,
			  STATES[f->state[i]].face, STATES[f->state[i]].word);
		draw_text(r, i, WORDS_COL, r.w - WORDS_COL, ALIGN_LEFT,
			  f->state[i] == FIRST_FAILED ? FACE_ERROR : FACE_DIM, f->words[i]);
	}
	if (focused)
		form_paint_matches(&f->form);
}
