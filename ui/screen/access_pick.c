/* access_pick.c - 开票员 to choose from. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/access.h"
#include "ui/screen/parts.h"

enum { MOST = 64 };

/* Bound ones that hold the text. */
struct found {
	const char *text;
	struct drawer *items; /* MOST */
	int n, max;
};

static enum err take(void *arg, const struct drawer *d)
{
	struct found *f = arg;

	if (d->state == DRAWER_BOUND && f->n < f->max && strstr(d->name, f->text))
		f->items[f->n++] = *d;
	return ERR_OK;
}

static enum err look(struct found *f, struct err_info *e)
{
	f->items = mem_zalloc((size_t)f->max * sizeof(*f->items));
	return desk_drawer_list(ui_session(), take, f, e);
}

static void detail_of(const struct drawer *d, char *out, size_t size)
{
	char masked[DRAWER_MASKED];

	snprintf(out, size, "%s %s", desk_drawer_document(d), desk_drawer_mask(d, masked));
}

static enum err source(void *arg, const char *text, const char *parent, const char *cursor, int max,
		       struct pick_row *rows, int *count, char next[40], struct err_info *e)
{
	struct found all = {.text = text, .max = max < MOST ? max : MOST};
	enum err r = look(&all, e);

	(void)arg;
	(void)parent;
	(void)cursor;
	next[0] = 0;
	*count = 0;
	for (int i = 0; i < all.n && !r; i++) {
		struct pick_row *row = &rows[(*count)++];

		*row = (struct pick_row) {.branch = false};
		snprintf(row->key, sizeof(row->key), "%lld", (long long)all.items[i].id);
		text_copy(row->label, sizeof(row->label), all.items[i].name);
		detail_of(&all.items[i], row->detail, sizeof(row->detail));
	}
	free(all.items);
	return r;
}

bool drawer_pick(struct view *asker, int token)
{
	struct found any = {.text = "", .max = 1};
	struct err_info e = {0};
	enum err r = look(&any, &e);

	free(any.items);
	if (r)
		ui_error(&e);
	else if (!any.n)
		ui_message(MESSAGE_INFO,
			   "没有登记开票员，直接填姓名；联用单位请管理员在“开票员”登记");
	else
		return view_ask(asker, token, &view_pick_ops,
				&(struct pick_arg) {.title = "开票员", .source = source});
	return true;
}
