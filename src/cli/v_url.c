/* v_url.c - the long link of 发票云: build and check. */
#include <stdio.h>

#include "cli/cli_p.h"

enum err verb_url_build(struct cli *c)
{
	const struct longlink l = {.tax_no = cli_option(c, "taxno"),
				   .client_id = cli_option(c, "client-id"),
				   .natural_id = cli_option(c, "natural-id"),
				   .connect_natural_id = cli_option(c, "connect-natural-id")};
	char url[LONGLINK_MAX];
	struct json_out o;
	enum err r;

	if (!l.tax_no || !l.client_id || !l.natural_id)
		return cli_usage(c, "请用 --taxno、--client-id、--natural-id 给出税号、clientId 和"
				    "使用单位的乐企ID");
	if ((r = longlink_build(&l, url, &c->e)))
		return r;
	cli_say(c, "%s", url);
	if (c->json) {
		cli_document(c, &o);
		json_put(&o, "url", url);
		cli_document_end(c, &o);
	}
	return ERR_OK;
}

static const struct column FINDINGS[] = {
    {"column", "第几个字符", COLUMN_NUMBER, 0}, {"parameter", "参数", COLUMN_OPTIONAL, 0},
    {"code", "代码", COLUMN_TEXT, FOR_JSON},    {"warning", "只是提醒", COLUMN_BOOL, 0},
    {"message", "说明", COLUMN_TEXT, 0},        {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_url_findings = {"url check: findings", FINDINGS};

static void print_findings(struct cli *c, const struct longlink_finding *f, size_t n, bool good)
{
	struct json_out o;
	struct grid g;
	size_t i;

	cli_grid_init(&g, &shape_url_findings);
	for (i = 0; i < n; i++) {
		cli_grid_int(&g, (int64_t)f[i].column);
		cli_grid_text(&g, f[i].parameter);
		cli_grid_text(&g, f[i].code);
		cli_grid_bool(&g, f[i].warning);
		cli_grid_text(&g, f[i].text);
	}
	if (c->json) {
		cli_document(c, &o);
		json_put_bool(&o, "ok", good);
		cli_grid_put_rows(&o, "findings", &g);
		cli_document_end(c, &o);
	} else if (n) {
		cli_grid_table(c, &g);
	} else {
		cli_say(c, "没有问题");
	}
	cli_grid_free(&g);
}

enum err verb_url_check(struct cli *c)
{
	struct longlink_finding found[LONGLINK_FINDINGS], *bad = NULL;
	size_t i, n = longlink_check(c->args[0], found);

	for (i = 0; i < n && !bad; i++)
		if (!found[i].warning)
			bad = &found[i];
	print_findings(c, found, n, !bad);
	if (!bad)
		return ERR_OK;
	err_fail(&c->e, ERR_INVALID, "longlink.check", "长链接", "第 %zu 个字符：%s", bad->column,
		 bad->text);
	err_field(&c->e, "%s", bad->parameter);
	err_hint(&c->e, "税号前后不能有空格、税号里不能有特殊字符，否则可能无法开票；可用 kaipiao "
			"url build 生成");
	return ERR_INVALID;
}
