/* v_addresses.c - `buyers address`: the addresses of a buyer; number 1 is the default one. */
#include <stdlib.h>
#include <string.h>

#include "cli/catalogue_p.h"

static const struct column ADDRESSES[] = {
    {"no", "序号", COLUMN_NUMBER, 0},    {"is_default", "默认", COLUMN_BOOL, 0},
    {"address", "地址", COLUMN_TEXT, 0}, {"phone", "电话", COLUMN_TEXT, 0},
    {"bank", "开户行", COLUMN_TEXT, 0},  {"account", "账号", COLUMN_TEXT, 0},
    {"email", "邮箱", COLUMN_TEXT, 0},   {"mobile", "手机", COLUMN_TEXT, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_addresses = {"buyers address", ADDRESSES};

/* A text of the address `no`. */
static char **slot(const struct buyer *b, int64_t no, const struct catalogue_field *f)
{
	const char *in = no == 1 ? (const char *)b : (const char *)&b->more[no - 2];

	return (char **)(uintptr_t)(in + (no == 1 ? f->offset : f->in_address));
}

/* The members of an address, one after the other. */
static const struct catalogue_field *next_field(const struct catalogue_field *f)
{
	for (f = f ? f + 1 : buyer_fields; f->key && f->in_address == FIELD_NOWHERE; f++)
		;
	return f->key ? f : NULL;
}

static bool blank(const struct buyer *b, int64_t no)
{
	const struct catalogue_field *f;

	for (f = next_field(NULL); f; f = next_field(f))
		if (!text_empty(*slot(b, no, f)))
			return false;
	return true;
}

static int64_t last_of(const struct buyer *b)
{
	return (int64_t)b->more_count + 1;
}

static void swap(struct buyer *b, int64_t one, int64_t two)
{
	const struct catalogue_field *f;

	for (f = next_field(NULL); f; f = next_field(f)) {
		char *kept = *slot(b, one, f);

		*slot(b, one, f) = *slot(b, two, f);
		*slot(b, two, f) = kept;
	}
}

/* ---- what can be done ---- */

static enum err unnamed(struct cli *c)
{
	return cli_usage(c,
			 "请用 --address、--phone、--bank、--account、--email、--mobile 给出内容");
}

/* What the options say, over what is there; false: they say nothing of an address. */
static bool fill(struct cli *c, struct buyer *b, int64_t no)
{
	const struct catalogue_field *f;
	bool said = false;

	for (f = next_field(NULL); f; f = next_field(f)) {
		const char *value = cli_option(c, f->key);

		said |= value != NULL;
		if (value)
			mem_set(slot(b, no, f), value);
	}
	return said;
}

static enum err fill_some(struct cli *c, struct buyer *b, int64_t no)
{
	if (!fill(c, b, no))
		return unnamed(c);
	if (no == 1 || !blank(b, no))
		return ERR_OK;
	err_fail(&c->e, ERR_INVALID, "buyer.address.blank", "地址", "一项内容也没有");
	err_field(&c->e, "address");
	err_hint(&c->e, "不再要这个地址，请用 buyers address remove");
	return ERR_INVALID;
}

/* A buyer without any gets his default one. */
static enum err add(struct cli *c, struct buyer *b, int64_t no)
{
	const struct catalogue_field *f;

	(void)no;
	if (blank(b, 1))
		return fill(c, b, 1) && !blank(b, 1) ? ERR_OK : unnamed(c);
	b->more = mem_realloc(b->more, (b->more_count + 1) * sizeof(*b->more));
	memset(&b->more[b->more_count++], 0, sizeof(*b->more));
	for (f = next_field(NULL); f; f = next_field(f))
		mem_set(slot(b, last_of(b), f), "");
	return fill_some(c, b, last_of(b));
}

/* The one behind the default takes its place. */
static enum err remove_one(struct cli *c, struct buyer *b, int64_t no)
{
	const struct catalogue_field *f;
	int64_t last = last_of(b), i;

	(void)c;
	for (i = no; i < last; i++)
		swap(b, i, i + 1);
	for (f = next_field(NULL); f; f = next_field(f)) {
		mem_set(slot(b, last, f), "");
		if (last > 1)
			free(*slot(b, last, f));
	}
	b->more_count -= last > 1;
	return ERR_OK;
}

static enum err make_default(struct cli *c, struct buyer *b, int64_t no)
{
	(void)c;
	swap(b, 1, no);
	return ERR_OK;
}

static const struct {
	const char *word;
	bool numbered;
	enum err (*run)(struct cli *c, struct buyer *b, int64_t no);
} ACTIONS[] = {
    {"list", false, NULL},           {"add", false, add},
    {"edit", true, fill_some},       {"remove", true, remove_one},
    {"default", true, make_default},
};

/* ---- the verb ---- */

static void print(struct cli *c, const struct buyer *b)
{
	const struct catalogue_field *f;
	struct grid g;
	int64_t no;

	cli_grid_init(&g, &shape_addresses);
	for (no = 1; no <= last_of(b); no++) {
		if (no == 1 && last_of(b) == 1 && blank(b, no))
			break;
		cli_grid_int(&g, no);
		cli_grid_bool(&g, no == 1);
		for (f = next_field(NULL); f; f = next_field(f))
			cli_grid_text(&g, *slot(b, no, f));
	}
	cli_grid_print_page(c, &g, (int64_t)cli_grid_rows(&g), false, "");
	cli_grid_free(&g);
}

static enum err number_of(struct cli *c, const struct buyer *b, int64_t *no)
{
	char *end;

	*no = c->argc > 2 ? strtoll(c->args[2], &end, 10) : 0;
	if (*no >= 1 && *no <= last_of(b) && !*end)
		return ERR_OK;
	if (c->argc <= 2)
		return cli_usage(c, "请在购方后面给出地址的序号，1 是默认地址");
	err_fail(&c->e, ERR_INVALID, "buyer.address.unknown", "地址", "没有第 %.20s 个，共 %lld 个",
		 c->args[2], (long long)last_of(b));
	err_hint(&c->e, "可用 kaipiao buyers address list 查看");
	return ERR_INVALID;
}

/* What is wanted of whom. */
struct wish {
	struct cli *c;
	size_t action;
};

static enum err change(void *arg, struct buyer *b, struct err_info *e)
{
	const struct wish *w = arg;
	bool numbered = ACTIONS[w->action].numbered;
	int64_t no = 0;
	enum err r = numbered ? number_of(w->c, b, &no) : ERR_OK;

	(void)e; /* is the shell's */
	return r ? r : ACTIONS[w->action].run(w->c, b, no);
}

/* Changes what is stored at that moment, then shows it. */
static enum err act(struct cli *c, size_t action, int64_t id)
{
	char warning[200];
	struct wish w = {c, action};
	struct buyer b;
	enum err r = ERR_OK;

	if (!ACTIONS[action].numbered && c->argc > 2)
		return cli_usage(c, "多余的参数 %.60s", c->args[2]);
	if (ACTIONS[action].run)
		r = desk_buyer_change(c->s, id, change, &w, TWIN_KEEP, warning, &c->e);
	if (r || (r = desk_buyer_get(c->s, id, &b, &c->e)))
		return r;
	print(c, &b);
	buyer_free(&b);
	return ERR_OK;
}

enum err verb_buyers_address(struct cli *c)
{
	const size_t count = sizeof(ACTIONS) / sizeof(ACTIONS[0]);
	struct buyer b;
	int64_t id;
	size_t i = 0;
	enum err r;

	while (i < count && strcmp(ACTIONS[i].word, c->args[0]) != 0)
		i++;
	if (i == count)
		return cli_usage(c, "应为 list、add、edit、remove 或 default，“%.40s”不是",
				 c->args[0]);
	if ((r = desk_buyer_named(c->s, c->args[1], &b, &c->e)))
		return r;
	id = b.id;
	buyer_free(&b);
	return act(c, i, id);
}
