/* import_report.c - what an import has done, for the person and for the job. */
#include <stdlib.h>
#include <string.h>

#include "desk/import_p.h"

enum { TEXT_MAX = 64 * 1024, WARNING_NOTES = IMPORT_NOTES / 2 };

void import_report_free(struct import_report *r)
{
	free(r->notes);
	*r = (struct import_report) {0};
}

void import_note(struct import_report *r, int64_t row, bool fault, const char *text)
{
	/* Faults are what the person has to mend: warnings never take all the room. */
	if (r->note_count >= (fault ? IMPORT_NOTES : WARNING_NOTES))
		return;
	if (!r->notes)
		r->notes = mem_zalloc(IMPORT_NOTES * sizeof(*r->notes));
	r->notes[r->note_count].row = row;
	r->notes[r->note_count].fault = fault;
	text_copy(r->notes[r->note_count++].text, sizeof(r->notes->text), text);
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
	if (r->twins)
		buf_addf(&b, "\n%lld 行与已有的税号或名称相同，都保留了", (long long)r->twins);
	if (*r->unknown)
		buf_addf(&b, "\n不认识的列，没有用：%s", r->unknown);
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
	json_put(&o, "failures", *r->failures ? r->failures : NULL);
	json_close(&o, '}');
	return buf_detach(&b);
}
