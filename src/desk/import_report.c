/* import_report.c - what an import has done, for the person and for the job. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/import_p.h"

enum { TEXT_MAX = 64 * 1024, WARNING_NOTES = IMPORT_NOTES / 2 };

void import_report_free(struct import_report *r)
{
	free(r->notes);
	*r = (struct import_report) {0};
}

bool import_note_room(const struct import_report *r, bool fault)
{
	/* Faults are what the person has to mend: warnings never take all the room. */
	return r->note_count < (fault ? IMPORT_NOTES : WARNING_NOTES);
}

void import_note(struct import_report *r, const struct import_row *row, bool fault,
		 const char *text)
{
	struct import_note *n;

	if (!import_note_room(r, fault))
		return;
	if (!r->notes)
		r->notes = mem_zalloc(IMPORT_NOTES * sizeof(*r->notes));
	n = &r->notes[r->note_count++];
	n->row = row->number;
	n->fault = fault;
	if (r->sheets > 1)
		snprintf(n->sheet, sizeof(n->sheet), "%s", row->part->name);
	n->sheet[text_whole(n->sheet, strlen(n->sheet))] = 0;
	text_copy(n->text, sizeof(n->text), text);
}

char *import_note_place(const struct import_note *n, char out[IMPORT_PLACE])
{
	snprintf(out, IMPORT_PLACE, *n->sheet ? "“%s”第 %lld 行" : "%s第 %lld 行", n->sheet,
		 (long long)n->row);
	return out;
}

void import_fault(struct import_batch *b, struct import_row *row, const char *text)
{
	char all[SHEET_REASON] = "";

	if (row->fault)
		text_copy(all, sizeof(all), row->fault);
	sheet_reason_add(all, text);
	row->fault = import_batch_text(b, all, strlen(all));
}

const char *import_sentence(const struct import_row *row, const struct sheet_table *t,
			    struct err_info *why, char text[SHEET_REASON])
{
	int column = *why->field ? sheet_column(t, why->field) : -1;

	if (column >= 0)
		text_copy(why->what, sizeof(why->what), row->part->titles[column]);
	return err_sentence(why, text, SHEET_REASON);
}

static void add_counts(const struct import_report *r, struct buf *b)
{
	if (r->failed && !r->stored && !r->dry_run) {
		buf_addf(b, "失败 %lld 行，共 %lld 行，什么都没有导入", (long long)r->failed,
			 (long long)r->rows);
		return;
	}
	buf_addf(b, "新增 %lld 行，更新 %lld 行，未变 %lld 行，失败 %lld 行", (long long)r->added,
		 (long long)r->updated, (long long)r->unchanged, (long long)r->failed);
	if (r->dry_run)
		buf_adds(b, "（只是检查，没有导入）");
}

char *import_report_text(const struct import_report *r)
{
	struct buf b;

	buf_init(&b, TEXT_MAX);
	add_counts(r, &b);
	if (*r->failures)
		buf_addf(&b, "\n失败的行和原因：%s", r->failures);
	if (r->warned)
		buf_addf(&b, "\n%lld 行有提醒", (long long)r->warned);
	if (r->cleaned)
		buf_addf(&b, "\n%lld 行去掉了看不见的字符", (long long)r->cleaned);
	if (r->twins)
		buf_addf(&b, "\n%lld 行与已有的税号或名称相同，都保留了", (long long)r->twins);
	if (*r->unknown)
		buf_addf(&b, "\n不认识的列，没有用：%s", r->unknown);
	if (*r->repeated)
		buf_addf(&b, "\n与别的列内容相同，没有用：%s", r->repeated);
	if (r->sheets > 1)
		buf_addf(&b, "\n读了 %d 个工作表：%s", r->sheets, r->sheet);
	if (*r->skipped)
		buf_addf(&b, "\n列不同，没有读的工作表：%s", r->skipped);
	if (r->kept)
		buf_addf(&b, "\n%lld 个编码与税局下发的不同，没有改：以税局下发的为准",
			 (long long)r->kept);
	return buf_detach(&b);
}

char *import_result(const struct import_report *r)
{
	struct json_out o;
	struct buf b;

	buf_init(&b, TEXT_MAX);
	json_out_init(&o, &b, 0);
	json_open(&o, NULL, '{');
	json_put_bool(&o, "dry_run", r->dry_run);
	json_put_int(&o, "rows", r->rows);
	json_put_int(&o, "added", r->added);
	json_put_int(&o, "updated", r->updated);
	json_put_int(&o, "unchanged", r->unchanged);
	json_put_int(&o, "failed", r->failed);
	json_put_int(&o, "twins", r->twins);
	json_put_int(&o, "warned", r->warned);
	json_put_int(&o, "cleaned", r->cleaned);
	json_put_int(&o, "kept", r->kept);
	json_put(&o, "failures", *r->failures ? r->failures : NULL);
	json_close(&o, '}');
	return buf_detach(&b);
}
