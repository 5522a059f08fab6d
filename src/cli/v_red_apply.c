/* v_red_apply.c - 红字确认单: applying, and the download of letters. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/red_p.h"
#include "cli/watch_p.h"

enum { WISHES_MAX = TAX_LINES_MAX, WISH_FILE_MAX = 4 * 1024 * 1024 };

/* ---- --lines ---- */

static enum err bad_wish(struct cli *c, size_t i, const char *key, const char *why)
{
	err_fail(&c->e, ERR_INVALID, "red.lines", "--lines", "第 %zu 项的 %s %s", i + 1, key, why);
	err_field(&c->e, "lines[%zu].%s", i, key);
	err_hint(&c->e,
		 "例如 [{\"line\":1,\"quantity\":\"3\"},{\"line\":2,\"amount\":\"100.00\"}]");
	return ERR_INVALID;
}

static enum err read_wish(struct cli *c, const cJSON *item, size_t i, struct red_wish *out)
{
	const cJSON *member;
	long long line = 0;

	*out = (struct red_wish) {.line = 0};
	if (!cJSON_IsObject(item) || !json_member_int(item, "line", 1, WISHES_MAX, &line))
		return bad_wish(c, i, "line", "应为蓝字发票的第几行（从 1 数）");
	out->line = (size_t)line - 1;
	cJSON_ArrayForEach(member, item)
	{
		const char *text = json_text(member) ? json_text(member) : "";

		if (!strcmp(member->string, "line"))
			continue;
		if (!strcmp(member->string, "quantity")) {
			out->has_quantity = true;
			if (!dec_parse(text, &out->quantity))
				return bad_wish(c, i, "quantity", "应为数量，例如 \"3\"");
		} else if (!strcmp(member->string, "amount")) {
			out->has_amount = true;
			if (!fen_parse(text, &out->net_fen))
				return bad_wish(c, i, "amount", "应为不含税金额，例如 \"100.00\"");
		} else {
			return bad_wish(c, i, member->string,
					"不认识，只有 line、quantity、amount");
		}
	}
	return ERR_OK;
}

static enum err parse_wishes(struct cli *c, const cJSON *tree, struct red_wish **out, size_t *n)
{
	const cJSON *item;
	int count = cJSON_IsArray(tree) ? cJSON_GetArraySize(tree) : 0;
	enum err r = ERR_OK;

	if (count < 1 || count > WISHES_MAX)
		return err_fail(&c->e, ERR_INVALID, "red.lines", "--lines", "应为 1 至 %d 项的数组",
				WISHES_MAX);
	*out = mem_zalloc((size_t)count * sizeof(**out));
	for (item = tree->child; item && !r; item = item->next, (*n)++)
		r = read_wish(c, item, *n, &(*out)[*n]);
	return r;
}

static enum err read_wishes(struct cli *c, const char *path, struct red_wish **out, size_t *n)
{
	cJSON *tree = NULL;
	char *data;
	size_t size;
	enum err r = file_read(path, WISH_FILE_MAX, &data, &size, &c->e);

	if (r)
		return r;
	if (!(r = json_parse(data, size, WISH_FILE_MAX, &tree, &c->e)))
		r = parse_wishes(c, tree, out, n);
	json_free(&tree);
	free(data);
	return r;
}

/* ---- --blue: an invoice that was issued elsewhere ---- */

static enum err given_source(struct cli *c, const char *path, enum red_side side,
			     struct red_source *out)
{
	struct red_given_blue g;
	char *data;
	size_t size;
	enum err r = file_read(path, RED_GIVEN_MAX, &data, &size, &c->e);

	if (r)
		return r;
	r = red_given_read(data, size, &g, &c->e);
	free(data);
	if (r)
		return r;
	if (strcmp(g.invoice.number, c->args[0]) != 0) {
		r = err_fail(&c->e, ERR_INVALID, "red.blue", "--blue", "number 与要冲红的号码不同");
		err_field(&c->e, "number");
	} else {
		struct red_given given = {&g.invoice, g.code, g.paper};

		r = desk_red_source_given(c->s, side, &given, out, &c->e);
	}
	red_given_free(&g);
	return r;
}

/* ---- applying ---- */

static void print_preview(struct cli *c, const struct red_letter *l)
{
	struct grid lines;
	struct json_out o;
	char net[FEN_TEXT + 8], tax[FEN_TEXT + 8];

	cli_grid_init(&lines, &shape_red_lines);
	cli_red_lines(&lines, l);
	if (c->json) {
		cli_document(c, &o);
		json_put(&o, "blue_number", l->blue_number);
		json_put(&o, "reason", red_reason_code(l->reason));
		json_put_fen(&o, "net", l->net_fen);
		json_put_fen(&o, "tax", l->tax_fen);
		cli_grid_put_rows(&o, "lines", &lines);
		cli_document_end(c, &o);
	} else {
		cli_grid_table(c, &lines);
		cli_say(c, "蓝票 %s　%s　冲销金额 %s　税额 %s　没有提交", l->blue_number,
			red_reason_label(l->reason), fen_format_grouped(l->net_fen, net),
			fen_format_grouped(l->tax_fen, tax));
	}
	cli_grid_free(&lines);
}

static enum err preview(struct cli *c, const struct red_request *q)
{
	struct red_letter l;
	enum err r = desk_red_preview(c->s, q, &l, &c->e);

	if (r)
		return r;
	print_preview(c, &l);
	red_letter_free(&l);
	return ERR_OK;
}

static enum err submit(struct cli *c, const struct red_request *q)
{
	struct desk_wait w = {0};
	int64_t id = 0;
	enum err r = desk_red_apply(c->s, q, &id, &w, &c->e);

