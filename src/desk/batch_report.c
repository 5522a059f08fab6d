/* batch_report.c - what reading orders has found, for the person. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/batch_p.h"

enum { TEXT_MAX = 64 * 1024, WARNINGS = BATCH_FAULTS / 2 };

void batch_report_free(struct batch_report *r)
{
	free(r->faults);
	*r = (struct batch_report) {0};
}

/* Faults are what the person has to mend: warnings never take all the room.  One order may be made
 * twice; its faults are told as they were the last time. */
void batch_note(struct batch_report *r, const struct batch_fault *f)
{
	size_t i;

	if (f->warning)
		r->warned++;
	else
		r->fault_total++;
	if (!r->faults)
		r->faults = mem_zalloc(BATCH_FAULTS * sizeof(*r->faults));
	for (i = 0; i < r->fault_count; i++) {
		const struct batch_fault *at = &r->faults[i];

		if (at->seq == f->seq && at->row == f->row && !strcmp(at->text, f->text)) {
			if (f->warning)
				r->warned--;
			else
				r->fault_total--;
			return;
		}
	}
	if (r->fault_count < (f->warning ? WARNINGS : BATCH_FAULTS))
		r->faults[r->fault_count++] = *f;
}

static bool is_after(const struct batch_fault *a, const struct batch_fault *b)
{
	int by_sheet = strcmp(a->sheet, b->sheet);

	return by_sheet > 0 || (!by_sheet && a->row > b->row);
}

void batch_sort(struct batch_report *r)
{
	size_t i, k;

	for (i = 1; i < r->fault_count; i++) {
		struct batch_fault f = r->faults[i];

		for (k = i; k && is_after(&r->faults[k - 1], &f); k--)
			r->faults[k] = r->faults[k - 1];
		r->faults[k] = f;
	}
}

char *batch_fault_place(const struct batch_fault *f, char out[IMPORT_PLACE])
{
	if (!f->row)
		*out = 0;
	else if (f->counted)
		snprintf(out, IMPORT_PLACE, "第 %lld 张", (long long)f->row);
	else
		snprintf(out, IMPORT_PLACE, *f->sheet ? "“%s”第 %lld 行" : "%s第 %lld 行", f->sheet,
			 (long long)f->row);
	return out;
}

char *batch_report_text(const struct batch_report *r)
{
	char gross[FEN_TEXT + 8];
	struct buf b;

	buf_init(&b, TEXT_MAX);
	buf_addf(&b, "共 %lld 张、%lld 行：可以开 %lld 张，价税合计 %s",
		 (long long)(r->orders - r->stray), (long long)r->lines, (long long)r->ready,
		 fen_format_grouped(r->gross, gross));
	if (r->repeats)
		buf_addf(&b, "；已经开过 %lld 张", (long long)r->repeats);
	if (r->failed)
		buf_addf(&b, "；上次开票失败 %lld 张，要在开票记录里重试", (long long)r->failed);
	if (r->bad > r->stray)
		buf_addf(&b, "；有问题 %lld 张", (long long)(r->bad - r->stray));
	if (r->stray)
		buf_addf(&b, "；另有 %lld 组明细或附加要素找不到发票", (long long)r->stray);
	if (r->dry_run)
		buf_adds(&b, "（只是检查，没有保存）");
	if (r->held)
		buf_adds(&b, "\n要求全部没有问题才开：什么都没有保存，请改好后重新导入");
	if (*r->failures)
		buf_addf(&b, "\n有问题的发票和原因：%s", r->failures);
	if (r->warned)
		buf_addf(&b, "\n%lld 处提醒", (long long)r->warned);
	if (*r->unit)
		buf_addf(&b, "\n注意：%s", r->unit);
	if (r->cleaned)
		buf_addf(&b, "\n%lld 行去掉了看不见的字符", (long long)r->cleaned);
	if (r->same)
		buf_addf(&b, "\n同样的文件已经导入过：批次 %lld", (long long)r->same);
	if (*r->unknown)
		buf_addf(&b, "\n不认识的列，没有用：%s", r->unknown);
	if (*r->repeated)
		buf_addf(&b, "\n与别的列内容相同，没有用：%s", r->repeated);
	return buf_detach(&b);
}
