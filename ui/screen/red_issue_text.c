/* red_issue_text.c - the sheet of red invoices: what it says in each phase, and its buttons. */
#include <stdio.h>

#include "base/base.h"
#include "ui/screen/invoices.h"
#include "ui/screen/red_issue_p.h"

/* ---- buttons ---- */

static const struct button CONFIRM[] = {
    {"返回", ACT_BACK}, {"填备注", ACT_EDIT}, {"确认开具", ACT_RED_ISSUE}, {NULL, ACT_NONE}};
static const struct button WAIT[] = {{"返回", ACT_BACK}, {NULL, ACT_NONE}};
static const struct button DONE[] = {
    {"继续开票", ACT_RED_NEXT}, {"下载", ACT_DOWNLOAD}, {NULL, ACT_NONE}};
static const struct button DONE_ONE[] = {{"继续开票", ACT_RED_NEXT},
					 {"下载", ACT_DOWNLOAD},
					 {"查看红票", ACT_SHOW_RED},
					 {NULL, ACT_NONE}};
static const struct button OPEN[] = {{"继续开票", ACT_RED_NEXT}, {NULL, ACT_NONE}};
static const struct button OPEN_ONE[] = {
    {"继续开票", ACT_RED_NEXT}, {"查看红票", ACT_SHOW_RED}, {NULL, ACT_NONE}};

static const struct button *buttons(const struct red_issue *s)
{
	if (s->rounds.phase == ROUNDS_CONFIRM)
		return CONFIRM;
	if (s->rounds.phase != ROUNDS_ISSUED)
		return WAIT;
	if (s->issued)
		return s->pick.count == 1 ? DONE_ONE : DONE;
	return s->pick.count == 1 ? OPEN_ONE : OPEN;
}

/* ---- texts ---- */

static void say_one(const struct red_issue *s, struct buf *b)
{
	const struct red_letter *l = &s->pick.first.letter;
	char net[RED_MONEY], tax[RED_MONEY], gross[RED_MONEY], words[WORDS_TEXT], text[200];

	detail_add(b, "购买方", l->buyer_name);
	detail_add(b, "购买方税号", l->buyer_tax_no);
	snprintf(text, sizeof(text), "¥%s", red_gross(l->net_fen, l->tax_fen, gross));
	detail_add(b, "价税合计", text);
	detail_add(b, "大写", tax_words(l->net_fen + l->tax_fen, words));
	snprintf(text, sizeof(text), "金额 %s  税额 %s  明细 %u 行",
		 fen_format_grouped(l->net_fen, net), fen_format_grouped(l->tax_fen, tax),
		 l->line_count ? (unsigned)l->line_count : l->declared_lines);
	detail_add(b, "其中", text);
	snprintf(text, sizeof(text), "%s%s%s  %.10s", l->blue_code, *l->blue_code ? " " : "",
		 l->blue_number, l->blue_issued_at);
	detail_add(b, "蓝字发票", text);
	detail_add(b, "红字确认单", l->number);
	detail_add(b, "冲红原因", red_reason_label(l->reason));
}

static void say_confirm(const struct red_issue *s, struct buf *b)
{
	char net[RED_MONEY], tax[RED_MONEY], gross[RED_MONEY];

	const struct red_pick *p = &s->pick;

	if (p->count == 1) {
		say_one(s, b);
	} else {
		buf_addf(b, "开具 %zu 张红字发票，价税合计 %s\n金额 %s　税额 %s\n\n", p->count,
			 red_gross(p->net, p->tax, gross), fen_format_grouped(p->net, net),
			 fen_format_grouped(p->tax, tax));
		red_pick_say_rows(p, b);
	}
	detail_add(b, "备注", s->remark);
	if (s->kept)
		buf_addf(b, "（备注是上次没有开具时填的，按 e 修改）\n");
	red_pick_say_left_out(p, "开", b);
}

static void say_refused(const struct red_issue *s, struct buf *b)
{
	char sentence[1200];

	buf_addf(b, "%s\n\n一张也没有开出。\n",
		 ui_sentence(&s->rounds.refusal, sentence, sizeof(sentence)));
}

/* How one stands, with the tax side's words when it is not well. */
static void say_invoice(struct red_issue *s, size_t i, struct buf *b)
{
	struct invoice_record r;
	char words[900] = "", gross[RED_MONEY];
	enum err verdict;

	if (desk_invoice_head(ui_session(), s->invoices[i], &r, NULL))
		return;
	verdict = desk_invoice_verdict(ui_session(), &r, words, sizeof(words), NULL);
	s->issued += r.state == INVOICE_ISSUED;
	s->failed += r.state == INVOICE_FAILED;
	if (s->pick.count == 1) {
		text_copy(s->number, sizeof(s->number), r.invoice.number);
		detail_add(b, "状态", invoice_state_cell(r.state, r.needs_person));
		detail_add(b, "红票号码", r.invoice.number);
		detail_add(b, "开票日期", r.invoice.issued_at);
		detail_add(b, "说明", verdict || r.state != INVOICE_ISSUED ? words : "");
		if (s->repeat[i])
			buf_addf(b, "这张确认单的红字发票先前已经开过，没有再开。\n");
		buf_addc(b, '\n');
	} else {
		buf_addf(b, "%s %s %13s %s%s\n", invoice_state_cell(r.state, r.needs_person),
			 r.invoice.number, fen_format_grouped(r.invoice.gross_fen, gross),
			 r.invoice.buyer.name, s->repeat[i] ? "（先前已开）" : "");
		if (verdict && *words)
			buf_addf(b, "      %s\n", words);
	}
	invoice_record_free(&r);
}

static void say_issued(struct red_issue *s, struct buf *b)
{
	struct buf rows;
	size_t i;

	s->issued = s->failed = 0;
	buf_init(&rows, RED_ISSUE_TEXT);
	for (i = 0; i < s->pick.count; i++)
		say_invoice(s, i, &rows);
	if (s->pick.count > 1)
		buf_addf(b, "%zu 张：开票成功 %zu，失败 %zu，在途 %zu\n\n", s->pick.count,
			 s->issued, s->failed, s->pick.count - s->issued - s->failed);
	buf_add(b, buf_str(&rows), rows.len);
	buf_free(&rows);
	if (s->pick.count == 1)
		say_one(s, b);
	detail_add(b, "备注", s->remark);
	if (s->failed)
		buf_addf(b, "\n失败的在开票记录里看原因：t 用原号码重试，或 x 作废后重新开具。\n");
	else if (s->issued < s->pick.count)
		buf_addf(b, "\n离开本画面不影响上传，结果在开票记录里也能看到。\n");
}

void red_issue_say(struct red_issue *s, bool entered)
{
	struct buf b;

	buf_init(&b, RED_ISSUE_TEXT);
	switch (s->rounds.phase) {
	case ROUNDS_CONFIRM:
		say_confirm(s, &b);
		break;
	case ROUNDS_CHECKING:
		buf_addf(&b, "正在取得开票所需的税局数据（风险信息、号码、明细）……\n");
		break;
	case ROUNDS_REFUSED:
		say_refused(s, &b);
		break;
	case ROUNDS_ISSUED:
		say_issued(s, &b);
		break;
	}
	text_sheet_say(&s->sheet, buf_str(&b), buttons(s), entered);
	buf_free(&b);
}
