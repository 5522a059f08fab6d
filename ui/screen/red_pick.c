/* red_pick.c - several red letters something is to be done with together. */
#include "ui/screen/red_pick.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"

enum { ROW = 4096 };

static char *row_of(const struct red_record *r)
{
	const struct red_letter *l = &r->letter;
	char gross[RED_MONEY], *text;
	struct buf b;

	buf_init(&b, ROW);
	buf_addf(&b, "%s %13s %s", l->number, red_gross(l->net_fen, l->tax_fen, gross),
		 r->side == RED_SELLER ? l->buyer_name : l->seller_name);
	text = mem_strdup(buf_str(&b));
	buf_free(&b);
	return text;
}

static void leave_out(struct red_pick *p, const struct err_info *why, struct err_info *e)
{
	char sentence[1200];

	if (p->left_out++)
		return;
	ui_sentence(why, sentence, sizeof(sentence));
	text_copy(p->why_left_out, sizeof(p->why_left_out), sentence);
	p->why_left_out[text_whole(p->why_left_out, strlen(p->why_left_out))] = 0;
	*e = *why;
}

static enum err take(struct red_pick *p, int64_t id, enum red_action a, struct err_info *e)
{
	struct red_record r;
	struct err_info why = {0};
	enum err rc = desk_red_by_id(ui_session(), id, &r, e);

	if (rc)
		return rc;
	if (desk_red_may(ui_session(), &r, a, &why)) {
		leave_out(p, &why, e);
		red_record_free(&r);
		return ERR_OK;
	}
	p->rows[p->count] = row_of(&r);
	p->letters[p->count] = id;
	p->of[r.side]++;
	p->net += r.letter.net_fen;
	p->tax += r.letter.tax_fen;
	if (p->count++)
		red_record_free(&r);
	else
		p->first = r;
	return ERR_OK;
}

enum err red_pick_take(struct red_pick *p, const int64_t *ids, size_t n, enum red_action a,
		       struct err_info *e)
{
	enum err r = ERR_OK;
	size_t i;

	p->letters = mem_zalloc((n + 1) * sizeof(*p->letters));
	p->rows = mem_zalloc((n + 1) * sizeof(*p->rows));
	for (i = 0; i < n && !r; i++)
		r = take(p, ids[i], a, e);
	if (!r && !p->count)
		r = e->class ? e->class : ERR_INVALID;
	if (r)
		red_pick_free(p);
	return r;
}

void red_pick_free(struct red_pick *p)
{
	size_t i;

	if (p->count)
		red_record_free(&p->first);
	for (i = 0; i < p->count; i++)
		free(p->rows[i]);
	free(p->rows);
	free(p->letters);
	*p = (struct red_pick) {.count = 0};
}

void red_pick_say_rows(const struct red_pick *p, struct buf *b)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		buf_addf(b, "%s\n", p->rows[i]);
}

void red_pick_say_left_out(const struct red_pick *p, const char *what, struct buf *b)
{
	if (p->left_out)
		buf_addf(b, "\n另有 %zu 张不能%s，不在其中：%s\n", p->left_out, what,
			 p->why_left_out);
}
