/* ui/screen/listing.h - the frame of a screen that is a list: filter, pages, hints, a line below.
 *
 * The state of such a screen begins with a struct listing; a const struct listing_kind says what
 * is its own.  A screen is made of
 *
 *   1. columns, the filter's fields, and add_X(void *page, const struct X *), which takes a row by
 *      listing_row and fills its cells;
 *   2. read: turns filter and page into the desk's query:
 *
 *	static enum err read_batches(struct view *v, struct listing_page *p, struct err_info *e)
 *	{
 *		const struct batch_query q = {.cursor = p->cursor, .limit = p->max};
 *
 *		return desk_batch_list(ui_session(), &q, add_batch, p, &p->next, &p->total, e);
 *	}
 *
 *   3. open: return listing_open(v, &BATCHES, e), what needs more before or after it;
 *   4. view_ops that begin with LISTING_VIEW and add name, path, size, open, why_not, answer.  One
 *      that has a paint, key or act of its own begins with LISTING_BODY and names all three; it
 *      calls list_paint, listing_key, listing_act for what is usual.
 *
 * The frame keeps the selection, reads again when the store or the width changed, shows the
 * filter's help and keys while it is filled in, and passes ENTER on a row to `chosen`.
 */
#ifndef KP_UI_SCREEN_LISTING_H
#define KP_UI_SCREEN_LISTING_H

#include "ui/screen/parts.h"

/* A page that is being read. */
struct listing_page {
	struct list_row *rows;
	int count, max;
	bool wide;               /* the area has more than 100 columns */
	const char *cursor_text; /* for a desk whose cursors are no numbers: next_text then, too */
	char *next_text;
	int64_t cursor;
	int64_t next;  /* read sets it; 0: the list ends here */
	int64_t total; /* read sets it; -1: not known */
	bool at_least;
};
/* The next row of the page, blank; the desk hands out at most max. */
struct list_row *listing_row(struct listing_page *p, int64_t id, enum face face);

struct listing_kind {
	const char *title, *empty; /* as in struct list */
	const struct list_column *columns;
	const struct field *filter; /* NULL: none.  A choice begins with its first word. */
	enum desk_action allow;     /* who may look */
	bool of_unit;               /* there has to be a unit */
	bool gated;                 /* closed, with a way to the configuration, until it may work */
	bool capped;                /* the desk counts up to DESK_COUNT_CAP */
	bool still;                 /* its rows stay while the store changes */
	int head, foot;             /* rows above and below the list */
	const enum action *hints;
	const char *help;
	enum err (*read)(struct view *v, struct listing_page *p, struct err_info *e);
	/* ---- the rest may be NULL ---- */
	int (*head_rows)(const struct view *v); /* instead of head */
	/* Before the rows are read; false: they are not. */
	bool (*content)(struct view *v, bool changed);
	/* Paints head and foot; false: the list is not painted. */
	bool (*paint)(struct view *v);
	/* An action while the filter is not filled in; false: the list may have it. */
	bool (*act)(struct view *v, enum action a);
	bool (*chosen)(struct view *v); /* ENTER or DETAIL on the selected row */
	/* Instead of hints, help and the usual state; NULL: the usual. */
	const enum action *(*hints_now)(const struct view *v);
	const char *(*help_now)(const struct view *v);
	const char *(*state_now)(const struct view *v);
	/* The cell that says what went wrong with a row; 0: that of the remaining width, where the
	 * row's face says that something did. */
	int trouble_cell;
	void (*close)(struct view *v);
};

struct listing {
	const struct listing_kind *kind;
	struct view *view;
	struct list list;
	struct form filter;
	struct rect head, foot;
	int head_rows;    /* what head was asked for */
	struct gate gate; /* of a gated one */
};

/* Checks who may, then begins filter and list.  On failure nothing is left to be freed. */
enum err listing_open(struct view *v, const struct listing_kind *kind, struct err_info *e);
/* Exchanges two listings of a view, of which one may be zeroed (tabs). */
void listing_swap(struct listing *a, struct listing *b);
/* The usual line below the list. */
void listing_say(const struct listing *l, enum face face, const char *text);
/* The selected row's words in such a cell, in the row's face. */
void listing_say_cell(const struct listing *l, int cell);

void listing_layout(struct view *v);
void listing_content(struct view *v, bool changed);
void listing_paint(struct view *v);
const char *const *listing_sections(const struct view *v);
bool listing_key(struct view *v, struct key k, const char *paste, size_t n);
bool listing_act(struct view *v, enum action a);
const enum action *listing_hints(const struct view *v);
const char *listing_help(const struct view *v);
const char *listing_state(const struct view *v);
const char *listing_trouble(const struct view *v);
void listing_close(struct view *v);

/* clang-format off */
#define LISTING_BODY                                                                               \
	.layout = listing_layout, .content = listing_content, .sections = listing_sections,        \
	.hints = listing_hints, .help = listing_help, .state = listing_state,                      \
	.trouble = listing_trouble, .close = listing_close
#define LISTING_VIEW                                                                               \
	LISTING_BODY, .paint = listing_paint, .key = listing_key, .act = listing_act
/* clang-format on */

#endif