	if (!r)
		r = cli_wait(c, &w);
	desk_wait_free(&w);
	return r ? r : cli_red_tell(c, id);
}

/* Risk data, and the lines of earlier letters.  What cannot be fetched shows when it is missed. */
static enum err prepare(struct cli *c, enum red_side side)
{
	struct desk_wait w = {0};
	enum err r = desk_red_prepare(c->s, side, c->args[0], &w, &c->e);

	if (!r && w.job_count)
		r = cli_wait(c, &w);
	desk_wait_free(&w);
	return r;
}

static enum err apply(struct cli *c, enum red_side side, enum red_reason reason)
{
	const char *blue = cli_option(c, "blue"), *lines = cli_option(c, "lines");
	struct red_source source = {.side = side};
	struct red_wish *wishes = NULL;
	size_t n = 0;
	enum err r = ERR_OK;

	if ((lines && (r = read_wishes(c, lines, &wishes, &n))) || (r = prepare(c, side))) {
		free(wishes);
		return r;
	}
	r = blue ? given_source(c, blue, side, &source)
		 : desk_red_source(c->s, side, c->args[0], &source, &c->e);
	if (!r) {
		struct red_request q = {&source, reason, wishes, n};

		r = cli_flag(c, "dry-run") ? preview(c, &q) : submit(c, &q);
		red_source_free(&source);
	}
	free(wishes);
	return r;
}

enum err verb_red_apply(struct cli *c)
{
	const char *role = cli_option(c, "role"), *why = cli_option(c, "reason");
	enum red_side side = RED_SELLER;
	enum red_reason reason;

	if (!role || !red_side_parse(role, &side))
		return cli_usage(c, "请用 --role 写明身份：seller（销方）或 buyer（购方）");
	if (!why || !red_reason_parse(why, &reason))
		return cli_usage(c, "请用 --reason 写明冲红原因：01 开票有误，02 销货退回，"
				    "03 服务中止，04 销售折让");
	return apply(c, side, reason);
}

/* A refused one once more. */
enum err verb_red_again(struct cli *c)
{
	struct desk_wait w = {0};
	struct red_record rec;
	int64_t id = 0;
	enum err r = desk_red_get(c->s, c->args[0], &rec, &c->e);

	if (r)
		return r;
	r = desk_red_again(c->s, rec.id, &id, &w, &c->e);
	red_record_free(&rec);
	if (!r)
		r = cli_wait(c, &w);
	desk_wait_free(&w);
	return r ? r : cli_red_tell(c, id);
}

/* ---- download ---- */

/* What the engine does for it, as progress of this verb. */
struct fetching {
	struct desk_wait w;
	struct session *s;
	struct import_progress *p;
};

static enum err fetched(void *arg, struct db *db, bool *done, struct err_info *e)
{
	struct fetching *f = arg;

	if (atomic_load(&f->p->cancel))
		return err_fail(e, ERR_INVALID, "export.cancelled", "下载", "已停止");
	desk_red_download_at(f->s, f->w.jobs[0], f->p, NULL);
	return desk_wait_settled(&f->w, db, done, e);
}

static enum err fetch(struct cli *c, const struct red_download *d, struct fetching *f)
{
	enum err r = desk_red_download_begin(c->s, d, &f->w, &c->e);

	if (!r && !c->no_wait &&
	    !(r = sync_until(c->home, c->s->db, c->timeout_ms, fetched, f, &c->e)))
		r = desk_wait_verdict(c->s, &f->w, &c->e);
	return r;
}

/* The letters come by themselves, the file does not. */
static void promise(struct cli *c, enum err r, const struct desk_wait *w)
{
	if ((r == ERR_BUSY || r == ERR_UNKNOWN) && w->job_count)
		err_hint(&c->e,
			 "确认单会自动接着取（可用 kaipiao jobs show %" PRId64
			 " 查看），取到后再运行一次才写出文件",
			 w->jobs[0]);
}

static enum err download(struct cli *c, struct red_download *d)
{
	struct import_progress p = {0};
	struct fetching f = {.s = c->s, .p = &p};
	struct watch w;
	char path[HOME_PATH + 256];
	int64_t rows = 0;
	enum err r;

	cli_watch_begin(&w, "下载", &p);
	if (!(r = fetch(c, d, &f)) && !c->no_wait)
		r = desk_red_download_write(c->s, d, NULL, &rows, path, &c->e);
	cli_watch_end(&w);
	promise(c, r, &f.w);
	if (!r && !c->no_wait) {
		cli_print_written(c, path, rows);
		if (d->format != SHEET_XLSX && strcmp(path, "-") != 0)
			cli_say(c, "CSV 只有确认单列表，不含明细；要明细请用 xlsx");
		r = cli_red_complete(c, &f.w); /* the file stands, and it is said what it lacks */
	}
	desk_wait_free(&f.w);
	return r;
}

enum err verb_red_download(struct cli *c)
{
	const char *role = cli_option(c, "role"), *from = cli_option(c, "from"),
		   *to = cli_option(c, "to");
	struct red_download d = {.replace = cli_flag(c, "replace")};
	struct cli_output out;
	enum err r;

	if (!role || !red_side_parse(role, &d.side))
		return cli_usage(c, "请用 --role 写明身份：seller（销方）或 buyer（购方）");
	if (!from || !to)
		return cli_usage(c, "请用 --from 和 --to 写明录入日期的起止");
	if (!text_copy(d.from, sizeof(d.from), from) || !text_copy(d.to, sizeof(d.to), to))
		return cli_usage(c, "日期应为 YYYY-MM-DD");
	if ((r = cli_output(c, "红字确认单导出列表", &out)))
		return r;
	d.format = out.format;
	d.path = cli_to_file(c) ? out.path : NULL;
	d.folder = cli_to_folder(c);
	return download(c, &d);
}
