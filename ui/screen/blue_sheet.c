/* blue_sheet.c - how the sheet of an invoice being issued looks. */
#include "ui/screen/blue_sheet.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"

enum { LABEL_COLS = 12, ROWS = 17, BUYER_ROWS = 3 };

/* Where the next line goes. */
struct pen {
	struct rect r;
	int row;
};

/* Text over as many rows as it needs, at most `rows`. */
static void put_wrapped(struct pen *p, int col, int rows, enum face f, const char *text)
{
	int left = p->r.h - p->row;

	p->row +=
	    draw_wrapped(p->r, p->row, col, p->r.w - col - 1, rows < left ? rows : left, f, text);
}

static void put(struct pen *p, const char *label, enum face f, const char *text)
{
	if (p->row >= p->r.h)
		return;
	draw_text(p->r, p->row, 0, LABEL_COLS - 2, ALIGN_RIGHT, FACE_LABEL, label);
	draw_text(p->r, p->row++, LABEL_COLS, p->r.w - LABEL_COLS, ALIGN_LEFT, f, text);
}

static void put_money(struct pen *p, const struct invoice *inv)
{
	char gross[FEN_TEXT + 8], net[FEN_TEXT + 8], tax[FEN_TEXT + 8], words[WORDS_TEXT],
	    text[256];

	snprintf(text, sizeof(text), "¥%s", fen_format_grouped(inv->gross_fen, gross));
	put(p, "价税合计", FACE_TITLE, text);
	put(p, "大写", FACE_VALUE, tax_words(inv->gross_fen, words));
	snprintf(text, sizeof(text), "金额 %s  税额 %s  明细 %zu 行",
		 fen_format_grouped(inv->net_fen, net), fen_format_grouped(inv->tax_fen, tax),
		 inv->line_count);
	put(p, "其中", FACE_VALUE, text);
	if (*blue_invoice_marks(inv, text, sizeof(text)))
		put(p, "另有", FACE_VALUE, text);
}

static void put_invoice(struct pen *p, const struct invoice *inv)
{
	char text[1400];

	put(p, "票种", FACE_VALUE, invoice_kind_label(inv->kind));
	snprintf(text, sizeof(text), "%.1200s%s", inv->buyer.name,
		 inv->buyer_is_person ? "（个人）" : "");
	draw_text(p->r, p->row, 0, LABEL_COLS - 2, ALIGN_RIGHT, FACE_LABEL, "购方");
	put_wrapped(p, LABEL_COLS, BUYER_ROWS, FACE_TITLE, text);
	put(p, "税号", FACE_VALUE, *inv->buyer.tax_no ? inv->buyer.tax_no : "（未填）");
	put_money(p, inv);
}

/* ---- phases ---- */

static void put_quota(struct pen *p, const struct sheet *s)
{
	char text[96], after[FEN_TEXT + 8];
	bool short_of = s->quota_after < 0;

	if (!s->quota_known)
		return;
	snprintf(text, sizeof(text), "%s%s", fen_format_grouped(s->quota_after, after),
		 short_of ? "（额度不足，开具前会先下载）" : "");
	put(p, "开后额度", short_of ? FACE_WARNING : FACE_VALUE, text);
}

/* features G35, G42: told before it is refused. */
static void put_interval(struct pen *p, const struct sheet *s)
{
	char text[160];

	if (s->paused)
		put(p, "暂停赋额", FACE_WARNING, "税局已暂停赋额，只能用已下载的额度");
	if (!s->over)
		return;
	snprintf(text, sizeof(text), "授信额度不在有效期内：到 %s 为止，按 m 调整有效期", s->until);
	put(p, "有效期", FACE_ERROR, text);
}

static void paint_confirm(struct pen *p, const struct sheet *s)
{
	put_invoice(p, &s->set.items[0]);
	put_quota(p, s);
	put_interval(p, s);
	p->row++;
	if (*s->warnings) {
		draw_text(p->r, p->row, 0, LABEL_COLS - 2, ALIGN_RIGHT, FACE_WARNING, "提醒");
		put_wrapped(p, LABEL_COLS, p->r.h - p->row - 2, FACE_WARNING, s->warnings);
	}
}

