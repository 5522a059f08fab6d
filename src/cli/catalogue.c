/* catalogue.c - what the verbs of buyers and of goods share. */
#include "cli/catalogue_p.h"

#include <string.h>

static const char *option_name(const char *key, char *out, size_t size)
{
	char *p;

	text_copy(out, size, key);
	for (p = out; *p; p++) {
		if (*p == '_')
			*p = '-';
	}
	return out;
}

void cli_catalogue_fill(struct cli *c, void *item, const struct catalogue_field *fields)
{
	const struct catalogue_field *f;
	char name[40];

	for (f = fields; f->key; f++) {
		char **slot = (char **)(void *)((char *)item + f->offset);
		const char *value = cli_option(c, option_name(f->key, name, sizeof(name)));

		if (value || !*slot)
			mem_set(slot, value);
	}
}

enum twin_policy cli_twins(const struct cli *c)
{
	return cli_flag(c, "keep-twin") ? TWIN_KEEP : TWIN_REFUSE;
}

enum twin_policy cli_edit_twins(const struct cli *c, const char *other)
{
	return cli_option(c, "name") || cli_option(c, other) ? cli_twins(c) : TWIN_KEEP;
}

enum err cli_twin_hint(struct cli *c, enum err r)
{
	if (r && !strcmp(c->e.code, "buyer.twin"))
		err_hint(&c->e,
			 "请改用已有的购方，用 buyers merge 合并，或加 --keep-twin 两个都保留");
	else if (r && !strcmp(c->e.code, "goods.twin"))
		err_hint(&c->e, "请改用已有的商品，或加 --keep-twin 两个都保留");
	return r;
}

/* {"KEY": n}, or a line for people that ends with the number. */
static void print_number(struct cli *c, const char *key, int64_t n, const char *said)
{
	struct json_out o;

	if (c->json) {
		cli_document(c, &o);
		json_put_int(&o, key, n);
		cli_document_end(c, &o);
		return;
	}
	cli_say(c, "%s%lld", said, (long long)n);
}

enum err cli_catalogue_remove(struct cli *c, catalogue_find find, catalogue_remove remove)
{
	int64_t ids[CLI_ARGS];
	int i, removed = 0;
	enum err r = ERR_OK;

	for (i = 0; !r && i < c->argc; i++)
		r = find(c, c->args[i], &ids[i]);
	if (r || (r = remove(c->s, ids, (size_t)c->argc, &removed, &c->e)))
		return r;
	print_number(c, "removed", removed, "已删除：");
	return ERR_OK;
}
