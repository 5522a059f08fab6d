/* ui/list.h - lists: columns as data, rows by keyset pages, a filter form, marks.
 *
 * A list holds only the rows on the screen.  The source callback reads a page below a cursor; going
 * back uses the stack of cursors.  Filters and position survive a visit to the detail and back.
 */
#ifndef KP_UI_LIST_H
#define KP_UI_LIST_H

#include "ui/form.h"

enum { LIST_CELL = 1024, LIST_COLUMNS = 12, LIST_ROWS = 200 };
struct list_column {
	const char *label;
	/* wide_width when there are more than 100 columns, 0: same; -1: the rest; width 0: wide
	 * only */
	int width, wide_width;
	enum align align;
	int from; /* columns of the area below which it gives way to the others; 0: never */
};
struct list_row {
	int64_t id;
	char cell[LIST_COLUMNS][LIST_CELL];
	enum face face; /* of the whole row; a word in a cell says the same */
	bool marked;
};
struct list;
/* A page: rows with key below cursor ("" = first), at most max.  next gets the cursor after the
 * last row, "" at the end.  Sets l->total (-1 unknown) and l->at_least.  With can_end it also takes
 * the cursor "$end": the last max rows in the usual order. */
typedef enum err (*list_source)(struct list *l, const char *cursor, int max, struct list_row *rows,
				int *count, char next[64], struct err_info *e);
struct list {
	const struct list_column *columns; /* ends with label NULL */
	list_source source;
	void *owner;
	struct form *filter; /* or NULL; with its default values at the first list_layout */
	bool filtering;      /* focus is in the filter */
	bool reset;          /* private: the next time it begins at the first field */
	struct rect area;
	struct list_row *rows;
	int count, selected, visible;
	char cursor[64], next[64];
	struct list_page *before; /* earlier pages, private */
	int depth;
	int64_t offset; /* rows above this page; -1 unknown (after LAST) */
	/* Of a source that has sums among its rows: the numbers of the others of the page; the
	 * total is theirs, too.  first 0: all rows count. */
	int64_t first, last;
	int pick;             /* private: row to select after the next read, -1 by id */
	bool can_end, failed; /* failed: the last read went wrong */
	const char *empty;    /* sentence when there are no rows; NULL: a usual one */
	/* Set before the first layout, lives for ever: names its exports, its rows a page, and the
	 * conditions that are kept when the screen is left (not those of a `fixed` list, which was
	 * opened for particular ones). */
	const char *title;
	bool fixed;
	bool everywhere; /* its rows are the same whatever the unit: it stays when that changes */
	int fits;        /* rows there is room for */
	unsigned epoch;  /* private: of list_start_over */
	char *defaults, *entered; /* filter values: for RESET, and before FIND */
	char *asked;              /* private: those the rows are of; NULL: never read */
	int64_t *marks;           /* ids, survive paging */
	size_t mark_count;
	int64_t total;
	bool at_least, stale;
};
/* The struct is zeroed; filter, can_end and empty are set before or after. */
void list_init(struct list *l, const struct list_column *columns, list_source source, void *owner);
void list_free(struct list *l);
void list_layout(struct list *l, struct rect area); /* keeps the selected row */
/* Reads the page again when stale or when the store changed; keeps the selection by id. */
void list_content(struct list *l, bool changed);
void list_paint(struct list *l, bool focused);
/* Has the focused list that was painted last no row?  Forgotten before each view is painted, so
 * that it is said of the top one. */
bool list_shows_nothing(void);
void list_forget_nothing(void);
void list_reload(struct list *l); /* back to the first page */
bool list_key(struct list *l, struct key k, const char *paste, size_t n);
/* LIST_OPEN: ENTER or DETAIL on a row. */
enum list_result { LIST_UNUSED, LIST_USED, LIST_OPEN };
enum list_result list_act(struct list *l, enum action a);
/* Every list begins anew without marks at its next content: the unit has changed. */
void list_start_over(void);

/* ---- pages (list_page.c) ---- */
enum { LIST_JUMP = 500 }; /* pages that are walked at once */
/* The number of the page, 1 the first; 0 when it is not known (after LAST). */
int64_t list_page_number(const struct list *l);
int64_t list_page_count(const struct list *l); /* 0: not known */
/* By that many pages, reading what lies between; those before the last page are only known when
 * they were walked.  Returns how many it went. */
int list_go_by(struct list *l, int pages);
/* To page n from the first.  False: it is more than LIST_JUMP away; a page beyond the last is the
 * last. */
bool list_go_page(struct list *l, int64_t n);

/* ---- rows a page, conditions: by title (list_kept.c) ---- */
int list_page_rows(const char *title); /* 0: what fits */
void list_set_page_rows(const char *title, int rows);
/* All of them as JSON text (malloc'd), and back. */
char *list_rows_save(void);
void list_rows_load(const char *json);

const struct list_row *list_row(const struct list *l); /* selected, or NULL */
bool list_marked(const struct list *l, int64_t id);
/* The form's while filtering, else {"list", NULL}. */
const char *const *list_sections(const struct list *l);

#endif