static void paint_checking(struct pen *p, const struct sheet *s)
{
	put_invoice(p, &s->set.items[0]);
	p->row++;
	if (s->rounds.late) {
		put(p, "", FACE_TITLE, "正在等导入写完…");
		put_wrapped(p, LABEL_COLS, 3, FACE_DIM,
			    "导入正在写入数据，写完后自动开具。可以等待，也可以返回，草稿已保存。");
		return;
	}
	put(p, "", FACE_TITLE, "正在向税局核对…");
	put_wrapped(p, LABEL_COLS, 3, FACE_DIM,
		    ui_engine() == ENGINE_OFFLINE
			? "现在连不上税局。发票还没有开出，可以等待，也可以返回，草稿已保存。"
			: "取得开票所需的企业资料、税率、号码和额度后自动开具。");
}

static void paint_refused(struct pen *p, const struct sheet *s)
{
	char sentence[1200];

	put_invoice(p, &s->set.items[0]);
	p->row++;
	put(p, "没有开出", FACE_ERROR, "");
	p->row--;
	put_wrapped(p, LABEL_COLS, 5, FACE_ERROR,
		    ui_sentence(&s->rounds.refusal, sentence, sizeof(sentence)));
}

static const struct {
	enum face face;
	const char *label, *next;
} STATES[INVOICE_STATES] = {
    [INVOICE_DRAFT] = {FACE_VALUE, "草稿", ""},
    [INVOICE_NUMBERED] = {FACE_TITLE, "已取号，等待上传", "号码和额度已占用，马上上传税局。"},
    [INVOICE_SENDING] = {FACE_TITLE, "上传中", "正在送往税局。"},
    [INVOICE_ACCEPTED] = {FACE_TITLE, "上传中（税局已受理）", "正在等税局的结果。"},
    [INVOICE_ISSUED] = {FACE_GOOD, "开票成功", ""},
    [INVOICE_FAILED] = {FACE_ERROR, "开票失败",
			"号码保留，可原号重试；内容有误的，在开票记录里作废后重开。"},
    [INVOICE_UNKNOWN] = {FACE_WARNING, "结果未知",
			 "程序会自动向税局查询，确认之前请不要重复开具。"},
    [INVOICE_VOID] = {FACE_ERROR, "已作废", ""},
};

static const char *what_next(const struct sheet *s)
{
	if (s->needs_person)
		return "需要联系管理员介入处理。";
	if (s->verdict == ERR_BUSY)
		return "现在连不上税局，恢复连接后自动上传，可以继续开票。";
	return STATES[s->state].next;
}

static void paint_issued(struct pen *p, const struct sheet *s)
{
	put(p, "状态", STATES[s->state].face, STATES[s->state].label);
	put(p, "发票号码", FACE_TITLE, s->number);
	put_invoice(p, s->repeat ? &s->stored : &s->set.items[0]);
	p->row++;
	if (s->repeat)
		put_wrapped(p, LABEL_COLS, 2, FACE_WARNING,
			    s->differs ? "这个订单号以前开过，显示的是那一张。内容与这次的不同，"
					 "这次的没有采用；要另开请返回换一个订单号。"
				       : "这个订单号以前开过，显示的是那一张，没有重复开具。");
	if (*s->words && s->state != INVOICE_ISSUED) {
		draw_text(p->r, p->row, 0, LABEL_COLS - 2, ALIGN_RIGHT, FACE_LABEL,
			  s->state == INVOICE_FAILED ? "税局原因" : "说明");
		put_wrapped(p, LABEL_COLS, 3, FACE_ERROR, s->words);
	}
	put_wrapped(p, LABEL_COLS, 2, FACE_DIM, what_next(s));
}

int blue_sheet_rows(const struct sheet *s, struct rect area)
{
	(void)s;
	return area.h < ROWS ? area.h : ROWS;
}

void blue_sheet_paint(const struct sheet *s, struct rect area)
{
	static const struct {
		const char *title;
		void (*paint)(struct pen *p, const struct sheet *s);
	} PHASES[] = {
	    [ROUNDS_CONFIRM] = {"确认开具", paint_confirm},
	    [ROUNDS_CHECKING] = {"开具", paint_checking},
	    [ROUNDS_REFUSED] = {"没有开出", paint_refused},
	    [ROUNDS_ISSUED] = {"开具结果", paint_issued},
	};
	struct pen p = {.r = rect_inset(area, 1, 2)};

	draw_box(area, PHASES[s->rounds.phase].title);
	PHASES[s->rounds.phase].paint(&p, s);
	buttons_draw(blue_sheet_buttons(s), s->button, p.r, p.r.h - 1, LABEL_COLS);
}
